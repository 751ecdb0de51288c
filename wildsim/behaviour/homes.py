"""Rule of household members about homes: what to bid, when to sell and for how much, when to buy homes to let."""

from __future__ import annotations

import numpy as np
from scipy.special import expit, ndtri

from wildsim.core.table import F64, I64, NO_ROW, sum_by
from wildsim.state.housing import owners_at_home, payment_factor
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="homes", home_decisions="bid invest sell sell_let ask")
def decide(world: WorldView) -> None:
    """Fill the decisions of every person about homes.

    A household without a home of its own looks for one with a chance that rises with the rent over the cost of owning
    (logistic, Baptista et al. 2016), and bids `s 12 w (Y / w)^g e^z / u`: s the share of income that housing may
    cost, w the mean wage, Y permanent income, z taste, u = mortgage rate + upkeep - a x growth of prices (user cost;
    form of Axtell et al. 2014), at most what it can fund. Owners sell at a constant hazard, at once when behind with
    a mortgage; landlords sell more often when the price is above the value of the rents. Sellers ask
    `exp(m - b ln(1 + T))` times the going price, T months on the market (Baptista et al. 2016). Owners with cash well
    beyond what they aim at offer it for homes to let. Each member decides on an equal part.
    """
    households, out, law = world.households, world.home_decisions, world.law
    luck = world.uniform("homes", "households", 3)
    own = owners_at_home(world)
    cost, markets = owning_cost(world), world.home_markets
    odds = np.log(12.0 * markets.rent / (cost * markets.price)) + law("homes.owning_premium")
    chance = np.minimum(2.0 * law("homes.buyer_search") * expit(law("homes.owning_slope") * odds), 1.0)
    looks = np.flatnonzero(~own & (households.barred == 0) & (luck[0] < chance[households.region]))
    bid = np.zeros(len(households))
    bid[looks] = np.minimum(_wanted(world, cost, luck[1], looks), funds(world)[looks])
    people = world.people
    home = people.household
    members = households.members.astype(np.float64)
    out.bid[:] = (bid / members)[home]
    out.invest[:] = (_spare(world, own, luck[2]) / members)[home]
    late = _behind(world)
    out.sell[:] = np.where(late, law("homes.arrears_sale"), law("homes.owner_moves"))[home]
    worth = np.log(rent_value(world) / markets.price)
    sales = law("homes.landlord_sales") * np.exp(np.clip(-law("homes.yield_slope") * worth, -3.0, 3.0))
    out.sell_let[:] = np.minimum(sales, 1.0)[households.region][home]
    ask = np.exp(law("homes.asking_mark_up") - law("homes.asking_time") * np.log1p(markets.time))
    out.ask[:] = ask[households.region][home]


def long_rate(world: WorldView) -> float:
    """Return the long rate: natural rate plus target, moved by a part of the policy rate's distance from it."""
    law = world.law
    natural = law("banks.real_rate") + law("banks.inflation_target")
    return natural + law("homes.rate_pass") * (float(world.central_bank.rate[0]) - natural)


def mortgage_rate(world: WorldView) -> float:
    """Return the rate on new mortgages, annual share."""
    return max(long_rate(world) + float(world.macro.credit_spread[0]) + world.law("homes.mortgage_spread"), 0.0)


def owning_cost(world: WorldView) -> F64:
    """Return the yearly cost of owning as a share of the price, as buyers of each region reckon."""
    law = world.law
    cost = mortgage_rate(world) + law("homes.upkeep") - law("homes.growth_weight") * world.home_markets.growth
    return np.asarray(np.maximum(cost, law("homes.least_cost")))


def rent_value(world: WorldView) -> F64:
    """Return what the rents of a home of quality 1 are worth to an investor, by region, USD."""
    law, markets = world.law, world.home_markets
    real = long_rate(world) - float(world.macro.expected_inflation[0])
    wanted = max(real + law("homes.landlord_premium"), law("homes.least_cost"))
    return np.asarray(12.0 * (1.0 - law("homes.landlord_cost")) / wanted * markets.rent)


def credit_limit(world: WorldView) -> F64:
    """Return the largest mortgage that each household may have on a new home by income and debt service, USD."""
    households, law = world.households, world.law
    service = world.officer_decisions.debt_service[households.bank] * households.permanent_income
    service = np.maximum(service - households.loans / law("households.loan_term") - total_service(world), 0.0)
    by_service = service / float(payment_factor(mortgage_rate(world), law("homes.mortgage_term")))
    allowed = np.minimum(by_service, law("homes.loan_to_income") * households.permanent_income)
    return np.asarray(np.where(households.barred == 0, allowed, 0.0))


def total_service(world: WorldView) -> F64:
    """Return the monthly service that each household owes on its mortgages, USD."""
    homes = world.homes
    rows = np.flatnonzero((homes.mortgage > 0.0) & (homes.owner != NO_ROW))
    payment = homes.mortgage[rows] * payment_factor(homes.rate[rows], homes.term[rows])
    return sum_by(homes.owner[rows], payment, len(world.households))


def cash_at_hand(world: WorldView) -> F64:
    """Return the deposits that each household can spend on a home, USD."""
    households = world.households
    return np.asarray(np.maximum(households.deposits - world.law("homes.reserve") * households.permanent_income, 0.0))


def funds(world: WorldView) -> F64:
    """Return the highest price that each household can fund with its cash and the mortgage that it may get, USD."""
    cash, ltv = cash_at_hand(world), world.law("homes.loan_to_value")
    by_value = cash / (1.0 - ltv) if ltv < 1.0 else np.where(cash >= 0.0, np.inf, 0.0)
    return np.asarray(np.minimum(by_value, cash + credit_limit(world)))


def _wanted(world: WorldView, cost: F64, luck: F64, rows: I64) -> F64:
    """Return what the households in `rows` would like to pay for a home, USD; `cost` is that of owning by region."""
    law, households, scale = world.law, world.households, float(world.macro.mean_wage[0])
    income = households.permanent_income[rows] / scale
    taste = np.exp(law("homes.taste") * ndtri(luck[rows]))
    wanted = 12.0 * law("homes.housing_share") * scale * income ** law("homes.quality_income") * taste
    return np.asarray(wanted / cost[households.region[rows]])


def _spare(world: WorldView, own: np.ndarray, luck: F64) -> F64:
    """Return the cash that each household offers for homes to let, USD: of owners with more than they aim at."""
    households, law = world.households, world.law
    aim = law("homes.invest_spare") * households.target_months * households.permanent_income
    spare = np.maximum(households.deposits - np.maximum(aim, households.permanent_income), 0.0)
    looks = own & (households.barred == 0) & (luck < law("homes.invest_search"))
    return np.asarray(np.where(looks, spare, 0.0))


def _behind(world: WorldView) -> np.ndarray:
    """Return True for households that missed the last service of a mortgage."""
    homes = world.homes
    late = (homes.arrears > 0) & (homes.owner != NO_ROW)
    return np.asarray(sum_by(homes.owner[late], np.ones(int(late.sum())), len(world.households)) > 0.0)
