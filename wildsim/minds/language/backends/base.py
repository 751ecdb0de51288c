"""The interface of all backends, and how they say that there is no answer."""

from __future__ import annotations

from typing import Protocol

from wildsim.minds.language.call import Call, Model, Reply

MAY_BE_BILLED = frozenset({"timeout", "bad reply", "backend error"})
"""Kinds of failures after which a model may have been at work; one that a server refuses costs nothing."""


class Backend(Protocol):
    """Sends one call to a model."""

    def check(self, model: Model) -> None:
        """Raise if the model cannot be asked at all: no address, no key.

        Raises:
            InputError: With what to add to the scenario or the environment.
        """
        ...

    async def answer(self, call: Call) -> Reply:
        """Return what the model answers.

        Raises:
            BackendError: There is no answer this time.
        """
        ...

    async def close(self) -> None:
        """Let go of connections."""
        ...


class BackendError(Exception):
    """One try without an answer.

    Attributes:
        kind, why: As in Failure. retry_after: Seconds that the server asks to wait. retryable: Whether another try may
            help. requests: Requests that were sent in this try. billed: Whether the last one may be on the bill:
            the model may have been at work.
    """

    def __init__(
        self,
        kind: str,
        why: str,
        *,
        retry_after: float | None = None,
        retryable: bool,
        requests: int = 1,
        billed: bool | None = None,
    ):
        """Keep what the chain needs to know."""
        super().__init__(f"{kind}: {why}")
        self.kind, self.why, self.retry_after, self.retryable = kind, why, retry_after, retryable
        self.requests = requests
        self.billed = kind in MAY_BE_BILLED if billed is None else billed
