"""Verdicts under attack in planted worlds: budgets that are known beforehand, controls that must not move."""

from __future__ import annotations

import math

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.sensors.manipulation import ATTACKS, Push, spread_of
from wildsim.studies.hijack.answers import Surveyed
from wildsim.studies.hijack.curating import RATES, auc, roc, suspicions
from wildsim.studies.hijack.measure import measure, unheard
from wildsim.studies.hijack.options import Options
from wildsim.studies.hijack.verdicts import JUDGES, Case, budget, count_of, spoil

COUNT, SPREAD = 600, 10.0


def planted(effect: float = 1.0, seed: int = 1, count: int = COUNT) -> Surveyed:
    """Return reports on a pair of worlds: normal, and the effect added to each."""
    rng = np.random.Generator(np.random.Philox(seed))
    before = 100.0 + SPREAD * rng.standard_normal(count)
    return Surveyed(seed, before, before + effect, rng.permutation(count), effect)


def _budget(seen: Surveyed, attack: str, judge: str, push: float = 3.0) -> float:
    """Return the flip budget as a share of reports."""
    options = Options(push=push)
    case = Case(seen, options.attack(attack), judge)
    counts = [count_of(share, len(seen.after), case.attack) for share in options.grid.tolist()]
    found = budget(case, [(count, case.turned(count)) for count in counts])
    return found / len(seen.after)


@pytest.mark.parametrize("effect", [-2.0, 0.5, 1.0, 4.0])
@pytest.mark.parametrize("push", [2.0, 5.0])
def test_the_mean_turns_at_effect_over_push(effect: float, push: float) -> None:
    seen = planted(effect)
    known = abs(effect) / (push * spread_of(seen.after))
    assert _budget(seen, "push", "mean", push) == pytest.approx(known, abs=1.5 / COUNT)


def test_a_known_budget_of_reclassified_and_of_invented_reports() -> None:
    seen = planted(1.0)
    assert _budget(seen, "reclassified", "mean") == pytest.approx(1.0 / (0.5 * 101.0), abs=3.0 / COUNT)
    # k invented among n + k move the mean by k / (n + k) of the push: k / n = effect / (push - effect)
    push = 3.0 * spread_of(seen.after)
    assert _budget(seen, "sybil", "mean") == pytest.approx(1.0 / (push - 1.0), abs=6.0 / COUNT)


def test_the_median_turns_later_than_the_mean_and_by_large_pushes_where_theory_has_it() -> None:
    for seed in range(1, 6):
        seen = planted(1.0, seed)
        assert _budget(seen, "push", "mean", 20.0) < _budget(seen, "push", "median", 20.0)
    # liars far below: the median is the quantile 1/2 / (1 - s) of the honest; of normal ones s = 1 - 1/(2 Phi(d/sd))
    budgets = [_budget(planted(1.0, seed, 4_000), "push", "median", 50.0) for seed in range(1, 9)]
    phi = 0.5 * (1.0 + math.erf(1.0 / SPREAD / math.sqrt(2.0)))
    assert np.mean(budgets) == pytest.approx(1.0 - 0.5 / phi, rel=0.12)


def test_the_trimmed_mean_holds_against_large_pushes_up_to_its_share() -> None:
    seen = planted(20.0)
    assert _budget(seen, "push", "trimmed_mean", 1000.0) == pytest.approx(0.1, abs=1.5 / COUNT)
    assert _budget(seen, "push", "mean", 1000.0) <= 2.0 / COUNT


@pytest.mark.parametrize("judge", JUDGES)
@pytest.mark.parametrize("attack", ATTACKS)
def test_without_liars_nothing_turns_and_the_control_attack_never_does(attack: str, judge: str) -> None:
    seen = planted(0.3)
    case = Case(seen, Options().attack(attack), judge)
    assert not case.turned(0)
    assert case.honest != 0.0
    assert case.after(0, 1.0) == case.after(0, -1.0)
    if attack == "truth":
        assert not any(case.turned(count) for count in (30, 300))


