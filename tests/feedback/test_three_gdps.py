"""Three ways of GDP from three sources: equal in truth, each measured with errors of its own; who is off is named."""

from __future__ import annotations

import dataclasses

import numpy as np
import pytest

from wildsim.feedback.curation.pipeline import curate
from wildsim.feedback.curation.reconciliation import Reconciliation
from wildsim.feedback.curation.records import of_readings
from wildsim.scenario.schema import Scenario
from wildsim.sensors.reading import Reading
from wildsim.society import Society

#: By production, income and expenditure, each with a clerical error of 1 % of its own.
WAYS = ("gdp_production", "gdp_income", "gdp_expenditure")
MONTHS = 24


@pytest.fixture(scope="module")
def published() -> list[Reading]:
    """What three offices published over two years of a society."""
    entry = {"record": {"error": 0.01}}
    story = {
        "months": MONTHS,
        "burn_in": 6,
        "society": {"people": 300, "regions": 1},
        "sensors": dict.fromkeys(WAYS, entry),
    }
    society = Society(Scenario.model_validate(story), seed=3)
    society.burn_in()
    found = []
    for _ in range(MONTHS):
        society.step()
        found += society.sensed()
        truths = [society.indicators[name] for name in WAYS]
        assert truths == pytest.approx([truths[0]] * 3, rel=1e-9)
    society.close()
    return found


def as_sources(readings: list[Reading], cheat: str = "", bias: float = 0.0) -> list[Reading]:
    """Return readings of one number, GDP, whose source is the way it was measured; one way may be off."""
    return [
        dataclasses.replace(
            one, indicator="gdp", source=one.indicator, value=one.value * (1.0 + bias * (one.indicator == cheat))
        )
        for one in readings
    ]


def test_honest_offices_are_kept(published: list[Reading]) -> None:
    records = of_readings(as_sources(published))
    assert len(records) >= 3 * (MONTHS - 1)
    assert len(curate(records, [Reconciliation()]).kept) == len(records)


@pytest.mark.parametrize("cheat", WAYS)
@pytest.mark.parametrize("bias", [0.03, -0.03])
def test_the_office_that_is_off_is_named_and_left_out(published: list[Reading], cheat: str, bias: float) -> None:
    records = of_readings(as_sources(published, cheat, bias))
    found = curate(records, [Reconciliation()])
    assert set(np.unique(found.kept.source)) == set(WAYS) - {cheat}
    assert len(found.dropped) == (records.source == cheat).sum()
    # switched off nothing is noticed
    assert len(curate(records, []).kept) == len(records)
