"""Figures of the education sector, estimated from simulated data the way papers estimate them, and its levers."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.worlds import same
from wildsim.core.table import NO_ROW
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

#: Law of the leaving age (Oreopoulos 2006) and an experiment like National Supported Work (LaLonde 1986).
LEAVING = {"kind": "school_leaving_age", "change": 1.0}
TRAINING = {
    "kind": "training_places",
    "places": 0.5,
    "months": 9,
    "random": True,
    "until": 1,
    "where": {"schooling": [0, 12]},
}
FORMS: tuple[dict[str, Any], ...] = (
    {"kind": "school_seats", "change": 1.0},
    {"kind": "school_seats", "level": 0.2},
    {"kind": "school_spending", "change": 0.1, "funding": "income_tax"},
    {"kind": "school_spending", "level": 0.8},
    {"kind": "school_leaving_age", "change": 2.0},
    {"kind": "school_leaving_age", "level": 20.0},
    {"kind": "training_places", "places": 0.5, "months": 3, "random": True},
    {"kind": "training_places", "places": 0.5, "months": 3, "where": {"schooling": [0, 14]}},
)
forms = pytest.mark.parametrize("form", FORMS, ids=lambda form: "-".join(str(value) for value in form.values()))


def society(
    *policies: dict[str, Any], people: int = 400, seed: int = 1, burn_in: int = 12, sector: bool = True
) -> Society:
    sectors = {"demography": True, "education": sector}
    size = {"country": "us", "people": people, "regions": 2}
    data = {"seed": seed, "burn_in": burn_in, "months": 240, "society": size, "policies": list(policies)}
    return Society(Scenario.model_validate({**data, "sectors": sectors}))


def lived(months: int, *policies: dict[str, Any], **given: Any) -> Society:
    made = society(*policies, **given)
    made.burn_in()
    made.run_for(months)
    return made


@pytest.fixture(scope="module")
def baseline() -> Society:
    return lived(14)


@forms
def test_size_zero_is_the_baseline_bit_for_bit(form: dict[str, Any], baseline: Society) -> None:
    assert same(lived(14, {**form, "from": 2, "size": 0}).snapshot(), baseline.snapshot()) == []


@forms
def test_it_acts_from_its_date_on_with_closed_books(form: dict[str, Any], baseline: Society) -> None:
    assert same(lived(14, {**form, "from": 14}).snapshot(), baseline.snapshot()) == []
    found = lived(14, {**form, "from": 2, "until": 11})
    assert same(found.snapshot(), baseline.snapshot()) != []
    assert found.largest_error <= 1e-9
    assert found.world.law._now == found.world.law.start


@forms
def test_with_the_sector_off_it_does_nothing_at_all(form: dict[str, Any]) -> None:
    plain, other = lived(3, sector=False), lived(3, {**form, "from": 0}, sector=False)
    assert same(plain.snapshot(), other.snapshot()) == []
    assert np.isnan(other.indicators["cutoff_score"])


@forms
def test_a_snapshot_in_the_middle_goes_on_the_same(form: dict[str, Any]) -> None:
    dated = {**form, "from": 1, "until": 9}
    whole = lived(3, dated)
    middle = whole.snapshot()
    whole.run_for(9)
    other = society(dated)
    other.restore(middle)
    other.run_for(9)
    assert same(other.snapshot(), whole.snapshot()) == []


def test_more_spending_raises_scores_and_the_cutoff() -> None:
    """Paired seeds: the same pupils, the same luck; 10 % more for a year is a twelfth of its effect on scores."""
    plain = lived(18, people=3000)
    other = lived(18, {"kind": "school_spending", "change": 0.5, "from": 0}, people=3000)
    assert other.indicators["cutoff_score"] > plain.indicators["cutoff_score"]
    assert other.indicators["cutoff_score"] - plain.indicators["cutoff_score"] < 100.0


def mincer(made: Society, youngest: float = 18.0, oldest: float = 65.0) -> float:
    """Return the coefficient of schooling in the regression of Mincer 1974 among people at work."""
    people = made.people
    works = (people.employer != NO_ROW) & (people.age >= youngest) & (people.age < oldest)
    schooling = people.schooling[works].astype(np.float64)
    experience = np.maximum(people.age[works] - schooling - 6.0, 0.0)
    design = np.column_stack([np.ones(len(schooling)), schooling, experience, experience**2])
    return float(np.linalg.lstsq(design, np.log(people.wage[works]), rcond=None)[0][1])


@pytest.mark.slow
def test_the_mincer_return_is_that_of_the_literature() -> None:
    """.06-.13 a year, of all who work and of those whom the society's own schools have taught (Card 1999)."""
    made = lived(168, people=6000, burn_in=24)
    assert 0.06 <= mincer(made) <= 0.13
    assert 0.06 <= mincer(made, oldest=32.0) <= 0.13
    assert 13.0 < made.indicators["schooling_years"] < 14.5
    assert 0.40 < made.indicators["enrolment_rate"] < 0.65


