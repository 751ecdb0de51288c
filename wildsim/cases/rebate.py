"""The tax rebate of 2008, its date drawn by lot (Parker, Souleles, Johnson, McClelland 2013)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS, weighted
from wildsim.cases.record import Arms, Array, Seen, find, of, ratio
from wildsim.state.world import WorldView

USD = 900.0
#: Months over which payments are spread, and months for which spending is followed.
WINDOW, FOLLOWED = 6, 3
#: The poor: the lowest third by liquid wealth, as the paper divides.
THIRD = 1.0 / 3.0


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return the month in which each household is (or, at size zero, would be) paid, and who is poor.

    The lot is a function of the draws' key alone, so that the placebo has one too.
    """
    households = view.households
    turn = 1 + np.floor(view.uniform("policy.rebate.0", "households")[0] * WINDOW)
    liquid = households.deposits - households.loans
    usd = USD * float(view.macro.mean_wage[0]) / float(view.law.start["labour.mean_wage"])
    return {"id": households.id, "turn": turn, "poor": liquid <= np.quantile(liquid, THIRD), "usd": np.float64(usd)}


def see(view: WorldView, eve: Seen) -> Mapping[str, Array]:
    """Return the spending of every household of the eve, on everything and on necessities."""
    rows = find(view.households.id, eve["id"])
    return {name: of(rows, getattr(view.households, name)) for name in ("spending", "necessities")}


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return shares of the rebate spent within three months, by an event study of its date.

    Spending in the three months from the payment on, less that of households whose turn comes later, in the same
    months; of both the spending in the baseline is taken off, which takes the place of fixed effects of households.
    """
    lot = arms.policy.eve
    everybody = np.ones(len(lot["id"]), dtype=bool)
    found = {
        name: _spent(arms, kind, lot["turn"], chosen)
        for name, kind, chosen in (
            (ESTIMATE, "spending", everybody),
            ("necessities", "necessities", everybody),
            ("poor", "spending", lot["poor"]),
            ("rest", "spending", ~lot["poor"]),
        )
    }
    return {**found, "poor_more": found["poor"] - found["rest"]}


def _spent(arms: Arms, kind: str, turn: Array, chosen: Array) -> float:
    """Return the share spent by those chosen, the mean over the months of payment that leave somebody to compare."""
    extra = arms.policy[kind] - arms.base[kind]
    shares = []
    for month in range(WINDOW - FOLLOWED):
        span = extra[month : month + FOLLOWED].sum(axis=0)
        paid, later = chosen & (turn == month + 1), chosen & (turn > month + FOLLOWED)
        shares.append(weighted(span, paid) - weighted(span, later))
    return ratio(float(np.mean(shares)), float(arms.base.eve["usd"]))


REBATE = case(
    name="rebate",
    title="Tax rebate of 2008",
    policy="Every household is paid 900 USD once, in a month of six drawn by lot; the state borrows for it.",
    published="12-30 % spent on nondurables within three months, 50-90 % on everything; the poor spend more",
    source="Parker, Souleles, Johnson, McClelland 2013, AER 103(6). Figures from memory",
    measured="Spending within three months by date of payment (event study), per dollar of the rebate",
    low=0.12,
    high=0.90,
    unit="USD per USD",
    scenario={"society": {"country": "us", "people": 10_000, "regions": 4}, "burn_in": BURN_IN, "shocks": SHOCKS},
    policies=({"kind": "rebate", "from": 0, "usd": USD, "randomly_over": WINDOW},),
    months=WINDOW,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(Bite("poor_more", "the third with the least liquid wealth spends a larger share", "USD per USD", 1e-9),),
    notes={
        "poor": "share spent by the third with the least liquid wealth",
        "rest": "share spent by the others",
        "necessities": "share spent on necessities",
    },
)
