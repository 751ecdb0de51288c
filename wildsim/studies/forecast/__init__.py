"""The forecast check: does the society know what comes after a state like today's?

`quarters` holds data and society in one form, `library` lives societies, `analogues` forecasts by their law of motion,
`rivals` are the AR(1) and no change, `judge` compares errors, `study` puts them together.
"""