def earnings(made: Society, months: int) -> dict[int, float]:
    """Return everybody's earnings over some months in units of the mean wage, by id; months without work count 0."""
    found: dict[int, float] = {}
    for _ in range(months):
        made.step()
        pay = made.people.wage / float(made.macro.mean_wage[0])
        for person, amount in zip(made.people.id.tolist(), pay.tolist(), strict=True):
            found[person] = found.get(person, 0.0) + amount
    return found


@pytest.mark.slow
def test_a_year_longer_at_school_raises_earnings_of_those_whom_it_keeps() -> None:
    """+3 to +15 % a year of schooling: the Wald estimate of Oreopoulos 2006 on cohorts that the law met."""
    sums, years, count = np.zeros(2), np.zeros(2), 0
    for seed in range(1, 5):
        arms = []
        for policies in ((), (LEAVING,)):
            made = society(*policies, people=4000, seed=seed, burn_in=24)
            made.burn_in()
            age = made.people.age
            cohort = set(made.people.id[(age >= 12.0) & (age < 17.0)].tolist())
            made.run_for(96)
            earned = earnings(made, 36)
            schooling = dict(zip(made.people.id.tolist(), made.people.schooling.tolist(), strict=True))
            arms.append((earned, schooling))
        both = sorted(cohort & arms[0][1].keys() & arms[1][1].keys())
        kept = [person for person in both if arms[1][1][person] > arms[0][1][person]]
        sums += [sum(earned[person] for person in kept) for earned, _ in arms]
        years += [sum(schooling[person] for person in kept) for _, schooling in arms]
        count += len(kept)
    assert count > 150
    gain = (sums[1] / sums[0] - 1.0) / ((years[1] - years[0]) / count)
    assert 0.03 <= gain <= 0.15


@pytest.mark.slow
def test_training_raises_earnings_and_the_naive_comparison_is_biased_downwards() -> None:
    """+5 to +60 % by lot; participants against everybody else look far worse, as in LaLonde 1986."""
    totals = np.zeros((3, 2))
    for seed in range(1, 7):
        made = society(TRAINING, people=8000, seed=seed, burn_in=36)
        made.burn_in()
        people = made.people
        searches = (people.employer == NO_ROW) & (people.participates == 1) & (people.away == 0)
        eligible = set(people.id[searches & (people.schooling <= 12.0)].tolist())
        adults = set(people.id[(people.age >= 18.0) & (people.age < 60.0)].tolist())
        made.step()
        trained = set(made.people.id[made.world.tables["pupils"].base("trained") == 1].tolist())
        assert trained <= eligible
        made.run_for(20)
        earned = earnings(made, 24)
        for number, group in enumerate((trained, eligible - trained, adults - trained)):
            amounts = [earned[person] for person in group if person in earned]
            totals[number] += [sum(amounts), len(amounts)]
    treated, controls, others = totals[:, 0] / totals[:, 1]
    experiment, naive = treated / controls - 1.0, treated / others - 1.0
    assert 0.05 <= experiment <= 0.60
    assert naive < experiment - 0.05
