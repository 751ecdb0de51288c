"""Limits of a run's calls: the `llm` section of a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True)
class Price:
    """USD per million tokens."""

    prompt: float
    completion: float


@dataclass(frozen=True)
class Settings:
    """How calls may go out.

    Attributes:
        concurrency: Calls under way at once, all models together. per_provider: The same for one provider (the part of
            the model's name before the slash, or the address of its server). per_minute: Calls begun a minute, by
            provider; None for no limit. tries: Requests at most for one call (429, 5xx, timeouts, broken connections).
        backoff_s: Seconds before the second try; doubles with every further one, less a keyed part.
        budget_usd, budget_tokens, budget_calls: Most that one seed may spend; None for no limit.
        on_budget: What happens then: the run stops and can be resumed with more, or the rule decides.
        share_samples: Whether equal prompts share one answer. prices: By model, where the user knows better.
    """

    concurrency: int = 64
    per_provider: int | None = None
    per_minute: float | None = None
    tries: int = 4
    backoff_s: float = 0.5
    budget_usd: float | None = None
    budget_tokens: int | None = None
    budget_calls: int | None = None
    on_budget: Literal["stop", "fallback"] = "stop"
    share_samples: bool = False
    prices: Mapping[str, Price] = field(default_factory=dict)
