"""Policies whose effect is known: scenario, overlay, the estimator of the paper, published range, and a bite.

Adding one is one file here that registers a `Case`. A case is passed when the point estimate lies in its range, its
standard error is at most a quarter of the range's width, and every bite holds. The range of a case without effect
holds zero: only the bite tells a policy that did something from a dead one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from wildsim.core.registry import Registry

if TYPE_CHECKING:
    from wildsim.cases.record import Arms, Seen
    from wildsim.scenario.schema import Scenario
    from wildsim.state.world import WorldView

#: Largest standard error of an estimate, as a share of the width of its range.
MOST_ERROR = 0.25
#: The estimate's name in what an estimator returns; all other names are bites or notes.
ESTIMATE = "estimate"


@dataclass(frozen=True)
class Bite:
    """What must be seen beside the estimate, so that a policy that does nothing fails.

    Attributes:
        name: Its name in what the estimator returns. about: In words. unit: As printed.
        low, high: Range in which the mean over seeds must lie, both ends included.
        dead: Value where the policy does nothing; outside the range. NaN if the bite says nothing about that.
    """

    name: str
    about: str
    unit: str
    low: float
    high: float = float("inf")
    dead: float = 0.0


@dataclass(frozen=True)
class Case:
    """One policy whose effect was measured.

    Attributes:
        name: As the command takes it. title: In words. policy: What is done, in a sentence.
        published: The finding, with its interval. source: Paper. measured: What the estimator computes.
        low, high: Range of the estimate, both ends included. unit: Of the estimate.
        scenario: The society, as in a scenario file, without name. policies: The overlay's list of policies.
        months: How long it is watched, from the policy's first month on.
        eve: Groups fixed on the eve of the policy, by name. see: What is recorded every month, by name.
        estimate: From the records of both arms: the estimate, the bites, and notes. One seed.
        bites: All must hold. notes: Further numbers that the table shows, with their meaning; they decide nothing.
        counted: Whether it counts among those whose range leaves zero out.
        reaches: The upper end of the estimate's 95 % interval must be above it.
    """

    name: str
    title: str
    policy: str
    published: str
    source: str
    measured: str
    low: float
    high: float
    unit: str
    scenario: Mapping[str, Any]
    policies: tuple[Mapping[str, Any], ...]
    months: int
    eve: Callable[[WorldView], Mapping[str, Any]]
    see: Callable[[WorldView, Seen], Mapping[str, Any]]
    estimate: Callable[[Arms], Mapping[str, float]]
    bites: tuple[Bite, ...] = ()
    notes: Mapping[str, str] = field(default_factory=dict)
    counted: bool = True
    reaches: float = float("-inf")

    @property
    def holds_zero(self) -> bool:
        """Whether a policy without effect lies in the range."""
        return self.low <= 0.0 <= self.high

    @property
    def start(self) -> int:
        """First month in which the policy acts."""
        return min(int(policy.get("from", 0)) for policy in self.policies)

    def story(self, size: float | None, changes: Mapping[str, Any] | None = None) -> Scenario:
        """Return the scenario with the policies at `size` times their own; None leaves them out.

        Args:
            changes: Settings by dotted path, as `--set` gives them.
        """
        from wildsim.cases.record import build

        policies = [] if size is None else [{**p, "size": size * float(p.get("size", 1.0))} for p in self.policies]
        data = {"name": self.name.replace("_", "-"), **self.scenario, "policies": policies}
        data["months"] = self.start + self.months
        return build(data, changes or {})


CASES: Registry[Case] = Registry("case", "wildsim.cases", without=("record", "study", "verdict", "groups"))


def case(**about: Any) -> Case:
    """Register a case and return it."""
    made = Case(**about)
    CASES.register(made.name, made.estimate.__module__)(made)
    return made
