"""The first firms, public agencies and their staff."""

from __future__ import annotations

import numpy as np

from wildsim.core.errors import InputError
from wildsim.core.keys import Keys
from wildsim.core.table import F64, I64, Table
from wildsim.kernels.ages import ADULT_AGE, RETIREMENT_AGE
from wildsim.state.firms import CAPITAL_GOODS, NECESSITIES, OTHER_GOODS, PUBLIC, Firms
from wildsim.state.households import NECESSITY_SHOPS, SHOPS
from wildsim.state.law import Law
from wildsim.state.people import HOME
from wildsim.state.start.people import draws


def firm_counts(people: int, regions: int, working_share: float, law: Law) -> I64:
    """Return the number of firms of each kind in every region, shape (regions, 4); at least one of each kind.

    Args:
        working_share: Share of the people who are of working age.
    """
    a_region = people * working_share / regions
    private = a_region / law("labour.people_a_firm")
    goods = law.array("firms.goods_shares") * (1.0 - law("firms.capital_share"))
    shares = np.append(goods / goods.sum() * (1.0 - law("firms.capital_share")), law("firms.capital_share"))
    employed = a_region * law("labour.employment_start")
    agencies = employed * law("government.staff") / law("government.agency_staff")
    shares[CAPITAL_GOODS] *= law("firms.makers_size")
    counts = np.maximum(1, np.rint(np.append(shares * private, agencies))).astype(np.int64)
    return np.tile(counts, (regions, 1))


def start_firms(firms: Firms, counts: I64, keys: Keys, law: Law) -> None:
    """Fill ids, regions, kinds and first sizes (expected demand as weights, private firms by a truncated power law)."""
    regions = len(counts)
    firms.base("region")[:] = np.repeat(np.arange(regions), counts.sum(axis=1))
    kinds = [np.repeat(np.arange(4), row) for row in counts]
    firms.base("kind")[:] = np.concatenate(kinds)
    u = draws(keys, "start.firms", "firms", firms.base("id"), 3)
    tail = law("firms.size_tail")
    firms.base("expected_demand")[:] = np.where(
        firms.base("kind") == PUBLIC, 1.0, np.minimum(u[0] ** (-1.0 / tail), law("firms.size_most"))
    )
    firms.base("age")[:] = (law("firms.age_start") * u[1]).astype(np.int32)
    firms.base("months_since_review")[:] = (law("labour.review_start") * u[2]).astype(np.int16)


def give_jobs(people: Table, firms: Firms, firm_starts: I64, people_starts: I64, keys: Keys, law: Law) -> None:
    """Decide who takes part, who is unemployed, and place everybody else with a firm of the region."""
    ids = people.base("id")
    u = draws(keys, "start.jobs", "people", ids, 3)
    skill = people.base("skill")
    net = law("labour.net_pay_start") * skill.astype(np.float64)
    takes_part = (people.base("age") < RETIREMENT_AGE) & (people.base("age") >= ADULT_AGE)
    takes_part &= (people.base("away") == HOME) & (net > people.base("work_cost"))
    people.base("participates")[:] = takes_part
    if not takes_part.any():
        raise InputError("nobody works at the start; lower parameters.population.work_cost_median or raise people.")
    skill /= skill[takes_part].astype(np.float64).mean()  # the mean worker is the unit of skill
    works = takes_part & (u[0] >= law("labour.unemployment_start"))
    employer = people.base("employer")
    weight = _staff_weights(firms, law)
    for region in range(len(firm_starts) - 1):
        first, last = firm_starts[region], firm_starts[region + 1]
        rows = people_starts[region] + np.flatnonzero(works[people_starts[region] : people_starts[region + 1]])
        rows = rows[np.argsort(u[1, rows], kind="stable")]
        share = np.cumsum(weight[first:last]) / weight[first:last].sum()
        seat = (np.arange(len(rows)) + 0.5) / max(len(rows), 1)
        employer[rows] = first + np.minimum(np.searchsorted(share, seat), last - first - 1)
    people.base("wage")[:] = np.where(works, people.base("skill") * law("labour.mean_wage"), 0.0)
    people.base("last_wage")[:] = people.base("skill") * law("labour.mean_wage")
    low, high = law.array("labour.months_out_start").tolist()
    people.base("months_out")[:] = np.where(works, 0, (low + (high - low) * u[2]).astype(np.int16))


def _staff_weights(firms: Firms, law: Law) -> F64:
    """Return each firm's share of its region's work: kinds by their share of output, public agencies by staff."""
    kind, size, region = firms.base("kind"), firms.base("expected_demand"), firms.base("region")
    public = law("government.staff")
    machines = law("firms.capital_share")
    goods = law.array("firms.goods_shares") * (1.0 - machines)
    wanted = np.array([*(goods * (1.0 - public)), machines * (1.0 - public), public])
    group = region.astype(np.int64) * 4 + kind
    total = np.bincount(group, weights=size, minlength=int(group.max()) + 1)
    return np.asarray(size / total[group] * wanted[kind])


def give_shops(households: Table, firms: Firms, firm_starts: I64, keys: Keys) -> None:
    """Let every household know shops of its region, large ones more often."""
    region = households.base("region")
    u = draws(keys, "start.shops", "households", households.base("id"), SHOPS)
    shop = households.base("shop")
    for r in range(len(firm_starts) - 1):
        here = np.flatnonzero(region == r)
        for good, first, last in ((NECESSITIES, 0, NECESSITY_SHOPS), (OTHER_GOODS, NECESSITY_SHOPS, SHOPS)):
            rows = firm_starts[r] + np.flatnonzero(firms.base("kind")[firm_starts[r] : firm_starts[r + 1]] == good)
            share = np.cumsum(firms.base("labour")[rows] + 1e-9)
            share /= share[-1]
            for k in range(first, last):
                pick = rows[np.minimum(np.searchsorted(share, u[k, here]), len(rows) - 1)]
                known = (shop[here, first:k] == pick[:, None]).any(axis=1)
                shop[here, k] = np.where(known, -1, pick)


def give_suppliers(firms: Firms, firm_starts: I64, keys: Keys) -> None:
    """Give every private firm a maker of machines in its region."""
    u = draws(keys, "start.suppliers", "firms", firms.base("id"), 1)[0]
    supplier, kind = firms.base("supplier"), firms.base("kind")
    for r in range(len(firm_starts) - 1):
        rows = np.arange(firm_starts[r], firm_starts[r + 1])
        makers = rows[kind[rows] == CAPITAL_GOODS]
        share = np.cumsum(firms.base("labour")[makers] + 1e-9)
        pick = makers[np.minimum(np.searchsorted(share / share[-1], u[rows]), len(makers) - 1)]
        supplier[rows] = np.where(kind[rows] <= OTHER_GOODS, pick, -1)
