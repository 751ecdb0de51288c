"""The chain of calls: tape(cache(retry(budget(gate(backend))))), behind one method that takes a whole batch."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from wildsim.minds.language.backends.base import Backend
from wildsim.minds.language.budget import Budget
from wildsim.minds.language.cache import Cache
from wildsim.minds.language.call import Answer, Call, Failure, Model
from wildsim.minds.language.counts import Counts
from wildsim.minds.language.errors import BudgetError
from wildsim.minds.language.gate import Gate
from wildsim.minds.language.loop import Loop
from wildsim.minds.language.prices import Prices
from wildsim.minds.language.retry import Retry
from wildsim.minds.language.settings import Settings
from wildsim.minds.language.store import Store
from wildsim.minds.language.tape import Tape


class Language:
    """Language models, asked in batches; nothing is lost, nothing is made up.

    A batch runs on an event loop in a thread of its own, so that it works inside a running loop too.

    Attributes:
        tape: What was asked and answered; links decisions to calls. counts: What the calls took so far.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        tape: Path | None = None,
        cache: Path | None = None,
        replay: bool = False,
        backends: Mapping[str, Backend] | None = None,
    ):
        """Open the tape of one seed and arm, and the cache that the arms of the seed share.

        Args:
            tape, cache: SQLite files, made if they are not there; None keeps none. replay: Answer from the tape alone.
            backends: By name, in place of those that are registered.

        Raises:
            RunError: A file cannot be opened or is no tape.
        """
        self.settings, self.replay = settings, replay
        self.counts = Counts()
        self._loop = Loop()
        kept = Store(cache, brief=True) if cache and not replay else None
        recorded = Store(tape, read_only=replay) if tape else None
        self._prices = Prices(settings.prices)
        self._gate = Gate(settings, self.counts, self._prices, backends or {})
        paid = kept or recorded  # the cache holds what all arms of the seed paid for
        self._budget = Budget(settings, self._prices, self._gate, paid.spent() if paid else None)
        self._retry = Retry(settings, self._budget)
        self._cache = Cache(kept, self._retry, self.counts)
        keep_refusals = settings.on_budget == "fallback"
        self.tape = Tape(recorded, self._cache, self.counts, replay=replay, keep_refusals=keep_refusals)
        self._gate.before_request = self._before_request
        self._gate.begins = self.tape.begin
        self._checked: set[Model] = set()

    def ask(self, calls: Sequence[Call]) -> list[Answer]:
        """Send all calls at once and return their answers in the order asked, failures in their places.

        Raises:
            BudgetError: The budget is spent and the scenario says stop; what was answered is on the tape.
            ReplayError: The run is replayed and the tape does not hold a call.
            InputError: A model has no known price under a budget in money, or cannot be asked at all; nothing was sent.
            RunError: The tape cannot be written.
        """
        if not calls:
            return []
        if not self.replay:
            self._check(calls)
        self._gate.secrets.refresh()
        self.counts.asked += len(calls)
        answers = self._loop.run(self._batch(calls))
        for answer in answers:
            if isinstance(answer, Failure):
                self.counts.failures[answer.kind] = self.counts.failures.get(answer.kind, 0) + 1
        refused = sum(isinstance(answer, Failure) and answer.kind == "budget" for answer in answers)
        if refused and self.settings.on_budget == "stop" and not self.replay:
            raise BudgetError(self._budget.message(refused))
        return answers

    async def _batch(self, calls: Sequence[Call]) -> list[Answer]:
        """Ask everything; tasks begin in the order asked, so that the budget is reserved in that order."""
        tasks = [asyncio.ensure_future(self.tape.answer(call)) for call in calls]
        try:
            done = await asyncio.gather(*tasks, return_exceptions=True)
        finally:
            for task in tasks:
                task.cancel()
            self._commit()
        answers: list[Answer] = []
        for outcome in done:
            if isinstance(outcome, BaseException):
                raise outcome
            answers.append(outcome)
        return answers

    def _before_request(self, under_way: int) -> None:
        """Write what came in before more goes out: a killed run loses no more answers than calls may be under way."""
        if under_way + max(self.tape.waiting, self._cache.waiting) > self.settings.concurrency:
            self._commit()

    def _commit(self) -> None:
        # the cache first: killed in between, a resumed run still finds the answer that other arms will find
        self._cache.commit()
        self.tape.commit()

    def _check(self, calls: Sequence[Call]) -> None:
        for model in dict.fromkeys(call.model for call in calls):
            if model not in self._checked:
                self._gate.secrets.add(model.api_key_env)
                self._gate.backend(model).check(model)
                self._budget.check(model)
                self._checked.add(model)

    def close(self) -> None:
        """Let go of connections, files and the thread. May be called twice."""
        if not self._loop.closed:
            self._loop.run(self._gate.close())
            self._loop.close()
        self.tape.close()
        self._cache.close()

    def __enter__(self) -> Language:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Close."""
        self.close()
