"""What policies mean: stacking, groups, deciles, who pays."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from tests.policies.cases import PEOPLE, column, living, society
from tests.worlds import same
from wildsim.core.errors import InputError
from wildsim.policies.groups import income_deciles
from wildsim.policies.units import wage_index

EVERYBODY = {"age": [0, 200]}


def _law(*policies: dict[str, Any], months: int = 1) -> Any:
    return living(*policies, months=months).world.law


# -- stacking ------------------------------------------------------------------------------------------------------


def test_the_later_of_two_levels_wins() -> None:
    assert _law({"kind": "vat", "rate": 0.2}, {"kind": "vat", "rate": 0.1})("government.product_tax") == 0.1


def test_size_is_a_dose_of_what_is_in_force() -> None:
    was = _law()("government.product_tax")
    half = _law({"kind": "vat", "rate": 0.25, "size": 0.5})
    assert half("government.product_tax") == pytest.approx(was + 0.5 * (0.25 - was))
    stacked = _law({"kind": "vat", "rate": 0.2}, {"kind": "vat", "rate": 0.1, "size": 0.5})
    assert stacked("government.product_tax") == pytest.approx(0.15)


def test_shifts_and_changes_add_up() -> None:
    shift = {"kind": "policy_rate", "shift": 0.01}
    assert _law(shift, {**shift, "size": 2}).rate_shift == pytest.approx(0.03)
    buy = {"kind": "public_spending", "change": 0.01}
    assert _law(buy, {**buy, "size": 2}).extra_purchases == pytest.approx(3.0 * _law(buy).extra_purchases)


def test_raises_add_up_on_top_of_the_level_in_any_order() -> None:
    level, raise_ = {"kind": "minimum_wage", "level": 0.5}, {"kind": "minimum_wage", "raise": 0.1}
    for order in ([level, raise_, raise_], [raise_, level, raise_], [raise_, raise_, level]):
        made = living(*order, months=1)
        assert column(made, "laws", "minimum_wage") == pytest.approx([0.5 * 1.2])


def test_a_level_after_funding_by_vat_keeps_the_points_that_pay() -> None:
    income = {"kind": "basic_income", "usd_per_month": 100, "funding": "vat"}
    vat = {"kind": "vat", "rate": 0.1}
    one, other = _law(income, vat), _law(vat, income)
    assert one("government.product_tax") == other("government.product_tax") > 0.1


def test_dates_nest() -> None:
    long, short = {"kind": "vat", "rate": 0.1, "from": 1}, {"kind": "vat", "rate": 0.2, "from": 2, "until": 3}
    made = living(long, short)
    seen = []
    for _ in range(4):
        made.step()
        seen.append(made.world.law("government.product_tax"))
    assert seen == [0.05, 0.1, 0.2, 0.1]


# -- groups --------------------------------------------------------------------------------------------------------

BY_GROUP: list[dict[str, Any]] = [
    {"kind": "unemployment_benefit", "replacement": 0.6},
    {"kind": "minimum_wage", "raise": 0.3},
    {"kind": "wage_subsidy", "phase_in": 0.34, "until_wage": 0.35, "phase_out": 0.16},
]


@pytest.mark.parametrize("case", [*BY_GROUP, {"kind": "rebate", "usd": 900, "randomly_over": 2}])
def test_where_everybody_is_no_where(case: dict[str, Any]) -> None:
    with_where, without = living({**case, "where": EVERYBODY}, months=4), living(case, months=4)
    differ = same(with_where.snapshot(), without.snapshot())
    assert [name for name in differ if not name.startswith("memory.groups")] == []


def test_groups_are_the_combinations_of_where() -> None:
    young, south = {"age": [18, 40]}, {"region": 1}
    made = living({**BY_GROUP[0], "where": young}, {**BY_GROUP[1], "where": south}, months=1)
    laws = made.world.tables["laws"]
    assert len(laws) == 4
    people = made.people
    region = made.households.region[people.household]
    old = living(months=1).world.tables["laws"]
    of = laws.base("replacement")[people.law]
    assert (of == np.where(people.age <= 40, 0.6, old.base("replacement")[0])).all()
    floor = float(old.base("minimum_wage")[0])
    assert laws.base("minimum_wage")[people.law] == pytest.approx(np.where(region == 1, 1.3 * floor, floor))


def test_groups_follow_those_who_change() -> None:
    made = living({**BY_GROUP[0], "where": {"employed": False}}, months=1)
    for _ in range(3):
        jobless = made.people.employer < 0
        made.step()
        assert np.array_equal(made.people.law == 1, jobless)


def test_too_many_groups_are_refused() -> None:
    cuts = [{**BY_GROUP[k % 2], "where": {"age": [18 + k, 30 + 2 * k]}} for k in range(60)]
    cuts += [{**BY_GROUP[2], "where": {"skill": [0.5 * k, 0.5 * k + 0.7]}} for k in range(62 - len(cuts))]
    made = society(*cuts, burn_in=0)
    made.world.tables["people"].base("age")[:] = np.linspace(18.0, 90.0, PEOPLE)
    made.world.tables["people"].base("skill")[:] = np.tile(np.linspace(0.1, 2.0, 20), PEOPLE // 20)
    with pytest.raises(InputError, match="127"):
        made.step()


def test_deciles_are_tenths_of_people_and_frozen() -> None:
    case = {"kind": "minimum_wage", "raise": 0.1, "from": 2, "where": {"decile": [1, 3]}}
    made = living(case, months=2)
    before = income_deciles(made.world.view())
    made.run_for(4)
    assert np.array_equal(made.world.memory["policy0.decile@households"], before)
    share = np.bincount(before[made.people.household], minlength=11)[1:] / PEOPLE
    assert share == pytest.approx(np.full(10, 0.1), abs=0.01)
    assert np.array_equal(made.people.law == 1, before[made.people.household] <= 3)
    poorest = made.households.income_12m[before == 1].mean()
    assert poorest < made.households.income_12m[before == 10].mean()


# -- who pays ------------------------------------------------------------------------------------------------------


def _flow(made: Any, account: str, payer: str) -> float:
    return sum(amount for name, source, _, amount in made.flows() if name == account and source == payer)


def _taxes(made: Any) -> tuple[float, float]:
    return _flow(made, "income_tax", "households"), _flow(made, "product_tax", "firms")


@pytest.mark.parametrize("funding", ["income_tax", "vat"])
@pytest.mark.parametrize("kind", ["basic_income", "public_spending"])
def test_the_tax_covers_the_cost_in_the_first_month(kind: str, funding: str) -> None:
    what = {"usd_per_month": 100} if kind == "basic_income" else {"change": 0.02}
    made, base = living({"kind": kind, "funding": funding, **what}, months=1), living(months=1)
    more = np.subtract(_taxes(made), _taxes(base))[0 if funding == "income_tax" else 1]
    spent = ("transfers", "government_purchases")[kind == "public_spending"]
    cost = _flow(made, spent, "government") - _flow(base, spent, "government")
    assert more == pytest.approx(cost, rel=0.06)


def test_basic_income_is_paid_to_every_adult_in_dollars_of_the_start() -> None:
    made = living({"kind": "basic_income", "usd_per_month": 100, "funding": "outside"})
    each = 100.0 * wage_index(made.world)
    made.step()
    assert _flow(made, "transfers_from_abroad", "abroad") == pytest.approx(PEOPLE * each)
    assert _flow(made, "transfers", "government") == 0.0


def test_basic_income_follows_prices() -> None:
    made = living({"kind": "basic_income", "usd_per_month": 100, "funding": "outside"}, months=1)
    first, level = _flow(made, "transfers_from_abroad", "abroad"), float(burned_level())
    prices = float(made.macro.price_level[0])
    made.step()
    assert _flow(made, "transfers_from_abroad", "abroad") == pytest.approx(first * prices / level)


def burned_level() -> float:
    return float(living().macro.price_level[0])


def test_everybody_gets_the_rebate_once() -> None:
    made = living({"kind": "rebate", "usd": 900, "randomly_over": 3})
    usd = 900.0 * wage_index(made.world)
    paid = []
    for _ in range(5):
        made.step()
        paid.append(_flow(made, "transfers", "government") / usd)
    assert sum(paid) == pytest.approx(len(made.households))
    assert min(paid[:3]) > 0.2 * len(made.households)
    assert paid[3:] == [0.0, 0.0]


def test_purchases_grow_by_the_share_of_gdp() -> None:
    made = living({"kind": "public_spending", "change": 0.02})
    gdp = made.world.history.mean("gdp", 12)
    made.step()
    spent = made.world.law.extra_purchases * float(living().macro.goods_price[0])
    assert spent == pytest.approx(0.02 * gdp)


def test_negative_income_tax_is_paid_out() -> None:
    made = living({"kind": "income_tax", "hsv": {"level": 0.9, "progressivity": 0.4}}, months=1)
    assert _flow(made, "transfers", "government") > 0.0


def test_the_schedule_in_force_taxes_as_the_policy_says() -> None:
    made = living({"kind": "income_tax", "rate": 0.25}, months=1)
    shift = float(made.world.tables["government"].base("tax_shift")[0])
    paid = _flow(made, "income_tax", "households")
    assert paid == pytest.approx((0.25 + shift) * made.households.gross_income.sum())


# -- others --------------------------------------------------------------------------------------------------------


def test_credit_rule_in_the_units_of_the_law() -> None:
    law = _law({"kind": "credit_rule", "leverage": 5, "loan_to_income": 0.5, "debt_service": 0.1})
    names = ("capital_ratio", "loan_to_income", "debt_service")
    assert [law("banks." + name) for name in names] == pytest.approx([0.2, 6.0, 0.1])


def test_a_rate_shift_ends_after_its_months() -> None:
    made = living({"kind": "policy_rate", "shift": 0.01, "from": 1, "months": 2})
    shifts = []
    for _ in range(4):
        made.step()
        shifts.append(made.world.law.rate_shift)
    assert shifts == [0.0, 0.01, 0.01, 0.0]


@pytest.mark.parametrize("random", [True, False])
def test_public_jobs_start_and_end(random: bool) -> None:
    case = {"kind": "public_jobs", "places": 0.5, "months": 3, "random": random}
    made = living(case)
    searchers = (made.people.employer < 0) & (made.people.participates == 1)
    longest = made.people.months_out.copy()
    made.step()
    held = made.world.memory["policy0.place@people"] != 0
    assert (searchers[held]).all()
    assert held.sum() == pytest.approx(0.5 * searchers.sum(), abs=2)
    if not random:
        assert longest[held].mean() > longest[searchers & ~held].mean()
    ids = made.firms.id[made.people.employer[held]]
    assert (ids == made.world.memory["policy0.place@people"][held]).mean() > 0.8
    made.run_for(2)
    still = held & (made.people.employer >= 0)
    agency = made.firms.kind[made.people.employer] == 3
    made.step()
    assert not [name for name in made.world.memory if name.startswith("policy0")]
    assert (made.people.months_out[still & agency] <= 1).all()
    assert (made.people.employer[still & agency] < 0).mean() > 0.3
