"""The manager of a firm: price, wage, output, posts, dismissals, machines, research, dividends, AI agents, carbon."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import I64
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.economy import INFLATION, POLICY_RATE
from wildsim.minds.roles.role import Item, Role
from wildsim.state.firms import CAPITAL_GOODS, PUBLIC
from wildsim.state.world import WorldView

Values = NDArray[Any]
DECIDES = (
    *("price", "wage", "output", "vacancies", "layoffs", "investment", "research", "payout"),
    *("tasks", "abatement"),
)
#: What machinery is counted in: small pieces, of which thousands stand behind each worker.
MACHINERY = "units"
KINDS = ("necessities", "other consumer goods", "machines for other firms", "public services")


def _asked(view: WorldView, rows: I64) -> Mapping[str, NDArray[np.bool_]]:
    """Public agencies carry out what the government decides; makers of machines equip themselves."""
    kind = view.firms.kind[rows]
    private = kind != PUBLIC
    fewer = {"investment": private & (kind != CAPITAL_GOODS), "layoffs": private & (view.firms.staff[rows] > 0)}
    return {**dict.fromkeys(DECIDES, private), **fewer}


def _cost(wage: Values, tax: Values, productivity: Values, extra: Values) -> Values:
    """Return the cost of a good: labour with payroll tax, and what else it takes."""
    return np.asarray(wage * (1.0 + tax) / np.maximum(productivity, 1e-12) + extra)


def _of_makers(values: Values, kind: Values) -> Values:
    return np.ma.masked_where(kind != CAPITAL_GOODS, values)


def _of_buyers(values: Values, kind: Values) -> Values:
    return np.ma.masked_where(kind == CAPITAL_GOODS, values)


ROLES.register("firm_manager", __name__)(
    Role(
        name="firm_manager",
        title="You manage a firm.",
        deciders="firms",
        decides=DECIDES,
        sees=(
            Item("what you make", "own.firms.kind", words=KINDS),
            Item("your staff", "own.firms.staff"),
            Item("posts you could not fill", "own.firms.vacancies"),
            Item("staff that leaves by itself", "own.firms.quits", "share a month"),
            Item("wage you pay (full time, average skill)", "own.firms.wage", "USD/month"),
            Item("wage paid around here (full time, average skill)", "region.market_wage", "USD/month"),
            Item("your price", "own.firms.price"),
            Item(
                "what a good costs you",
                "own.firms.wage",
                "USD/good",
                also=("law.government.payroll_tax", "own.firms.productivity", "own.firms.extra_cost"),
                work=_cost,
            ),
            Item("goods asked for", "own.firms.demand"),
            Item("goods sold", "own.firms.sold"),
            Item("goods made", "own.firms.output"),
            Item("demand you expect", "own.firms.expected_demand"),
            Item("goods in stock", "own.firms.inventories"),
            Item(
                "most goods your machinery can make",
                "own.firms.capital",
                "goods/month",
                also=("law.firms.capital_productivity", "own.firms.kind"),
                work=lambda machines, each, kind: _of_buyers(machines * each, kind),
            ),
            Item("machinery in use", "own.firms.capital", MACHINERY, also=("own.firms.kind",), work=_of_buyers),
            Item("machinery on order", "own.firms.on_order", MACHINERY, also=("own.firms.kind",), work=_of_buyers),
            Item("orders to deliver", "own.firms.backlog", MACHINERY, also=("own.firms.kind",), work=_of_makers),
            Item("takings", "own.firms.revenue"),
            Item("wages paid", "own.firms.wage_bill"),
            Item("profit", "own.firms.profit"),
            Item("money in the bank", "own.firms.deposits"),
            Item("debt to the bank", "own.firms.loans"),
            Item("unemployment rate", "sensed.unemployment_rate", "share"),
            INFLATION,
            POLICY_RATE,
            Item("tasks that AI agents do at yours", "own.adopters.running", "share of tasks"),
            Item("firms that use AI agents", "sensed.ai_adoption", "share of firms"),
            Item("cost of AI agents for a typical task", "sensed.ai_price", "times that of labour"),
            Item("carbon you emit", "own.emitters.emissions"),
            Item("tax on carbon", "sensed.carbon_price"),
        ),
        outcomes=(
            "your staff",
            "goods sold",
            "goods in stock",
            "profit",
            "money in the bank",
        ),
        prompt="firm_manager.md",
        goal="You want the firm to earn its owners a steady profit and to stay in business.",
        about={
            "price": "Your price before sales tax.",
            "wage": "Wage you offer at full time for average skill.",
            "output": "Goods to make.",
            "vacancies": "Posts to open.",
            "layoffs": "Part of the staff to dismiss.",
            "investment": "Machinery to order.",
            "research": "Part of the work that goes into research.",
            "payout": "Part of spare cash paid to the owners.",
            "tasks": "Part of all tasks to give to AI agents.",
            "abatement": "Part of the carbon of your fuel to avoid.",
        },
        units={"wage": "USD/month", "investment": MACHINERY, "research": "share of work"},
        asked=_asked,
    )
)
