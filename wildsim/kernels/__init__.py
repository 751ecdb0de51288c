"""The hot loops, compiled by numba: arrays in, arrays out, no knowledge of the rest."""
