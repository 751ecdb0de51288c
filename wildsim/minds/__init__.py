"""Minds: observations in, decisions out. Rules, chance, language models and people decide behind one interface.

A mind sees observations, never the world, and answers a whole batch of questions at once.
"""
