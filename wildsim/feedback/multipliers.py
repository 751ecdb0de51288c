"""Multipliers of floors and ceilings, learned while a planner looks: as dear as needed to be kept, and no dearer.

A constraint of a `Reward` costs its weight a unit of breach. Which weight is enough nobody knows beforehand. Dual
ascent finds it: the weight rises while the constraint is broken, and falls while there is room.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from wildsim.core.errors import InputError
from wildsim.feedback.reward import Reward, Term


def constraints(reward: Reward) -> dict[str, Term]:
    """Return the terms of a reward that are constraints, by indicator."""
    return {t.indicator: t for t in reward.terms if t.constrains}


@dataclass(frozen=True)
class Multipliers:
    """The weights of constraints after some rounds.

    Attributes:
        values: Weight by indicator, reward per unit of breach, 0 or more. step: Of the first round, in weight per unit
            of breach; that of round k is step / sqrt(k). rounds: How many there were.
        means: Mean of the weights over rounds, by step length: it converges where the last one still swings.
    """

    values: Mapping[str, float]
    step: float = 1.0
    rounds: int = 0
    means: Mapping[str, float] = field(default_factory=dict)
    _walked: float = 0.0

    def __post_init__(self) -> None:
        """Check the weights.

        Raises:
            InputError: A weight is negative, or the step is not above 0.
        """
        if not self.step > 0.0:
            raise InputError(f"step is {self.step:g}; it must be above 0.")
        for name, value in self.values.items():
            if not value >= 0.0:
                raise InputError(f"the multiplier of {name} is {value:g}; it must be 0 or more.")

    @classmethod
    def of(cls, reward: Reward, step: float = 1.0) -> Multipliers:
        """Return multipliers of a reward's constraints, all of them 0 at first."""
        return cls(dict.fromkeys(constraints(reward), 0.0), step)

    def updated(self, rooms: Mapping[str, float]) -> Multipliers:
        """Return the weights after one more round of planning.

        Source: projected subgradient ascent of the dual: w <- max(0, w - step room), steps diminishing (Shor 1985;
            means over rounds: Nedic, Ozdaglar 2009, Approximate primal solutions and rate analysis).

        Args:
            rooms: `Term.room` of each constraint under the plan that the weights led to; what is not known yet (NaN)
                leaves its weight as it is.

        Raises:
            InputError: A constraint has none, or it has one that there is no constraint of.
        """
        if set(rooms) != set(self.values):
            raise InputError(f"constraints are {', '.join(self.values)}; rooms are given of {', '.join(rooms)}.")
        step = self.step / math.sqrt(self.rounds + 1)
        values = {name: _moved(value, step * rooms[name]) for name, value in self.values.items()}
        walked = self._walked + step
        means = {
            name: self.means.get(name, 0.0) + (self.values[name] - self.means.get(name, 0.0)) * step / walked
            for name in values
        }
        return Multipliers(values, self.step, self.rounds + 1, means, walked)

    def applied(self, reward: Reward) -> Reward:
        """Return the reward with these weights on its constraints, so that a breach costs what is known to be needed.

        Raises:
            InputError: The reward has other constraints.
        """
        if set(constraints(reward)) != set(self.values):
            raise InputError(f"the reward has the constraints {', '.join(constraints(reward)) or 'none'}.")
        terms = (replace(t, weight=self.values[t.indicator]) if t.indicator in self.values else t for t in reward.terms)
        return replace(reward, terms=tuple(terms))


def _moved(value: float, by: float) -> float:
    return value if math.isnan(by) else max(0.0, value - by)
