"""What is noted of a society while it lives, beyond its monthly indicators: firms, spells, deaths, offences.

An observer looks at the end of every recorded month (and of the last two years of burn-in, so that nobody's spell
begins with the record) and hands over arrays at the end. It only reads.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import NO_ROW, rows_of
from wildsim.indicators.demography import AGES
from wildsim.kernels.ages import WORKING_AGE
from wildsim.state.firms import PUBLIC
from wildsim.state.ownership import household_wealth
from wildsim.state.world import WorldView

Array = NDArray[Any]
MONTHS_A_YEAR = 12
#: Months of burn-in that observers see.
LEAD_IN = 24
#: Durations are counted in months up to this one, which stands for all longer ones.
LONGEST = 60
#: Of more people, households or firms than this, so many are kept, drawn by key: figures of large societies settle.
MOST_KEPT = 50_000


class Observer(Protocol):
    """Something that looks at a society each month.

    Attributes:
        sector: Social sector that it needs; "" for the economy.
    """

    sector: str

    def look(self, view: WorldView, month: int) -> None:
        """Note what the month that just ended shows."""

    def found(self) -> dict[str, Array]:
        """Return what was noted, by name."""


def carried(old_ids: Array, values: Array, new_ids: Array) -> Array:
    """Return `values`, one a row of `old_ids`, for the rows of `new_ids`; 0 for newcomers."""
    if len(old_ids) == len(new_ids) and (old_ids == new_ids).all():
        return values
    rows = rows_of(old_ids, new_ids)
    found = np.zeros(len(new_ids), dtype=values.dtype)
    known = rows != NO_ROW
    found[known] = values[rows[known]]
    return found


def kept(view: WorldView, table: str, rows: Array) -> Array:
    """Return the rows, or MOST_KEPT of them drawn by a key that never changes, in their order."""
    if len(rows) <= MOST_KEPT:
        return rows
    luck = view.uniform_at("facts", table, 0)[rows]
    return np.sort(rows[np.argsort(luck, kind="stable")[:MOST_KEPT]])


class Firms:
    """Every private firm at the end of each year: who, where, staff, sales of the year, price."""

    sector = ""

    def __init__(self) -> None:
        """Begin with no firm."""
        self._ids: Array = np.empty(0, dtype=np.uint64)
        self._sales: Array = np.empty(0)
        self._years: list[dict[str, Array]] = []

    def look(self, view: WorldView, month: int) -> None:
        """Add up sales; at the end of a year note every private firm."""
        if month < 0:
            return
        firms = view.firms
        self._sales = carried(self._ids, self._sales, firms.id) + firms.revenue
        self._ids = firms.id.copy()
        if month % MONTHS_A_YEAR != MONTHS_A_YEAR - 1:
            return
        rows = kept(view, "firms", np.flatnonzero(firms.kind != PUBLIC))
        noted = {name: getattr(firms, name)[rows] for name in ("id", "region", "kind", "staff", "price", "age")}
        noted |= {"sales": self._sales[rows], "year": np.full(len(rows), month // MONTHS_A_YEAR, dtype=np.int32)}
        self._years.append(noted)
        self._sales = np.zeros(len(firms))

    def found(self) -> dict[str, Array]:
        """Return columns, one entry a firm and year."""
        names = list(self._years[0]) if self._years else []
        return {f"firm.{name}": np.concatenate([year[name] for year in self._years]) for name in names}


class Spells:
    """How long people have been searching without work, month by month as the Current Population Survey asks."""

    sector = ""

    def __init__(self) -> None:
        """Begin with nobody."""
        self._ids: Array = np.empty(0, dtype=np.uint64)
        self._months: Array = np.empty(0, dtype=np.int16)
        self._counts = {name: np.zeros(LONGEST + 1) for name in ("under_way", "at_risk", "hired")}

    def look(self, view: WorldView, month: int) -> None:
        """Count spells under way by their length so far, and which of last month's ended with a job."""
        people = view.people
        before = np.minimum(carried(self._ids, self._months, people.id), LONGEST)
        works = people.employer != NO_ROW
        searches = (people.participates == 1) & ~works & (people.age >= WORKING_AGE)
        self._months = np.where(searches, before + 1, 0).astype(np.int16)
        self._ids = people.id.copy()
        if month >= 0:
            for name, who, length in (
                ("under_way", searches, np.minimum(self._months, LONGEST)),
                ("at_risk", (before > 0) & (searches | works), before),
                ("hired", (before > 0) & works, before),
            ):
                self._counts[name] += np.bincount(length[who], minlength=LONGEST + 1)

    def found(self) -> dict[str, Array]:
        """Return counts by month of the spell, the first month first."""
        return {f"spell.{name}": counts[1:] for name, counts in self._counts.items()}


class Cross:
    """Workers and households as they are at the end of the last whole year."""

    sector = ""

    def __init__(self) -> None:
        """Begin with nothing."""
        self._last: dict[str, Array] = {}

    def look(self, view: WorldView, month: int) -> None:
        """Note everybody in the last month of a year, in place of the year before."""
        if month < 0 or month % MONTHS_A_YEAR != MONTHS_A_YEAR - 1:
            return
        people = view.people
        works = kept(view, "people", np.flatnonzero(people.employer != NO_ROW))
        self._last = {f"worker.{name}": getattr(people, name)[works] for name in ("wage", "schooling", "experience")}
        homes = kept(view, "households", np.arange(len(view.households)))
        self._last["household.wealth"] = household_wealth(view)[homes]

    def found(self) -> dict[str, Array]:
        """Return columns, one entry a worker or household."""
        return self._last


class Deaths:
    """Deaths and people alive by age group, added up."""

    sector = "demography"

    def __init__(self) -> None:
        """Begin with nobody."""
        self._counts = {"deaths": np.zeros(len(AGES)), "alive": np.zeros(len(AGES))}

    def look(self, view: WorldView, month: int) -> None:
        """Add the month."""
        if month >= 0:
            for name, counts in self._counts.items():
                for sex in "mf":
                    counts += [view.history.last(f"{name}.{sex}.{group}") for group in range(len(AGES))]

    def found(self) -> dict[str, Array]:
        """Return deaths and person-years by age group (wildsim.indicators.demography.AGES)."""
        return {"age.deaths": self._counts["deaths"], "age.years": self._counts["alive"] / MONTHS_A_YEAR}


class Offences:
    """Property offences and work by region and month."""

    sector = "crime"

    def __init__(self) -> None:
        """Begin with no month."""
        self._months: list[dict[str, Array]] = []

    def look(self, view: WorldView, month: int) -> None:
        """Note the month."""
        if month >= 0:
            policing, counts = view.policing, view.regions.counts
            noted = {name: getattr(policing, name).copy() for name in ("offences", "known", "cleared")}
            self._months.append(noted | {"work": counts[:, 0].copy(), "force": counts[:, 2].copy()})

    def found(self) -> dict[str, Array]:
        """Return arrays with months first, then regions (then kinds of offences)."""
        names = list(self._months[0]) if self._months else []
        return {f"crime.{name}": np.stack([month[name] for month in self._months]) for name in names}


OBSERVERS: tuple[type[Observer], ...] = (Firms, Spells, Cross, Deaths, Offences)
