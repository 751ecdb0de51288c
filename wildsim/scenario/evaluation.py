"""The section `evaluation` of a scenario: what judges an optimisation, and is kept from those who optimise."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING

from pydantic import Field

from wildsim.core.document import KeyPath
from wildsim.policies.base import Part

if TYPE_CHECKING:
    from wildsim.scenario.schema import Scenario

#: Most indicators of one list: a question that asks for everything asks for nothing.
MOST = 20
#: One number under several names: who seals one of them seals all.
TWINS = (("gdp", "gdp_production", "gdp_income", "gdp_expenditure"),)
#: Sums that their parts show: who seals the first seals the others.
SUMS = (("crime_rate", "property_crime_rate", "violent_crime_rate"),)


class EvaluationSection(Part):
    """Indicators that judge."""

    validation: tuple[str, ...] = Field(
        (), max_length=MOST, strict=False, description="Indicators that may stop an optimisation early."
    )
    sealed: tuple[str, ...] = Field(
        (), max_length=MOST, strict=False, description="Indicators that give the verdict, opened once."
    )

    def __bool__(self) -> bool:
        """Return whether anything judges."""
        return bool(self.validation or self.sealed)

    @property
    def hidden(self) -> frozenset[str]:
        """The sealed indicators, under every name that they have, with the parts that they are the sums of."""
        found = set(self.sealed)
        for names in TWINS:
            if found & set(names):
                found |= set(names)
        for whole, *parts in SUMS:
            if whole in found:
                found |= set(parts)
        return frozenset(found)


def check_evaluation(scenario: Scenario, note: Callable[[KeyPath, str], object]) -> None:
    """Note what cannot judge: no indicator that is better high or low, one of a sector that is off, one that rewards.

    Args:
        note: Called with the place of a mistake and with what it is.
    """
    if not scenario.evaluation:
        return
    from wildsim.indicators import INDICATORS

    for part in ("validation", "sealed"):
        names: tuple[str, ...] = getattr(scenario.evaluation, part)
        for index, name in enumerate(names):
            path: KeyPath = ("evaluation", part, index)
            found = INDICATORS[name]
            if name in names[:index] or (part == "sealed" and name in scenario.evaluation.validation):
                note(path, f"'{name}' is named twice; what stops an optimisation cannot give its verdict, too.")
            elif not found.direction:
                note(path, f"'{name}' is neither better high nor better low: it cannot judge.")
            elif found.sector and found.sector not in scenario.sectors_on:
                note(path, f"'{name}' belongs to the {found.sector} sector, which is off: {_switch(found.sector)}.")
    hidden = scenario.evaluation.hidden
    for path, name in [*_published(scenario, hidden), *_rewarded(scenario, hidden), *_seen(scenario, hidden)]:
        note(
            path,
            f"'{name}' is sealed, and nothing that spoils it says how it is measured: its true value would be seen.",
        )


def _published(scenario: Scenario, hidden: Collection[str]) -> list[tuple[KeyPath, str]]:
    """Return the sensors that publish what is sealed as it is."""
    people = scenario.society.people
    exact = [(name, entry.reads(name)) for name, entry in scenario.sensors.items() if entry.is_exact(people)]
    return [(("sensors", name), read) for name, reads in exact for read in sorted(reads & set(hidden))]


def _rewarded(scenario: Scenario, hidden: Collection[str]) -> list[tuple[KeyPath, str]]:
    """Return the terms of the reward that read what is sealed, where no sensor measures it."""
    return [
        (("reward", name), read)
        for name, term in scenario.reward.terms.items()
        for read in filter(None, (name, term.per))
        if read in hidden and read not in scenario.sensors
    ]


def _seen(scenario: Scenario, hidden: Collection[str]) -> list[tuple[KeyPath, str]]:
    """Return the minds whose role sees what is sealed, where no sensor measures it: prompts and tapes would hold it."""
    if not scenario.minds or not hidden:
        return []
    from wildsim.minds.roles import ROLES

    found: list[tuple[KeyPath, str]] = []
    for index, entry in enumerate(scenario.minds):
        paths = [path.split(".") for item in ROLES[entry.role].sees for path in item.paths]
        read = {path[1] for path in paths if path[0] == "sensed"} & set(hidden) - set(scenario.sensors)
        found += [(("minds", index, "role"), name) for name in sorted(read)]
    return found


def _switch(sector: str) -> str:
    return f"sectors: {{{sector}: true}}"
