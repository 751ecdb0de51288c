"""What every policy has in common: dates, size, and `where`, the choice of whom it meets."""

from __future__ import annotations

from abc import abstractmethod
from typing import TYPE_CHECKING, Annotated, Any, ClassVar, TypeAlias

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from wildsim.state.world import World


def _of_percent(value: float) -> str:
    """Return a percentage as the share to write."""
    return f"{value / 100:.2f}" if value == int(value) else f"{value / 100:g}"


def _share(value: float) -> float:
    if 0.0 <= value <= 1.0:
        return value
    if 1.0 < value <= 100.0:
        context = {"value": f"{value:g}", "share": _of_percent(value)}
        raise PydanticCustomError("share", "it is a share. Write {share} for {value} %.", context)
    raise PydanticCustomError("share", "it is a share, from 0 to 1.")


def _relative(value: float) -> float:
    if -1.0 <= value <= 10.0:
        return value
    if 10.0 < abs(value) <= 100.0:
        context = {"value": f"{value:g}", "share": _of_percent(value)}
        raise PydanticCustomError("share", "it is a relative change. Write {share} for {value} %.", context)
    raise PydanticCustomError("share", "it is a relative change, from -1 to 10.")


Share = Annotated[float, AfterValidator(_share)]
"""A number from 0 to 1; 30 is refused with the advice to write 0.30 for 30 %."""

Relative = Annotated[float, AfterValidator(_relative)]
"""A relative change: 0.1 raises by 10 %."""

Number: TypeAlias = int | float


class Part(BaseModel):
    """Base of everything that a scenario file may hold: frozen, strict types, no unknown keys."""

    model_config = ConfigDict(
        extra="forbid", frozen=True, strict=True, allow_inf_nan=False, validate_by_name=True, validate_by_alias=True
    )


class Selector(Part):
    """Which values of one column are meant: a range with both ends, or a set.

    Written `[low, high]`, `{in: [a, b]}`, or one value alone.
    """

    low: Number | None = None
    high: Number | None = None
    members: tuple[Number, ...] | None = Field(None, alias="in", strict=False)

    @model_validator(mode="before")
    @classmethod
    def _short_forms(cls, value: Any) -> Any:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return {"in": (value,)}
        if isinstance(value, bool | str) or value is None:
            raise PydanticCustomError("selector", "it must be a number, [low, high], or {in: [a, b]}.")
        if isinstance(value, list | tuple):
            numbers = all(isinstance(end, int | float) and not isinstance(end, bool) for end in value)
            if len(value) != 2 or not numbers:
                raise PydanticCustomError("selector", "a range is [low, high]; a set is {in: [a, b]}.")
            if value[0] > value[1]:
                raise PydanticCustomError("selector", "the range is empty: its low end is above its high end.")
            return {"low": value[0], "high": value[1]}
        return value

    @model_validator(mode="after")
    def _one_form(self) -> Selector:
        has_range = self.low is not None and self.high is not None
        if has_range == (self.members is not None) or self.members == ():
            raise PydanticCustomError("selector", "a range is [low, high]; a set is {in: [a, b]}.")
        return self

    def select(self, values: Any) -> Any:
        """Return a boolean array: which of `values` (an array) are meant."""
        import numpy as np

        if self.members is not None:
            return np.isin(values, np.asarray(self.members))
        return (values >= self.low) & (values <= self.high)


def _among(codes: range, which: str) -> AfterValidator:
    """Return the check that a selector names codes that there are."""

    def check(chosen: Selector) -> Selector:
        named = chosen.members if chosen.members is not None else (chosen.low, chosen.high)
        wrong = next((code for code in named if code not in codes), None)
        if wrong is not None:
            context = {"wrong": f"{wrong:g}", "which": which}
            raise PydanticCustomError("selector", "there is no {wrong}; {which}", context)
        return chosen

    return AfterValidator(check)


Sex = Annotated[Selector, _among(range(2), "1 is for women, 0 for men.")]
Decile = Annotated[Selector, _among(range(1, 11), "deciles are 1 to 10.")]


