"""What people would honestly answer in a pair of worlds, and the reports that are made of it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import RunError
from wildsim.core.keys import Keys
from wildsim.core.table import F64, U64
from wildsim.engine.plan import Arm
from wildsim.kernels.philox import fill_uniform
from wildsim.scenario.schema import Scenario
from wildsim.sensors.questions import QUESTIONS, at_home
from wildsim.society import Society


@dataclass(frozen=True)
class Answers:
    """Honest answers of everybody at home at the end of a world.

    Attributes:
        ids: Who, shape (people). above, below: What each adds to the two totals that the indicator is the ratio of.
    """

    ids: U64
    above: F64
    below: F64

    @property
    def truth(self) -> float:
        """What it would be of everybody."""
        return float(self.above.sum() / self.below.sum())


@dataclass(frozen=True)
class Pair:
    """One seed.

    Attributes:
        seed: World seed. without, with_: Answers at the end of both worlds.
    """

    seed: int
    without: Answers
    with_: Answers


@dataclass(frozen=True)
class Surveyed:
    """Honest reports on a pair of worlds.

    Attributes:
        seed: World seed. before: Reports without the policy, shape (reporters). after: With it, shape (reporters).
            order: Places of reporters in the order in which they would be bought, shape (reporters).
        truth: Difference of the true values of everybody.
    """

    seed: int
    before: F64
    after: F64
    order: NDArray[np.int64]
    truth: float

    def attackers(self, count: int) -> NDArray[np.bool_]:
        """Return who lies when so many do: those of fewer liars are among those of more."""
        who = np.zeros(len(self.after), dtype=bool)
        who[self.order[:count]] = True
        return who


def live(arms: tuple[Arm, Arm], of: str, seed: int) -> Pair:
    """Live the pair of worlds of one seed, with one burn-in, and ask everybody at the end."""
    base = Society(arms[0].scenario, seed=seed)
    try:
        base.burn_in()
        burned = base.snapshot()
        base.run_for(arms[0].scenario.months)
        without = ask(base, of)
    finally:
        base.close()
    return Pair(seed, without, _live_from(burned, arms[1].scenario, of, seed))


def _live_from(burned: dict[str, NDArray[np.generic]], scenario: Scenario, of: str, seed: int) -> Answers:
    society = Society(scenario, seed=seed)
    try:
        society.restore(burned)
        society.run_for(scenario.months)
        return ask(society, of)
    finally:
        society.close()


def ask(society: Society, of: str) -> Answers:
    """Return what everybody at home would answer now."""
    view = society.world.view()
    rows = np.flatnonzero(at_home(view))
    above, below = QUESTIONS[of](view)
    return Answers(np.array(view.people.id[rows]), np.asarray(above)[rows], np.asarray(below)[rows])


def survey(pair: Pair, reporters: int, each: int) -> Surveyed:
    """Return the reports of a survey of the same people in both worlds.

    A reporter speaks for `each` people, drawn at random, and says their ratio. Asked are those who can answer in both
    worlds; the draws are keyed by person.

    Raises:
        RunError: Too few people can.
    """
    known = np.intersect1d(_able(pair.without), _able(pair.with_))
    drawn, bought = _luck(pair.seed, known)
    groups = min(reporters, len(known) // each)
    if groups < reporters:
        raise RunError(
            f"seed {pair.seed}: {len(known):,} people can answer in both worlds; {reporters} reporters of {each} each "
            "need more. Use fewer --reporters, or more people: --set society.people=..."
        )
    asked = np.argsort(drawn, kind="stable")[: groups * each]
    before, after = (_reports(answers, known[asked], each) for answers in (pair.without, pair.with_))
    order = np.argsort(bought[asked[::each]], kind="stable")
    return Surveyed(pair.seed, before, after, order, pair.with_.truth - pair.without.truth)


def _able(answers: Answers) -> U64:
    return answers.ids[answers.below > 0.0]


def _luck(seed: int, ids: U64) -> F64:
    """Return two keyed draws a person: whether they are asked, and how early their reporter is bought."""
    out = np.empty((len(ids), 2))
    ids = ids.copy()
    ids.flags.writeable = False
    fill_uniform(Keys(seed).stream("hijack", "people", 0), 0, ids, out)
    return np.ascontiguousarray(out.T)


def _reports(answers: Answers, chosen: U64, each: int) -> F64:
    order = np.argsort(answers.ids, kind="stable")
    rows = order[np.searchsorted(answers.ids[order], chosen)].reshape(-1, each)
    return np.asarray(answers.above[rows].sum(axis=1) / answers.below[rows].sum(axis=1))
