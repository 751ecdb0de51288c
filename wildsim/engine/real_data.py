"""How near a run is to a real series: month by month, and against the spread of its seeds.

A society that runs freely has business cycles of its own: that its months go up and down with those of a real country
is not to be expected. What can be: the level (bias), the size of the errors, and that the real series lies among the
seeds as often as a further seed would.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from wildsim.core.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.scenario.series_file import RealSeries

#: Fewest common months of which anything is said.
FEWEST = 2


@dataclass(frozen=True)
class Nearness:
    """How near the mean of the seeds is to the data, in the indicator's unit.

    Attributes:
        months: Months that both have. seeds: Seeds of the run. bias: Mean of (run - data).
        rmse: Root of the mean squared difference. data_sd: Standard deviation of the data over these months: the error
            of whoever knows nothing but their mean. correlation: Of the two series; NaN where one does not move.
        inside: Share of months in which the data lie between the lowest and the highest seed; NaN with one seed.
        expected: What `inside` is on average if the data are as one more seed: (seeds - 1) / (seeds + 1).
    """

    months: int
    seeds: int
    bias: float
    rmse: float
    data_sd: float
    correlation: float
    inside: float
    expected: float


def nearness(indicators: pd.DataFrame, indicator: str, data: RealSeries, start: int) -> Nearness:
    """Compare the indicator of one arm with data.

    Args:
        indicators: Index (seed, month), as `Run.arm` gives it. start: Calendar month that is month 0, counted as in
            `RealSeries.first`.

    Raises:
        InputError: The run shows no such indicator, or they have too few months in common.
    """
    if indicator not in indicators.columns or indicators[indicator].isna().all():
        raise InputError(f"the run shows no '{indicator}': it is unknown, of a sector that is off, or sealed.")
    lived = indicators[indicator].unstack("seed")
    lived = lived[lived.notna().all(axis="columns")]
    place = lived.index.to_numpy() + start - data.first
    common = (place >= 0) & (place < len(data.values))
    if int(common.sum()) < FEWEST:
        raise InputError(
            f"the run and the data have {int(common.sum())} months in common; {FEWEST} are needed: see --start."
        )
    seeds, real = lived.to_numpy(dtype=np.float64)[common], np.array(data.values)[place[common]]
    mean, count = seeds.mean(axis=1), seeds.shape[1]
    among = (seeds.min(axis=1) <= real) & (real <= seeds.max(axis=1))
    moves = float(mean.std()) > 0.0 and float(real.std()) > 0.0
    return Nearness(
        months=len(real),
        seeds=count,
        bias=float((mean - real).mean()),
        rmse=float(np.sqrt(((mean - real) ** 2).mean())),
        data_sd=float(real.std()),
        correlation=float(np.corrcoef(mean, real)[0, 1]) if moves else math.nan,
        inside=float(among.mean()) if count > 1 else math.nan,
        expected=(count - 1) / (count + 1) if count > 1 else math.nan,
    )