class Where(Part):
    """Whom a policy meets: people (or the firms of regions) that fit every column given; none given means all."""

    region: Selector | None = Field(None, description="Region, 0 .. regions-1.")
    decile: Decile | None = Field(
        None,
        description="Decile 1..10 of equivalised disposable income over the 12 months before `from`, then fixed.",
    )
    age: Selector | None = Field(None, description="Age in years.")
    sex: Sex | None = Field(None, description="Sex as coded in the table of people: 1 for women, 0 for men.")
    employed: bool | None = Field(None, description="true: with a job; false: without; as it was last month.")
    skill: Selector | None = Field(None, description="Relative skill; 1 is the mean of the population.")
    schooling: Selector | None = Field(None, description="Years of schooling.")
    experience: Selector | None = Field(None, description="Years of experience.")
    wage: Selector | None = Field(
        None, description="Gross wage of last month, USD of the society's start a month, indexed with the mean wage."
    )

    def selectors(self) -> dict[str, Selector]:
        """Return the selector of each column that is given; `employed` becomes a set of one truth value."""
        found: dict[str, Selector] = {}
        for name in type(self).model_fields:
            value = getattr(self, name)
            if value is not None:
                found[name] = Selector.model_validate(int(value)) if isinstance(value, bool) else value
        return found


class Policy(Part):
    """A change of the law from one recorded month to another.

    In force is: what was + size x (what the policy sets - what was). Size 0 is the baseline bit for bit. Two active
    policies of one kind and place: the later one sets levels; `change`, `shift` and `raise` add up.
    """

    about: ClassVar[str] = ""
    #: Whether it changes a row of the table of laws, so that `where` makes groups of people.
    by_group: ClassVar[bool] = False
    #: Social sector that it works through; where that is off the policy does nothing at all.
    sector: ClassVar[str] = ""
    #: Whether rows of tables move when it acts; such policies come first in the month.
    moves_rows: ClassVar[bool] = False

    kind: str = Field(description="The kind of policy.")
    from_: int = Field(0, alias="from", ge=0, description="First recorded month in which it acts.")
    until: int | None = Field(None, ge=1, description="First recorded month without it; none: for good.")
    size: float = Field(1.0, ge=-100, le=100, description="Dose: 0 nothing, 1 the whole, 2 twice the change.")

    @model_validator(mode="after")
    def _dates(self) -> Policy:
        if self.until is not None and self.until <= self.from_:
            context = {"until": str(self.until), "first": str(self.from_)}
            raise PydanticCustomError("policy", "until is {until}; it must be later than from, {first}.", context)
        return self

    def active(self, month: int) -> bool:
        """Return whether the policy acts in `month` (recorded months count from 0)."""
        return self.from_ <= month and (self.until is None or month < self.until)

    def acts(self, month: int) -> bool:
        """Return whether the policy changes anything in `month`: it is active and its size is not zero."""
        return self.size != 0.0 and self.active(month)

    def enact(self, world: World, number: int) -> None:
        """Change this month's law, if the policy acts in it and its sector is on. Called first thing in every month.

        Args:
            number: Place in the scenario's list; names the policy's memory and streams of draws.
        """
        if self.acts(world.clock.month) and world.has(self.sector):
            self.put_in_force(world, number)

    @abstractmethod
    def put_in_force(self, world: World, number: int) -> None:
        """Change this month's law; every kind has its own."""

    def _given(self, *names: str) -> list[str]:
        return [name for name in names if getattr(self, name) is not None]

    def _exactly_one(self, *names: str) -> None:
        """Raise unless exactly one of the fields is given."""
        if len(self._given(*names)) != 1:
            labels = ", ".join(_label(type(self), name) for name in names)
            raise PydanticCustomError(
                "policy", "{kind} needs exactly one of {names}.", {"kind": self.kind, "names": labels}
            )

    def _at_least_one(self, *names: str) -> None:
        """Raise unless one of the fields or more is given."""
        if not self._given(*names):
            labels = ", ".join(_label(type(self), name) for name in names)
            context = {"kind": self.kind, "names": labels}
            raise PydanticCustomError("policy", "{kind} needs at least one of {names}.", context)


def _label(model: type[BaseModel], name: str) -> str:
    return model.model_fields[name].alias or name
