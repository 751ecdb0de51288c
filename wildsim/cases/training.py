"""Training places drawn by lot: National Supported Work (LaLonde 1986)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from wildsim.cases import ESTIMATE, Bite, case
from wildsim.cases.groups import BURN_IN, SHOCKS, of_working_age, pay, weighted
from wildsim.cases.record import Arms, Array, Seen, find, mean, of, ratio
from wildsim.policies.training import winners
from wildsim.state.world import WorldView

PLACES, MONTHS, MOST_SCHOOLING = 0.5, 9, 12
#: Earnings of the second year after training, as LaLonde has those of 1978.
LATER = slice(MONTHS + 12, MONTHS + 24)


def eve(view: WorldView) -> Mapping[str, Array]:
    """Return who may win a place, and who does (or would, at size zero: the lot is a function of the draws' key)."""
    people = view.people
    met = people.schooling <= MOST_SCHOOLING
    everybody = winners(view, 0, met, 1.0, random=True)
    won = winners(view, 0, met, PLACES, random=True)
    return {"id": people.id[everybody], "won": np.isin(everybody, won)}


def see(view: WorldView, eve: Seen) -> Mapping[str, Array | float]:
    """Return the pay of everybody in the lot, 0 without a job, and the mean pay of people of working age."""
    wages = pay(view)
    rows = find(view.people.id, eve["id"])
    outside = of_working_age(view)
    outside[rows[rows >= 0]] = False
    return {"pay": of(rows, wages), "outside": weighted(wages, outside)}


def estimate(arms: Arms) -> Mapping[str, float]:
    """Return what winners earn more than losers two years later, per cent of what losers earn.

    What they would have earned more anyway, in the baseline, is taken off. The naive comparison sets winners against
    people of working age who were not in the lot, as LaLonde did with national surveys.
    """
    won = arms.policy.eve["won"]
    groups = {}
    for name, arm in (("policy", arms.policy), ("base", arms.base)):
        place = {int(person): k for k, person in enumerate(arm.eve["id"])}
        order = np.array([place[int(person)] for person in arms.policy.eve["id"]], dtype=np.int64)
        earned = arm["pay"][LATER][:, order]
        groups[name] = mean(earned[:, won]), mean(earned[:, ~won])
    (winners_now, losers_now), (winners_then, losers_then) = groups["policy"], groups["base"]
    gained = (winners_now - losers_now) - (winners_then - losers_then)
    naive = winners_now - mean(arms.policy["outside"][LATER])
    return {
        ESTIMATE: 100.0 * ratio(gained, losers_now),
        "naive_bias": 100.0 * ratio(naive - gained, losers_now),
        "plain": 100.0 * ratio(winners_now - losers_now, losers_now),
    }


TRAINING = case(
    name="training",
    title="Training of the National Supported Work programme, 1975-1979",
    policy="Half of the unemployed with at most 12 years of schooling win nine months of training by lot, once.",
    published="earnings +1,794 USD [729, 2930] of about 5,000; against survey data the comparison gives -15,200 USD",
    source="LaLonde 1986, AER 76(4); Dehejia, Wahba 1999, JASA 94. Figures from memory",
    measured="Pay in the second year after training, winners less losers of the lot, less the same in the baseline",
    low=5.0,
    high=60.0,
    unit="%",
    scenario={
        "society": {"country": "us", "people": 20_000, "regions": 8},
        "sectors": {"demography": True, "education": True},
        "burn_in": BURN_IN,
        "shocks": SHOCKS,
    },
    policies=(
        {
            "kind": "training_places",
            "from": 0,
            "until": 1,
            "places": PLACES,
            "months": MONTHS,
            "random": True,
            "where": {"schooling": [0, MOST_SCHOOLING]},
        },
    ),
    months=MONTHS + 24,
    eve=eve,
    see=see,
    estimate=estimate,
    bites=(
        Bite(
            "naive_bias",
            "the naive comparison is biased downwards by 10 % of earnings or more",
            "%",
            float("-inf"),
            -10.0,
            float("nan"),
        ),
    ),
    notes={"plain": "winners less losers without the baseline's difference, %"},
)
