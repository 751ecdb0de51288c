"""What a study of fidelity says of itself: cells, sentences, and the JSON document."""

from __future__ import annotations

import math
from dataclasses import asdict
from typing import Any

from wildsim.engine.units import number
from wildsim.studies.fidelity.experiment import VERIFIED
from wildsim.studies.fidelity.measure import Score
from wildsim.studies.fidelity.study import LEAST_ANSWERS, LEAST_PART, Fidelity, Outcome

CRITERION = (
    "Distance: Wasserstein-1 between the mind's answers and people's, as a part of the range of answers. A mind "
    "passes where its distance is at most the 95th percentile of the distance that as many people, drawn from the "
    "same distribution, would show (limit): in each experiment one mind in twenty that answers just as people do fails "
    "by luck. Where random or the rule is within the limit too, the verdict is 'not told apart': the experiment cannot "
    "say anything with so few subjects. Intervals are of resampled answers; near 0 they lie too high, since resampling "
    "adds luck of its own."
)
CANNOT_EXCLUDE = (
    "What this cannot exclude: a language model may have read about these experiments, and then repeats their results "
    "without deciding as people do; paraphrases make this harder, not impossible."
)
OTHER_PEOPLE = (
    "People of other places, ages and stakes differ from these by more than luck, so that a mind that fails may still "
    "be within what people do somewhere; and people were often paid, while here nothing is at stake."
)
HEADERS = (
    *("experiment", "used", "mean", "people", "distance", "95 %", "limit", "random", "rule", "shift", "95 %"),
    *("verdict", "people's figures"),
)
ROBUST_HEADERS = ("experiment", "spread over wordings", "by luck", "reversed listing", "by luck")
SOURCE_HEADERS = ("experiment", "source of people's answers", "n", "mean", "sd", "verified", "what was checked")


def label(found: Fidelity) -> str:
    """Return the name of the mind with what a reader must know of it; it heads every table and picture."""
    return f"{found.subject} ({found.told})" if found.told else found.subject


def cells(found: Fidelity) -> list[list[str]]:
    """Return the rows of the main table."""
    return [
        [
            one.experiment.name,
            f"{one.mind.used}/{one.mind.asked}",
            number(one.mind.mean),
            number(one.experiment.human.mean),
            number(one.mind.distance),
            _interval(one.mind.distance_interval),
            number(one.floor.limit),
            number(one.random.distance),
            number(one.rule.distance),
            f"{number(one.mind.shift, 2)} sd" if math.isfinite(one.mind.shift) else "-",
            _interval(one.mind.shift_interval, 2),
            verdict(one),
            one.experiment.human.verified,
        ]
        for one in found.outcomes
    ]


def verdict(one: Outcome) -> str:
    """Return the verdict in words."""
    if one.verdict == "not told apart":
        return f"not told apart from {' and '.join(one.passing)}"
    return one.verdict


def _interval(bounds: tuple[float, float], digits: int = 3) -> str:
    return "-" if any(math.isnan(bound) for bound in bounds) else " to ".join(number(bound, digits) for bound in bounds)


def robust_cells(found: Fidelity) -> list[list[str]]:
    """Return the rows of the table of paraphrases and reversed listings, in standard deviations of people."""
    return [
        [
            one.experiment.name,
            *(number(value, 2) for value in (one.robust.wording_spread, one.robust.wording_luck)),
            *(number(value, 2) for value in (one.robust.order_shift, one.robust.order_luck)),
        ]
        for one in found.outcomes
    ]


def source_cells(found: Fidelity) -> list[list[str]]:
    """Return the rows of the table of sources."""
    rows = []
    for one in found.outcomes:
        human = one.experiment.human
        figures = (f"{human.n:,.0f}" if math.isfinite(human.n) else "not known", number(human.mean), number(human.sd))
        rows.append([one.experiment.name, human.source, *figures, human.verified, human.checked])
    return rows


