"""Who would offend, who does, whom it hits, and who is caught: loops over people."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F32, F64, I8, I16, I32, I64, U64
from wildsim.kernels.ages import ADULT_AGE
from wildsim.kernels.compiled import inlined, kernel
from wildsim.kernels.philox import mix, unit, words

#: Values of people.away that matter here (state.people).
HOME, PRISON = 0, 2
#: Blocks of four slots that an offender tries before giving up, and blocks of draws that an offence may use.
TRIES, BLOCKS = 4, 8
#: Terms of the log odds, columns of `weights` in `weigh`.
TERMS = ("constant", "propensity", "male", "schooling", "wage", "income", "jobless", "peers")


@inlined
def log_share(value, mean, band):  # type: ignore[no-untyped-def]
    """Return log(value / mean) within `band`; 0 where there is no mean."""
    if mean <= 0.0:
        return 0.0
    if value <= 0.0:
        return -band
    return min(max(np.log(np.float32(value / mean)), -band), band)


@inlined
def chance_of(w, k, propensity, male, schooling, wage, means, jobless, peers, deterrence, age):  # type: ignore[no-untyped-def]
    """Return the chance of an offence of kind `k`; `w` holds the coefficients of TERMS.

    Logs and exponentials are in single precision, as the chances are: it saves 40 % of the time.
    """
    odds = w[k, 0] + w[k, 1] * propensity + w[k, 2] * male + w[k, 3] * schooling + w[k, 4] * wage
    odds += w[k, 5] * means + w[k, 6] * jobless + w[k, 7] * peers + deterrence + age
    one = np.float32(1.0)
    return one / (one + np.exp(np.float32(-odds)))


@inlined
def means_of_tile(low, high, household, skill, income, members):  # type: ignore[no-untyped-def]
    """Return mean skill and mean equivalised income of the people of rows `low` to `high`, 0 where nobody is."""
    skills = 0.0
    incomes = 0.0
    for p in range(low, high):
        skills += skill[p]
        incomes += income[household[p]] / np.sqrt(max(members[household[p]], 1))
    people = max(high - low, 1)
    return skills / people, incomes / people


@kernel(sector="crime")
def weigh(
    first: int,
    last: int,
    starts: I64,
    # people
    household: I32,
    age: F32,
    female: I8,
    schooling: F32,
    skill: F32,
    employer: I32,
    participates: I8,
    away: I8,
    known: I8,
    propensity: F32,
    peers: F32,
    # households and regions
    income: F64,
    members: I8,
    deterrence: F64,
    # the rule
    weights: F64,
    age_from: float,
    age_peak: F64,
    age_shape: F64,
    youngest: float,
    least_schooling: float,
    band: float,
    # decisions
    out_property: F32,
    out_violent: F32,
) -> None:
    """Fill the chance of each kind of offence; see wildsim.behaviour.offender for the equation.

    Args:
        income: Disposable income by household, USD/month. deterrence: Log odds by tile and kind.
        weights: By kind, in the order of TERMS. age_from: Where the gamma curves of age begin, age_peak: where they
            are 0, age_shape: their exponents. least_schooling: Years that minors are reckoned to complete; their
            wage is reckoned to be the mean, as they are not through with school.
    """
    base = np.log(age_peak - age_from)
    for t in range(first, last):
        mean_skill, mean_income = means_of_tile(starts[t], starts[t + 1], household, skill, income, members)
        for p in range(starts[t], starts[t + 1]):
            if age[p] < youngest or age[p] <= age_from or away[p] == PRISON or known[p] == 0:
                out_property[p] = 0.0
                out_violent[p] = 0.0
                continue
            h = household[p]
            wage, years_at_school = 0.0, max(np.float64(schooling[p]), least_schooling)
            if age[p] >= ADULT_AGE:
                wage, years_at_school = log_share(skill[p], mean_skill, band), np.float64(schooling[p])
            means = log_share(income[h] / np.sqrt(max(members[h], 1)), mean_income, band)
            jobless = 1.0 if employer[p] < 0 and participates[p] == 1 else 0.0
            male, years, ties = 1.0 - female[p], age[p] - age_from, peers[p]
            log_years = np.log(np.float32(years))
            curve = age_shape[0] * (log_years - base[0] - years / (age_peak[0] - age_from) + 1.0)
            out_property[p] = chance_of(
                weights, 0, propensity[p], male, years_at_school, wage, means, jobless, ties, deterrence[t, 0], curve
            )
            curve = age_shape[1] * (log_years - base[1] - years / (age_peak[1] - age_from) + 1.0)
            out_violent[p] = chance_of(
                weights, 1, propensity[p], male, years_at_school, wage, means, jobless, ties, deterrence[t, 1], curve
            )


@inlined
def list_victims(low, high, home_ids, members, key, month, holder, highest):  # type: ignore[no-untyped-def]
    """Enter every household at the slot that its id hashes to this month; the higher hash has a slot of two."""
    mask = np.uint64(holder.size - 1)
    for h in range(low, high):
        if members[h] > 0:
            hashed = mix(home_ids[h] ^ key, month)
            slot = np.int64((hashed >> np.uint64(20)) & mask)
            if holder[slot] < 0 or hashed > highest[slot]:
                holder[slot] = h
                highest[slot] = hashed


@inlined
def pick_home(holder, own, key, month, person_id, block):  # type: ignore[no-untyped-def]
    """Return the household in the first slot drawn that holds one other than `own`, or -1."""
    mask = holder.size - 1
    for b in range(TRIES):
        w0, w1, w2, w3 = words(key, month, person_id, block + b)
        for w in (w0, w1, w2, w3):
            h = holder[np.int64(w) & mask]
            if h >= 0 and h != own:
                return h
    return -1


@inlined
def pick_member(h, first_member, members, ids, word):  # type: ignore[no-untyped-def]
    """Return the member of a household with the highest hash of (draw, id)."""
    best = first_member[h]
    highest = mix(ids[best], word)
    for p in range(first_member[h] + 1, first_member[h] + members[h]):
        hashed = mix(ids[p], word)
        if hashed > highest:
            best = p
            highest = hashed
    return best


@kernel(sector="crime")
def serve(
    first: int,
    last: int,
    starts: I64,
    fade: float,
    least: float,
    penalty: float,
    new_year: int,
    away: I8,
    employability: F32,
    record: F32,
    months_left: I16,
    year: I16,
    since: I8,
    victim: I8,
    suffered: I16,
) -> None:
    """Let prison terms run down and records fade; release those who have served.

    Args:
        fade: Part of a record that is left after a month. new_year: 1 in the first month of a year.
    """
    for t in range(first, last):
        for p in range(starts[t], starts[t + 1]):
            victim[p] = 0
            suffered[p, 0] = suffered[p, 1] = 0
            if since[p] < 100:
                since[p] += 1
            if new_year == 1:
                year[p] = 0
            if months_left[p] > 0:
                months_left[p] -= 1
                if months_left[p] == 0 and away[p] == PRISON:
                    away[p] = HOME
            if record[p] > 0.0:
                left = record[p] * fade
                record[p] = left if left > least else 0.0
                employability[p] = 1.0 - penalty * record[p]


@kernel(sector="crime")
def offend(
    first: int,
    last: int,
    starts: I64,
    home_starts: I64,
    slots: I64,
    # people and households
    ids: U64,
    household: I32,
    age: F32,
    home_ids: U64,
    first_member: I32,
    members: I8,
    deposits: F64,
    # what was decided, and the law
    property_crime: F32,
    violent_crime: F32,
    reported: F64,
    recording: float,
    clearance: F64,
    prison: F64,
    sentence: F64,
    longest: float,
    custody_age: float,
    loot_mean: float,
    loot_most: float,
    record_prison: float,
    record_arrest: float,
    penalty: float,
    key: int,
    list_key: int,
    month: int,
    # what comes of it
    away: I8,
    employability: F32,
    record: F32,
    months_left: I16,
    career: I16,
    year: I16,
    since: I8,
    victim: I8,
    suffered: I16,
    stolen: F64,
    gained: F64,
    offences: F64,
    known: F64,
    recorded: F64,
    cleared: F64,
    loot: F64,
) -> None:
    """Carry out the offences of the month: victims, loot, arrests, prison.

    Of an offence's draws the first says how visible it is: the police know it below `reported`, the statistics hold it
    below `recording`. So a stricter statistic counts more of the same offences and changes nothing else.

    Args:
        slots: Capacity of each region's list of victims, a power of two. clearance: By tile and kind.
        loot_mean: USD. stolen, gained: Out, USD by household, zero before. offences .. loot: Out, by tile.
    """
    for t in range(first, last):
        offences[t, 0] = offences[t, 1] = known[t, 0] = known[t, 1] = 0.0
        recorded[t, 0] = recorded[t, 1] = cleared[t, 0] = cleared[t, 1] = loot[t] = 0.0
        holder = np.full(0, -1, dtype=np.int32)
        highest = np.zeros(0, dtype=np.uint64)
        for p in range(starts[t], starts[t + 1]):
            if property_crime[p] <= 0.0 and violent_crime[p] <= 0.0:
                continue
            w0, w1, _, _ = words(key, month, ids[p], 0)
            for k in range(2):
                luck = unit(w0) if k == 0 else unit(w1)
                if luck >= (property_crime[p] if k == 0 else violent_crime[p]):
                    continue
                if holder.size == 0:
                    holder = np.full(slots[t], -1, dtype=np.int32)
                    highest = np.zeros(slots[t], dtype=np.uint64)
                    list_victims(
                        home_starts[t], home_starts[t + 1], home_ids, members, list_key, month, holder, highest
                    )
                block = 1 + k * BLOCKS
                h = pick_home(holder, household[p], key, month, ids[p], block + 2)
                if h < 0:
                    continue
                w_seen, w_caught, w_prison, w_term = words(key, month, ids[p], block)
                w_loot, w_member, _, _ = words(key, month, ids[p], block + 1)
                offences[t, k] += 1.0
                career[p] = min(career[p] + 1, 32000)
                year[p] = min(year[p] + 1, 32000)
                since[p] = 0
                if k == 0:
                    # a share of what was there before the month's thefts, so that their order means nothing
                    most = min(loot_most * max(deposits[h], 0.0), max(deposits[h] - stolen[h], 0.0))
                    amount = min(-np.log(unit(w_loot)) * loot_mean, most)
                    stolen[h] += amount
                    gained[household[p]] += amount
                    loot[t] += amount
                hit = pick_member(h, first_member, members, ids, w_member)
                if k == 1:
                    victim[hit] = 1
                suffered[hit, k] = min(suffered[hit, k] + 1, 32000)
                seen = unit(w_seen)
                if seen < recording:
                    recorded[t, k] += 1.0
                if seen >= reported[k]:
                    continue
                known[t, k] += 1.0
                if unit(w_caught) >= clearance[t, k]:
                    continue
                cleared[t, k] += 1.0
                weight = record_arrest
                if age[p] >= custody_age and unit(w_prison) < prison[k]:
                    weight = record_prison
                    term = min(np.ceil(-np.log(unit(w_term)) * sentence[k]), longest)
                    months_left[p] = max(months_left[p], np.int16(term))
                    away[p] = PRISON
                record[p] = max(record[p], np.float32(weight))
                employability[p] = 1.0 - penalty * record[p]
