"""Fidelity: published experiments with people put to a mind, and how far its answers lie from theirs.

A new experiment is one file in `experiments/` that registers an `Experiment`.
"""
