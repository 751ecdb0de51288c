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


class DecisionLog:
    """Decisions of one month for some of the agents of each role.

    Attributes:
        whose: "panel" keeps the people of the panel, banks, government and central bank; "all" keeps everybody.
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
        self._source = "mind" if world.minds else "rule"
        self._deciders = {role: deciders for role, _, deciders in world.deciding()}
        for role, deciders in self._deciders.items():
            ids = world.tables[deciders].view().id
            if self.whose == "panel" and role == "household_member":
                ids = ids[np.isin(ids, self._panel)]
            elif self.whose == "panel" and role == "firm_manager":
                ids = ids[:0]
            self._ids[role] = ids.copy()

    def keep(self, world: World, role: str, name: str, stage: str, values: NDArray[Any]) -> None:
        """Keep one stage of a decision column; `values` has a row for every agent of the role."""
        rows = self._rows(world, role)
        self._kept.setdefault((role, name), {})[stage] = np.asarray(values, dtype=np.float64)[rows]

    def finish(self, world: World) -> list[dict[str, Any]]:
        """Return the month's record, one row a decision and field."""
        done = executed(world.view())
        found = []
        for (role, name), stages in self._kept.items():
            rows = self._rows(world, role)
            values = done.get((role, name))
            happened = stages["guarded"] if values is None else np.where(rows == NO_ROW, math.nan, values[rows])
            row_name = world.tables[self._deciders[role]].row_name
            for i, identity in enumerate(self._ids[role]):
                numbers = {stage: float(stages[stage][i]) for stage in STAGES[:3]}
                changed = numbers["guarded"] != numbers["proposed"]
                found.append(
                    {"agent": label(row_name, int(identity)), "role": role, "field": name}
                    | numbers
                    | {"executed": float(happened[i]), "source": self._source}
                    | {"reason": "outside the legal range" if changed else "", "call_ids": ""}
                )
        return found

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
