"""The tape: every answer of a run, on disk as soon as it is there, and the only source of a replay."""

from __future__ import annotations

from collections.abc import Sequence

from wildsim.core.errors import RunError
from wildsim.minds.language.cache import Cache
from wildsim.minds.language.call import Answer, Call, Failure, Reply
from wildsim.minds.language.counts import Counts
from wildsim.minds.language.errors import ReplayError
from wildsim.minds.language.store import Store


class Tape:
    """Answers what was recorded and records the rest. Final failures are recorded too: a resumed run meets them again.

    A call that the budget refuses is recorded only where the run goes on without it (`on_budget: fallback`), since then
    its decision has been made; a run that stopped asks it again.
    """

    def __init__(self, store: Store | None, inner: Cache, counts: Counts, *, replay: bool, keep_refusals: bool):
        """Wrap the cache.

        Raises:
            RunError: A replay has no tape.
        """
        if replay and store is None:
            raise RunError("A replay needs the tape of the run; none was given.")
        self._store, self._inner, self._counts = store, inner, counts
        self._replay, self._keep_refusals = replay, keep_refusals

    async def answer(self, call: Call) -> Answer:
        """Return the recorded answer, or ask and record.

        Raises:
            ReplayError: The run is replayed and this call is not on the tape.
        """
        if self._store is None:
            return await self._inner.answer(call)
        known = self._store.find(call.key, "tape")
        if known is not None and (self._replay or self._keep_refusals or not _refused(known)):
            self._counts.from_tape += 1
            return known
        if self._replay:
            raise ReplayError(call.asker, str(self._store.path))
        answer = await self._inner.answer(call)
        if self._keep_refusals or not _refused(answer):
            self._store.put(call, answer, answer.source if isinstance(answer, Reply) else "model")
        return answer

    @property
    def waiting(self) -> int:
        """Answers that are not on disk yet."""
        return self._store.waiting if self._store is not None else 0

    def commit(self) -> None:
        """Make everything recorded durable."""
        if self._store is not None:
            self._store.commit()

    def link(self, decision_id: str, calls: Sequence[tuple[str, float]]) -> None:
        """Record on which calls (key, weight) a decision rests; nothing where there is no tape or in a replay."""
        if self._store is not None and not self._replay:
            self._store.link_all([(decision_id, key, weight) for key, weight in calls])

    def link_all(self, rows: Sequence[tuple[str, str, float]]) -> None:
        """Record (decision, key, weight) of many decisions in one go."""
        if self._store is not None and not self._replay:
            self._store.link_all(rows)

    def known(self, call: Call) -> Answer | None:
        """Return what the tape holds of a call that no model answers (a person does); None where it holds nothing.

        Raises:
            ReplayError: The run is replayed and the call is not on the tape.
        """
        found = self._store.find(call.key, "tape") if self._store is not None else None
        if found is None and self._replay:
            raise ReplayError(call.asker, str(self._store.path) if self._store is not None else "the tape")
        if found is None:
            found = self._inner.known(call)
            if found is not None and self._store is not None:
                self._store.write(call, found, "cache")
        return found

    def keep(self, call: Call, answer: Answer, source: str) -> None:
        """Record what somebody else than a model answered; the other arms of the seed find it too."""
        if self._store is not None:
            self._store.write(call, answer, source)
        self._inner.keep(call, answer, source)

    def begin(self, call: Call) -> None:
        """Record that a call goes out: what is begun and never answered is what a killed process lost."""
        if self._store is not None:
            self._store.begin(call.key)

    def close(self) -> None:
        """Close the file. May be called twice."""
        if self._store is not None:
            self._store.close()


def _refused(answer: Answer) -> bool:
    return isinstance(answer, Failure) and answer.kind == "budget"
