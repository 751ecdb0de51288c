"""What roles work out from the columns that they see: arrays in, an array out, masked where it does not apply."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Values = NDArray[Any]


def growth(now: Values, before: Values) -> Values:
    """Return the relative change between two readings."""
    return np.asarray(now / before - 1.0)


def some(values: Values) -> Values:
    """Leave out what is zero or less: nobody needs to be told of debts that he does not have."""
    return np.ma.masked_where(values <= 0.0, values)


def whole(values: Values) -> Values:
    """Return whole units gone by, as people tell their age."""
    return np.asarray(np.floor(values))