def test_no_effect_is_no_verdict_to_turn() -> None:
    seen = planted(0.0)
    assert not Case(seen, Push(), "mean").turned(300)


def test_pushes_are_found_by_outliers_invented_reporters_by_provenance_and_truth_by_nothing() -> None:
    found: dict[str, list[dict[str, float]]] = {}
    for seed in range(1, 9):
        seen = planted(1.0, seed)
        for name in ("truth", "push", "within", "collusion", "sybil"):
            spoilt = spoil(seen, Options(push=4.0).attack(name), 60, -1.0)
            suspects = suspicions(spoilt.values, spoilt.origin, seen.before)
            found.setdefault(name, []).append({step: auc(values, spoilt.lies) for step, values in suspects.items()})
    mean = {name: {step: np.mean([one[step] for one in rows]) for step in rows[0]} for name, rows in found.items()}
    # 60 of 600, 8 seeds: standard error of an area by chance .014
    assert all(abs(area - 0.5) < 0.045 for area in mean["truth"].values())
    assert abs(mean["within"]["outliers"] - 0.5) < 0.045
    assert mean["push"]["outliers"] > 0.95
    assert abs(mean["push"]["provenance"] - 0.5) < 1e-12
    assert mean["collusion"]["collusion"] > 0.99
    assert mean["sybil"]["provenance"] == 1.0


def test_areas_and_curves_are_those_of_known_cases() -> None:
    lies = np.arange(1000) < 500
    rng = np.random.Generator(np.random.Philox(11))
    apart = rng.standard_normal(1000) + np.where(lies, 1.0, 0.0)
    assert auc(apart, lies) == pytest.approx(0.5 * (1.0 + math.erf(0.5)), abs=0.03)  # Phi(d / sqrt(2))
    curve = roc(apart, lies)
    assert np.trapezoid(curve, RATES) == pytest.approx(auc(apart, lies), abs=0.01)
    assert (np.diff(curve) >= 0.0).all()
    assert (auc(np.zeros(1000), lies), auc(lies * 1.0, lies)) == (0.5, 1.0)
    assert roc(np.zeros(1000), lies) == pytest.approx(RATES)
    assert np.isnan(auc(apart, lies & False))


def test_what_is_robust_does_not_hear_an_honest_minority_either() -> None:
    seen, options = planted(1.0), Options()
    at = int(np.abs(options.grid - 0.1).argmin())
    lost = {judge: unheard(seen, options, judge) for judge in JUDGES}
    assert lost["mean"][at] == pytest.approx(0.0, abs=1e-9)
    assert lost["median"][at] == pytest.approx(1.0)
    assert lost["trimmed_mean"][at] == pytest.approx(1.0)
    assert lost["trimmed_mean"][-1] < 0.5  # half of all is no minority any more, and is heard
    assert np.isnan(lost["mean"][0])


def test_everything_of_a_seed_hangs_together() -> None:
    found = measure(planted(1.0), Options(attacks=("push", "silence")))
    assert set(found.attacks) == {"push", "silence"}
    assert set(found.detection) == {"truth", "push", "silence"}
    for judges in found.attacks.values():
        for judge, one in judges.items():
            assert one.turned[0] is False, judge
    assert found.attacks["push"]["mean"].moved == pytest.approx(0.1 * 3.0 * spread_of(planted().after), rel=1e-6)
    assert found.attacks["push"]["curated_mean"].moved < found.attacks["push"]["mean"].moved
    assert found.effect["mean"] == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"reporters": 10}, "--reporters is 10; it must be 44 to"),
        ({"attacks": ("pusch",)}, "unknown attack. Did you mean 'push'?"),
        ({"push": 0.0}, "--push is 0"),
        ({"at": 0.9}, "--at is 0.9"),
        ({"price": -1.0}, "--price is -1"),
        ({"each": 0}, "--each is 0"),
        ({"seeds": 0}, "--seeds is 0"),
    ],
)
def test_wrong_numbers_are_refused(changes: dict[str, object], message: str) -> None:
    with pytest.raises(InputError) as caught:
        Options(**changes)  # type: ignore[arg-type]
    assert message in str(caught.value)
