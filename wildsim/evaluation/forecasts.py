"""The register of forecasts: what runs said would come, noted before it came, for good.

A forecast that may be taken back, or made when the outcome is known, is none. So the register is only appended to
(`wildsim.evaluation.register`), each forecast is noted once, and a calendar month that is over cannot be forecast.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.core.errors import InputError, RunError, did_you_mean
from wildsim.evaluation.periods import due, ordinal
from wildsim.evaluation.register import FOLDER, Register

if TYPE_CHECKING:
    from wildsim.core.table import F64
    from wildsim.engine.api import Run

NAME = "forecasts.jsonl"
#: Fewest seeds that are an ensemble.
FEWEST_SEEDS = 2


@dataclass(frozen=True)
class Forecast:
    """What was said of one indicator in one period.

    Attributes:
        indicator, unit: What is forecast. arm: Under which policy; "baseline" without any.
        due: The period, a calendar month ("2031-04") or a month of the run ("26").
        mean, sd: In the indicator's unit. values, seeds: The ensemble, a value a seed in their order; empty for a
            normal forecast, which has mean and sd alone.
        made: When it was registered, UTC. run: Folder that made it. settings: Hash of that run's settings.
    """

    indicator: str
    unit: str
    arm: str
    due: str
    mean: float
    sd: float
    values: tuple[float, ...]
    seeds: tuple[int, ...]
    made: str
    run: str
    settings: str

    @property
    def name(self) -> tuple[str, str, str, str]:
        """What no two forecasts share: indicator, arm, period and run settings."""
        return self.indicator, self.arm, self.due, self.settings


class Forecasts:
    """The register of one folder of scenarios."""

    def __init__(self, beside: Path):
        """Take the register in the folder `beside`, that of the scenario; it need not be there yet."""
        why = "without it nobody can say what was forecast before it came."
        self._register = Register(beside / FOLDER / NAME, Forecast, "forecasts", why)
        self.path = self._register.path

    def all(self) -> list[Forecast]:
        """Return the forecasts in the order in which they were made.

        Raises:
            RunError: A line was changed or taken out.
        """
        return [self._read(entry) for entry in self._register.entries()]

    def add(self, forecasts: Sequence[Forecast]) -> int:
        """Note forecasts for good, all or none; return how many there are now.

        Raises:
            InputError: One was noted before, or its month was over when it was made.
        """
        with self._register.held():
            known = self.all()
            noted = {forecast.name: forecast for forecast in known}
            for forecast in forecasts:
                _check_open(forecast)
                if forecast.name in noted:
                    before = noted[forecast.name]
                    raise InputError(
                        f"{forecast.indicator} in {forecast.due} (arm {forecast.arm}) was forecast by this run on "
                        f"{before.made}; a forecast stands for good. Nothing was added: leave it out."
                    )
                noted[forecast.name] = forecast
            self._register.append(forecasts)
        return len(known) + len(forecasts)

    def _read(self, entry: Mapping[str, Any]) -> Forecast:
        try:
            return Forecast(**{**entry, "values": tuple(entry["values"]), "seeds": tuple(entry["seeds"])})
        except TypeError:
            raise RunError(f"'{self.path}' holds an entry that is no forecast. Restore it.") from None


def _check_open(forecast: Forecast) -> None:
    kind, _ = ordinal(forecast.due)
    if kind == "calendar" and forecast.due < forecast.made[:7]:
        raise InputError(
            f"{forecast.due} was over when this was made ({forecast.made[:10]}): what is said after it came is no "
            "forecast. Nothing was added: forecast months that are ahead, or look at --begins."
        )


def of_run(
    run: Run, indicators: Sequence[str], months: Iterable[int], arm: str, made: str, begins: str | None = None
) -> list[Forecast]:
    """Return what a finished run forecasts: an ensemble over its seeds.

    Args:
        run: The run. indicators: Of what. months: Recorded months of the run, from 0. arm: Under which policy.
        made: Time of making, UTC, ISO 8601. begins: Calendar month of month 0; None for months of the run.

    Raises:
        InputError: No such indicator, arm or month; a single seed; or an indicator that some seed has no value of.
    """
    frame = run.arm(arm)
    if len(run.seeds) < FEWEST_SEEDS:
        raise InputError(f"'{run.path}' has one seed: one value says nothing of how sure it is. Run more seeds.")
    settings = str(run.manifest["settings"])[:16]
    found = []
    for name in indicators:
        if name not in frame.columns:
            known = [str(column) for column in frame.columns]
            raise InputError(f"This run has no indicator '{name}'.{did_you_mean(name, known)}")
        table = frame[name].unstack("seed")
        for month in months:
            if month not in table.index:
                raise InputError(f"month {month} is not in this run, whose months are 0 to {run.months - 1}.")
            values = table.loc[month].to_numpy(dtype=np.float64)
            found.append(_ensemble(run, name, arm, due(month, begins), values, made, settings))
    return found


def _ensemble(run: Run, name: str, arm: str, period: str, values: F64, made: str, settings: str) -> Forecast:
    from wildsim.engine.units import shown_path, unit_of

    if not np.isfinite(values).all():
        seed = run.seeds[int(np.flatnonzero(~np.isfinite(values))[0])]
        raise InputError(f"{name} has no value in month {period} of seed {seed}; what is undefined is no forecast.")
    spread = float(values.std(ddof=1))
    if np.ptp(values) == 0.0:  # the spread of equal values need not be 0 to the last bit
        raise InputError(
            f"{name} is {values[0]:g} in {period} in every seed: such a forecast can only be right or wrong."
        )
    seeds, said = tuple(int(seed) for seed in run.seeds), tuple(float(value) for value in values)
    place = shown_path(run.path)
    return Forecast(name, unit_of(name), arm, period, float(values.mean()), spread, said, seeds, made, place, settings)
