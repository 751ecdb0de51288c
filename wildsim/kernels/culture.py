"""What people choose from the slates that the platform shows them."""

from __future__ import annotations

import math

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import mix, unit, words

#: Month of draws that belong to a person for good.
ALWAYS = -(2**30)
#: Months between two looks of the platform at what a person likes.
YEAR = 12
#: Code of people.away for those in prison (as in wildsim.state.people), who see no platform.
IN_PRISON = 2


@inlined
def liking(tastes, p, attributes, j):  # type: ignore[no-untyped-def]
    """Return the inner product of a person's tastes and a title's (or genre's) 8 attributes, in a fixed order."""
    low = tastes[p, 0] * attributes[j, 0] + tastes[p, 1] * attributes[j, 1]
    low += tastes[p, 2] * attributes[j, 2] + tastes[p, 3] * attributes[j, 3]
    high = tastes[p, 4] * attributes[j, 4] + tastes[p, 5] * attributes[j, 5]
    high += tastes[p, 6] * attributes[j, 6] + tastes[p, 7] * attributes[j, 7]
    return low + high


@inlined
def nearest(tastes, p, genres):  # type: ignore[no-untyped-def]
    """Return the genre whose centre a person likes best."""
    best = 0
    most = liking(tastes, p, genres, 0)
    for g in range(1, genres.shape[0]):
        near = liking(tastes, p, genres, g)
        if near > most:
            most = near
            best = g
    return best


@inlined
def known(recent, p, j):  # type: ignore[no-untyped-def]
    """Return whether a person remembers having bought title `j`."""
    found = False
    for k in range(recent.shape[1]):
        found = found or recent[p, k] == j
    return found


@inlined
def choose(slate, p, tastes, recent, attributes, utility, price, title_ids, match, means, room, first, second):  # type: ignore[no-untyped-def]
    """Return the title that a person takes from a slate, or -1 for none: multinomial logit by an exponential race.

    Each alternative ends after an exponential time with rate exp(utility); the first one wins, which is the choice of
    the highest utility plus Gumbel noise. Its luck belongs to the person and the title, so that another title on the
    slate changes nothing but by winning.

    Args:
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
        if price[j] > room or known(recent, p, j):
            continue
        weight = means * math.exp(match * liking(tastes, p, attributes, j) + utility[j])
        ends = -math.log(unit(mix(title_ids[j], luck) >> 32)) / weight
        if ends < soonest:
            soonest = ends
            best = j
    return best


@inlined
def buy(p, j, tastes, recent, attributes, drift):  # type: ignore[no-untyped-def]
    """Remember a title that was bought; tastes move towards it. Without drift they keep every bit."""
    for k in range(recent.shape[1] - 1, 0, -1):
        recent[p, k] = recent[p, k - 1]
    recent[p, 0] = j
    if drift > 0.0:
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
    utility: F64,
    new: I8,
    genres: F32,
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

    Args:
        prepaid: USD of the month's consumption that each household has paid already.
        consumption: USD/month wanted by each person. utility: Of each title, but for taste and means.
        new: 1 for titles released this month: nobody remembers them. genres: Their centres, (genres, 8).
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
            for p in range(first_member[h], first_member[h] + members[h]):
                for k in range(recent.shape[1]):
                    if recent[p, k] >= 0 and new[recent[p, k]] == 1:
                        recent[p, k] = -1
                if mix(ids[p], YEAR) % YEAR == month % YEAR:
                    genre[p] = nearest(tastes, p, genres)
                w0, w1, w2, _ = words(key, month, ids[p], 0)
                if unit(w0) >= active or age[p] < least_age or away[p] == IN_PRISON:
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
                means = (budget / (members[h] * wage)) ** response
                slate = slates[group, genre[p]]
                j = choose(slate, p, tastes, recent, attributes, utility, price, title_ids, match, means, room, w1, w2)
                if j >= 0:
                    room -= price[j]
                    paid[h] += price[j]
                    sales[t, j] += 1
                    buy(p, j, tastes, recent, attributes, drift)
