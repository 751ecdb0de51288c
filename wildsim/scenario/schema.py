"""What a scenario file may hold. Every field has a documented default; an unknown key is an error."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PrivateAttr, SerializeAsAny

from wildsim.core.document import Document
from wildsim.policies import POLICIES, Policy
from wildsim.policies.base import Part
from wildsim.scenario.evaluation import EvaluationSection
from wildsim.scenario.minds import LlmSection, MindEntry
from wildsim.scenario.rewards import RewardSection
from wildsim.scenario.sensors import SensorEntry

if TYPE_CHECKING:
    from wildsim.scenario.overlay import Overlay

MAX_PEOPLE = 100_000_000
MAX_MONTHS = 120_000
MAX_SEED = 2**53
MIN_PEOPLE_PER_REGION = 20

SECTORS: dict[str, str] = {
    "demography": "People are born, age, partner, fall ill, die and inherit; without it adults who stay as they are.",
    "homes": "Homes with owners, tenants and landlords, rents, prices, mortgages.",
    "crime": "Property and violent crime, victims, police, prison, records.",
    "education": "Pupils, exams, seats and their cut-off, schooling.",
    "science": "Scientists, grants, papers, citations, discoveries that raise productivity.",
    "culture": "A platform of titles, its recommender, box office, tastes.",
    "climate": "Emissions, energy mix, abatement, temperature, damages.",
    "adoption": "Firms that adopt AI agents: displacement, productivity, people paired with AI.",
    "network": "Who knows whom: households, work, neighbourhood; crime, AI adoption and news of jobs travel on it.",
}
"""Social sectors that a scenario can switch on; all are off where nothing is said."""

NEEDS: dict[str, tuple[str, ...]] = {"education": ("demography",)}
"""Sectors that another sector cannot do without."""


class SocietySection(Part):
    """Who lives where."""

    country: str = Field("us", description="Parameter files to start from: a folder of wildsim/parameters.")
    people: int = Field(20_000, ge=20, le=MAX_PEOPLE, description="Number of people.")
    regions: int = Field(8, ge=1, le=1_000_000, description="Number of regions; each needs 20 people or more.")


class Shocks(Part):
    """Aggregate shocks, each on or off."""

    productivity: bool = Field(True, description="Total factor productivity.")
    demand: bool = Field(True, description="Households' wish to spend.")
    sentiment: bool = Field(True, description="Firms' orders of capital.")
    matching: bool = Field(True, description="Ease of finding jobs and workers.")
    credit_spread: bool = Field(False, description="Banks' mark-up on loan rates.")
    energy_price: bool = Field(False, description="Price of energy; comes with the climate sector.")
    government_spending: bool = Field(False, description="Government purchases.")
    policy_rate: bool = Field(False, description="Surprises of the central bank.")


class Record(Part):
    """What the run folder keeps beside indicators, flows and stocks."""

    decisions: Literal["minds", "panel", "all"] = Field(
        "minds", description="Whose decisions: of minds other than the plain rule, of the panel, or all."
    )
    panel: int = Field(0, ge=0, le=1_000_000, description="People sampled and followed over time.")


def as_policy(value: Any) -> Any:
    """Turn a mapping with a `kind` into the policy of that kind.

    Raises:
        ValueError: There is no such kind.
    """
    if not isinstance(value, Mapping):
        return value
    kind = value.get("kind")
    if not isinstance(kind, str) or kind not in POLICIES:
        raise ValueError(f"unknown policy kind {kind!r}")
    return POLICIES[kind].model_validate(dict(value))


PolicyEntry = Annotated[SerializeAsAny[Policy], BeforeValidator(as_policy)]
Policies = Annotated[tuple[PolicyEntry, ...], Field(strict=False)]
Minds = Annotated[tuple[MindEntry, ...], Field(strict=False)]


class Sections(Part):
    """The sections that a scenario and an overlay share."""

    name: str = Field("", max_length=100, description="Name of the story; the file's name where left out.")
    about: str = Field("", max_length=10_000, description="What it is, in a sentence or two.")
    sectors: dict[str, bool] = Field(
        default_factory=dict, description="Social sectors, on or off (off where left out): wildsim list sectors."
    )
    parameters: dict[str, Any] = Field(
        default_factory=dict, description="Overrides by dotted name: wildsim list parameters."
    )
    minds: Minds = Field((), description="Agents with another mind than the rules: wildsim list roles, list minds.")
    policies: Policies = Field((), description="Dated changes of the law: wildsim list policies.")
    sensors: dict[str, SensorEntry] = Field(
        default_factory=dict, description="How indicators are measured; those left out are known without error."
    )


class Scenario(Sections):
    """A story to simulate: a society, its sectors and shocks, and the policies of its baseline.

    Attributes:
        source: The text of the file as given. file: Its path, as given.
    """

    seed: int = Field(1, ge=0, le=MAX_SEED, description="First world seed; seeds count up from it.")
    months: int = Field(240, ge=1, le=MAX_MONTHS, description="Recorded months, 0 .. months-1.")
    burn_in: int = Field(240, ge=0, le=MAX_MONTHS, description="Months run before month 0, not recorded.")
    society: SocietySection = Field(default_factory=SocietySection, description="Who lives where.")
    behaviour: Literal["rules", "random", "shuffled"] = Field(
        "rules", description="How people decide; `random` and `shuffled` are controls."
    )
    shocks: Shocks = Field(default_factory=Shocks, description="Aggregate shocks, each on or off.")
    reward: RewardSection = Field(default_factory=RewardSection, description="What optimisers see, from sensors alone.")
    evaluation: EvaluationSection = Field(
        default_factory=EvaluationSection, description="What judges them, kept from them."
    )
    llm: LlmSection = Field(default_factory=LlmSection, description="Limits of the calls of language models.")
    record: Record = Field(default_factory=Record, description="What the run folder keeps.")

    _document: Document | None = PrivateAttr(None)
    _file: str | None = PrivateAttr(None)

    @property
    def source(self) -> str:
        """The text of the scenario file as given; empty for a scenario built in memory."""
        return self._document.text if self._document else ""

    @property
    def file(self) -> str | None:
        """The path as given to `load`; None for a scenario built in memory."""
        return self._file

    @property
    def sectors_on(self) -> frozenset[str]:
        """The social sectors that are on."""
        return frozenset(name for name, on in self.sectors.items() if on)

    def resolved(self) -> dict[str, Any]:
        """Return every setting with its default, all model parameters included, as plain JSON-able data.

        A scenario built from it runs the same months.
        """
        from wildsim.core.parameters import resolve

        data: dict[str, Any] = self.model_dump(mode="json", by_alias=True, exclude_none=True)
        data["parameters"] = resolve(self.society.country, self.parameters)
        return data

    def with_overlay(self, overlay: Overlay) -> Scenario:
        """Return this scenario with an overlay's lists appended and mappings merged; the overlay wins.

        Raises:
            InputError: Together they are not a legal scenario; the message names the file and line.
        """
        from wildsim.scenario.overlay import apply

        return apply(self, overlay)

    def warnings(self) -> list[str]:
        """Return what is legal but probably not meant."""
        found = []
        on = self.sectors_on
        for index, policy in enumerate(self.policies):
            if policy.from_ >= self.months:
                found.append(
                    f"policies[{index}] ({policy.kind}) starts in month {policy.from_}; "
                    f"the run ends with month {self.months - 1}."
                )
            if policy.sector and policy.sector not in on:
                found.append(
                    f"policies[{index}] ({policy.kind}) works through the {policy.sector} sector, which is off: "
                    f"it does nothing. Switch it on: sectors: {{{policy.sector}: true}}"
                )
        found += self._never_known(on)
        return found

    def _never_known(self, on: frozenset[str]) -> list[str]:
        """Return which indicators that are measured or rewarded belong to sectors that are off."""
        named = [name for indicator, term in self.reward.terms.items() for name in (indicator, term.per) if name]
        sensors = [(name, entry) for name, entry in self.sensors.items() if entry.series is None]
        measured = [read for name, entry in sensors for read in sorted(entry.reads(name))]
        if not named and not measured:
            return []
        from wildsim.indicators import INDICATORS

        told = {"reward": (named, "the reward is never known"), "sensors": (measured, "nothing is published")}
        return [
            f"{section} names {name}, of the {INDICATORS[name].sector} sector, which is off: {so}. "
            f"Switch it on: sectors: {{{INDICATORS[name].sector}: true}}"
            for section, (names, so) in told.items()
            for name in dict.fromkeys(names)
            if INDICATORS[name].sector and INDICATORS[name].sector not in on
        ]


class OverlaySections(Sections):
    """What a policy file may hold: a part of a scenario to lay over another."""

    shocks: dict[str, bool] = Field(default_factory=dict, description="Aggregate shocks to switch on or off.")
