"""Amounts are restated before month 0, and nothing real notices."""

from __future__ import annotations

import numpy as np
import pytest

from tests.worlds import SOCIAL
from wildsim.core.table import Table
from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.redenominate import is_money, redenominate
from wildsim.state.world import TABLES


def society(**more: object) -> Society:
    data = {"name": "t", "months": 6, "burn_in": 24, "society": {"people": 400, "regions": 1}} | more
    data["sectors"] = dict.fromkeys(SOCIAL, True)
    return Society(Scenario.model_validate(data))


def test_prices_in_month_0_are_those_of_the_start() -> None:
    made = society()
    start = float(made.macro.price_level[0])
    made.burn_in()
    assert float(made.macro.price_level[0]) == pytest.approx(start, rel=1e-12)
    made.step()
    assert made.indicators["price_level"] == pytest.approx(1.0, abs=0.03)
    assert made.largest_error <= 1e-9
    made.close()


def test_a_power_of_two_changes_no_real_number_and_every_amount_exactly() -> None:
    plain, restated = society(burn_in=0), society(burn_in=0)
    for made in (plain, restated):
        made.run_for(3)
    redenominate(restated.world, 2.0**-3, [n for n in restated.indicators if n == "gdp"] + ["cpi"])
    for made in (plain, restated):
        made.run_for(3)
    for table in TABLES:
        for column in table.columns.values():
            if column.name == "counts":
                continue
            one, other = (m.world.tables[table.name].base(column.name) for m in (plain, restated))
            scale = 2.0**-3 if is_money(column.unit) else 1.0
            assert np.array_equal(one * scale if scale != 1.0 else one, other), f"{table.name}.{column.name}"
    assert plain.indicators["inflation"] == restated.indicators["inflation"] or np.isnan(plain.indicators["inflation"])
    plain.close()
    restated.close()


@pytest.mark.parametrize("table", TABLES, ids=lambda t: t.name)
def test_every_money_column_is_restated(table: type[Table]) -> None:
    assert all(is_money(c.unit) for c in table.columns.values() if c.kind == "money")
