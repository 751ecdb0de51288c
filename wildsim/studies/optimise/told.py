"""An optimisation as plain data, and in sentences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from wildsim.planning.optimiser import ALL, CONVERGED, NO_BETTER, UNSCORED
from wildsim.scenario.schema import Scenario
from wildsim.studies.optimise.judge import Sealed
from wildsim.studies.optimise.study import Generation, Optimised, Options

#: A gap of so many standard deviations between worlds is named.
WIDE = 0.5
ENDS = {
    ALL: "the last generation was reached",
    CONVERGED: "all levers stopped moving",
    NO_BETTER: "validation saw nothing better",
    UNSCORED: "hardly a candidate had a reward",
}
#: What sentences say where the seal stays closed.
KEPT = "The start was kept: there is nothing to judge, and the seal stays closed."
OPEN = "Nothing is sealed, so there is no verdict: name indicators in evaluation.sealed that the reward does not show."


def document(scenario: Scenario, options: Options, found: Optimised, sealed: Sealed | None) -> dict[str, Any]:
    """Return everything that was found, as plain data."""
    levers = [
        {
            "lever": lever.name,
            "low": lever.low,
            "high": lever.high,
            "start": found.start[lever.name],
            "found": value,
            "at_bound": at_bound(value, lever.low, lever.high),
        }
        for lever, value in zip(found.levers, found.found.point, strict=True)
    ]
    feedback = {
        "seeds": options.feedback_seeds,
        "before": list(found.before),
        "after": list(found.after),
        "gain": found.gain,
        "gain_sd": found.standard_gain,
    }
    validation = {
        "seeds": options.validation_seeds,
        "indicators": list(scenario.evaluation.validation) if options.validation else [],
        "queries": found.queries,
        "first": found.told_first,
    }
    return {
        "scenario": scenario.name,
        "reward": str(scenario.reward.reward()).splitlines(),
        "levers": levers,
        "ended": found.found.ended,
        "generation": found.found.generation + 1,
        "generations": [_generation(one) for one in found.trace],
        "collapsed": found.collapsed,
        "feedback": feedback,
        "validation": validation if options.validation else None,
        "sealed": _sealed(sealed) if sealed else None,
        "goodhart_gap": gap(found, sealed),
        "verdict": sealed.verdict.word if sealed else None,
    }


def _generation(one: Generation) -> dict[str, Any]:
    return {"candidates": one.candidates, "scores": one.scores, "guess": one.guess, "validation": one.told}


def _sealed(sealed: Sealed) -> dict[str, Any]:
    reward = {name: getattr(sealed.reward, name) for name in ("difference", "low", "high", "n", "p")}
    return {
        "seeds": list(sealed.seeds),
        "block": sealed.block,
        "opened": sealed.verdict.opened,
        "gain_sd": sealed.verdict.gain,
        "reward": {**reward, "gain_sd": sealed.reward_gain},
        "indicators": [{**vars(one), "says": one.says} for one in sealed.verdict.judged],
    }


def gap(found: Optimised, sealed: Sealed | None) -> float:
    """Return the Goodhart gap: gain on feedback less gain of what is sealed, standard deviations between worlds."""
    return found.standard_gain - sealed.verdict.gain if sealed else math.nan


def at_bound(value: float, low: float, high: float) -> bool:
    """Return whether a value lies within a hundredth of its range from an end."""
    return min(value - low, high - value) <= 0.01 * (high - low)


def lever_cells(found: Optimised) -> list[list[str]]:
    """Return the table of levers."""
    rows = []
    for lever, value in zip(found.levers, found.found.point, strict=True):
        edge = "at the edge of its range" if at_bound(value, lever.low, lever.high) else ""
        before = f"{found.start[lever.name]:.4g}"
        rows.append([lever.name, f"[{lever.low:g}, {lever.high:g}]", before, f"{value:.4g}", edge])
    return rows


def sealed_cells(sealed: Sealed) -> list[list[str]]:
    """Return the table of sealed indicators."""
    from wildsim.engine.units import number, scale, unit_of

    rows = []
    for one in sealed.verdict.judged:
        shown = scale(unit_of(one.indicator), max(abs(one.baseline), abs(one.candidate)))
        before, after, apart, low, high = (
            number(value * shown.factor) for value in (one.baseline, one.candidate, one.difference, one.low, one.high)
        )
        p = f"{one.p_adjusted:.3f}" if one.p_adjusted >= 0.001 else "< .001"
        rows.append([one.indicator, shown.unit, before, after, apart, f"[{low}, {high}]", p, one.says])
    return rows


def sentences(found: Optimised, sealed: Sealed | None, validated: Sequence[str]) -> list[str]:
    """Return what must be said of an optimisation, with the gap and the verdict.

    Args:
        validated: Indicators of validation; empty where it rates the reward on other seeds.
    """
    said = [_ended(found)]
    if found.queries:
        by = ", ".join(validated) if validated else "the reward"
        said.append(f"Validation was asked {found.queries} times about {by}, on seeds of its own.")
    if found.collapsed:
        said.append(f"{found.collapsed} lives of candidates fell apart; those candidates have no score.")
    said.append(f"Feedback: the sensed reward rose by {found.gain:.4g}, {_sd(found.standard_gain)}.")
    if sealed is None:
        return [*said, OPEN if found.found.generation >= 0 else KEPT]
    said.append(
        f"On {len(sealed.seeds)} fresh seeds the sensed reward rose by {sealed.reward.difference:.4g} "
        f"[{sealed.reward.low:.4g}, {sealed.reward.high:.4g}], {_sd(sealed.reward_gain)}; "
        f"what is sealed by {_sd(sealed.verdict.gain)}."
    )
    apart = gap(found, sealed)
    what = "the reward promises more than what was meant gained" if apart > WIDE else "no wide gap"
    said.append(f"Goodhart gap: {_sd(apart)}: {what}.")
    times = "time" if sealed.verdict.opened == 1 else "times"
    said.append(f"Verdict of the sealed indicators: {sealed.verdict.word}. {_why(sealed)}")
    said.append(f"This question was opened {sealed.verdict.opened} {times}, on block {sealed.block} of sealed seeds.")
    return said


def _ended(found: Optimised) -> str:
    which = found.found.generation
    taken = "the start was kept" if which < 0 else f"the best guess of generation {which + 1} was taken"
    return f"The search ended after generation {len(found.trace)}: {ENDS[found.found.ended]}; {taken}."


def _why(sealed: Sealed) -> str:
    worse = [one.indicator for one in sealed.verdict.judged if one.says == "worse"]
    better = [one.indicator for one in sealed.verdict.judged if one.says == "better"]
    if worse:
        return f"Worse: {', '.join(worse)}."
    return f"Better: {', '.join(better)}; none worse." if better else "None changed clearly."


def _sd(gain: float) -> str:
    return f"{gain:+.2f} standard deviations between worlds" if math.isfinite(gain) else "worlds do not differ in it"
