"""What the agents of a party that were asked decided of one field, beside what the rule decided for all of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, I64
from wildsim.minds.mind import Field


@dataclass(frozen=True)
class Answered:
    """One field of a party.

    Attributes:
        fields: The field as each agent that was asked about it had it. places: Which of `asked` these are, shape (k).
        answers: What they decided; NaN where they proposed nothing, so that the rule stands, shape (k).
        rules: What the rule decided for every agent of the party, shape (agents).
        free: Which agents may decide the field at all, shape (agents).
    """

    fields: tuple[Field, ...]
    places: I64
    answers: F64
    rules: F64
    free: NDArray[np.bool_]
