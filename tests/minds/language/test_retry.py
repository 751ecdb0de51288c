"""Another try where it may help, after a wait that is keyed and holds no slot."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace

import pytest

from tests.minds.language.asking import Mine, call
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.backends.openai_http import seconds
from wildsim.minds.language.call import Call, Failure, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.retry import spread
from wildsim.minds.language.settings import Settings


def _failing(times: int, *, retryable: bool = True, after: float | None = None) -> Mine:
    """Return a backend that fails so many times for every call."""
    seen: dict[str, int] = {}

    def says(call: Call) -> Reply:
        seen[call.key] = seen.get(call.key, 0) + 1
        if seen[call.key] <= times:
            raise BackendError("server error", "HTTP 500", retryable=retryable, retry_after=after)
        return Reply("at last")

    return Mine(says)


@pytest.mark.parametrize(("fails", "requests"), [(0, 1), (1, 2), (3, 4), (9, 4)])
def test_as_many_tries_as_the_settings_allow(fails: int, requests: int) -> None:
    mine = _failing(fails)
    with Language(Settings(tries=4, backoff_s=0.0001), backends={"mine": mine}) as language:
        (answer,) = language.ask([call()])
    assert len(mine.calls) == language.counts.requests == requests
    assert answer.tries == requests
    assert isinstance(answer, Reply if fails < 4 else Failure)
    assert language.counts.sent == 1


def test_what_another_try_cannot_mend_is_not_tried_again() -> None:
    mine = _failing(9, retryable=False)
    with Language(Settings(), backends={"mine": mine}) as language:
        (answer,) = language.ask([call()])
    assert (len(mine.calls), answer.tries) == (1, 1)


def test_a_server_that_asks_for_a_day_is_given_up() -> None:
    mine = _failing(9, after=86_400.0)
    with Language(Settings(), backends={"mine": mine}) as language:
        (answer,) = language.ask([call()])
    assert (len(mine.calls), isinstance(answer, Failure)) == (1, True)


def _waits(monkeypatch: pytest.MonkeyPatch, after: float | None) -> list[list[float]]:
    """Return the waits of three calls, without waiting."""
    slept: dict[str, list[float]] = {}
    real = asyncio.sleep

    async def sleep(seconds: float) -> None:
        task = asyncio.current_task()
        assert task is not None
        slept.setdefault(task.get_name(), []).append(seconds)
        await real(0)

    monkeypatch.setattr("wildsim.minds.language.retry.pause", sleep)
    mine = _failing(3, after=after)
    with Language(Settings(backoff_s=1.0), backends={"mine": mine}) as language:
        language.ask([call(f"firm-{k}") for k in range(3)])
    return list(slept.values())


def test_waits_double_differ_by_call_and_are_the_same_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    waits = _waits(monkeypatch, None)
    for number, ceiling in enumerate((1.0, 2.0, 4.0)):
        assert all(ceiling / 2 <= wait[number] <= ceiling for wait in waits)
    assert len({wait[0] for wait in waits}) == 3
    assert _waits(monkeypatch, None) == waits


def test_the_server_is_given_the_time_it_asks_for(monkeypatch: pytest.MonkeyPatch) -> None:
    assert all(number >= 7.0 for wait in _waits(monkeypatch, 7.0) for number in wait)


def test_jitter_is_spread_evenly() -> None:
    draws = sorted(spread(call(f"firm-{k}").key, 1) for k in range(400))
    assert max(abs(draw - (k + 0.5) / 400) for k, draw in enumerate(draws)) < 0.08


def test_a_call_that_waits_for_its_next_try_holds_no_slot() -> None:
    """With one slot, all others are answered before the first call's second try."""
    mine = _failing(0)
    order: list[str] = []

    def says(call: Call) -> Reply:
        order.append(call.asker.agent)
        if call.asker.agent == "firm-0" and order.count("firm-0") == 1:
            raise BackendError("rate limit", "HTTP 429", retryable=True, retry_after=0.2)
        return Reply("fine")

    mine.says = says
    with Language(Settings(concurrency=1, backoff_s=0.001), backends={"mine": mine}) as language:
        language.ask([call(f"firm-{k}") for k in range(6)])
    assert order == [f"firm-{k}" for k in range(6)] + ["firm-0"]


def test_retry_after_is_read_in_seconds_or_as_a_date(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wildsim.minds.language.backends.openai_http.time", SimpleNamespace(time=lambda: 1445412450.0))
    assert seconds("1.5") == 1.5
    assert seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 30.0
    assert seconds("Wed, 21 Oct 2015 07:00:00 GMT") == 0.0
    assert [seconds(text) for text in ("", "soon", "-1", "nan", "inf")] == [None] * 5
