"""The sections `minds` and `llm` of a scenario: who has another mind than the rules, and how models may be called."""

from __future__ import annotations

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from wildsim.core.errors import InputError
from wildsim.policies.base import Part, Share, Where

#: Longest file of a prompt template, bytes.
MOST_TEMPLATE_BYTES = 100_000

Words = Annotated[tuple[str, ...], Field(strict=False)]


class Archetypes(Part):
    """Agents that share one call: those of equal `classes`, grouped by similar `by`."""

    groups: int = Field(ge=1, le=100_000, description="Calls a month at most (at least one for each class).")
    by: Words = Field(
        (), description="Columns of numbers by which agents are similar; none: a choice that suits the role."
    )
    classes: Words = Field(
        (), description="Columns of codes; agents that differ in one never share a call; none: likewise."
    )
    check: int = Field(0, ge=0, le=10_000, description="Members asked on their own as well, to measure what is lost.")


class Votes(Part):
    """The same question several times."""

    count: int = Field(3, ge=2, le=101, description="How often the question is put.")
    by: Literal["median", "majority"] = Field("median", description="How the answers are counted.")


class MindEntry(Part):
    """Agents of one role that share a mind."""

    role: str = Field(description="Role: wildsim list roles.")
    count: int | None = Field(
        None, ge=0, le=100_000_000, description="How many agents; drawn once, replaced when they end."
    )
    share: Share | None = Field(None, description="Share of the agents instead of a count; newcomers included.")
    where: Where | None = Field(None, description="Only agents that fit when they are drawn.")
    from_: int = Field(0, alias="from", ge=0, description="First recorded month in which the mind decides.")
    until: int | None = Field(None, ge=1, description="First recorded month in which it does no more.")
    every: int = Field(1, ge=1, le=1200, description="Decides every so many months; the rule in between.")
    mind: Literal["rule", "random", "llm", "human", "replay"] = Field("llm", description="Kind: wildsim list minds.")
    decides: Words = Field((), description="Fields that it decides; none: all of the role.")
    vote: Votes | None = Field(None, description="Ask several times and count.")
    archetypes: Archetypes | None = Field(None, description="Let similar agents share a call.")
    model: str = Field("scripted", max_length=200, description="litellm's name of the model, or scripted (no model).")
    mix: dict[str, Share] = Field(default_factory=dict, description="Models by share instead of one model.")
    backend: Literal["litellm", "openai_http", "scripted"] = Field("litellm", description="What carries the calls.")
    api_base: str = Field("", max_length=500, description="Address of the server, where it is not the provider's own.")
    api_key_env: str = Field("", max_length=200, description="NAME of the variable with the key; never a key.")
    temperature: float = Field(1.0, ge=0, le=5, description="Sampling temperature.")
    max_tokens: int = Field(400, ge=1, le=1_000_000, description="Longest answer, tokens.")
    timeout_s: float = Field(60.0, gt=0, le=86_400, description="Seconds until a call is given up.")
    prompt: str = Field("", max_length=100_000, description="Your own template, a file or its text; empty: the role's.")
    rule: Literal["shown", "hidden"] = Field(
        "shown", description="Whether the prompt tells what the rule would decide."
    )
    exact: bool = Field(False, description="Print numbers in full in prompts instead of rounded to four digits.")
    paraphrase: int = Field(0, ge=0, le=4, description="Which wording of the prompt; 0 is the plain one.")
    persona: bool = Field(True, description="Tell people who they are.")
    memory: int = Field(0, ge=0, le=120, description="Lines of its own past that an agent remembers.")
    reflect: int = Field(0, ge=0, le=1200, description="Months between calls in which it sums up its memory; 0: never.")
    letters: int = Field(0, ge=0, le=20, description="Letters that an agent may get a month from its friends; 0: none.")
    run: str = Field("", max_length=1000, description="Run folder whose decisions are repeated (mind: replay).")
    auto: bool = Field(False, description="Let the rule answer for the person (mind: human).")

    @model_validator(mode="after")
    def _sensible(self) -> MindEntry:
        if self.count is not None and self.share is not None:
            raise PydanticCustomError("minds", "give count or share, not both.")
        if self.until is not None and self.until <= self.from_:
            context = {"until": str(self.until), "first": str(self.from_)}
            raise PydanticCustomError("minds", "until is {until}; it must be later than from, {first}.", context)
        if self.mix and abs(sum(self.mix.values()) - 1.0) > 1e-9:
            context = {"sum": f"{sum(self.mix.values()):g}"}
            raise PydanticCustomError("minds", "the shares of mix sum to {sum}; they must sum to 1.", context)
        if self.mind == "replay" and not self.run:
            raise PydanticCustomError("minds", "mind: replay needs run, the folder of an earlier run.")
        return self

    def with_template(self) -> MindEntry:
        """Return the entry with the text of its template in place of the file's name, so that a run carries it along.

        Raises:
            InputError: It is no regular file of text, or too long.
        """
        if not self.prompt or "\n" in self.prompt:
            return self
        text = _text_of(self.prompt)
        return self.model_copy(update={"prompt": text + "\n" * ("\n" not in text)})

    def active(self, month: int) -> bool:
        """Return whether the mind decides in `month`."""
        begun = self.from_ <= month and (self.until is None or month < self.until)
        return begun and (month - self.from_) % self.every == 0

    @property
    def models(self) -> Mapping[str, float]:
        """The models and the share of agents that each has."""
        return self.mix or {self.model: 1.0}


