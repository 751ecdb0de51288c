"""Advice: a person does what its own rule says, moved towards the advice by a trust that is learned from outcomes.

    decision = rule + trust (advice - rule);   trust += speed * share moved * (how it went - trust)

How it went: the chance, by a logistic curve, that the household's means are above what it expected. Sources: weight of
advice and its start, Yaniv, Kleinberger 2000 (about .3); learning from the error of prediction, Rescorla, Wagner 1972.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wildsim.core.table import F64, U64, rows_of
from wildsim.deliberation.answered import Answered
from wildsim.deliberation.party import Party
from wildsim.state.world import World

#: Trust in an adviser never met before, and speeds of learning trust and expectations.
START, LEARNING, EXPECTING = 0.3, 0.1, 0.2
#: Surprise, log points, at which the curve has moved from one half to .73.
SCALE = 0.1
#: Part of net savings that counts as means of a month.
SAVINGS = 1.0 / 12.0


class Advice:
    """Who trusts advice how much.

    Attributes:
        ids: People ever advised. trust: In their adviser, 0 to 1. expected: Log means expected; NaN before the first.
    """

    def __init__(self) -> None:
        """Nobody was advised yet."""
        self.ids: U64 = np.empty(0, dtype=np.uint64)
        self.trust: F64 = np.empty(0)
        self.expected: F64 = np.empty(0)
        self._moved: F64 = np.empty(0)
        self._heard: F64 = np.empty(0)

    def weigh(
        self, world: World, party: Party, advice: Mapping[str, F64], of: Mapping[str, Answered]
    ) -> dict[str, F64]:
        """Return what the people of a party decide, field -> (people).

        A code or count is the adviser's with the chance `trust`, else the rule's: the draw is keyed.
        """
        self._admit(party.ids)
        rows = rows_of(self.ids, party.ids)
        trust = self.trust[rows]
        luck = world.view().uniform(f"minds{party.number}.advice", "people")[0][party.rows]
        decided, moved = {}, np.zeros(len(trust))
        for name, given in advice.items():
            own = of[name].rules
            weight = (luck < trust).astype(np.float64) if of[name].fields[0].whole else trust
            decided[name] = own + weight * (given - own)
            size = np.maximum(np.abs(own), np.abs(given))
            apart = np.abs(given - own) / np.where(size > 0.0, size, 1.0)
            moved = np.maximum(moved, weight * np.minimum(apart, 1.0))
        self._moved[rows], self._heard[rows] = moved, trust
        return decided

    def heard(self, ids: U64) -> F64:
        """Return the trust with which people heard the advice of this month."""
        return self._heard[rows_of(self.ids, ids)]

    def _admit(self, ids: U64) -> None:
        fresh = ids[~np.isin(ids, self.ids)]
        self.ids = np.concatenate([self.ids, fresh])
        self.trust = np.concatenate([self.trust, np.full(len(fresh), START)])
        self.expected = np.concatenate([self.expected, np.full(len(fresh), np.nan)])
        self._moved = np.concatenate([self._moved, np.zeros(len(fresh))])
        self._heard = np.concatenate([self._heard, np.full(len(fresh), START)])

    def learn(self, world: World) -> None:
        """Compare what became of the advised with what they expected; forget those who are gone."""
        if not len(self.ids):
            return
        view = world.view()
        rows = rows_of(view.people.id, self.ids)
        here = rows >= 0
        self.ids, self.trust, self.expected = self.ids[here], self.trust[here], self.expected[here]
        moved, self._heard, rows = self._moved[here], self._heard[here], rows[here]
        means = log_means(world)[view.people.household[rows]]
        surprise = np.nan_to_num(means - self.expected)
        went = 1.0 / (1.0 + np.exp(-surprise / SCALE))
        known = np.isfinite(self.expected)
        self.trust += np.where(known, LEARNING * moved * (went - self.trust), 0.0)
        self.expected = np.where(known, self.expected + EXPECTING * (means - self.expected), means)
        self._moved = np.zeros(len(self.ids))

    def state(self) -> dict[str, NDArray[Any]]:
        """Return everything that must be saved."""
        return {"advised": self.ids.copy(), "trust": self.trust.copy(), "expected": self.expected.copy()}

    def load(self, saved: Mapping[str, NDArray[Any]]) -> None:
        """Take over what `state` returned."""
        self.ids = np.array(saved["advised"], dtype=np.uint64)
        self.trust, self.expected = np.array(saved["trust"]), np.array(saved["expected"])
        self._moved, self._heard = np.zeros(len(self.ids)), self.trust.copy()


def log_means(world: World) -> F64:
    """Return the log of each household's means of the month: income and part of net savings, in mean wages a head."""
    view = world.view()
    homes, wage = view.households, float(view.macro.mean_wage[0])
    savings = np.maximum(homes.deposits - homes.loans, 0.0)
    means = (homes.income + SAVINGS * savings) / np.sqrt(homes.members) / wage
    return np.asarray(np.log(np.maximum(means, 1e-3)))
