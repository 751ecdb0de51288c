"""The Pareto tail of skill: its exponent, where it begins, and that nothing of it is there where it is off.

Each fit is rejected with chance .001 where the tail is right; seeds are fixed.
"""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tests.worlds import live, small_world
from wildsim.core.parameters import resolve
from wildsim.core.table import F64
from wildsim.kernels.ages import ADULT_AGE
from wildsim.state.law import Law
from wildsim.state.start.people import log_ability

ABILITIES: F64 = np.random.Generator(np.random.Philox(6)).standard_normal(100_000)
LEVEL = 0.001


def law(exponent: float, share: float = 0.1) -> Law:
    """Return the law of a country whose skill has a tail."""
    return Law(resolve("us", {"population.ability_tail": exponent, "population.ability_tail_share": share}))


def fits(logs: F64, exponent: float) -> float:
    """Return the p value of logs above a threshold being those of a Pareto law (Kolmogorov, Smirnov)."""
    return float(stats.kstest(exponent * logs, "expon").pvalue)


@pytest.mark.parametrize("share", [0.02, 0.1, 0.5])
@pytest.mark.parametrize("exponent", [1.5, 2.0, 3.0])
def test_ability_above_its_quantile_is_pareto(exponent: float, share: float) -> None:
    found, start = log_ability(law(exponent, share), ABILITIES), 0.52 * float(stats.norm.isf(share))
    assert fits(found[found > start] - start, exponent) > LEVEL
    assert np.mean(found > start) == pytest.approx(share, abs=4.0 * np.sqrt(share / 100_000))
    # neither another exponent nor the lognormal itself would pass
    plain = log_ability(law(0.0, share), ABILITIES)
    assert fits(found[found > start] - start, 1.3 * exponent) < LEVEL
    assert fits(plain[plain > start] - start, exponent) < LEVEL


def test_below_the_quantile_and_where_it_is_off_nothing_changes() -> None:
    plain = log_ability(law(0.0), ABILITIES)
    assert (plain == 0.52 * ABILITIES).all()
    found = log_ability(law(2.0), ABILITIES)
    below = ABILITIES < stats.norm.isf(0.1)
    assert (found[below] == plain[below]).all()
    assert (np.diff(found[np.argsort(ABILITIES)]) > 0.0).all()  # who is abler is more skilled, across the start too


def test_the_largest_abilities_stay_finite() -> None:
    assert np.isfinite(log_ability(law(1.5, 1e-6), np.array([-40.0, 0.0, 8.0, 40.0]))).all()


def test_schooling_and_experience_leave_the_exponent() -> None:
    """They multiply skill by bounded factors: beyond the largest of these the tail is as steep as that of ability."""
    people = small_world(20_000, 8, parameters={"population.ability_tail": 2.0}).tables["people"]
    logs = np.log(people.base("skill").astype(np.float64))
    factors = logs - log_ability(law(2.0), people.base("ability").astype(np.float64))
    start = factors.max() + 0.52 * float(stats.norm.isf(0.1))
    above = logs[logs > start] - start
    assert len(above) > 300
    assert fits(above, 2.0) > LEVEL
    assert fits(above, 3.0) < LEVEL


def test_children_are_born_into_the_same_tail() -> None:
    tailed = {"population.ability_tail": 2.0, "population.ability_tail_share": 0.5}
    world = small_world(2_000, parameters=tailed, sectors=("demography",))
    known = set(world.tables["people"].base("id").tolist())
    live(world, 6)
    people, level = world.tables["people"], float(world.tables["vital"].base("skill_level")[0])
    new = ~np.isin(people.base("id"), list(known)) & (people.base("age") < 1.0) & (people.base("age") < ADULT_AGE)
    assert new.sum() >= 8
    ability, skill = people.base("ability")[new], people.base("skill")[new]
    assert np.log(skill) - level == pytest.approx(log_ability(law(2.0, 0.5), ability), abs=1e-5)
    assert np.abs(np.log(skill) - level - 0.52 * ability).max() > 0.05
