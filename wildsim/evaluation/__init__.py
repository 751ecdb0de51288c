"""Evaluation: what judges, apart from what is optimised. Minds, feedback, planning and training never import it."""
