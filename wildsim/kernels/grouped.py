"""Grouping values into fine bins of equal relative width, in one pass and without sorting."""

from __future__ import annotations

import math

from wildsim.core.table import F64
from wildsim.kernels.compiled import kernel

#: Bins for each doubling of the value, and doublings below the largest value that are told apart.
PER_OCTAVE, OCTAVES = 256, 32
#: Bins for each sign; one more between them holds what is too small to tell from zero.
SIDE = PER_OCTAVE * OCTAVES


@kernel()
def group(values: F64, weights: F64, top: int, weight: F64, total: F64) -> None:
    """Add up weight and weighted value of each bin, bins in ascending order of value.

    Args:
        top: Exponent e with every |value| < 2**e. weight, total: Out, (2 * SIDE + 1).
    """
    for i in range(values.size):
        x = values[i]
        mantissa, exponent = math.frexp(abs(x))
        place = int((exponent - top + OCTAVES - 1) * PER_OCTAVE + (2.0 * mantissa - 1.0) * PER_OCTAVE)
        bin_ = SIDE
        if x != 0.0 and place >= 0:
            bin_ = SIDE + 1 + place if x > 0.0 else SIDE - 1 - place
        weight[bin_] += weights[i]
        total[bin_] += weights[i] * x
