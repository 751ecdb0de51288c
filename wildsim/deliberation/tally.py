"""What minds decided, counted: by role and source, repaired, fallen back and why, and what archetypes lose."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import U8
from wildsim.deliberation.answered import Answered
from wildsim.deliberation.party import Party
from wildsim.minds.mind import FALLIBLE, SPOKEN, Decision
from wildsim.state.world import World


class Tally:
    """Counts since month 0, and of the month.

    Attributes:
        decisions: role/source -> decisions asked for. agents: role/source -> decisions made, those of archetypes spread
            over their group. repaired: role -> decisions. reasons: Reason -> fallbacks. outside: role -> decisions with
            a proposal outside the legal range. loss, checked: role/field -> sum of losses by archetypes, their number.
        month: source -> decisions of this month.
    """

    def __init__(self) -> None:
        """Nothing was decided yet."""
        self.decisions: Counter[str] = Counter()
        self.agents: Counter[str] = Counter()
        self.repaired: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()
        self.outside: Counter[str] = Counter()
        self.loss: dict[str, float] = {}
        self.checked: Counter[str] = Counter()
        self.month: Counter[str] = Counter()

    def begin_month(self) -> None:
        """Forget last month."""
        self.month = Counter()

    def count(self, party: Party, decisions: Sequence[Decision], of: Mapping[str, Answered]) -> None:
        """Count the decisions of a party."""
        role = party.role.name
        weights = party.group.weights if party.group is not None else None
        for place, (question, decision) in enumerate(zip(party.questions, decisions, strict=True)):
            stands_for = 1 if weights is None or place >= len(weights) else int(weights[place])
            self.decisions[f"{role}/{decision.source}"] += 1
            self.agents[f"{role}/{decision.source}"] += stands_for
            self.month[decision.source] += stands_for
            self.repaired[role] += decision.repaired
            self.outside[role] += any(
                not f.low <= decision.values.get(f.name, f.low) <= f.high for f in question.fields
            )
            if decision.source == "fallback":
                self.reasons[_kind(decision.reason)] += 1
        if party.group is not None and len(party.asked) > party.group.groups:
            for name, one in of.items():
                loss = party.group.loss(one)
                self.loss[f"{role}/{name}"] = self.loss.get(f"{role}/{name}", 0.0) + float(loss.sum())
                self.checked[f"{role}/{name}"] += len(loss)

    def publish(self, world: World) -> None:
        """Write what the indicators need of the month into the table of economy-wide numbers."""
        macro = world.view({"macro": ("spoken", "fallible", "fallbacks")}).macro
        macro.spoken[0] = sum(self.month[source] for source in SPOKEN)
        macro.fallible[0] = sum(self.month[source] for source in FALLIBLE)
        macro.fallbacks[0] = self.month["fallback"]

    def report(self) -> dict[str, Any]:
        """Return the counts as plain data."""
        means = {key: self.loss[key] / number for key, number in sorted(self.checked.items()) if number}
        counted = {name: dict(sorted(getattr(self, name).items())) for name in _COUNTED}
        return counted | {"archetype_loss": means}

    def state(self) -> U8:
        """Return the counts as bytes."""
        saved = {name: dict(getattr(self, name)) for name in (*_COUNTED, "loss")}
        return np.frombuffer(json.dumps(saved, sort_keys=True).encode(), dtype=np.uint8).copy()

    def load(self, state: NDArray[Any]) -> None:
        """Take over what `state` returned."""
        saved = json.loads(state.astype(np.uint8).tobytes().decode())
        self.loss = saved.pop("loss")
        for name, counts in saved.items():
            setattr(self, name, Counter(counts))


def _kind(reason: str) -> str:
    """Return a reason without names, numbers and quotations, so that equal ones are counted together."""
    first = reason.partition(" Asked again")[0].partition(":")[0]
    return re.sub(r"'[^']*'|[-+]?\d[\d.,e+-]*", "...", first)


_COUNTED = ("decisions", "agents", "repaired", "reasons", "outside", "checked")
