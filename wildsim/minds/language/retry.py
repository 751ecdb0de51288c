"""Tries again where another try may help, after a wait that doubles and is never the same for two calls."""

from __future__ import annotations

import asyncio
import hashlib
from dataclasses import replace

from tenacity import AsyncRetrying, RetryCallState, retry_if_exception, stop_after_attempt

from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.budget import Budget
from wildsim.minds.language.call import Answer, Call, Failure
from wildsim.minds.language.settings import Settings

LONGEST_WAIT_S = 30.0
LONGEST_ASKED_WAIT_S = 300.0
"""A server that asks for a longer pause than this is given up."""


class Retry:
    """Makes at most `tries` requests for a call. A wait holds no slot, so others go out meanwhile."""

    def __init__(self, settings: Settings, inner: Budget):
        """Wrap the budget."""
        self._settings, self._inner = settings, inner

    async def answer(self, call: Call) -> Answer:
        """Return the first answer, or the last failure."""
        try:
            answer = await self._tried(call)
        except BaseException:
            self._inner.abandon(call)
            raise
        return self._inner.settle(call, answer)

    async def _tried(self, call: Call) -> Answer:
        # most calls need no second try, and tenacity's bookkeeping takes longer than all the rest of the chain
        try:
            return await self._inner.answer(call)
        except BackendError as error:
            first = error
        if not _again(first) or self._settings.tries <= 1:
            return Failure(first.kind, first.why, first.requests)
        requests = first.requests
        pending: BackendError | None = first
        retrying = AsyncRetrying(
            stop=stop_after_attempt(self._settings.tries),
            retry=retry_if_exception(lambda error: isinstance(error, BackendError) and _again(error)),
            wait=lambda state: self._wait(call, state),
            sleep=pause,
            reraise=True,
        )
        try:
            async for attempt in retrying:
                with attempt:
                    if pending is not None:
                        known, pending = pending, None
                        raise known
                    try:
                        reply = await self._inner.answer(call)
                    except BackendError as error:
                        requests += error.requests
                        raise
        except BackendError as error:
            return Failure(error.kind, error.why, requests)
        return replace(reply, tries=requests + reply.tries)

    def _wait(self, call: Call, state: RetryCallState) -> float:
        """Return the seconds until the next try."""
        error = state.outcome.exception() if state.outcome else None
        asked = error.retry_after if isinstance(error, BackendError) and error.retry_after else 0.0
        backoff = min(LONGEST_WAIT_S, self._settings.backoff_s * 2.0 ** (state.attempt_number - 1))
        return max(asked, 0.0) + backoff * (0.5 + 0.5 * spread(call.key, state.attempt_number))


async def pause(seconds: float) -> None:
    """Wait."""
    await asyncio.sleep(seconds)


def spread(key: str, number: int) -> float:
    """Return a number from 0 to 1 that depends on the call and the try alone."""
    digest = hashlib.blake2b(f"{key}/{number}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "little") / 2.0**64


def _again(error: BackendError) -> bool:
    return error.retryable and (error.retry_after or 0.0) <= LONGEST_ASKED_WAIT_S
