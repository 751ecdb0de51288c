"""The whole check: forecasts of data by the society, its controls and simple rivals, and the errors of each.

Which quarters are forecast matters, so nothing is picked: the default is the last 40 origins whose outcome four
quarters later the data hold; the figure for all origins stands beside it, and that for every 40 in a row is drawn.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.studies.forecast import analogues, rivals
from wildsim.studies.forecast.analogues import STATE, Choice, Library, Slopes
from wildsim.studies.forecast.judge import Score, compare
from wildsim.studies.forecast.library import CONTROLS, SOCIETY
from wildsim.studies.forecast.quarters import HORIZONS, JUDGED, VARIABLES, Quarters

ORIGINS = 40
#: Quarters that the AR(1) and the means know at the first origin of all.
KNOWN = 40
RIVAL, NO_CHANGE, OWN_PAST, SCRAMBLED = "ar1", "no_change", "own_past", "scrambled"
BAND = (0.1, 0.9)


@dataclass(frozen=True)
class Check:
    """What was found.

    Attributes:
        data: What is forecast. origins: Rows of the data from which is forecast: all there are.
        chosen: Whether each origin is one of those asked for.
        forecasts: By forecaster: origins x HORIZONS x VARIABLES. outcomes: What came.
        choices: Rule of each library. band: Low and high error of the society on its own left-out runs, per horizon
            and variable: the width of its fan. states: States of each library. why_not: Libraries that say nothing.
        mean: Of the society's growth, unemployment, inflation. strangeness: Of each origin's state to the society.
        society_slopes, data_slopes: What comes after states, in the society and in all of the data; the latter is for
            comparison and forecasts nothing.
    """

    data: Quarters
    origins: tuple[int, ...]
    chosen: np.ndarray[Any, np.dtype[np.bool_]]
    forecasts: dict[str, F64]
    outcomes: F64
    choices: dict[str, Choice]
    band: F64
    states: dict[str, int]
    why_not: dict[str, str]
    mean: F64
    strangeness: F64
    society_slopes: Slopes
    data_slopes: Slopes

    @property
    def everything(self) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """All origins."""
        return np.ones(len(self.origins), dtype=bool)

    @property
    def label(self) -> str:
        """First and last origin asked for."""
        asked = [self.data.labels[o] for o, is_in in zip(self.origins, self.chosen, strict=True) if is_in]
        return f"{asked[0]} to {asked[-1]}"

    def errors(self, who: str) -> F64:
        """Return forecast minus outcome."""
        return self.forecasts[who] - self.outcomes

    def score(self, who: str, variable: int, horizon: int, where: np.ndarray[Any, Any] | None = None) -> Score:
        """Judge a forecaster against the AR(1), over the origins asked for or those of `where`."""
        chosen = self.chosen if where is None else where
        place = HORIZONS.index(horizon)
        return compare(self.errors(who)[chosen, place, variable], self.errors(RIVAL)[chosen, place, variable], horizon)

    def controls_as_good(self, variable: int, horizon: int) -> list[str]:
        """Return the controls whose errors are no larger than the society's: where there is one, it says nothing."""
        mine = self.score(SOCIETY, variable, horizon).ratio
        found = [name for name in (SCRAMBLED, *CONTROLS) if name in self.forecasts]
        return [name for name in found if self.score(name, variable, horizon).ratio <= mine]

    def rolling(self, who: str, variable: int, horizon: int) -> F64:
        """Return the ratio of errors for every run of as many successive origins as were asked for, by the first."""
        place, length = HORIZONS.index(horizon), int(self.chosen.sum())
        window = np.lib.stride_tricks.sliding_window_view
        mine, other = (window(self.errors(name)[:, place, variable] ** 2, length).mean(axis=1) for name in (who, RIVAL))
        return np.asarray(np.sqrt(mine / other))

    @property
    def inside_band(self) -> F64:
        """Share of outcomes inside the fan, per horizon and variable; .8 is right."""
        error = -self.errors(SOCIETY)[self.chosen]  # outcome minus forecast
        return np.asarray(((error >= self.band[0]) & (error <= self.band[1])).mean(axis=0))


def origins_of(data: Quarters, first: str | None, quarters: int) -> tuple[list[int], np.ndarray[Any, Any]]:
    """Return all origins, and which of them were asked for.

    Raises:
        InputError: The data do not hold so many.
    """
    every = list(range(KNOWN - 1, len(data.labels) - max(HORIZONS)))
    begin = every[-1] - quarters + 1 if first is None else data.place(first)
    end = begin + quarters - 1
    if quarters < 1 or begin < every[0] or end > every[-1]:
        raise InputError(
            f"{quarters} origins from {first or 'the end back'} do not fit: origins run from {data.labels[every[0]]} "
            f"({KNOWN} quarters must be known) to {data.labels[every[-1]]} (four must follow), {len(every)} in all."
        )
    return every, np.array([begin <= origin <= end for origin in every])


