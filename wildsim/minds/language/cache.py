"""The cache that the arms of one seed share, so that arms differ only where a policy makes them."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from wildsim.minds.language.call import Answer, Call, Failure, Reply
from wildsim.minds.language.counts import Counts
from wildsim.minds.language.retry import Retry
from wildsim.minds.language.store import Store


class Cache:
    """Answers what another arm asked before; equal calls under way together make one request.

    Final failures are shared too: an arm that is luckier with its network would differ for that reason alone.
    """

    def __init__(self, store: Store | None, inner: Retry, counts: Counts):
        """Wrap the retries."""
        self._store, self._inner, self._counts = store, inner, counts
        self._under_way: dict[str, asyncio.Future[Answer]] = {}

    async def answer(self, call: Call) -> Answer:
        """Return what is kept, join an equal call, or ask and keep."""
        ahead = self._under_way.get(call.key)
        if ahead is not None:
            return self._hit(await asyncio.shield(ahead))
        known = self._store.find(call.key, "cache") if self._store is not None else None
        if known is not None:
            return self._hit(known)
        mine: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._under_way[call.key] = mine
        try:
            answer = await self._inner.answer(call)
        except BaseException as error:
            mine.set_exception(error if isinstance(error, Exception) else RuntimeError("interrupted"))
            mine.exception()  # seen, also where nobody joined
            raise
        finally:
            del self._under_way[call.key]
        mine.set_result(answer)
        self._keep(call, answer)
        return answer

    def _hit(self, answer: Answer) -> Answer:
        self._counts.from_cache += 1
        return replace(answer, source="cache") if isinstance(answer, Reply) else answer

    def _keep(self, call: Call, answer: Answer) -> None:
        if self._store is None or (isinstance(answer, Failure) and answer.kind == "budget"):
            return
        self._store.put(call, answer, "model")

    @property
    def waiting(self) -> int:
        """Answers that are not on disk yet."""
        return self._store.waiting if self._store is not None else 0

    def known(self, call: Call) -> Answer | None:
        """Return what another arm was answered, by somebody who is no model; None where nobody was asked."""
        return self._store.find(call.key, "cache") if self._store is not None else None

    def keep(self, call: Call, answer: Answer, source: str) -> None:
        """Keep what somebody else than a model answered, for the other arms of the seed."""
        if self._store is not None:
            self._store.write(call, answer, source)

    def commit(self) -> None:
        """Make everything kept durable."""
        if self._store is not None:
            self._store.commit()

    def close(self) -> None:
        """Close the file. May be called twice."""
        if self._store is not None:
            self._store.close()
