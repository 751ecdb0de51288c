"""A month, from top to bottom: the page to read first.

Rules decide for everybody at the start of the month, knowing the end of the last one; then what was decided is done.
A new sector is one file in `sectors` and one line here.
"""

from __future__ import annotations

from collections.abc import Callable

from wildsim.behaviour import adoption as adoption_plans
from wildsim.behaviour import (
    bank_officer,
    central_banker,
    firm_manager,
    government,
    guard,
    household_member,
    offender,
    platform,
    pupil,
    scientist,
)
from wildsim.behaviour import energy as energy_manager
from wildsim.behaviour import homes as homes_rule
from wildsim.policies.enact import enact
from wildsim.sectors import (
    adoption,
    ai_services,
    banking,
    central_bank,
    climate,
    credit,
    crime,
    culture,
    demography,
    education,
    emissions,
    energy,
    expectations,
    finance,
    foreclosure,
    goods,
    homes,
    household_credit,
    housing_market,
    housing_stock,
    income,
    innovation,
    investment,
    labour,
    lettings,
    network,
    population,
    production,
    public_demand,
    science,
    science_careers,
    science_grants,
    science_practice,
    shocks,
    treasury,
    turnover,
)
from wildsim.sensors import world_sensor
from wildsim.state.world import World

MONTH: tuple[Callable[[World], None], ...] = (
    enact,
    shocks.draw,
    science_careers.careers,
    energy.supply,
    # everybody decides
    central_banker.decide,
    government.decide,
    bank_officer.decide,
    firm_manager.decide,
    energy_manager.decide,
    household_member.decide,
    homes_rule.decide,
    scientist.decide,
    adoption_plans.decide,
    pupil.decide,
    platform.decide,
    offender.decide,
    guard.apply,
    # what was decided is done
    central_bank.set_rate,
    adoption.train,
    adoption.deploy,
    labour.work,
    adoption.pair,
    production.produce,
    culture.release,
    credit.borrow,
    income.earn,
    ai_services.buy,
    education.attend,
    investment.invest,
    public_demand.buy,
    emissions.emit,
    crime.keep_prisoners,
    household_credit.borrow,
    homes.pay,
    culture.welcome,
    culture.sell,
    goods.buy,
    crime.live,
    # the month is settled
    finance.settle,
    innovation.innovate,
    science_grants.fund,
    science.research,
    science_practice.use,
    turnover.turnover,
    foreclosure.resolve,
    housing_market.trade,
    housing_stock.divide,
    lettings.let,
    housing_market.value,
    banking.settle,
    homes.receive,
    treasury.finance,
    banking.put_reserves_right,
    climate.warm,
    # people meet
    network.meet,
    network.tell,
    # everybody looks back
    expectations.plan_ahead,
    expectations.smooth_incomes,
    expectations.look_back,
    # statisticians ask around
    world_sensor.ask,
    # people grow older; rows of people move last, so that all of the month above speaks of the same people
    demography.age,
    education.teach,
    population.turnover,
)
