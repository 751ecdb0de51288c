"""The society that is judged and the ones that must fail: each a variant of one scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from wildsim.scenario.schema import Scenario, Shocks, as_policy

#: Reforms of the share of offences that lead to an arrest: what moves arrests and nothing else (an instrument).
REFORMS = {"fewer arrests": -0.3, "more arrests": 0.3}


@dataclass(frozen=True)
class Variant:
    """A society that shows the facts, or should not.

    Attributes:
        name: As in the table and of its folder. title: In pictures. about: What it shows. scenario: What it lives.
        null: Whether a fact that it shows says nothing about behaviour.
        reforms: The same society under reforms that some facts need as an instrument, by name.
    """

    name: str
    title: str
    about: str
    scenario: Scenario
    null: bool = False
    reforms: Mapping[str, Scenario] = field(default_factory=dict)


def variants(scenario: Scenario, *, controls: bool = True) -> tuple[Variant, ...]:
    """Return the society of a scenario as it is, then its controls."""
    judged = Variant(scenario.behaviour, "the society", "as the scenario says", scenario, reforms=_reforms(scenario))
    if not controls:
        return (judged,)
    calm = Shocks(**dict.fromkeys(Shocks.model_fields, False))
    dealt = "every month each decision is dealt anew among all who decide it"
    quiet = "aggregate shocks are off: what the economy does by itself"
    return (
        judged,
        _control(scenario, "shuffled", dealt, null=True, behaviour="shuffled"),
        _control(scenario, "random", "everybody decides at random within what is legal", null=True, behaviour="random"),
        _control(scenario, "no shocks", quiet, null=False, shocks=calm),
    )


def _control(scenario: Scenario, name: str, about: str, *, null: bool, **changes: Any) -> Variant:
    return Variant(name, name, about, scenario.model_copy(update=changes), null=null)


def _reforms(scenario: Scenario) -> dict[str, Scenario]:
    if "crime" not in scenario.sectors_on:
        return {}
    found = {}
    for name, change in REFORMS.items():
        reform = as_policy({"kind": "clearance", "change": change, "from": 0})
        found[name] = scenario.model_copy(update={"policies": (*scenario.policies, reform)})
    return found