def rule_cells(found: Fidelity) -> list[list[str]]:
    """Return the rows of the table of what the rule is and where the task differs from what people did."""
    return [
        [one.experiment.name, number(one.rule.mean), one.experiment.rule_source, one.experiment.caveat]
        for one in found.outcomes
    ]


def summary(found: Fidelity) -> list[str]:
    """Return what the study comes to, in sentences."""
    passed = [one for one in found.outcomes if one.verdict == "pass"]
    solid = [one for one in passed if one.experiment.human.verified in ("counted", "copy")]
    firm = (
        f" People's figures were counted or read in a copy in {len(solid)} of these; in the others they rest on "
        "memory, in part or whole."
    )
    said = [f"{label(found)}: {len(passed)} of {len(found.outcomes)} experiments passed.{firm if passed else ''}"]
    said += [line for line in (_controls(found), _unusable(found), *_by_condition(found)) if line]
    return [*said, CANNOT_EXCLUDE, OTHER_PEOPLE]


def _controls(found: Fidelity) -> str:
    within = [f"{name} in {one.experiment.name}" for one in found.outcomes for name in one.passing]
    if not within:
        return "The controls, random and rule, fail in every experiment, as they must."
    return (
        f"Controls within the limit, which should fail: {', '.join(within)}. More subjects tell them apart: --subjects."
    )


def _unusable(found: Fidelity) -> str:
    lost = {one.experiment.name: one.mind.unusable for one in found.outcomes if one.mind.unusable}
    if not lost:
        return ""
    parts = [
        f"{name}: " + ", ".join(f"{count} {why}" for why, count in why_not.items()) for name, why_not in lost.items()
    ]
    needed = f"{LEAST_ANSWERS} answers and {LEAST_PART:.0%} of those asked for"
    return f"Answers that could not be used are left out, not replaced ({'; '.join(parts)}). A verdict needs {needed}."


def _by_condition(found: Fidelity) -> list[str]:
    lines = []
    for one in found.outcomes:
        if one.conditions:
            mine = ", ".join(f"{name} {number(mean)}" for name, mean in one.conditions.items())
            rule = ", ".join(number(mean) for mean in one.rule_conditions.values())
            people, title = one.experiment.human_by_condition, f"{one.experiment.title} ({one.experiment.field.unit})"
            lines.append(f"{title} by condition: {mine}; rule: {rule}; people: {people}.")
    return lines


def document(found: Fidelity) -> dict[str, Any]:
    """Return everything as plain data; NaN where something is not known."""
    return {
        "kind": "fidelity",
        "mind": found.subject,
        "told": found.told,
        "subjects": found.options.subjects,
        "seed": found.options.seed,
        "passed": sum(one.verdict == "pass" for one in found.outcomes),
        "criterion": CRITERION,
        "summary": summary(found),
        "verified": dict(VERIFIED),
        "reasons": [{"said": said, "count": count} for said, count in found.reasons],
        "experiments": [_plain(one) for one in found.outcomes],
    }


def _plain(one: Outcome) -> dict[str, Any]:
    experiment, human = one.experiment, one.experiment.human
    return {
        "name": experiment.name,
        "title": experiment.title,
        "unit": experiment.field.unit,
        "range": [experiment.field.low, experiment.field.high],
        "verdict": one.verdict,
        "controls_within": list(one.passing),
        "mind": _score(one.mind),
        "random": _score(one.random),
        "rule": {**_score(one.rule), "source": experiment.rule_source},
        "people_against_people": asdict(one.floor),
        "robustness": asdict(one.robust),
        "conditions": {"mind": one.conditions, "rule": one.rule_conditions, "people": experiment.human_by_condition},
        "people": {**asdict(human), "mean": human.mean, "sd": human.sd, "median": human.quantile(0.5)},
        "caveat": experiment.caveat,
        "answers": one.values.tolist(),
    }


def _score(score: Score) -> dict[str, Any]:
    return asdict(score)
