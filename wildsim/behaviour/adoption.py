"""Rule of firm managers on AI agents: whether to start, and for which tasks."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64, NO_ROW, sum_by
from wildsim.state.ai_tasks import cost_of, exposure, relative_cost, worthwhile
from wildsim.state.firms import PUBLIC
from wildsim.state.friends import peers_mean
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="adoption", adoption_decisions="tasks")
def decide(world: WorldView) -> None:
    """Want AI agents for the tasks for which they are cheaper than labour; firms without any start by chance.

    The chance is h = v (p + q F) b^k / (1 + b^k): Bass's innovators p and imitators q F, F being the share of peers
    that use AI, times a logit in the log of the benefit b: savings over the payback time / cost of starting.

    Source: Bass 1969, Management Science; Griliches 1957, Econometrica; Mansfield 1961, Econometrica.
    """
    law, firms, adopters = world.law, world.firms, world.adopters
    wanted = np.zeros(len(firms))
    if world.month >= law("adoption.first_month"):
        exposed, relative = exposure(world), relative_cost(world)
        share = worthwhile(world, relative)
        wanted = exposed * share
        wanted = np.where(wanted >= law("adoption.least_tasks"), wanted, 0.0)
        logit = _benefit(world, exposed, share, relative) ** law("adoption.decisiveness")
        chance = law("adoption.innovators") + law("adoption.imitation") * peers(world)
        chance = law("adoption.speed") * chance * logit / (1.0 + logit)
        starts = (firms.staff > 0) & (world.uniform("ai_start", "firms")[0] < chance)
        wanted = np.where((adopters.tasks > 0.0) | starts, wanted, 0.0)
    world.adoption_decisions.tasks[:] = wanted


def _benefit(world: WorldView, exposed: F64, share: F64, relative: F64) -> F64:
    """Return b: what AI agents save over the payback time, relative to the cost of starting."""
    law, firms = world.law, world.firms
    saved = exposed * np.maximum(share * relative - cost_of(world, share), 0.0)  # in normal labour cost a unit
    cost = law("adoption.fixed_cost")
    return np.asarray(np.minimum(saved * firms.labour * law("adoption.payback") / max(cost, 1e-12), 1e12))


def peers(world: WorldView) -> F64:
    """Return the share of each firm's peers that use AI agents: of its region and kind, and of all private firms."""
    firms = world.firms
    counted = (firms.kind != PUBLIC) & (firms.staff > 0)
    uses = counted & (world.adopters.tasks > 0.0)
    everywhere = float(uses.sum()) / max(float(counted.sum()), 1.0)
    group = firms.region.astype(np.int64) * 4 + firms.kind
    size = 4 * len(world.regions)
    here = sum_by(group, uses.astype(np.float64), size)[group] - uses
    others = sum_by(group, counted.astype(np.float64), size)[group] - counted
    near = np.divide(here, others, out=np.full(len(firms), everywhere), where=others > 0.0)
    weight = world.law("adoption.local_peers")
    seen = weight * near + (1.0 - weight) * everywhere
    if world.has("network"):
        heard = world.law("adoption.word_of_mouth")
        seen = (1.0 - heard) * seen + heard * _told(world, uses)
    return np.asarray(seen)


def _told(world: WorldView, uses: np.ndarray) -> F64:
    """Return, by firm, the share of the close ties of its staff, themselves apart, who work where AI is used.

    The unemployed among them count as working without.
    """
    people, count = world.people, len(world.firms)
    works = np.flatnonzero(people.employer != NO_ROW)
    where = np.zeros(len(people))
    where[works] = uses[people.employer[works]]
    ties = peers_mean(world, where, np.zeros(len(people)))
    staff = sum_by(people.employer[works], np.ones(len(works)), count)
    told = sum_by(people.employer[works], ties[works], count)
    return np.divide(told, staff, out=np.zeros(count), where=staff > 0.0)
