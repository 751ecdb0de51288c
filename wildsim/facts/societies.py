"""The society that is judged and the ones that must fail: each a variant of one scenario."""

from __future__ import annotations

from dataclasses import dataclass

from wildsim.scenario.schema import Scenario, Shocks

JUDGED = "rules"


@dataclass(frozen=True)
class Variant:
    """A society that shows the facts, or should not.

    Attributes:
        name: As in the table and of its folder. title: In pictures. about: What it shows. scenario: What it lives.
        null: Whether a fact that it shows says nothing about behaviour.
    """

    name: str
    title: str
    about: str
    scenario: Scenario
    null: bool = False


def variants(scenario: Scenario, *, controls: bool = True) -> tuple[Variant, ...]:
    """Return the society of a scenario as it is, then its controls."""
    judged = Variant(JUDGED, "the society", "as the scenario says", scenario)
    if not controls:
        return (judged,)
    calm = Shocks(**dict.fromkeys(Shocks.model_fields, False))
    return (
        judged,
        Variant(
            "shuffled",
            "shuffled",
            "every month each decision is dealt anew among all who decide it",
            scenario.model_copy(update={"behaviour": "shuffled"}),
            null=True,
        ),
        Variant(
            "random",
            "random",
            "everybody decides at random within what is legal",
            scenario.model_copy(update={"behaviour": "random"}),
            null=True,
        ),
        Variant(
            "no shocks",
            "no shocks",
            "aggregate shocks are off: what the economy does by itself",
            scenario.model_copy(update={"shocks": calm}),
        ),
    )
