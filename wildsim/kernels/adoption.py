"""Who is paired with an AI assistant, who lost a job to AI agents, and what that does to pay and output."""

from __future__ import annotations

import math

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import unit, words


@inlined
def skill_rank(skill, spread):  # type: ignore[no-untyped-def]
    """Return the rank in skill from 0 to 1, skill being lognormal with mean 1."""
    return 0.5 * math.erfc(-(math.log(skill) / spread + 0.5 * spread) / math.sqrt(2.0))


@kernel(sector="adoption")
def pair_workers(
    first: int,
    last: int,
    starts: I64,
    ids: U64,
    skill: F32,
    hours: F32,
    employer: I32,
    participates: I8,
    last_wage: F64,
    trained: I8,
    # firms
    posted_wage: F64,
    layoffs: F32,
    without_ai: F64,
    intensity: F64,
    complement: F64,
    # numbers
    mean_wage: float,
    separation: float,
    pair_most: float,
    top: float,
    curve: float,
    outside: float,
    loss: float,
    paid_part: float,
    spread: float,
    trained_pairing: float,
    trained_frontier: float,
    longest: int,
    separation_key: int,
    trait_key: int,
    month: int,
    trait_month: int,
    # results
    wage: F64,
    paired: I8,
    gain: F32,
    before: I32,
    displaced: I16,
    wage_before: F64,
    labour: F64,
    base_pay: F64,
    units: F64,
    effect: F64,
    counts: F64,
) -> None:
    """Mark the displaced, pair workers, and add pay and efficiency units of the paired and of those with new tasks.

    A dismissal is one because of AI if the same draw would have spared the person without it: `without_ai` is the
    chance of dismissal that the firm would have had, `layoffs` the one it had.

    Args:
        intensity: AI agents' tasks at the person's firm as a share of what they could do there.
        complement: Efficiency units that new tasks add, per unit of log skill above the mean, by firm.
        paid_part: Part of the gain that is paid. longest: Months for which a person counts as displaced.
        units, effect: Out, efficiency units of each firm's staff before any of this, and their output with AI
            assistants in the same unit.
        counts: As in kernels.labour.payroll; pay and efficiency units are added to.
    """
    for t in range(first, last):
        for p in range(starts[t], starts[t + 1]):
            if displaced[p] > 0:
                displaced[p] = displaced[p] + 1 if displaced[p] < longest else 0
            left = before[p]
            if left >= 0 and participates[p] == 1 and without_ai[left] < layoffs[left]:
                w0, w1, _, _ = words(separation_key, month, ids[p], 0)
                if unit(w0) >= separation and without_ai[left] <= unit(w1) < layoffs[left]:
                    displaced[p] = 1
                    wage_before[p] = last_wage[p] / mean_wage
            f = employer[p]
            before[p] = f
            paired[p] = 0
            gain[p] = 0.0
            if f < 0:
                continue
            own = skill[p] * hours[p]
            units[f] += own
            if intensity[f] <= 0.0:
                effect[f] += own
                continue
            w0, w1, _, _ = words(trait_key, trait_month, ids[p], 0)
            extra = complement[f] * max(math.log(skill[p]) + 0.5 * spread**2, 0.0)
            chance = pair_most * intensity[f]
            share_outside = outside
            if trained[p] == 1:
                chance *= 1.0 + trained_pairing
                share_outside *= 1.0 - trained_frontier
            rise = 0.0
            if unit(w0) < chance:
                paired[p] = 1
                rise = -loss
                if unit(w1) >= share_outside:
                    rise = top * (1.0 - skill_rank(skill[p], spread)) ** curve
                gain[p] = rise
            effect[f] += own * (1.0 + rise) * (1.0 + extra)
            added = own * ((1.0 + paid_part * max(rise, 0.0)) * (1.0 + extra) - 1.0)
            pay = posted_wage[f] * added
            wage[p] += pay
            labour[f] += added
            base_pay[f] += pay
            counts[t, 5] += pay
            counts[t, 6] += added
