"""The record of decisions: proposed, let pass by the guard, executed, and what the rule would have done."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.keys import label
from wildsim.core.table import F64, I64, NO_ROW, U64, rows_of
from wildsim.state.firms import PUBLIC
from wildsim.state.world import World, WorldView

#: Which values of a decision are kept.
STAGES = ("rule", "proposed", "guarded", "executed")
#: Columns of the record.
COLUMNS = ("agent", "role", "field", *STAGES, "source", "reason", "call_ids")
OUTSIDE = "outside the legal range"


class DecisionLog:
    """Decisions of one month for some of the agents of each role.

    Attributes:
        whose: "minds" keeps agents with a mind of their own, "panel" beside them the people of the panel, banks,
            government and central bank; "all" keeps everybody.
    """

    def __init__(self, whose: str, panel: U64):
        """Keep decisions of `whose`; `panel` holds the ids of the people in the panel."""
        self.whose, self._panel = whose, panel
        self._kept: dict[tuple[str, str], dict[str, F64]] = {}
        self._ids: dict[str, U64] = {}
        self._source = "rule"
        self._deciders: dict[str, str] = {}

    def begin(self, world: World) -> None:
        """Forget last month and find the rows of those whose decisions are kept."""
        self._kept.clear()
        self._source = "mind" if any(mind is not world.council for mind in world.minds) else "rule"
        self._deciders = {role: deciders for role, _, deciders in world.deciding()}
        for role, deciders in self._deciders.items():
            ids = world.tables[deciders].view().id
            if self.whose != "all":
                minded = world.council.deciders(role) if world.council is not None else ids[:0]
                ids = ids[self._followed(role, ids) | np.isin(ids, minded)]
            self._ids[role] = ids.copy()

    def _followed(self, role: str, ids: U64) -> NDArray[np.bool_]:
        """Return whose decisions are kept although the rules make them."""
        if self.whose == "minds" or role == "firm_manager":
            return np.zeros(len(ids), dtype=bool)
        if role == "household_member":
            return np.isin(ids, self._panel)
        return np.ones(len(ids), dtype=bool)

    def keep(self, world: World, role: str, name: str, stage: str, values: NDArray[Any]) -> None:
        """Keep one stage of a decision column; `values` has a row for every agent of the role."""
        if len(self._ids[role]):
            rows = self._rows(world, role)
            self._kept.setdefault((role, name), {})[stage] = np.asarray(values, dtype=np.float64)[rows]

    def finish(self, world: World) -> dict[str, NDArray[Any]]:
        """Return the month's record as columns of equal length, one row a decision and field (see COLUMNS)."""
        done = executed(world.view())
        parts: dict[str, list[NDArray[Any]]] = {name: [] for name in COLUMNS}
        told = {role: self._told(world, role) for role, ids in self._ids.items() if len(ids)}
        for (role, name), stages in self._kept.items():
            rows = self._rows(world, role)
            values = done.get((role, name))
            happened = stages["guarded"] if values is None else np.where(rows == NO_ROW, math.nan, values[rows])
            who = told[role]
            # a column of single precision rounds what is proposed: that is no word of the guard
            same = np.isclose(stages["guarded"], stages["proposed"], rtol=1e-6, atol=0.0, equal_nan=True)
            # fields that a mind was not asked about, or left out, are the rule's
            by_mind = np.array([given is None or name in given for given in who["given"]], dtype=bool)
            source, reason, calls = (
                np.where(by_mind, who[key], rules)
                for key, rules in (("source", "rule"), ("reason", ""), ("call_ids", ""))
            )
            changed = ~same & (reason == "")
            column = {
                **{"agent": who["agent"], "role": who["role"], "source": source, "call_ids": calls},
                **{"field": np.full(len(rows), name, dtype=object), "executed": happened},
                **{stage: stages[stage] for stage in STAGES[:3]},
                "reason": np.where(changed, OUTSIDE, reason),
            }
            for key, array in column.items():
                parts[key].append(array)
        return {key: np.concatenate(arrays) if arrays else np.empty(0) for key, arrays in parts.items()}

    def _told(self, world: World, role: str) -> dict[str, NDArray[Any]]:
        """Return agent, role, source, reason, calls, and the fields that the source decided (None: all), by agent."""
        ids = self._ids[role]
        row_name = world.tables[self._deciders[role]].row_name
        told = {
            "agent": np.array([label(row_name, int(i)) for i in ids], dtype=object),
            "role": np.full(len(ids), role, dtype=object),
            "source": np.full(len(ids), self._source, dtype=object),
            "reason": np.full(len(ids), "", dtype=object),
            "call_ids": np.full(len(ids), "", dtype=object),
            "given": np.full(len(ids), None, dtype=object),
        }
        for places, columns in world.council.notes(role, ids) if world.council is not None else ():
            for key, values in columns.items():
                told[key][places] = values
        return told

    def _rows(self, world: World, role: str) -> I64:
        """Return the present row of each agent kept, NO_ROW for those that ended since."""
        return rows_of(world.tables[self._deciders[role]].view().id, self._ids[role])


def executed(view: WorldView) -> dict[tuple[str, str], F64]:
    """Return what became of each decision that can be rationed; the others were executed as the guard let them pass."""
    people, households, firms = view.people, view.households, view.firms
    choice, manager = view.member_decisions, view.manager_decisions
    wanted = np.bincount(people.household, weights=choice.consumption, minlength=len(households))
    share = np.divide(households.spending, wanted, out=np.zeros(len(households)), where=wanted > 0.0)
    at_work = people.employer != NO_ROW
    staff = float(firms.staff[firms.kind == PUBLIC].sum())
    of_sectors = {("firm_manager", "tasks"): view.adopters.tasks} if view.has("adoption") else {}
    return of_sectors | {
        ("household_member", "consumption"): choice.consumption * share[people.household],
        ("household_member", "hours"): np.where(at_work, choice.hours, 0.0),
        ("household_member", "participate"): people.participates.astype(np.float64),
        ("firm_manager", "output"): firms.output,
        ("firm_manager", "vacancies"): (firms.opened - firms.vacancies).astype(np.float64),
        ("firm_manager", "investment"): np.where(firms.supplier != NO_ROW, manager.investment, 0.0),
        ("government", "tax_shift"): view.government.tax_shift,
        ("government", "purchases"): view.government.purchases,
        ("government", "staff"): np.array([staff]),
        ("central_banker", "rate"): view.central_bank.rate,
    }
