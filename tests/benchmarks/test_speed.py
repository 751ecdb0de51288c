"""The benchmark runs; how fast is asserted nowhere."""

from __future__ import annotations

from tests.benchmarks.speed import SIZES, measure, months_of, wildsim


def test_a_society_is_measured() -> None:
    found = wildsim(300, 1, 2)
    assert found.keys() == {"wall", "cpu", "peak", "state", "regions"}
    assert 0 < found["state"] <= 250, "bytes a person"


def test_every_part_of_the_month_is_in_the_profile() -> None:
    parts = measure("profile", 300, 1, 2)["parts"]
    assert {"sectors.goods.buy", "behaviour.household_member.decide", "indicators", "books close"} <= parts.keys()


def test_a_measurement_that_fails_says_so() -> None:
    assert "KeyError" in measure("nothing", 300)["failed"]


def test_larger_societies_are_measured_over_fewer_months() -> None:
    months = [months_of(people, quick=False) for people in SIZES]
    assert months == sorted(months, reverse=True)
