"""The mechanism of a gap is named right in worlds whose rule lives here; what has no arm has no name.

Power: arms of 120 to 400 candidates, a push of 3 to 5 standard deviations of what is observed, the small one a quarter
to a third of it; the planted gap takes a fifth or more of what the proxy promises.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable

import numpy as np
import pytest

from wildsim.core.errors import InputError
from wildsim.studies.goodhart.mechanism import MECHANISMS, Arm, name_mechanism

FEW, MANY = 60, 1_000


class World:
    """One world: a proxy with two readings, gold, and a rule of how both answer when the levers move."""

    def __init__(self, rng: np.random.Generator, kinds: tuple[str, ...]):
        """Draw sizes, shapes, units and the rule."""
        self.rng, self.kinds = rng, kinds
        self.count = int(rng.integers(120, 401))
        self.push, self.small = rng.uniform(3.0, 5.0), rng.uniform(0.25, 0.33)
        # choosing the best quarter picks 1.27 s^2 / sqrt(1 + s^2) of luck: a fifth or more of what is promised
        self.reading = rng.uniform(1.4, 2.0) if "regressional" in kinds else rng.uniform(0.05, 0.4)
        self.scatter = rng.uniform(0.1, 0.6)
        self.scale, self.zero = np.exp(rng.normal(0, 2, 2)), rng.normal(0, 100, 2)
        self.normal = rng.random() < 0.5
        self.breaks = int(rng.integers(3))
        self.loss = rng.uniform(0.8, 1.5)
        self.moves = rng.uniform(0.0, 0.4)
        self.cheats, self.cheating = rng.uniform(0.3, 1.0), rng.uniform(0.4, 1.2) * self.push
        self.harm = rng.uniform(0.0, 0.3)
        if "immaterial" in kinds:  # cheating takes just the tenth of what is promised that is not worth a name
            self.kinds, self.cheating, self.cheats, self.harm, self.reading = (
                ("adversarial",),
                self.push / 9,
                1.0,
                0.0,
                0.05,
            )

    def _drawn(self) -> np.ndarray:
        size = self.count
        return self.rng.standard_normal(size) if self.normal else self.rng.standard_t(6, size) / 1.5**0.5

    def arm(self, share: float, seen: bool = False) -> Arm:
        """Return the candidates of an arm that is pushed by a share of the whole push."""
        before, cheats = self._drawn(), self.rng.random(self.count) < self.cheats
        true = before + share * self.push
        gold = before + share * self.push * (self.moves if "causal" in self.kinds else 1.0)
        if "extremal" in self.kinds:
            beyond = np.maximum(true - 2.0, 0.0)
            lost = (beyond, beyond**2 / 2.0, np.minimum(beyond, 1.0) + beyond)[self.breaks]
            gold = gold - self.loss * lost
        if seen and "adversarial" in self.kinds:
            true = true + cheats * self.cheating / self.cheats**0.5
            gold = gold - self.harm * cheats
        gold = gold + self.scatter * self.rng.standard_normal(self.count)
        readings = [true + self.reading * self.rng.standard_normal(self.count) for _ in range(2)]
        one, two = (self.zero[0] + self.scale[0] * reading for reading in readings)
        return Arm(one, self.zero[1] + self.scale[1] * gold, two)

    def arms(self) -> dict[str, Arm | None]:
        """Return all four arms."""
        return {
            "observe": self.arm(0.0),
            "small": self.arm(self.small),
            "blind": self.arm(1.0),
            "seen": self.arm(1.0, seen=True),
        }


def _names(kind: str, seed: int, worlds: int, change: Callable[[dict], dict] = lambda arms: arms) -> Counter[str]:
    """Return how often each mechanism is named in worlds of one kind."""
    rng, found = np.random.Generator(np.random.Philox(seed)), Counter[str]()
    for _ in range(worlds):
        arms = change(World(rng, (kind,)).arms())
        try:
            found[name_mechanism(**arms).name] += 1
        except InputError as refused:  # counts as wrong; allowed for want of a clear relation alone
            assert "do not clearly rise together" in str(refused)  # noqa: PT017
            found["refused"] += 1
    return found


@pytest.mark.parametrize("kind", ["none", *MECHANISMS])
def test_the_mechanism_is_named_right(kind: str) -> None:
    assert _names(kind, 1, FEW)[kind] / FEW >= 0.95


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["none", *MECHANISMS])
def test_the_mechanism_is_named_right_in_a_thousand_worlds(kind: str) -> None:
    assert _names(kind, 2, MANY)[kind] / MANY >= 0.95


@pytest.mark.slow
def test_a_gap_that_is_just_not_material_is_named_at_the_nominal_rate_at_most() -> None:
    """Nominal 5 %, less for four tests together."""
    assert 1 - _names("immaterial", 10, MANY)["none"] / MANY <= 0.066


@pytest.mark.parametrize(
    ("kind", "off"),
    [
        ("adversarial", "seen"),
        ("adversarial", "blind"),
        ("causal", "small"),
        ("extremal", "small"),
        ("causal", "blind"),
    ],
)
def test_without_its_arm_a_mechanism_cannot_be_named(kind: str, off: str) -> None:
    assert _names(kind, 3, 15, lambda arms: {**arms, off: None})[kind] == 0


def test_without_second_readings_the_regressional_one_cannot_be_named() -> None:
    def once(arms: dict) -> dict:
        return {name: Arm(arm.proxy, arm.gold) for name, arm in arms.items()}

    assert _names("regressional", 4, 15, once)["regressional"] == 0


def test_where_others_know_in_both_arms_nobody_is_accused() -> None:
    """Control: the seen arm run twice, once under the name of blind."""
    assert _names("adversarial", 5, 15, lambda arms: {**arms, "blind": arms["seen"]})["adversarial"] == 0


def test_gold_that_is_shuffled_promises_nothing() -> None:
    rng = np.random.Generator(np.random.Philox(6))
    arms = World(rng, ("causal",)).arms()
    assert arms["observe"] is not None
    arms["observe"] = Arm(arms["observe"].proxy, rng.permutation(arms["observe"].gold), arms["observe"].again)
    with pytest.raises(InputError, match="do not clearly rise together"):
        name_mechanism(**arms)  # type: ignore[arg-type]


def test_two_mechanisms_at_once_are_both_named() -> None:
    rng, both = np.random.Generator(np.random.Philox(7)), 0
    for _ in range(20):
        found = name_mechanism(**World(rng, ("causal", "adversarial")).arms())  # type: ignore[arg-type]
        both += {found.name, *found.also} == {"causal", "adversarial"}
    assert both >= 17


def test_the_parts_are_what_was_planted() -> None:
    rng = np.random.Generator(np.random.Philox(8))
    off: dict[str, list[float]] = {name: [] for name in MECHANISMS}
    for _ in range(40):
        world = World(rng, ("causal", "adversarial"))
        found = name_mechanism(**world.arms())  # type: ignore[arg-type]
        cheated = world.cheating * world.cheats**0.5 + world.harm * world.cheats
        planted = {"causal": world.push * (1 - world.moves), "adversarial": cheated, "extremal": 0.0}
        for name, value in planted.items():
            part = found.parts[name]  # type: ignore[index]
            off[name].append((part.value / world.scale[1] - value) / (part.se / world.scale[1]))
    for name in ("causal", "adversarial", "extremal"):
        assert abs(np.mean(off[name])) < 4 / 40**0.5, name
        assert 0.6 < np.std(off[name]) < 1.5, name


def test_arms_of_the_same_candidates_say_more_when_they_are_paired() -> None:
    """As with one seed in every arm: the same people before the push, the same luck of reading."""
    sure, wrong, narrower = {True: 0, False: 0}, 0, 0
    for seed in range(40):
        arms = []
        for share in (0.0, 0.3, 1.0, 1.0):
            rng = np.random.Generator(np.random.Philox(seed))
            world = World(rng, ("adversarial",))
            world.count, world.push, world.normal, world.cheating = 40, 3.0, True, 0.9
            world.cheats, world.harm, world.scatter = 1.0, 0.0, 1.0
            arms.append(world.arm(share, seen=len(arms) == 3))
        for paired in sure:
            found = name_mechanism(*arms, paired=paired)
            sure[paired] += found.name == "adversarial"
            wrong += found.name not in ("adversarial", "none")
        both = [name_mechanism(*arms, paired=paired).parts["adversarial"].se for paired in (True, False)]
        narrower += both[0] < both[1]
    assert narrower == 40
    assert wrong <= 2
    assert sure[True] >= 36 > sure[False]


def test_an_answer_can_be_had_again_and_says_why() -> None:
    arms = World(np.random.Generator(np.random.Philox(9)), ("adversarial",)).arms()
    first, second = (name_mechanism(**arms) for _ in range(2))  # type: ignore[arg-type]
    assert str(first) == str(second)
    assert first.why.startswith("the gap opens where others know that the proxy is rewarded: ")
    part = name_mechanism(**{**arms, "seen": None})  # type: ignore[arg-type]
    assert part.missing == ("adversarial",)
    assert part.why.endswith("Not tested, for want of arms or readings: adversarial.")


def test_what_cannot_be_judged_is_refused() -> None:
    arms = World(np.random.Generator(np.random.Philox(9)), ("none",)).arms()
    observe, small, blind = arms["observe"], arms["small"], arms["blind"]
    assert observe is not None
    assert small is not None
    few = Arm(*(np.zeros(5) for _ in range(3)))
    for wrong, says in (
        ({"observe": observe}, "nothing is pushed"),
        ({"observe": observe, "small": few}, "arm small: 20 candidates or more"),
        ({"observe": observe, "small": Arm(small.proxy, small.gold * np.nan, small.again)}, "a number is missing"),
        ({"observe": observe, "small": Arm(small.proxy, small.gold)}, "some arms have second readings"),
        ({"observe": observe, "blind": observe}, "does not clearly raise the proxy"),
        ({"observe": observe, "blind": blind, "chosen": 1.0}, "are shares"),
        ({"observe": observe, "blind": Arm(*(np.arange(30.0),) * 3), "paired": True}, "their numbers differ"),
    ):
        with pytest.raises(InputError, match=says):
            name_mechanism(**wrong)  # type: ignore[arg-type]
