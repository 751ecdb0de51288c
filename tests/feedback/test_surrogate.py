"""A surrogate is tested where the outcome is known, and its effect cannot be had without the test."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.feedback.surrogate import Surrogacy, SurrogateEffect, surrogacy

WORLDS, CASES = 300, 1_000


def _study(rng: np.random.Generator, direct: float, cases: int = CASES) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Return treatment, two surrogates, outcome: .6 of the effect goes through them, `direct` past them."""
    arm = (rng.random(cases) < 0.5).astype(float)
    early = np.column_stack([0.5 * arm, 0.2 * arm]) + rng.standard_normal((cases, 2))
    late = early @ [1.0, 0.5] + direct * arm + 0.7 * rng.standard_normal(cases)
    return arm, early, late


def _tests(seed: int, direct: float, cases: int = CASES, worlds: int = WORLDS) -> list[Surrogacy]:
    rng = np.random.Generator(np.random.Philox(seed))
    return [surrogacy(*_study(rng, direct, cases)) for _ in range(worlds)]


def test_a_good_surrogate_is_supported_and_one_that_is_passed_by_refuted() -> None:
    good = Counter(test.verdict for test in _tests(12, 0.0, worlds=1_000))
    assert good["refuted"] / 1_000 <= 0.066  # 5 % nominal
    assert good["supported"] / 1_000 >= 0.9
    assert Counter(test.verdict for test in _tests(2, 0.4))["refuted"] / WORLDS >= 0.95
    small = Counter(test.verdict for test in _tests(3, 0.0, cases=100))
    assert small["open"] / WORLDS >= 0.4  # nothing seen in a small study supports nothing


def test_the_share_explained_and_its_interval_are_right() -> None:
    found = _tests(4, 0.3)  # .6 of .9
    assert np.median([test.explained for test in found]) == pytest.approx(2 / 3, abs=0.03)
    below = np.mean([test.explained_low <= 2 / 3 for test in found])
    assert 0.95 <= below <= 1.0  # a one-sided end of a two-sided interval: 97.5 %


def test_a_surrogate_that_the_treatment_does_not_move_is_not_supported() -> None:
    rng, found = np.random.Generator(np.random.Philox(5)), []
    for _ in range(100):
        arm = (rng.random(CASES) < 0.5).astype(float)
        late = 0.6 * arm + rng.standard_normal(CASES)
        found.append(surrogacy(arm, rng.standard_normal(CASES), late).verdict)
    assert found.count("refuted") == 100


def _held(seed: int, direct: float) -> tuple[float, float, float]:
    """Return how often the truth of a new study lies in the interval with the bound, and without; mean error."""
    rng = np.random.Generator(np.random.Philox(seed))
    inside, bare, off, truth = 0, 0, [], 0.6 + direct
    for _ in range(WORLDS):
        test = surrogacy(*_study(rng, direct))
        arm, early, _ = _study(rng, direct, 600)
        found = SurrogateEffect(arm, early, test).together()
        low, high = found.interval
        inside += low <= truth <= high
        bare += abs(found.effect - truth) <= 1.96 * found.se
        off.append(found.effect - truth)
    return inside / WORLDS, bare / WORLDS, float(np.mean(off))


def test_the_bound_of_the_bias_holds_and_without_it_a_direct_effect_is_missed() -> None:
    inside, bare, off = _held(6, 0.0)
    assert inside >= 0.95
    assert 0.92 <= bare <= 0.98  # through a good surrogate the plain interval is right
    assert abs(off) < 0.02
    inside, bare, off = _held(7, 0.4)
    assert inside >= 0.95
    assert bare < 0.2
    assert off == pytest.approx(-0.4, abs=0.03)


def test_the_effect_cannot_be_had_without_its_test() -> None:
    rng = np.random.Generator(np.random.Philox(8))
    test = surrogacy(*_study(rng, 0.4))
    arm, early, _ = _study(rng, 0.4)
    found = SurrogateEffect(arm, early, test)
    assert [name for name in dir(found) if not name.startswith("_")] == ["together"]
    with pytest.raises(TypeError):
        float(found)  # type: ignore[arg-type]
    assert not hasattr(found, "__dict__")
    for text in (str(found), repr(found), f"{found}"):
        assert "surrogacy refuted on 1,000 cases" in text
        assert "bias at most" in text
    assert found.together().test is test
    with pytest.raises(InputError, match="2 surrogates were tested; 1 are given"):
        SurrogateEffect(arm, early[:, :1], test)


def test_what_cannot_be_tested_is_refused() -> None:
    arm, early, late = _study(np.random.Generator(np.random.Philox(9)), 0.0, 200)
    for wrong, says in (
        ((arm[:5], early, late), "each case needs all"),
        ((arm * 0, early, late), "the smaller arm has 0"),
        ((arm, early * np.nan, late), "a number is missing"),
        ((arm, np.column_stack([early[:, 0], early[:, 0]]), late), "are not told apart"),
    ):
        with pytest.raises(InputError, match=says):
            surrogacy(*wrong)
