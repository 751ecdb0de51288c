"""What everybody owns and owes at the start, so that all books balance."""

from __future__ import annotations

import numpy as np
from scipy.special import ndtri

from wildsim.core.keys import Keys
from wildsim.core.table import F64, Table, sum_by
from wildsim.kernels.ages import RETIREMENT_AGE
from wildsim.state.firms import CAPITAL_GOODS, OTHER_GOODS, PUBLIC
from wildsim.state.law import Law
from wildsim.state.start.people import draws
from wildsim.state.world import World


def start_real_side(world: World, law: Law) -> None:
    """Fill staff, output, machines, stocks, orders, prices and wages of all employers for balanced growth."""
    people, firms = world.tables["people"], world.tables["firms"]
    count = len(firms)
    employer, skill = people.base("employer"), people.base("skill").astype(np.float64)
    works = employer >= 0
    labour = sum_by(employer[works], skill[works], count)
    kind = firms.base("kind")
    firms.base("staff")[:] = np.bincount(employer[works], minlength=count)
    firms.base("labour")[:] = labour
    wage = law("labour.mean_wage")
    firms.base("wage")[:] = wage
    firms.base("base_pay")[:] = firms.base("wage_bill")[:] = labour * wage
    each = law("firms.labour_productivity") * (1.0 - law("firms.research"))
    output = np.where(kind == PUBLIC, 0.0, each * labour)
    firms.base("productivity")[:] = each
    firms.base("price")[:] = law("firms.mark_up") * wage * (1.0 + law("government.payroll_tax")) / each
    firms.base("unfilled")[:] = law("labour.unfilled_norm")
    firms.base("mark_up")[:] = law("firms.mark_up")
    for name in ("expected_demand", "long_demand", "output", "demand", "sold"):
        firms.base(name)[:] = output
    firms.base("revenue")[:] = output * firms.base("price")
    stock = np.where(kind == CAPITAL_GOODS, law("firms.inventory_target_machines"), law("firms.inventory_target"))
    firms.base("inventories")[:] = stock * output
    makes_goods = kind <= OTHER_GOODS
    machines = output / (law("firms.capital_productivity") * law("firms.normal_use"))
    firms.base("capital")[:] = np.where(makes_goods, machines, 0.0)


def start_orders(firms: Table, law: Law) -> None:
    """Give makers of machines a normal backlog, and their customers the orders behind it."""
    supplier, capital = firms.base("supplier"), firms.base("capital")
    buys = supplier >= 0
    at_supplier = sum_by(supplier[buys], capital[buys], len(firms))
    backlog = np.where(at_supplier > 0.0, law("firms.delivery_months") * firms.base("output"), 0.0)
    share = np.zeros(len(firms))
    share[buys] = capital[buys] / at_supplier[supplier[buys]]
    firms.base("backlog")[:] = backlog
    firms.base("on_order")[buys] = share[buys] * backlog[supplier[buys]]


def start_books(world: World, law: Law, keys: Keys) -> None:
    """Endow deposits, loans, bonds and reserves; banks start at their equity target."""
    households, firms = world.tables["households"], world.tables["firms"]
    _choose_banks(world, keys)
    private = firms.base("kind") != PUBLIC
    value = np.where(private, firms.base("price"), 0.0)
    unit_cost = value / law("firms.mark_up")
    bill = np.where(private, firms.base("wage_bill"), 0.0)
    gdp = float((value * firms.base("output")).sum() + firms.base("wage_bill")[~private].sum())
    households.base("permanent_income")[:] = _permanent_income(world, law, keys, gdp)
    for name in ("income", "income_12m"):
        households.base(name)[:] = households.base("permanent_income")
    endow = world.ledger.endow
    firm_loans = law("firms.debt_start") * firms.base("capital") * value
    firm_cash = _firm_cash(world, law, bill, value, gdp)
    endow("firms", "inventory_value", firms.base("inventories") * unit_cost)
    endow("firms", "capital_value", firms.base("capital") * value)
    endow("firms", "loans", firm_loans)
    endow("firms", "deposits", firm_cash)
    poor = households.base("target_months") <= law("households.hand_to_mouth_months")
    loans = np.where(poor, law("households.debt_start") * households.base("permanent_income"), 0.0)
    endow("households", "loans", loans)
    debt = 12.0 * law("government.debt") * gdp
    deposits = (1.0 - law("banks.equity_target")) * (debt + firm_loans.sum() + loans.sum()) - firm_cash.sum()
    weight = households.base("target_months") * households.base("permanent_income")
    held = np.maximum(deposits, 0.0) * weight / weight.sum()
    endow("households", "deposits", held)
    # households aim at a part of what they have: the books, not a guess, fix the level of target wealth
    aim = law("households.wealth_norm") * (held.sum() - loans.sum()) / weight.sum()
    months = aim * households.base("target_months")
    households.base("target_months")[:] = months
    endow_banks(world, debt)
    _start_macro(world, law, gdp)


def _firm_cash(world: World, law: Law, bill: F64, value: F64, gdp: float) -> F64:
    """Return the cash at which dividends are a normal part of income: see sectors.finance, USD a firm.

    Where nothing is paid out it is what a firm keeps.
    """
    firms = world.tables["firms"]
    makers = firms.base("kind") == CAPITAL_GOODS
    months = np.where(makers, law("firms.cash_months_machines"), law("firms.cash_months"))
    keep = months * bill * (1.0 + law("government.payroll_tax"))
    keep = keep + firms.base("on_order") * value / law("firms.delivery_months")
    payout = law("firms.payout")
    return np.asarray(keep + law("firms.dividends_start") * gdp / payout * bill / bill.sum() if payout > 0.0 else keep)


