"""Of which kind revisions are: noise, which the first release foretells, or news, which nothing does.

Source: Mankiw, Shapiro 1986: noise goes along with the first release and not with the final one, news the other way.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64

#: Fewest periods from which anything is said.
FEWEST = 12


@dataclass(frozen=True)
class Revisions:
    """What revisions look like.

    Attributes:
        kind: What they look like more. with_first, with_final: Their correlations with the two releases.
        mean: Mean revision. size: Standard deviation of revisions. periods: How many were compared.
    """

    kind: Literal["news", "noise", "none"]
    with_first: float
    with_final: float
    mean: float
    size: float
    periods: int


def revisions_of(first: F64, final: F64) -> Revisions:
    """Return of which kind the revisions from first to final releases are; both in growth, or in anything stationary.

    Args:
        first, final: One value a period, shape (periods); periods with a NaN are left out.

    Raises:
        InputError: Too few periods.
    """
    known = np.isfinite(first) & np.isfinite(final)
    if known.sum() < FEWEST:
        raise InputError(f"{known.sum()} periods were revised; {FEWEST} or more are needed to tell news from noise.")
    early, late = first[known], final[known]
    change = late - early
    size = float(change.std(ddof=1))
    if size == 0.0:
        return Revisions("none", 0.0, 0.0, float(change.mean()), 0.0, len(change))
    with_first, with_final = _correlation(change, early), _correlation(change, late)
    kind: Literal["news", "noise"] = "noise" if abs(with_first) > abs(with_final) else "news"
    return Revisions(kind, with_first, with_final, float(change.mean()), size, len(change))


def _correlation(x: F64, y: F64) -> float:
    """Return the correlation; 0 where one of them does not move."""
    return 0.0 if np.ptp(x) == 0.0 or np.ptp(y) == 0.0 else float(np.corrcoef(x, y)[0, 1])
