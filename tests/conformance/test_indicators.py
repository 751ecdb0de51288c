"""What every indicator must do: be NaN where it is undefined, never raise, and know its unit of money."""

from __future__ import annotations

import math
import warnings
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import SOCIAL, live, small_world
from wildsim.core.clock import Clock
from wildsim.core.keys import Keys
from wildsim.core.parameters import resolve
from wildsim.indicators import INDICATORS, measure_all
from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state import identities
from wildsim.state.law import Law
from wildsim.state.reorganise import reorganise
from wildsim.state.world import World

#: Those of the economy, each of which says what it is on an empty society.
NAMES = [name for name, item in INDICATORS.items() if not item.sector]
each = pytest.mark.parametrize("name", NAMES)
every = pytest.mark.parametrize("name", list(INDICATORS))

#: Sums over nobody are 0; the rate is the central bank's, which is always there.
SUMS = {name for name in NAMES if INDICATORS[name].unit in ("USD", "USD/month", "USD of month 0/month", "people")}
ALWAYS = (SUMS - {"wage_mean", "wage_median", "wage_p10"}) | {"policy_rate"}
#: The consumer price stays the last known one while nothing is sold, as in official statistics.
CARRIED = {"price_level", "inflation"}

#: Nobody may have found work in a month, and nobody is asked where rules decide everything.
UNDEFINED = ("unemployment_duration", "fallback_rate")


def _measured(world: World) -> dict[str, float]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        return measure_all(world.view())


@pytest.fixture(scope="module")
def empty() -> dict[str, float]:
    """A society without people, households, firms, banks and regions."""
    rows = dict.fromkeys(("people", "households", "firms", "banks", "regions"), 0)
    return _measured(World(rows, Law(resolve("us", {})), Keys(1), Clock(0), sectors=SOCIAL))


def _decided(**choices: float) -> dict[str, float]:
    """Live three months in which some columns of decisions are constant."""

    def mind(world: World, role: str, name: str, values: NDArray[Any]) -> NDArray[Any] | None:
        return np.full(len(values), choices[name]) if name in choices else None

    world = small_world(300)
    world.minds = [mind]
    assert live(world, 3) <= 1e-9
    return _measured(world)


@pytest.fixture(scope="module")
def idle() -> dict[str, float]:
    """A society in which everybody wants work and nobody has any."""
    return _decided(layoffs=1.0, vacancies=0, participate=1)


@pytest.fixture(scope="module")
def retired() -> dict[str, float]:
    """A society in which nobody wants to work."""
    return _decided(participate=0)


@each
def test_nobody_gives_no_number(empty: Mapping[str, float], name: str) -> None:
    if name in ALWAYS:
        assert math.isfinite(empty[name])
    elif name not in CARRIED:
        assert math.isnan(empty[name])


@pytest.mark.parametrize("name", ["wage_mean", "wage_median", "wage_p10", "labour_share", "productivity"])
def test_no_wage_where_nobody_works(
    idle: Mapping[str, float], retired: Mapping[str, float], empty: Mapping[str, float], name: str
) -> None:
    for society in (idle, retired, empty):
        assert math.isnan(society[name])


def test_rates_of_work_where_nobody_works(idle: Mapping[str, float], retired: Mapping[str, float]) -> None:
    assert idle["unemployment_rate"] == 1.0
    assert idle["employment_rate"] == retired["employment_rate"] == 0.0
    assert idle["participation_rate"] == 1.0
    assert retired["participation_rate"] == 0.0
    assert math.isnan(retired["unemployment_rate"]), "there is no labour force"
    assert math.isnan(idle["vacancy_rate"]), "there are neither posts nor people at work"
    assert math.isnan(idle["unemployment_duration"]), "no spell ended"
    assert math.isnan(idle["gdp_deflator"]), "nothing was made"


def test_inflation_needs_a_year() -> None:
    size = {"country": "us", "people": 300, "regions": 1}
    society = Society(Scenario.model_validate({"burn_in": 0, "months": 24, "society": size}))
    for month in range(14):
        society.step()
        assert math.isfinite(society.indicators["inflation"]) == (month >= 12), month


def test_one_region_without_firms() -> None:
    world = small_world(300, sectors=SOCIAL)
    _close(world, world.tables["firms"].base("region") == 1)
    assert live(world, 6) <= 1e-9
    found = _measured(world)
    undefined = {name for name, value in found.items() if math.isnan(value) and not INDICATORS[name].sector}
    assert undefined <= {"inflation", *UNDEFINED}
    assert 0.2 < found["unemployment_rate"] < 0.9
    assert found["gdp"] > 0.0


def test_no_firm_at_all() -> None:
    world = small_world(300, sectors=SOCIAL)
    _close(world, np.ones(len(world.tables["firms"]), dtype=bool))
    found = _measured(world)
    assert all(math.isnan(found[name]) for name in ("bankruptcy_rate", "profit_rate", "labour_share"))
    assert live(world, 4) <= 1e-9, "new firms are founded, and the books close"


def _close(world: World, gone: NDArray[np.bool_]) -> None:
    """End firms: debts are written off, cash goes to the government, machines are scrapped, staff leave."""
    firms, ledger = world.tables["firms"], world.ledger
    ledger.clear()
    opening = identities.net_worths(ledger)
    ledger.lend("lending_firms", "firms", np.where(gone, np.maximum(-firms.base("deposits"), 0.0), 0.0))
    ledger.pay("estate", ("firms", np.where(gone, firms.base("deposits"), 0.0)), "government")
    ledger.write_off("write_off_firms", "firms", np.where(gone, firms.base("loans"), 0.0))
    for column in ("inventory_value", "capital_value"):
        ledger.revalue("scrapping", column, np.where(gone, firms.base(column), 0.0), -1.0)
    reorganise(world, "firms", gone, np.empty(0, dtype=np.uint64), np.empty(0, dtype=np.int16))
    identities.close_month(ledger, world.clock.month, opening)


@pytest.fixture(scope="module", params=[1024.0, 0.01])
def rescaled(request: pytest.FixtureRequest) -> tuple[float, dict[str, float], dict[str, float]]:
    """The indicators of one society with its money in two units, and their ratio."""
    factor = float(request.param)
    world = small_world(300, sectors=SOCIAL)
    live(world, 13)
    before = _measured(world)
    for table in world.tables.values():
        for column in table.columns.values():
            if "USD" in column.unit:
                table.base(column.name)[...] *= factor
    world.tables["regions"].base("counts")[:, 5] *= factor  # the one column that holds USD among counts
    for side in (world.ledger.received, world.ledger.paid):
        for amounts in side.values():
            amounts *= factor
    nominal = [name for name in world.history.state() if name == "cpi" or _in_usd(name)]
    world.history.rescale(nominal, factor)
    return factor, before, _measured(world)


def _in_usd(name: str) -> bool:
    return name in INDICATORS and INDICATORS[name].unit.startswith("USD")


@every
def test_money_in_another_unit(rescaled: tuple[float, dict[str, float], dict[str, float]], name: str) -> None:
    factor, before, after = rescaled
    wanted = factor * before[name] if INDICATORS[name].unit.startswith("USD") else before[name]
    assert after[name] == pytest.approx(wanted, rel=1e-9, abs=1e-12, nan_ok=True)
    assert math.isfinite(before[name]) or name in UNDEFINED or INDICATORS[name].sector


@every
def test_unit_source_and_direction_are_given(name: str) -> None:
    found = INDICATORS[name]
    assert found.unit
    assert len(found.source) > 5
    assert found.doc.endswith(".")
    assert found.direction in (-1, 0, 1)
