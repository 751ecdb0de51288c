"""AI agents take over tasks, people are paired with assistants, courses teach their use."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW
from wildsim.kernels.adoption import pair_workers
from wildsim.state.ai_tasks import TRAITS, exposure, labour_cost, part_of_exposure
from wildsim.state.firms import PUBLIC
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="adoption", adopters="tasks new_tasks running started")
def deploy(world: WorldView) -> None:
    """Hand tasks over as far as managers want, the licence allows and AI can do them; let new tasks come up.

    AI agents run on the services that were bought last month. New tasks approach a multiple of the automated ones
    (reinstatement; Acemoglu, Restrepo 2019). During a pause no firm changes the tasks that it has handed over.
    """
    law, adopters = world.law, world.adopters
    wanted = np.where(licensed(world), np.minimum(world.adoption_decisions.tasks, exposure(world)), 0.0)
    wanted = np.where(wanted >= law("adoption.least_tasks"), wanted, 0.0)
    runs = adopters.tasks > 0.0
    fee = law("adoption.fixed_cost") * labour_cost(world) * (1.0 + law("adoption.tax"))
    starts = ~runs & (wanted > 0.0) & (world.firms.deposits >= fee) & (world.firms.staff > 0)
    tasks = np.where(runs | starts, adopters.tasks + law("adoption.rollout") * (wanted - adopters.tasks), 0.0)
    tasks = np.where((wanted > 0.0) | (tasks >= law("adoption.least_tasks")), tasks, 0.0)
    if law("adoption.paused") > 0.0:
        starts, tasks = np.zeros(len(runs), dtype=bool), adopters.tasks.copy()
    adopters.started[:] = starts
    adopters.tasks[:] = tasks
    news = law("adoption.new_tasks_speed") * (law("adoption.reinstatement") * tasks - adopters.new_tasks)
    adopters.new_tasks[:] = np.where(tasks > 0.0, adopters.new_tasks + news, 0.0)
    adopters.running[:] = tasks * adopters.served


def licensed(world: WorldView) -> np.ndarray:
    """Return which firms may use AI agents; the lot of a firm stays the same, so that a wider licence adds firms."""
    law, firms = world.law, world.firms
    low, high = law.array("adoption.licence_staff").tolist()
    inside = (firms.staff >= low) & (firms.staff <= high)
    share = np.where(inside, law("adoption.licensed_inside"), law("adoption.licensed_outside"))
    return np.asarray((firms.kind != PUBLIC) & (world.uniform_at("ai_licence", "firms", TRAITS) < share))


def multiplier(world: WorldView) -> F64:
    """Return output per efficiency unit of labour by firm relative to that without AI agents: (1 + z n) / (1 - s + n).

    s are the tasks that AI agents do, n new tasks of labour, z the part of their output that counts as goods.
    """
    adopters = world.adopters
    new = adopters.new_tasks * adopters.served
    gained = 1.0 + world.law("adoption.new_tasks_gain") * new
    return np.asarray(np.where(adopters.running > 0.0, gained / (1.0 - adopters.running + new), 1.0))


@step(
    sector="adoption",
    people="wage",
    firms="labour base_pay automation",
    regions="counts",
    adopters="pending",
    pairings="paired gain employer displaced wage_before",
)
def pair(world: WorldView) -> None:
    """Pair workers with AI assistants, pay them part of the gain, and set the output of labour at every firm.

    Follows the payroll. What the paired produce beyond their pay, and what AI agents do alone, is in
    `firms.automation`; the paid part is efficiency units like any others, so wages per unit stay comparable. Nothing is
    kept in `people.skill`: it ends with the pairing.
    """
    people, firms, law, pairings = world.people, world.firms, world.law, world.pairings
    adopters, layoffs = world.adopters, world.manager_decisions.layoffs
    shed = law("labour.layoff_share") * law("labour.hiring_speed") * np.maximum(adopters.pending, 0.0)
    without = np.where(adopters.pending > 0.0, np.maximum(layoffs - shed, 0.0), layoffs)
    units, effect = np.zeros((2, len(firms)))
    new = law("adoption.new_tasks_skill") * adopters.new_tasks * adopters.served
    world.tiles.run(
        pair_workers,
        world.tiles.people,
        people.id,
        people.skill,
        world.member_decisions.hours,
        people.employer,
        people.participates,
        people.last_wage,
        pairings.trained,
        firms.wage,
        layoffs,
        without,
        part_of_exposure(adopters.running, exposure(world)),
        new,
        float(world.macro.mean_wage[0]),
        law("labour.separation_rate"),
        law("adoption.pair_most"),
        law("adoption.pair_top"),
        law("adoption.pair_curve"),
        law("adoption.pair_outside"),
        law("adoption.pair_loss"),
        law("adoption.pair_pay"),
        law("adoption.skill_spread"),
        law("adoption.training_pairing"),
        law("adoption.training_frontier"),
        int(law("adoption.displaced_months")),
        world.key("separation", "people"),
        world.keys.stream("ai_traits", "people", TRAITS),
        world.month,
        TRAITS,
        people.wage,
        pairings.paired,
        pairings.gain,
        pairings.employer,
        pairings.displaced,
        pairings.wage_before,
        firms.labour,
        firms.base_pay,
        units,
        effect,
        world.regions.counts,
    )
    with_help = np.divide(effect, firms.labour, out=np.ones(len(firms)), where=(firms.labour > 0.0) & (effect != units))
    after = multiplier(world) * with_help
    rise = np.log(after / firms.automation)
    adopters.pending[:] = (1.0 - law("labour.hiring_speed")) * adopters.pending + rise
    firms.automation[:] = after


@step(sector="adoption", people="skill", pairings="training trained")
def train(world: WorldView) -> None:
    """Let people begin and finish AI courses; a course raises skill for good, never earnings directly.

    Who begins is drawn by lot among those of the group who have not had a course.
    """
    law, people, pairings = world.law, world.people, world.pairings
    shares = [law(f"adoption.training_{who}") for who in ("workers", "unemployed", "displaced")]
    ends = pairings.training == 1
    people.skill[ends] *= np.exp(law("adoption.training_skill"))
    pairings.trained[ends] = 1
    pairings.training[:] = np.maximum(pairings.training - 1, 0)
    if not any(shares):
        pairings.training[:] = 0  # nobody pays for the rest of a course
        return
    works = (people.employer != NO_ROW) & (world.adopters.tasks[people.employer] > 0.0)
    searches = (people.employer == NO_ROW) & (people.participates == 1)
    lost = (pairings.displaced > 0) & (people.participates == 1)
    share = np.zeros(len(people))
    for group, places in zip((works, searches, lost), shares, strict=True):
        share = np.where(group, np.maximum(share, places), share)
    luck = world.uniform("ai_course", "people")[0]
    begins = (luck < share / law("adoption.training_months")) & (pairings.trained == 0) & (pairings.training == 0)
    pairings.training[begins] = int(law("adoption.training_months"))
