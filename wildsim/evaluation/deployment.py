"""Forecasts beside what came: their scores, whether they were as sure as they might be, drift, and whether to stop.

Outcomes of one run's months hang together, and so do their errors: they are judged as a path among the paths of the
run's own seeds (`how` is "paths"). Forecasts each of a run of its own, made when the outcome before was known, are
judged one by one ("betting").
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np
from scipy import special

from wildsim.core.errors import InputError
from wildsim.core.table import F64
from wildsim.evaluation import drift as drifts
from wildsim.evaluation import scores
from wildsim.evaluation.drift import Advice, Drift
from wildsim.evaluation.forecasts import Forecast
from wildsim.evaluation.outcomes import Outcome, Outcomes, check_gaps
from wildsim.evaluation.periods import ordinal
from wildsim.evaluation.scores import Calibration
from wildsim.indicators import INDICATORS

#: Normal scores beyond this are cut; nothing tells them from one another any more.
FARTHEST = 40.0


@dataclass(frozen=True)
class Judged:
    """Forecasts of one indicator beside what came.

    Attributes:
        indicator: Its name. n: Outcomes. due: Forecasts, outcomes or not.
        crps: Mean score, in the indicator's unit. ratio: Score over the one that the forecasts promised; 1 is right.
        calibration: The verdict.
    """

    indicator: str
    n: int
    due: int
    crps: float
    ratio: float
    calibration: Calibration


@dataclass(frozen=True)
class Block:
    """Forecasts that are judged together: those of one run, or all that have a run of their own.

    Attributes:
        runs: Folders that made them. judged: By indicator. drift: Over all indicators. advice: What to do.
        note: What this block cannot say, or rests on; "" for nothing.
    """

    runs: tuple[str, ...]
    judged: tuple[Judged, ...]
    drift: Drift
    advice: Advice
    note: str


def chosen(forecasts: Iterable[Forecast], arm: str | None) -> list[Forecast]:
    """Return the forecasts of the policy that is in force, of each indicator and period the one made first.

    Raises:
        InputError: There is none, or several arms and nobody says which is in force.
    """
    known = list(forecasts)
    arms = list(dict.fromkeys(forecast.arm for forecast in known))
    if not known:
        raise InputError("nothing was forecast yet: wildsim register RUN --of INDICATOR --at MONTH")
    if arm is None and len(arms) > 1:
        raise InputError(f"forecasts stand for the arms {', '.join(arms)}; say which policy is in force: --arm NAME")
    wanted = arms[0] if arm is None else arm
    first: dict[tuple[str, str], Forecast] = {}
    for forecast in known:
        if forecast.arm == wanted:
            first.setdefault((forecast.indicator, forecast.due), forecast)
    if not first:
        raise InputError(f"nothing was forecast for the arm '{wanted}'; there is {', '.join(arms)}.")
    return sorted(first.values(), key=lambda forecast: (forecast.indicator, ordinal(forecast.due)))


def judge(
    forecasts: Sequence[Forecast], outcomes: Outcomes, level: float = drifts.LEVEL, gaps: bool = False
) -> list[Block]:
    """Return what outcomes say of forecasts, a block a run with several periods, and one of all other runs.

    Args:
        forecasts: As `chosen` returns them. outcomes: What came. gaps: Whether outcomes may be missing in between.
        level: Chance of any alarm, and of any false verdict, over all blocks together.

    Raises:
        InputError: No outcome is of a forecast, or one is missing though later ones are there.
    """
    for name in dict.fromkeys(forecast.indicator for forecast in forecasts):
        dues = [forecast.due for forecast in forecasts if forecast.indicator == name]
        if not gaps:
            check_gaps(name, dues, [period for what, period in outcomes if what == name])
    blocks = [block for block in _blocks(forecasts) if any((f.indicator, f.due) in outcomes for f in block)]
    if not blocks:
        raise InputError("no outcome is of a period that was forecast; periods are written as in the register.")
    return [_judge_block(block, outcomes, level / len(blocks)) for block in blocks]


def happened(forecasts: Sequence[Forecast], outcomes: Outcomes, above: float) -> scores.Brier:
    """Return the score of the chances that the forecasts give to a value above `above`; see `scores.brier`."""
    known = [forecast for forecast in forecasts if (forecast.indicator, forecast.due) in outcomes]
    chances = [chance_above(forecast, above) for forecast in known]
    came = [float(outcomes[forecast.indicator, forecast.due].value > above) for forecast in known]
    return scores.brier(np.array(chances), np.array(came))


def chance_above(forecast: Forecast, above: float) -> float:
    """Return the chance that a forecast gives to a value above `above`: the share of members, or the normal one."""
    if forecast.values:
        return float((np.array(forecast.values) > above).mean())
    return float(special.ndtr((forecast.mean - above) / forecast.sd))


def _blocks(forecasts: Sequence[Forecast]) -> list[list[Forecast]]:
    """Return forecasts that are judged together; a run whose ensembles are of several periods stands alone."""
    by_run: dict[str, list[Forecast]] = {}
    for forecast in forecasts:
        by_run.setdefault(forecast.settings, []).append(forecast)
    alone = [run for run in by_run.values() if _is_path(run)]
    others = [forecast for run in by_run.values() if not _is_path(run) for forecast in run]
    return [*alone, others] if others else alone


def _is_path(run: Sequence[Forecast]) -> bool:
    """Return whether forecasts are ensembles of one run for several periods."""
    one = len({forecast.settings for forecast in run}) == 1
    return one and all(forecast.values for forecast in run) and len({forecast.due for forecast in run}) > 1


@dataclass(frozen=True)
class _Scored:
    """One forecast beside its outcome, if there is one: normal scores of it and of the members beside the others."""

    score: float
    members: F64
    crps: float
    promised: float


def _judge_block(block: Sequence[Forecast], outcomes: Outcomes, level: float) -> Block:
    path = _is_path(block)
    names = list(dict.fromkeys(forecast.indicator for forecast in block))
    dues = sorted({forecast.due for forecast in block}, key=ordinal)
    scored = {
        (forecast.indicator, forecast.due): _score(forecast, outcomes.get((forecast.indicator, forecast.due)), path)
        for forecast in block
    }
    real = np.array([[scored[n, d].score if (n, d) in scored else math.nan for d in dues] for n in names])
    newest = int(np.flatnonzero(np.isfinite(real).any(axis=0)).max()) + 1
    count = len(block[0].values) if path else 0
    members = np.full((count, len(names), len(dues)), math.nan)
    for i, name in enumerate(names):
        for j, period in enumerate(dues):
            if path and (name, period) in scored:
                members[:, i, j] = scored[name, period].members
    each = level / len(names)
    judged = []
    for i, name in enumerate(names):
        of_it = [one for (what, _), one in scored.items() if what == name]
        judged.append(_judge_one(name, of_it, real[i], members[:, i], path, each))
    drift = drifts.watch_among(real[:, :newest], members, level) if path else drifts.watch(real[:, :newest], level)
    runs = tuple(dict.fromkeys(forecast.run for forecast in block))
    return Block(runs, tuple(judged), drift, drifts.advise(drift, _worse(names)), _note(path, count, level, len(names)))


def _judge_one(name: str, scored: Sequence[_Scored], real: F64, members: F64, path: bool, level: float) -> Judged:
    known = np.isfinite(real)
    came = [one for one in scored if math.isfinite(one.score)]
    verdict = (
        scores.calibration_among(real[known], members[:, known], level)
        if path
        else scores.calibration(real[known], level)
    )
    crps, promised = np.array([one.crps for one in came]), np.array([one.promised for one in came])
    ratio = scores.against_claimed(crps, promised).ratio
    return Judged(name, len(came), len(scored), float(crps.mean()) if len(crps) else math.nan, ratio, verdict)


def _score(forecast: Forecast, outcome: Outcome | None, path: bool) -> _Scored:
    error = outcome.se if outcome else 0.0
    came = outcome.value if outcome else math.nan
    if not forecast.values:
        sd = math.hypot(forecast.sd, error)
        z = float(np.clip((came - forecast.mean) / sd, -FARTHEST, FARTHEST))
        crps = float(scores.crps_normal(np.array(forecast.mean), np.array(sd), np.array(came)))
        return _Scored(z, np.empty(0), crps, sd / math.sqrt(math.pi))
    luck = _luck(forecast, len(forecast.values) + 1)
    # what is measured with error is forecast with error: each member as it would have been measured
    values = np.array(forecast.values) + error * special.ndtri(luck[1:])
    promised = scores.distance_among(values) / 2.0
    if outcome is None:
        return _Scored(math.nan, _beside_others(values), math.nan, promised)
    crps = scores.crps_ensemble(values, came)
    if path:
        spread = float(values.std(ddof=1)) * math.sqrt(1.0 + 1.0 / len(values))
        z = float(np.clip((came - values.mean()) / spread, -FARTHEST, FARTHEST))
        return _Scored(z, _beside_others(values), crps, promised)
    pit = scores.pit_ensemble(values, came, float(luck[0]))
    return _Scored(float(special.ndtri(pit)), np.empty(0), crps, promised)


def _beside_others(values: F64) -> F64:
    """Return each member standardised by mean and spread of the others, as an outcome is by those of all."""
    others = len(values) - 1
    if others < 2:
        return np.zeros(len(values))
    mean = (values.sum() - values) / others
    deviation = values - values.mean()
    about = (deviation**2).sum() - deviation**2 - others * (mean - values.mean()) ** 2
    spread = np.sqrt(np.maximum(about, 0.0) / (others - 1) * (1.0 + 1.0 / others))
    spread = np.maximum(spread, 1e-9 * np.ptp(values))  # others may all be equal, but for rounding
    z: F64 = np.clip((values - mean) / spread, -FARTHEST, FARTHEST)
    return z


def _luck(forecast: Forecast, draws: int) -> F64:
    """Return uniform draws in (0, 1) that belong to a forecast for good: nobody can draw again."""
    key = int.from_bytes(hashlib.sha256(repr(forecast.name).encode()).digest()[:16], "little")
    drawn = np.random.Generator(np.random.Philox(key=key)).random(draws)
    return np.clip(drawn, 1e-12, 1.0 - 1e-12)


def _worse(names: Sequence[str]) -> str:
    """Return the side of the outcomes that is the worse one for every indicator; "" where there is none."""
    directions = {INDICATORS[name].direction if name in INDICATORS else 0 for name in names}
    return "below" if directions == {1} else "above" if directions == {-1} else ""


def _note(path: bool, members: int, level: float, names: int) -> str:
    if not path:
        return "Rests on each forecast having been made when the outcome before it was known."
    alarm, verdict = drifts.fewest_members(level), scores.fewest_paths(level / names)
    if members < alarm:
        return (
            f"{members} seeds can neither alarm nor give a verdict: {alarm} and {verdict} or more can. Run more seeds."
        )
    return f"{members} seeds give no verdict of calibration: {verdict} or more do." if members < verdict else ""


def plain(block: Block) -> Mapping[str, object]:
    """Return a block as plain data."""
    drift = block.drift
    return {
        "runs": list(block.runs),
        "indicators": [{**asdict(one), "verdict": str(one.calibration)} for one in block.judged],
        "drift": {**asdict(drift), "evidence": drift.evidence.tolist()},
        "advice": asdict(block.advice),
        "note": block.note,
    }
