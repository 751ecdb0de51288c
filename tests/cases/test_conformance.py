"""What every case must keep: sources and ranges, a bite where the range holds zero, a dead policy that fails."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tests.cases.planted import PLANTED
from wildsim.cases import CASES, ESTIMATE, Case
from wildsim.cases import study as studies
from wildsim.cases.record import Arms
from wildsim.cases.verdict import Outcome, judge, reasons

SEEDS = 20
EVERY = pytest.mark.parametrize("case", [case for _, case in CASES.items()], ids=list(CASES))
#: Smaller than any real study: only what holds for every size is looked at.
TINY = {"society.people": "600", "society.regions": "2", "burn_in": "13"}


def outcome(case: Case, arms: Arms) -> Outcome:
    """Return the verdict where every seed shows the same."""
    found = case.estimate(arms)
    return judge(case, {name: np.full(SEEDS, value) for name, value in found.items()})


def test_the_ten_of_the_design_are_there() -> None:
    assert len(CASES) >= 10
    assert set(PLANTED) == set(CASES)
    assert sum(case.counted and not case.holds_zero for _, case in CASES.items()) >= 5


@EVERY
def test_it_says_what_it_is(case: Case) -> None:
    for text in (case.title, case.policy, case.published, case.source, case.measured, case.unit):
        assert text.strip()
    assert any(figure.isdigit() for figure in case.source) or "Arithmetic" in case.source
    assert -math.inf < case.low < case.high < math.inf
    assert case.months > 0


@EVERY
def test_a_dead_policy_cannot_pass_by_its_design(case: Case) -> None:
    for bite in case.bites:
        assert math.isnan(bite.dead) or not bite.low <= bite.dead <= bite.high, bite.name
    assert not case.holds_zero or any(not math.isnan(bite.dead) for bite in case.bites)


@EVERY
def test_its_society_is_legal_with_and_without_the_policy(case: Case) -> None:
    assert case.story(None).policies == ()
    with_policy, without = case.story(1.0), case.story(0.0)
    assert [policy.size for policy in without.policies] == [0.0] * len(case.policies)
    assert with_policy.months == case.start + case.months
    assert with_policy.warnings() == []
    assert case.story(None, {"society.people": "4000"}).society.people == 4000


@EVERY
def test_a_planted_effect_is_found_and_passes(case: Case) -> None:
    middle = (case.low + case.high) / 2
    found = outcome(case, PLANTED[case.name](middle))
    assert found.estimate.value == pytest.approx(middle)
    assert found.passed, reasons(case, found)
    assert set(case.notes) <= set(found.found)


@EVERY
@pytest.mark.parametrize("side", [-1, 1], ids=["below", "above"])
def test_an_effect_outside_the_range_fails(case: Case, side: int) -> None:
    width = case.high - case.low
    wrong = case.low - 0.1 * width if side < 0 else case.high + 0.1 * width
    found = outcome(case, PLANTED[case.name](wrong))
    assert found.estimate.value == pytest.approx(wrong)
    assert not found.passed
    assert ("below the range" if side < 0 else "above the range") in reasons(case, found)


@EVERY
def test_two_identical_arms_fail(case: Case) -> None:
    base = PLANTED[case.name]((case.low + case.high) / 2).base
    found = outcome(case, Arms(base, base))
    assert not found.passed
    assert found.in_range == (case.holds_zero and case.reaches < 0.0)


@EVERY
def test_a_policy_of_size_zero_is_dead_in_a_real_society(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    """With the same draws both arms are equal to the bit, and the case fails, on however many seeds."""
    monkeypatch.setattr(studies, "REKEY", 0)
    found = studies.pair(studies.Task(case.name, 3, True, tuple(TINY.items())))
    dead = judge(case, {name: np.full(SEEDS, value) for name, value in found[studies.PLACEBO].items()})
    assert not dead.passed
    if not math.isnan(dead.estimate.value):
        assert dead.precise, "it fails by what it shows, not for want of seeds"
        assert dead.in_range == (case.holds_zero and case.reaches < 0.0)
    assert found[studies.PLACEBO][ESTIMATE] == 0.0 or math.isnan(found[studies.PLACEBO][ESTIMATE])
    assert found[studies.POLICY].keys() == found[studies.PLACEBO].keys()