def _choose_banks(world: World, keys: Keys) -> None:
    count = len(world.tables["banks"])
    for name in ("households", "firms"):
        table = world.tables[name]
        pick = draws(keys, "start.bank", name, table.base("id"), 1)[0]
        table.base("bank")[:] = (pick * count).astype(np.int16)
    world.tables["firms"].base("lender")[:] = world.tables["firms"].base("bank")
    banks = world.tables["banks"]
    banks.base("tightness")[:] = (
        world.law("banks.tightness") * draws(keys, "start.tightness", "banks", banks.base("id"), 1)[0]
    )


def _permanent_income(world: World, law: Law, keys: Keys, gdp: float) -> F64:
    """Return a first guess of disposable income, and draw shares and target wealth."""
    people, households = world.tables["people"], world.tables["households"]
    wage, age = people.base("wage"), people.base("age")
    scale = law("labour.mean_wage")
    pension = law("households.net_pension_start") * law("government.pension") * scale
    own = law("households.net_wage_start") * wage + np.where(age >= RETIREMENT_AGE, pension, 0.0)
    earned = sum_by(people.base("household"), own, len(households))
    u = draws(keys, "start.wealth", "households", households.base("id"), 3)
    rank = law("households.share_income") * np.log(earned / scale + 0.05) + ndtri(u[0])
    shares = np.exp(law("households.share_spread") * rank / np.std(rank))
    households.base("shares")[:] = shares / shares.mean()
    saver = u[1] >= law("households.hand_to_mouth")
    spread = law("households.wealth_spread")
    months = law("households.target_months") * np.exp(spread * ndtri(u[2]) - spread**2 / 2.0)
    households.base("target_months")[:] = np.where(saver, months, law("households.hand_to_mouth_months"))
    dividends = law("firms.dividends_start") * gdp * shares / shares.sum()
    floor = law("government.assistance") * scale * households.base("members")
    households.base("dividends")[:] = dividends
    return np.asarray(np.maximum(earned + law("households.net_dividend_start") * dividends, floor))


def endow_banks(world: World, debt: float) -> None:
    """Fill the banks' side of all loans and deposits; bonds close each balance sheet.

    Args:
        debt: Of the government, USD.
    """
    ledger, banks = world.ledger, world.tables["banks"]
    endow = ledger.endow
    deposits = ledger.held_at_banks("households", "deposits") + ledger.held_at_banks("firms", "deposits")
    firm_loans = ledger.held_at_banks("firms", "loans", "lender")
    household_loans = ledger.held_at_banks("households", "loans")
    mortgages = np.zeros(len(banks))
    if "homes" in world.tables:
        mortgages = ledger.held_at_banks("homes", "mortgage", "lender")
    reserves = world.law("banks.reserve_ratio") * deposits
    assets = debt + firm_loans.sum() + household_loans.sum() + mortgages.sum()
    equity = (assets - deposits.sum()) * deposits / deposits.sum()
    bonds = deposits + equity - firm_loans - household_loans - mortgages - reserves
    bonds = np.maximum(bonds, 0.0)
    for column, amounts in (
        ("deposits", deposits),
        ("firm_loans", firm_loans),
        ("household_loans", household_loans),
        ("mortgages", mortgages),
        ("reserves", reserves),
        ("bonds", bonds),
    ):
        endow("banks", column, amounts)
    total = reserves.sum(keepdims=True)
    endow("central_bank", "reserves", total)
    endow("central_bank", "bonds", total)
    endow("government", "bonds", bonds.sum(keepdims=True) + total)
    for table, column in (("government", "treasury"), ("central_bank", "treasury"), ("central_bank", "advances")):
        endow(table, column, np.zeros(1))
    for table, column in (("central_bank", "foreign"), ("abroad", "foreign")):
        endow(table, column, np.zeros(1))
    endow("banks", "advances", np.zeros(len(banks)))
    banks.base("last_equity")[:] = equity


def _start_macro(world: World, law: Law, gdp: float) -> None:
    firms, people, macro = world.tables["firms"], world.tables["people"], world.tables["macro"]
    goods = firms.base("kind") <= OTHER_GOODS
    price = float(firms.base("price")[0])
    output = firms.base("output")
    work = float(people.base("participates").sum())
    inflation = law("banks.inflation_target")
    values = {
        "price_level": price * (1.0 + law("government.product_tax")),
        "necessity_price": price * (1.0 + law("government.product_tax")),
        "start_price": price * (1.0 + law("government.product_tax")),
        "goods_price": price,
        "price_anchor": price,
        "wage_anchor": law("labour.mean_wage"),
        "capital_price": price,
        "inflation": inflation,
        "expected_inflation": inflation,
        "mean_wage": law("labour.mean_wage"),
        "median_wage": law("labour.mean_wage") * law("labour.median_start"),
        "wage_unit": law("labour.mean_wage"),
        "unemployment": law("labour.unemployment_start"),
        "labour_force": work,
        "private_output": float(output.sum()),
        "mean_output": float(output.sum()) / max(1, int((firms.base("kind") != PUBLIC).sum())),
        "gdp": gdp,
        "gdp_12m": gdp,
        "taxed_sales": float((output * firms.base("price"))[goods].sum()),
        "income_tax_base": law("government.tax_base_start") * gdp,
    }
    for name, value in values.items():
        macro.base(name)[0] = value
    world.tables["regions"].base("market_wage")[:] = law("labour.mean_wage")
    for name in ("rate", "rule_rate"):
        world.tables["central_bank"].base(name)[0] = law("banks.real_rate") + inflation
    government = world.tables["government"]
    government.base("purchases_norm")[0] = law("government.purchases") * gdp / price
    staff = float((people.base("employer") >= 0).sum())
    government.base("staff_norm")[0] = law("government.staff") * staff