def _text_of(name: str) -> str:
    """Return the text of a template's file; a pipe or a device, which might never end, is not opened.

    Raises:
        InputError: It is no regular file of text, or too long.
    """
    remedy = "Name a text file, or write the template itself in several lines: prompt: |"
    shown = ascii(name)
    try:
        path = Path(name)
        if not path.exists():
            raise InputError(f"there is no file {shown} for the prompt template. {remedy}")
        if not path.is_file():
            raise InputError(f"the prompt template {shown} is no regular file. {remedy}")
        with path.open("rb") as stream:
            data = stream.read(MOST_TEMPLATE_BYTES + 1)
        if len(data) > MOST_TEMPLATE_BYTES:
            raise InputError(f"the prompt template {shown} is longer than {MOST_TEMPLATE_BYTES:,} bytes. Shorten it.")
        return io.TextIOWrapper(io.BytesIO(data), encoding="utf-8").read()
    except (OSError, ValueError) as error:
        raise InputError(f"the prompt template {shown} cannot be read: {error}. {remedy}") from error


class PriceEntry(Part):
    """What a model costs."""

    prompt: float = Field(ge=0, description="USD per million tokens of the prompt.")
    completion: float = Field(ge=0, description="USD per million tokens of the answer.")


class LlmSection(Part):
    """Limits of the calls of language models."""

    concurrency: int = Field(64, ge=1, le=10_000, description="Calls under way at once, all processes together.")
    per_provider: int | None = Field(None, ge=1, le=10_000, description="The same for one provider.")
    per_minute: float | None = Field(None, ge=0.01, description="Calls begun a minute, by provider.")
    tries: int = Field(4, ge=1, le=20, description="Requests at most for one call.")
    budget_usd: float | None = Field(
        None, ge=0, description="Most that the whole run may cost; each seed has its part."
    )
    budget_tokens: int | None = Field(None, ge=0, description="Most tokens of the whole run.")
    budget_calls: int | None = Field(None, ge=0, description="Most calls of the whole run.")
    on_budget: Literal["stop", "fallback"] = Field(
        "stop", description="When a budget is spent: stop, to be resumed with more, or let the rules decide."
    )
    share_samples: bool = Field(
        False, description="Let equal prompts of different agents, months, seeds share answers."
    )
    prices: dict[str, PriceEntry] = Field(default_factory=dict, description="Prices by model, where you know better.")
