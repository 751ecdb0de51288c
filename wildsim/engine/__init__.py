"""Runs: arms x seeds in processes, the run folder, resuming, paired differences, exports."""
