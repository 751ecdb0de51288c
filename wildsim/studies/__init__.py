"""Studies: long experiments with whole societies."""
