"""The council: each month it asks every mind that is not the rule, all at once, and proposes what they decided."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, I64, U64, rows_of
from wildsim.deliberation.advice import Advice
from wildsim.deliberation.afterwards import look_back
from wildsim.deliberation.party import Party, answered, gather, proposals
from wildsim.deliberation.seating import seated
from wildsim.deliberation.tally import Tally
from wildsim.minds.llm import decision_id
from wildsim.minds.memory import Memory
from wildsim.minds.mind import Decision, Mind, Question
from wildsim.minds.roles import ROLES
from wildsim.scenario.minds import MindEntry
from wildsim.sensors.world_sensor import Sensors
from wildsim.state.world import World

#: Characters of a call's key that a record of decisions holds: enough to find it on the tape.
CALL_ID = 16


@dataclass
class Sitting:
    """One month of the council: its parties, what they decided, and what they propose.

    Attributes:
        parties: Of the month. decisions: Of each party, one for each question. raw: What each proposes, by field.
        claimed: Role -> [(rows, field -> proposals)], ready for the guard.
    """

    parties: list[Party] = field(default_factory=list)
    decisions: list[list[Decision]] = field(default_factory=list)
    raw: list[dict[str, F64]] = field(default_factory=list)
    claimed: dict[str, list[tuple[I64, dict[str, F64]]]] = field(default_factory=dict)


class Council:
    """All minds of a society that are not the plain rule.

    Attributes:
        sitting: The month's. memory: What agents remember. tally: Decisions by role and source since month 0.
    """

    def __init__(
        self,
        entries: Sequence[MindEntry],
        minds: Mapping[int, Mind],
        reflect: Callable[[Sequence[Question]], list[str]] | None = None,
        link: Callable[[Sequence[tuple[str, str, float]]], None] = lambda rows: None,
    ):
        """Seat the entries of a scenario; entry i asks `minds[i]`, which several entries may share.

        Args:
            reflect: Has agents sum up what they remember (language models only). link: Records on which calls decisions
                rest: (decision, key of a call, weight).
        """
        self.entries, self.minds, self._reflect, self._link = tuple(entries), minds, reflect, link
        self.memory, self.advice, self.tally = Memory(), Advice(), Tally()
        self.sitting = Sitting()

    # -- before the guard ----------------------------------------------------------------------------------------

    def begin(self, world: World) -> None:
        """Let all minds decide for the month; every call of the month goes out in one batch a kind of mind."""
        self.sitting = Sitting()
        self.tally.begin_month()
        month = world.clock.month
        if month < 0:
            return
        if any(entry.active(month) for entry in self.entries):
            self._sit(world, month)
        self.tally.publish(world)

    def _sit(self, world: World, month: int) -> None:
        self.sitting.parties = self._parties(world, month)
        self._sum_up(month)
        self.sitting.decisions = self._decide()
        self._link(
            [
                (decision_id(question), key, weight)
                for party, decisions in zip(self.sitting.parties, self.sitting.decisions, strict=True)
                for question, decision in zip(party.questions, decisions, strict=True)
                for key, weight in decision.calls
            ]
        )
        for party, decisions in zip(self.sitting.parties, self.sitting.decisions, strict=True):
            of = answered(world, party, decisions)
            self.tally.count(party, decisions, of)
            values = proposals(party, of)
            self.sitting.raw.append(values)
            if party.role.fills:
                values = self.advice.weigh(world, party, values, of)
            self.sitting.claimed.setdefault(party.role.decision_role, []).append((party.rows, values))

    def _parties(self, world: World, month: int) -> list[Party]:
        sensors = Sensors(world)
        taken: dict[str, NDArray[np.bool_]] = {}
        found = []
        for number, entry in enumerate(self.entries):
            if not entry.active(month):
                continue
            role = ROLES[entry.role]
            busy = taken.setdefault(role.decision_role, np.zeros(len(world.tables[role.deciders]), dtype=bool))
            rows = seated(world, number, entry, role.deciders, busy)
            busy[rows] = True
            if len(rows):
                found.append(gather(world, number, entry, rows, sensors, self.memory))
        return found

    def _decide(self) -> list[list[Decision]]:
        """Return the decisions of each party; parties that share a mind are asked together."""
        parties = self.sitting.parties
        answers: dict[int, list[Decision]] = {}
        for mind in {id(self.minds[p.number]): self.minds[p.number] for p in parties}.values():
            together = [p for p in parties if self.minds[p.number] is mind]
            ballots = [p.ballots for p in together]
            given = iter(mind.decide([b for of_party in ballots for b in of_party]))
            for party, of_party in zip(together, ballots, strict=True):
                answers[party.number] = party.decided([next(given) for _ in of_party])
        return [answers[party.number] for party in parties]

    def _sum_up(self, month: int) -> None:
        """Let agents whose turn it is sum up what they remember."""
        due = [
            (party.names[k], question)
            for party in self.sitting.parties
            if party.group is None and party.entry.reflect and month > party.entry.from_ and party.entry.mind == "llm"
            if (month - party.entry.from_) % party.entry.reflect == 0
            for k, question in enumerate(party.questions)
            if question.memory
        ]
        if due and self._reflect is not None:
            for (name, _), text in zip(due, self._reflect([question for _, question in due]), strict=True):
                if text:
                    self.memory.conclude(name, text)

    def __call__(self, world: World, role: str, name: str, rule: NDArray[Any]) -> NDArray[Any] | None:
        """Return what is proposed for a decision column, with the rule's numbers for all others; None for nothing."""
        parts = [(rows, values[name]) for rows, values in self.sitting.claimed.get(role, ()) if name in values]
        if not parts:
            return None
        wanted = np.asarray(rule, dtype=np.float64).copy()
        for rows, values in parts:
            wanted[rows] = values
        return wanted

    # -- after the month -----------------------------------------------------------------------------------------

    def end(self, world: World) -> None:
        """Look back at the month just lived: what came of it is remembered, trusted or not, and told to friends."""
        if not self.sitting.parties:
            return
        self.memory.clear_letters()
        look_back(world, self.sitting.parties, self.sitting.decisions, self.memory)
        self.advice.learn(world)

    # -- for the record ------------------------------------------------------------------------------------------

    def deciders(self, role: str) -> U64:
        """Return the ids of agents of the role that a mind decided for this month."""
        found = [party.ids[party.asked] for party in self.sitting.parties if party.role.decision_role == role]
        return np.concatenate(found) if found else np.empty(0, dtype=np.uint64)

    def as_proposed(self, role: str, name: str, wanted: NDArray[Any]) -> NDArray[Any]:
        """Return a decision column as minds proposed it: of an adviser the advice, not what the person makes of it."""
        shown = np.asarray(wanted, dtype=np.float64).copy()
        for party, values in zip(self.sitting.parties, self.sitting.raw, strict=True):
            if party.role.fills == role and name in values:
                shown[party.rows] = values[name]
        return shown

    def notes(self, role: str, ids: U64) -> Iterator[tuple[I64, dict[str, NDArray[Any]]]]:
        """Yield which of `ids` a mind decided for (places), and what the record says of it, as arrays of text.

        Members of a group have the source, the reason and the calls of its typical agent. `given` holds the fields that
        this source decided; the others are the rule's.
        """
        for party, decisions in zip(self.sitting.parties, self.sitting.decisions, strict=True):
            if party.role.decision_role != role:
                continue
            members = rows_of(party.ids, ids)
            here = np.flatnonzero(members >= 0)
            of = party.decision_of(members[here])
            told = {
                "role": [party.role.name] * len(decisions),
                "source": [decision.source for decision in decisions],
                "reason": [decision.reason for decision in decisions],
                "call_ids": [" ".join(key[:CALL_ID] for key, _ in decision.calls) for decision in decisions],
            }
            columns = {name: np.array(texts, dtype=object)[of] for name, texts in told.items()}
            given = np.empty(len(decisions), dtype=object)
            given[:] = [
                _given(question, decision) for question, decision in zip(party.questions, decisions, strict=True)
            ]
            columns["given"] = given[of]
            if party.role.fills:
                self._tell_trust(columns, party.ids[members[here]])
            yield here, columns

    def _tell_trust(self, columns: dict[str, NDArray[Any]], ids: U64) -> None:
        """Say how far advice was followed, where nothing else is said."""
        texts = [f"advice, trusted {trust:.2f}" for trust in self.advice.heard(ids)]
        columns["reason"] = np.where(columns["reason"] == "", np.array(texts, dtype=object), columns["reason"])

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything that must be saved, as arrays by name."""
        return {"memory": self.memory.state(), "tally": self.tally.state(), **self.advice.state()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `state` returned."""
        self.memory.load(saved["memory"])
        self.tally.load(saved["tally"])
        self.advice.load(saved)


def _given(question: Question, decision: Decision) -> frozenset[str]:
    """Return the fields that a decision decided: those asked for where the rule had to, else those proposed."""
    asked = frozenset(field.name for field in question.fields)
    return asked if decision.source == "fallback" else asked & decision.values.keys()
