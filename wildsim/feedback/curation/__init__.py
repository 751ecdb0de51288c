"""Curation: what is reported is vetted before it counts as feedback. One step a file; what is dropped is kept.

A step gives every record a number that says how suspect it is, and a reason where that is too much. Nothing is mended:
a record counts as it was reported, or it does not count.
"""
