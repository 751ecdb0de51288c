"""Columns of people by the names that scenario files choose them by."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import NO_ROW
from wildsim.state.world import WorldView


def column_of(view: WorldView, name: str) -> NDArray[Any]:
    """Return what is chosen by, shape (people): region, sex (1 for women), employed (0 or 1), or a column as it is."""
    people = view.people
    if name == "region":
        return np.asarray(view.households.region[people.household])
    if name == "sex":
        return np.asarray(people.female)
    if name == "employed":
        return np.asarray(people.employer != NO_ROW).astype(np.int8)
    return np.asarray(getattr(people, name)).astype(np.float64)
