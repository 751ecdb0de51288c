"""The section `reward` of a scenario: what those who optimise the society are rewarded with."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from pydantic import Field, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from wildsim.policies.base import Part

if TYPE_CHECKING:
    from wildsim.feedback.reward import Reward, Term

#: Keys of the section that name no indicator.
OPTIONS = ("discount",)
#: Longest change, months: nothing older is remembered.
MOST_OVER = 48


class TermEntry(Part):
    """One part of a reward."""

    weight: float = Field(description="Reward per unit; of a constraint, what a unit too little or too much costs.")
    of: Literal["level", "change", "growth", "ratio"] = Field("level", description="What is made of the value.")
    over: int = Field(12, ge=1, le=MOST_OVER, description="Months of a change or of growth.")
    per: str = Field("", max_length=100, description="Indicator to divide by (of: ratio).")
    target: float | None = Field(None, description="Rewarded is nearness to it.")
    floor: float | None = Field(None, description="A constraint: what lacks to it costs.")
    ceiling: float | None = Field(None, description="A constraint: what is above it costs.")

    @model_validator(mode="before")
    @classmethod
    def _short_form(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"weight": value}
        if not isinstance(value, dict | TermEntry):
            raise PydanticCustomError("reward", "it must be a weight, or a mapping such as {weight: 1, of: growth}.")
        return value

    @model_validator(mode="after")
    def _go_together(self) -> TermEntry:
        if (self.of == "ratio") != bool(self.per):
            raise PydanticCustomError("reward", "`of: ratio` and `per`, another indicator, go together.")
        if sum(aim is not None for aim in (self.target, self.floor, self.ceiling)) > 1:
            raise PydanticCustomError("reward", "give one of target, floor and ceiling.")
        return self

    def term(self, indicator: str) -> Term:
        """Return the term that this is, of an indicator."""
        from wildsim.feedback.reward import Term

        target, floor, ceiling = (math.nan if aim is None else aim for aim in (self.target, self.floor, self.ceiling))
        return Term(indicator, self.weight, self.of, self.over, self.per, target, floor, ceiling)


class RewardSection(Part):
    """Terms by indicator, and `discount`."""

    #: Its keys are names of indicators, beside OPTIONS.
    by_name: ClassVar[bool] = True

    terms: dict[str, TermEntry] = Field(default_factory=dict, description="Weights or terms, by indicator.")
    discount: float = Field(1.0, ge=0, le=1, description="Worth of a month later relative to now.")

    @model_validator(mode="before")
    @classmethod
    def _by_indicator(cls, value: Any) -> Any:
        if not isinstance(value, dict):
            return value
        options = {name: value[name] for name in OPTIONS if name in value}
        return {"terms": {name: term for name, term in value.items() if name not in OPTIONS}, **options}

    @model_serializer
    def _as_written(self) -> dict[str, Any]:
        found: dict[str, Any] = {name: term.model_dump(exclude_none=True) for name, term in self.terms.items()}
        return found | ({"discount": self.discount} if self.discount != 1.0 else {})

    def __bool__(self) -> bool:
        """Return whether anything is rewarded."""
        return bool(self.terms)

    def reward(self) -> Reward:
        """Return the reward that this is."""
        from wildsim.feedback.reward import Reward

        return Reward(tuple(entry.term(name) for name, entry in self.terms.items()), self.discount)