def run_check(
    data: Quarters, runs: Mapping[str, Sequence[F64]], first: str | None = None, quarters: int = ORIGINS
) -> Check:
    """Forecast the data from every origin by every forecaster.

    Args:
        data: What is forecast. runs: Quarters of every run, by arm; SOCIETY must be among them.
        first: First origin asked for, as 1985Q1. quarters: How many origins.

    Raises:
        InputError: The data are too short, or the society itself cannot forecast.
    """
    origins, chosen = origins_of(data, first, quarters)
    libraries, why_not = _libraries(runs)
    if SOCIETY in why_not:
        raise InputError(f"The society cannot forecast: {why_not[SOCIETY]}. Look at a run of it, or use more --months.")
    libraries[SCRAMBLED] = libraries[SOCIETY].scrambled()
    choices = {name: analogues.choose(library) for name, library in libraries.items()}
    nothing = np.full((len(origins), len(HORIZONS), len(VARIABLES)), np.nan)
    found = {
        RIVAL: rivals.ar1_forecasts(data.values, origins),
        **{name: nothing for name in why_not},
        **{n: analogues.forecasts(one, choices[n].rule, data.values, origins) for n, one in libraries.items()},
        NO_CHANGE: rivals.no_change(data.values, origins),
        OWN_PAST: analogues.own_past(data.values, origins),
    }
    return Check(
        data,
        tuple(origins),
        chosen,
        found,
        rivals.outcomes(data.values, origins),
        choices,
        -np.quantile(choices[SOCIETY].errors, BAND[::-1], axis=0),
        {name: len(library.states) for name, library in libraries.items()},
        why_not,
        libraries[SOCIETY].mean,
        analogues.strangeness(libraries[SOCIETY], data.values, origins),
        analogues.slopes(libraries[SOCIETY]),
        analogues.slopes(Library.of([data.values])),
    )


def _libraries(runs: Mapping[str, Sequence[F64]]) -> tuple[dict[str, Library], dict[str, str]]:
    """Return libraries by arm, and why an arm has none."""
    libraries, why_not = {}, {}
    for arm, values in runs.items():
        library = Library.of(values)
        if len(np.unique(library.run)) < 2 or len(library.states) < analogues.LEAST_STATES:
            why_not[arm] = f"{len(library.states)} whole states in {len(np.unique(library.run))} runs"
        else:
            libraries[arm] = library
    return libraries, why_not


def document(check: Check) -> dict[str, Any]:
    """Return everything as plain data: scores, rules, and every forecast with its outcome."""
    names = [name for name in check.forecasts if name != RIVAL]
    windows = {"origins": check.chosen, "all_origins": check.everything}
    scores = [
        {"window": window, "forecaster": name, "variable": variable, "quarters_ahead": horizon}
        | check.score(name, number, horizon, where).plain()
        for window, where in windows.items()
        for name in names
        for number, variable in enumerate(VARIABLES)
        for horizon in JUDGED
    ]
    rows = [
        {
            "origin": check.data.labels[origin],
            "asked_for": bool(check.chosen[row]),
            "quarters_ahead": horizon,
            "variable": variable,
            "outcome": float(check.outcomes[row, place, number]),
            **{name: float(values[row, place, number]) for name, values in check.forecasts.items()},
        }
        for row, origin in enumerate(check.origins)
        for place, horizon in enumerate(HORIZONS)
        for number, variable in enumerate(VARIABLES)
    ]
    return {
        "data": check.data.source,
        "origins": check.label,
        "states": check.states,
        "without_forecast": check.why_not,
        "rules": {
            name: {"rule": choice.rule.words, "error_on_left_out_runs": choice.tried}
            for name, choice in check.choices.items()
        },
        "society_mean": dict(zip(VARIABLES, check.mean.tolist(), strict=True)),
        "inside_80_percent_band": {
            f"{variable}_{horizon}": float(check.inside_band[HORIZONS.index(horizon), number])
            for number, variable in enumerate(VARIABLES)
            for horizon in JUDGED
        },
        "states_beyond_the_library": float((check.strangeness[check.chosen] > 1).mean()),
        "slopes": {"society": _slopes(check.society_slopes), "data": _slopes(check.data_slopes)},
        "controls_as_good": {
            f"{variable}_{horizon}": check.controls_as_good(number, horizon)
            for number, variable in enumerate(VARIABLES)
            for horizon in JUDGED
        },
        "scores": scores,
        "forecasts": rows,
    }


def _slopes(found: Slopes) -> dict[str, Any]:
    """Return slopes as plain data, by variable and horizon."""
    return {
        f"{variable}_{horizon}": {
            "per_unit": dict(zip(STATE, found.per_unit[HORIZONS.index(horizon), number].tolist(), strict=True)),
            "explained": float(found.explained[HORIZONS.index(horizon), number]),
        }
        for number, variable in enumerate(VARIABLES)
        for horizon in JUDGED
    }
