"""What people choose from the slates that the platform shows them."""

from __future__ import annotations

import math

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.order import member_by_id
from wildsim.kernels.philox import mix, unit, words

#: Month of draws that belong to a person for good.
ALWAYS = -(2**30)
#: Code of people.away for those in prison (as in wildsim.state.people), who see no platform.
IN_PRISON = 2


@kernel(sector="culture")
def pick_makers(places: I64, ids: U64, sizes: F64, key: np.uint64, month: int, picked: I64) -> None:
    """Give each place of the catalogue a firm by lot, in proportion to size; -1 where all sizes are 0.

    An exponential race between the firms, each with its own luck for the place: a firm more takes only places that it
    wins.
    """
    for i in range(places.size):
        w0, w1, _, _ = words(key, month, np.uint64(places[i]), 0)
        luck = (w0 << 32) | w1
        picked[i] = -1
        soonest = math.inf
        for f in range(ids.size):
            draw = unit(mix(ids[f], luck) >> 32)
            if 1.0 - draw < soonest * sizes[f]:
                ends = -math.log(draw) / sizes[f]
                if ends < soonest:
                    soonest = ends
                    picked[i] = f


@inlined
def liking(tastes, p, attributes, j):  # type: ignore[no-untyped-def]
    """Return the inner product of a person's tastes and a title's (or genre's) 8 attributes, in a fixed order."""
    low = tastes[p, 0] * attributes[j, 0] + tastes[p, 1] * attributes[j, 1]
    low += tastes[p, 2] * attributes[j, 2] + tastes[p, 3] * attributes[j, 3]
    high = tastes[p, 4] * attributes[j, 4] + tastes[p, 5] * attributes[j, 5]
    high += tastes[p, 6] * attributes[j, 6] + tastes[p, 7] * attributes[j, 7]
    return low + high


@inlined
def known(recent, p, mark):  # type: ignore[no-untyped-def]
    """Return whether a person remembers having bought the title with this mark."""
    found = False
    for k in range(recent.shape[1]):
        found = found or recent[p, k] == mark
    return found


@inlined
def choose(slate, p, tastes, recent, attributes, marks, rate, price, title_ids, match, means, room, first, second):  # type: ignore[no-untyped-def]
    """Return the title that a person takes from a slate, or -1 for none: multinomial logit by an exponential race.

    Each alternative ends after an exponential time with rate exp(utility), not to buy with rate 1; the first one wins,
    which is the choice of the highest utility plus Gumbel noise. Its luck belongs to the person and the title, so that
    another title on the slate changes nothing but by winning. One that is bound to lose, by -ln u >= 1 - u, is passed
    over before the logarithm is taken.

    Args:
        rate: exp(utility) of each title but for taste and means, (titles). marks: By which people remember titles.
        means: What the household has to spend a head, raised to the power of the response to prices.
        first, second: Two words of the person's luck this month.
    """
    best = -1
    soonest = -math.log(unit(first))
    luck = (first << 32) | second
    for k in range(slate.size):
        j = slate[k]
        if j < 0:
            break
        draw = unit(mix(title_ids[j], luck) >> 32)
        if price[j] > room:
            continue
        weight = means * rate[j] * math.exp(match * liking(tastes, p, attributes, j))
        if 1.0 - draw >= soonest * weight or known(recent, p, marks[j]):
            continue
        ends = -math.log(draw) / weight
        if ends < soonest:
            soonest = ends
            best = j
    return best


@inlined
def remember(p, mark, recent):  # type: ignore[no-untyped-def]
    """Put a title first among those that a person has bought; the oldest one is forgotten."""
    for k in range(recent.shape[1] - 1, 0, -1):
        recent[p, k] = recent[p, k - 1]
    recent[p, 0] = mark


@inlined
def drift_towards(p, j, tastes, attributes, drift):  # type: ignore[no-untyped-def]
    """Move a person's tastes towards a title that was bought."""
    for d in range(tastes.shape[1]):
        tastes[p, d] += drift * (attributes[j, d] - tastes[p, d])


@kernel(sector="culture")
def visit_platform(
    first: int,
    last: int,
    starts: I64,
    # households
    first_member: I32,
    members: I8,
    deposits: F64,
    prepaid: F64,
    # people
    ids: U64,
    age: F32,
    away: I8,
    consumption: F64,
    # the platform
    title_ids: U64,
    attributes: F32,
    price: F64,
    rate: F64,
    marks: I16,
    title_genre: I16,
    centres: F32,
    slates: I16,
    trial_share: float,
    # the rule
    active: float,
    least_age: float,
    most: float,
    match: float,
    response: float,
    wage: float,
    drift: float,
    key: int,
    trial_key: int,
    month: int,
    # results
    tastes: F32,
    genre: I16,
    recent: I16,
    audience: I64,
    sales: I64,
    paid: F64,
) -> None:
    """Let everybody who looks at the platform this month buy one title of the slate, or none.

    Tastes drift towards what was bought; without drift they keep every bit. The platform learns from sales alone: it
    puts a buyer into the genre of the title if the buyer's tastes are nearer to that than to the one so far.

    Args:
        prepaid: USD of the month's consumption that each household has paid already.
        consumption: USD/month wanted by each person. rate: exp(utility) of each title, but for taste and means.
        marks: By which people remember titles. title_genre: Of each title. centres: Of the genres, (genres, 8).
        slates: Titles shown, (2, genres, places), -1 for none; the first half is for those outside the trial.
        most: Largest part of what a household has to spend that goes to titles.
        wage: USD/month, the unit in which what a household has to spend a head is measured.
        tastes, genre, recent: By person, changed in place. paid: USD by household, out.
        audience: People who looked, (tiles, 2, genres). sales: (tiles, titles).
    """
    for t in range(first, last):
        for h in range(starts[t], starts[t + 1]):
            budget = -1.0
            room = 0.0
            for rank in range(members[h]):  # by id: what one spends the next one lacks
                p = member_by_id(ids, first_member[h], members[h], rank)
                w0, w1, w2, _ = words(key, month, ids[p], 0)
                if unit(w0) >= active or age[p] < least_age or away[p] == IN_PRISON or genre[p] < 0:
                    continue
                group = 0
                if trial_share > 0.0:
                    luck, _, _, _ = words(trial_key, ALWAYS, ids[p], 0)
                    group = 1 if unit(luck) < trial_share else 0
                audience[t, group, genre[p]] += 1
                if budget < 0.0:
                    wanted = 0.0
                    for q in range(first_member[h], first_member[h] + members[h]):
                        wanted += consumption[q]
                    budget = max(0.0, min(wanted - prepaid[h], deposits[h]))
                    room = most * budget
                if room <= 0.0:
                    continue
                means = budget / (members[h] * wage)
                if response != 1.0:
                    means = means**response
                slate = slates[group, genre[p]]
                j = choose(
                    slate, p, tastes, recent, attributes, marks, rate, price, title_ids, match, means, room, w1, w2
                )
                if j < 0:
                    continue
                room -= price[j]
                paid[h] += price[j]
                sales[t, j] += 1
                remember(p, marks[j], recent)
                if drift > 0.0:
                    drift_towards(p, j, tastes, attributes, drift)
                g = title_genre[j]
                if liking(tastes, p, centres, g) > liking(tastes, p, centres, genre[p]):
                    genre[p] = g
