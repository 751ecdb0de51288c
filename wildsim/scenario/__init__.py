"""Scenario files: what a story may say, read with the line of every mistake."""
