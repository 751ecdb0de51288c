"""What the calls of a run took."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Counts:
    """Counts since the chain was opened.

    Attributes:
        asked: Calls asked. from_tape, from_cache: Answered without a model; calls that joined an equal one under way
            count as from the cache. sent: Calls that reached a model. requests: Requests for them, repeated ones too.
        answered: Calls that a model answered. failures: Answers that are failures, by kind, recorded ones too.
        prompt_tokens, completion_tokens, usd: Of answers from models, where known. unknown_tokens, unknown_prices:
            Answers of which the tokens, or the price, are not known: not in the sums.
        latencies: Seconds of each answered call's last try.
    """

    asked: int = 0
    from_tape: int = 0
    from_cache: int = 0
    sent: int = 0
    requests: int = 0
    answered: int = 0
    failures: dict[str, int] = field(default_factory=dict)
    prompt_tokens: int = 0
    completion_tokens: int = 0
    usd: float = 0.0
    unknown_tokens: int = 0
    unknown_prices: int = 0
    latencies: list[float] = field(default_factory=list)

    def latency(self, share: float) -> float:
        """Return the latency in seconds that this share of the answered calls stayed within; NaN without any."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")
