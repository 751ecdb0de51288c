"""Separations, matching and payroll: the labour market of each region."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.ages import RETIREMENT_AGE, WORKING_AGE
from wildsim.kernels.compiled import kernel
from wildsim.kernels.lists import enter
from wildsim.kernels.order import sort_by
from wildsim.kernels.philox import unit, words

#: So many slots are drawn before a visit is given up.
TRIES = 8


@kernel()
def separate(
    first: int,
    last: int,
    starts: I64,
    ids: U64,
    participate: I8,
    search: F32,
    layoffs: F32,
    separation: float,
    key: int,
    month: int,
    employer: I32,
    wage: F64,
    last_wage: F64,
    months_out: I16,
    participates: I8,
    spell: I16,
    searching: I8,
) -> None:
    """End jobs (by chance, by dismissal, by leaving the labour force) and find out who searches.

    Args:
        layoffs: Chance of dismissal at each firm. separation: Chance that a job ends for reasons outside the model.
        searching: Out, 1 for those who search without work, 2 for those who search on the job.
    """
    for p in range(starts[first], starts[last]):
        searching[p] = 0
        spell[p] = 0
        firm = employer[p]
        if firm >= 0:
            w0, w1, w2, _ = words(key, month, ids[p], 0)
            if participate[p] == 1 and unit(w0) >= separation and unit(w1) >= layoffs[firm]:
                if unit(w2) < search[p]:
                    searching[p] = 2
                continue
            employer[p] = -1
            last_wage[p] = wage[p]
            wage[p] = 0.0
            months_out[p] = 0
        elif months_out[p] < 30000:
            months_out[p] += 1
        participates[p] = participate[p]
        if participate[p] == 1:
            searching[p] = 1


@kernel()
def match(
    first: int,
    last: int,
    starts: I64,
    firm_starts: I64,
    slots: I64,
    # people
    ids: U64,
    skill: F32,
    hours: F32,
    search: F32,
    reservation: F64,
    employability: F32,
    last_wage: F64,
    law: I8,
    minimum_wage: F64,
    searching: I8,
    # firms
    firm_ids: U64,
    posted_wage: F64,
    opened: I32,
    suitable: F64,
    visits: int,
    low_skill: float,
    fade: float,
    fade_months: int,
    key: int,
    list_key: int,
    month: int,
    employer: I32,
    wage: F64,
    months_out: I16,
    spell: I16,
    staff: I32,
    vacancies: I32,
) -> None:
    """Let searchers visit posts of their region in random order and take the best suitable offer.

    A visit draws slots of a list whose capacity never changes until one holds a post; a post opened this month has the
    slot that its (firm, number) hashes to, and of two posts in one slot the higher hash has it. So a pick depends on
    no count of firms or posts. Visits that find no post, or one already filled, are lost: the matching friction.

    Args:
        slots: Capacity of each region's list, a power of two. suitable: Chance that an open post suits, by region.
        employability: Factor on that chance, by person.
        last_wage: 0 for those who never worked. fade, fade_months: The chance that a post suits falls by `fade` over so
            many months out of work.
        low_skill: A firm that has to pay `floor` for work worth `offer` hires with chance (offer/floor)^low_skill.
        minimum_wage: Lowest full-time wage by group of the law, USD/month. opened: Posts opened by each firm.
        staff, vacancies: Out, staff before payroll and posts left open.
    """
    for t in range(first, last):
        for f in range(firm_starts[t], firm_starts[t + 1]):
            staff[f] = 0
            vacancies[f] = opened[f]
        searchers = 0
        for p in range(starts[t], starts[t + 1]):
            if employer[p] >= 0:
                staff[employer[p]] += 1
            if searching[p] > 0:
                searchers += 1
        capacity = slots[t]
        slot_firm = np.full(capacity, -1, dtype=np.int32)
        slot_hash = np.zeros(capacity, dtype=np.uint64)
        for f in range(firm_starts[t], firm_starts[t + 1]):
            enter(slot_firm, slot_hash, f, firm_ids[f], opened[f], list_key, month)
        rows = np.empty(searchers, dtype=np.int64)
        names = np.empty(searchers, dtype=np.uint64)
        luck_of = np.empty(searchers, dtype=np.uint32)
        found = 0
        for p in range(starts[t], starts[t + 1]):
            if searching[p] > 0:
                w0, w1, w2, w3 = words(key, month, ids[p], 0)
                rows[found] = p
                names[found] = ids[p]
                luck_of[found] = w0
                found += 1
        queue = sort_by(luck_of, names)
        for q in range(searchers):
            p = rows[queue[q]]
            best = -1
            best_wage = reservation[p]
            fit = suitable[t] * employability[p]
            if searching[p] == 1 and last_wage[p] > 0.0:
                fit *= 1.0 - fade * min(months_out[p], fade_months) / fade_months
            for visit in range(visits):
                w0, w1, w2, w3 = words(key, month, ids[p], 1 + visit * TRIES)
                if searching[p] == 1 and unit(w2) >= search[p]:
                    continue
                chance, luck = unit(w1), unit(w3)
                slot = np.int64(w0) & (capacity - 1)
                tries = 1
                while slot_firm[slot] < 0 and tries < TRIES:
                    w0, w1, w2, w3 = words(key, month, ids[p], 1 + visit * TRIES + tries)
                    slot = np.int64(w0) & (capacity - 1)
                    tries += 1
                f = slot_firm[slot]
                if f < 0 or vacancies[f] <= 0 or chance >= fit:
                    continue
                offer = posted_wage[f] * skill[p] * hours[p]
                floor = minimum_wage[law[p]] * hours[p]
                if floor > offer:
                    if luck >= (offer / floor) ** low_skill:
                        continue
                    offer = floor
                if offer >= best_wage and f != employer[p]:
                    best = f
                    best_wage = offer
            if best >= 0:
                if employer[p] >= 0:
                    staff[employer[p]] -= 1
                else:
                    spell[p] = months_out[p]
                employer[p] = best
                wage[p] = best_wage
                months_out[p] = 0
                staff[best] += 1
                vacancies[best] -= 1


@kernel()
def payroll(
    first: int,
    last: int,
    starts: I64,
    firm_starts: I64,
    skill: F32,
    hours: F32,
    age: F32,
    employer: I32,
    participates: I8,
    law: I8,
    minimum_wage: F64,
    posted_wage: F64,
    wage: F64,
    staff: I32,
    labour: F64,
    base_pay: F64,
    counts: F64,
) -> None:
    """Set everybody's wage and add up staff, efficiency units and pay of each firm.

    Args:
        counts: Out, (tiles, 8): at work, at work aged 15-64, participants, participants and people aged 15-64,
            USD of wages, efficiency units, people aged 15+.
    """
    for t in range(first, last):
        for f in range(firm_starts[t], firm_starts[t + 1]):
            staff[f] = 0
            labour[f] = 0.0
            base_pay[f] = 0.0
        for k in range(8):
            counts[t, k] = 0.0
        for p in range(starts[t], starts[t + 1]):
            prime = WORKING_AGE <= age[p] < RETIREMENT_AGE
            counts[t, 7] += 1.0
            if prime:
                counts[t, 4] += 1.0
            if participates[p] == 1:
                counts[t, 2] += 1.0
                if prime:
                    counts[t, 3] += 1.0
            f = employer[p]
            if f < 0:
                continue
            units = skill[p] * hours[p]
            pay = posted_wage[f] * units
            floor = minimum_wage[law[p]] * hours[p]
            if pay < floor:
                pay = floor
            wage[p] = pay
            staff[f] += 1
            labour[f] += units
            base_pay[f] += pay
            counts[t, 0] += 1.0
            if prime:
                counts[t, 1] += 1.0
            counts[t, 5] += pay
            counts[t, 6] += units
