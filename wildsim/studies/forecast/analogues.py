"""Forecasts by analogy: what came, in the society, after states like the one at the origin.

Levels need not match: a state is measured from the mean of its own economy (the society's over its library; the data's
over the quarters up to the origin), and what is forecast is the change from the origin. How many neighbours to ask,
and whether to take their mean or a line through them, is chosen on the library alone, leaving one run out at a time.
Source: Lorenz (1969) for analogues; local linear regression: Cleveland & Devlin (1988).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64
from wildsim.studies.forecast.quarters import GDP, HORIZONS, INFLATION, JUDGED, UNEMPLOYMENT, VARIABLES

#: Quarters that a state looks back over, its own included.
LOOK_BACK = 4
STATE = (
    "unemployment",
    "its change on the quarter before",
    "growth of GDP",
    "mean growth of the three quarters before",
    "inflation",
    "mean inflation of the three quarters before",
)
NEIGHBOURS = (25, 50, 100, 200, 400, 800)
LEAST_STATES = 60
#: Ridge on standardised slopes, as a share of the weight of the neighbours: keeps a state that never varies solvable.
RIDGE = 1e-3
EVERYBODY = 0


@dataclass(frozen=True)
class Rule:
    """How to forecast from neighbours.

    Attributes:
        line: A weighted regression through the neighbours (tricube in the distance) rather than their mean.
        neighbours: How many of the nearest states; EVERYBODY: all of them, equally weighted.
    """

    line: bool
    neighbours: int

    @property
    def words(self) -> str:
        """The rule in words."""
        who = "all states of the library" if self.neighbours == EVERYBODY else f"the {self.neighbours} nearest states"
        return f"{'a line through' if self.line else 'the mean of'} {who}"


def rules_for(states: int) -> list[Rule]:
    """Return the rules that a library of so many states can serve."""
    counts = [count for count in NEIGHBOURS if count <= states // 2]
    return [*(Rule(line, count) for line in (False, True) for count in counts), Rule(True, EVERYBODY)]


def states_of(values: F64, mean: F64, rows: Sequence[int]) -> F64:
    """Return the states at `rows`, measured from `mean`; each looks at its row and the three before."""
    at = np.asarray(rows)
    now = values[at] - mean
    before = np.mean([values[at - back] for back in range(1, LOOK_BACK)], axis=0) - mean
    change = now[:, UNEMPLOYMENT] - (values[at - 1, UNEMPLOYMENT] - mean[UNEMPLOYMENT])
    parts = (now[:, UNEMPLOYMENT], change, now[:, GDP], before[:, GDP], now[:, INFLATION], before[:, INFLATION])
    return np.column_stack(parts)


def continuations(values: F64, mean: F64, rows: Sequence[int]) -> F64:
    """Return rows x HORIZONS x VARIABLES: growth beyond its mean, changes of unemployment and inflation since."""
    at = np.asarray(rows)
    found = np.stack([values[at + horizon] - values[at] for horizon in HORIZONS], axis=1)
    growth = np.stack([values[at + step, GDP] - mean[GDP] for step in range(1, max(HORIZONS) + 1)], axis=1)
    found[:, :, GDP] = growth.cumsum(axis=1)[:, [horizon - 1 for horizon in HORIZONS]]
    return found


@dataclass(frozen=True)
class Library:
    """States that societies went through, and what came after each.

    Attributes:
        states: Standardised, a row a state. after: Rows x HORIZONS x VARIABLES. run: Which run each state is from.
        mean: Of growth, unemployment, inflation. scale: Standard deviation of each part of the state.
    """

    states: F64
    after: F64
    run: NDArray[np.int64]
    mean: F64
    scale: F64

    @classmethod
    def of(cls, runs: Sequence[F64]) -> Library:
        """Collect the states of runs; quarters whose state or continuation is no number drop out."""
        quarters = np.concatenate(runs)
        known = quarters[np.isfinite(quarters).all(axis=1)]
        mean = known.mean(axis=0) if len(known) else np.full(len(VARIABLES), np.nan)
        states, after, run = [], [], []
        for number, values in enumerate(runs):
            rows = range(LOOK_BACK - 1, len(values) - max(HORIZONS))
            states.append(states_of(values, mean, rows))
            after.append(continuations(values, mean, rows))
            run.append(np.full(len(rows), number))
        all_states, all_after = np.concatenate(states), np.concatenate(after)
        whole = np.isfinite(all_states).all(axis=1) & np.isfinite(all_after).all(axis=(1, 2))
        scale = all_states[whole].std(axis=0) if whole.any() else np.ones(len(STATE))
        scale = np.where(scale > 0, scale, 1.0)
        return cls(all_states[whole] / scale, all_after[whole], np.concatenate(run)[whole], mean, scale)

    def scrambled(self) -> Library:
        """Return the library with continuations dealt anew among its states: what it then says of dynamics is luck."""
        order = np.random.Generator(np.random.Philox(key=len(self.states))).permutation(len(self.states))
        return Library(self.states, self.after[order], self.run, self.mean, self.scale)

    def part(self, chosen: NDArray[np.bool_]) -> Library:
        """Return some of its states."""
        return Library(self.states[chosen], self.after[chosen], self.run[chosen], self.mean, self.scale)


def ahead(library: Library, states: F64, rule: Rule) -> F64:
    """Return the forecast change after each of `states` (standardised): states x HORIZONS x VARIABLES."""
    if rule.neighbours == EVERYBODY:
        flat = _lines(library, states)
    else:
        from scipy.spatial import cKDTree

        distance, near = map(np.asarray, cKDTree(library.states).query(states, k=rule.neighbours))
        if rule.line:
            flat = np.array([_line(library, *each) for each in zip(states, distance, near, strict=True)])
        else:
            flat = library.after[near].mean(axis=1).reshape(len(states), -1)
    return flat.reshape(len(states), len(HORIZONS), len(VARIABLES))


def _solve(design: F64, weight: F64, target: F64) -> F64:
    """Return the coefficients of a weighted regression with a small ridge on everything but the intercept."""
    ridge = RIDGE * weight.sum() * np.eye(design.shape[1])
    ridge[0, 0] = 0.0
    weighted = design * weight[:, None]
    coefficients: F64 = np.linalg.solve(weighted.T @ design + ridge, weighted.T @ target)
    return coefficients


def _lines(library: Library, states: F64) -> F64:
    after = library.after.reshape(len(library.after), -1)
    design = np.column_stack([np.ones(len(after)), library.states])
    return np.asarray(np.column_stack([np.ones(len(states)), states]) @ _solve(design, np.ones(len(after)), after))


def _line(library: Library, state: F64, distance: F64, near: NDArray[np.int64]) -> F64:
    weight = (1 - (distance / (distance[-1] * (1 + 1e-9) + 1e-300)) ** 3) ** 3
    design = np.column_stack([np.ones(len(near)), library.states[near] - state])
    return np.asarray(_solve(design, weight, library.after[near].reshape(len(near), -1))[0])


@dataclass(frozen=True)
class Choice:
    """The rule that forecasts the society itself best, run left out by run.

    Attributes:
        rule: The rule. tried: Mean over variables and judged horizons of squared error / variance, by rule in words.
        errors: Of the chosen rule on left-out runs: states x HORIZONS x VARIABLES.
    """

    rule: Rule
    tried: dict[str, float]
    errors: F64


def choose(library: Library) -> Choice:
    """Choose among the rules on simulated data alone; means and scales stay those of all runs."""
    runs = np.unique(library.run)
    best: tuple[float, Rule, F64] | None = None
    tried = {}
    smallest = min(int((library.run != run).sum()) for run in runs)
    judged = [HORIZONS.index(horizon) for horizon in JUDGED]
    variance = library.after.var(axis=0)[judged]
    for rule in rules_for(smallest):
        errors = np.empty_like(library.after)
        for run in runs:
            out = library.run == run
            errors[out] = ahead(library.part(~out), library.states[out], rule) - library.after[out]
        score = float(((errors[:, judged] ** 2).mean(axis=0) / np.where(variance > 0, variance, 1.0)).mean())
        tried[rule.words] = score
        if best is None or score < best[0]:
            best = (score, rule, errors)
    assert best is not None  # the line through everybody is always there
    return Choice(best[1], tried, best[2])


def forecasts(library: Library, rule: Rule, values: F64, origins: Sequence[int]) -> F64:
    """Forecast data from each origin; nothing after the origin is used.

    Returns:
        origins x HORIZONS x VARIABLES: growth of GDP since the origin, level of unemployment and of inflation.
    """
    means = np.array([values[: origin + 1].mean(axis=0) for origin in origins])
    states = np.concatenate([states_of(values, mean, [at]) for at, mean in zip(origins, means, strict=True)])
    found = ahead(library, states / library.scale, rule)
    found[:, :, GDP] += means[:, [GDP]] * np.array(HORIZONS)
    for variable in (UNEMPLOYMENT, INFLATION):
        found[:, :, variable] += values[list(origins), variable][:, None]
    return found


@dataclass(frozen=True)
class Slopes:
    """The line through all states of an economy: what it does after them.

    Attributes:
        per_unit: HORIZONS x VARIABLES x STATE: change that comes, per unit of each part of the state.
        explained: HORIZONS x VARIABLES: share of the variance of what comes that the state explains.
    """

    per_unit: F64
    explained: F64


def slopes(library: Library) -> Slopes:
    """Return the line through all states, in units of the data."""
    states, after = library.states, library.after.reshape(len(library.after), -1)
    design = np.column_stack([np.ones(len(states)), states])
    solved = _solve(design, np.ones(len(states)), after)
    spread = after.var(axis=0)
    left = np.divide((after - design @ solved).var(axis=0), spread, out=np.full(len(spread), np.nan), where=spread > 0)
    shape = (len(HORIZONS), len(VARIABLES))
    return Slopes((solved[1:] / library.scale[:, None]).T.reshape(*shape, len(STATE)), (1 - left).reshape(shape))


def own_past(values: F64, origins: Sequence[int]) -> F64:
    """Forecast data by the line through the states of their own past: as much knowledge of a state, no society.

    Returns:
        As `forecasts`.
    """
    rule = Rule(True, EVERYBODY)
    return np.concatenate([forecasts(Library.of([values[: at + 1]]), rule, values, [at]) for at in origins])


def strangeness(library: Library, values: F64, origins: Sequence[int]) -> F64:
    """Return how far each origin's state is from the nearest of the library, as a multiple of what is usual in it.

    Usual is the 95th percentile of the distance from a state to the nearest one of another run. Above 1 the forecast
    reaches beyond what the society went through.
    """
    from scipy.spatial import cKDTree

    means = [values[: origin + 1].mean(axis=0) for origin in origins]
    states = np.concatenate([states_of(values, mean, [at]) for at, mean in zip(origins, means, strict=True)])
    usual = []
    for run in np.unique(library.run):
        out = library.run == run
        usual.append(cKDTree(library.states[~out]).query(library.states[out])[0])
    distance = cKDTree(library.states).query(states / library.scale)[0]
    return np.asarray(distance / np.quantile(np.concatenate(usual), 0.95))
