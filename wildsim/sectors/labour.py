"""Jobs end, posts open, searchers find work, wages are set."""

from __future__ import annotations

import math

import numpy as np

from wildsim.kernels.labour import match, payroll, separate
from wildsim.sectors.network import informed
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(
    people="employer wage last_wage months_out participates spell",
    firms="staff vacancies opened labour base_pay wage unfilled quits months_since_review",
    regions="counts",
)
def work(world: WorldView) -> None:
    """Run the labour market of every region and set this month's wages (Lengnick 2013; Delli Gatti et al. 2011)."""
    people, firms, law, tiles = world.people, world.firms, world.law, world.tiles
    choice, manager = world.member_decisions, world.manager_decisions
    firms.months_since_review[:] = np.where(manager.wage != firms.wage, 0, firms.months_since_review + 1)
    firms.wage[:] = manager.wage
    firms.opened[:] = manager.vacancies
    before = firms.staff.astype(np.float64)
    searching = np.zeros(len(people), dtype=np.int8)
    tiles.run(
        separate,
        tiles.people,
        people.id,
        choice.participate,
        choice.search,
        manager.layoffs,
        law("labour.separation_rate"),
        world.key("separation", "people"),
        world.month,
        people.employer,
        people.wage,
        people.last_wage,
        people.months_out,
        people.participates,
        people.spell,
        searching,
    )
    floor = world.laws.minimum_wage * float(world.macro.median_wage[0])
    suits = law("labour.suitable") * math.exp(float(world.macro.matching[0]))
    tiles.run(
        match,
        tiles.people,
        tiles.firms,
        world.regions.job_slots,
        people.id,
        people.skill,
        choice.hours,
        informed(world, choice.search),
        choice.reservation_wage,
        people.employability,
        people.last_wage,
        people.law,
        floor,
        searching,
        firms.id,
        manager.wage,
        manager.vacancies,
        np.full(tiles.count, min(suits, 1.0)),
        int(law("labour.visits")),
        law("labour.low_skill_demand"),
        law("labour.duration_fade"),
        int(law("labour.duration_months")),
        world.key("matching", "people"),
        world.key("post_list", "firms"),
        world.month,
        people.employer,
        people.wage,
        people.months_out,
        people.spell,
        firms.staff,
        firms.vacancies,
    )
    tiles.run(
        payroll,
        tiles.people,
        tiles.firms,
        people.skill,
        choice.hours,
        people.age,
        people.employer,
        people.participates,
        people.law,
        floor,
        manager.wage,
        people.wage,
        firms.staff,
        firms.labour,
        firms.base_pay,
        world.regions.counts,
    )
    hired = firms.opened - firms.vacancies
    left = np.maximum(before * (1.0 - manager.layoffs) + hired - firms.staff, 0.0)
    news = law("labour.quits_memory") * (left / np.maximum(before, 1.0) - firms.quits)
    firms.quits[:] += np.where(before > 0.0, news, 0.0)
    share = np.divide(firms.vacancies, firms.opened, out=np.zeros(len(firms)), where=firms.opened > 0)
    firms.unfilled[:] += np.where(firms.opened > 0, law("labour.unfilled_memory") * (share - firms.unfilled), 0.0)
