"""The chain: answers in order, failures in their places, nothing shared that should not be, nothing asked twice."""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import replace
from pathlib import Path

import pytest

from tests.minds.language.asking import FIELDS, RIGHT, Mine, asker, call, question
from wildsim.core.errors import InputError
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.call import Call, Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.repair import decide_in_text
from wildsim.minds.language.settings import Settings


def _language(mine: Mine, settings: Settings | None = None, **files: Path) -> Language:
    return Language(settings or Settings(backoff_s=0.001), backends={"mine": mine}, **files)  # type: ignore[arg-type]


def test_answers_come_in_the_order_asked() -> None:
    mine = Mine(pause=0.001)
    with _language(mine) as language:
        answers = language.ask([call(f"firm-{k}") for k in range(100)])
    assert [answer.text for answer in answers if isinstance(answer, Reply)] == [f"to firm-{k}" for k in range(100)]
    assert language.counts.asked == language.counts.sent == language.counts.requests == 100
    assert (language.counts.prompt_tokens, language.counts.completion_tokens) == (1000, 500)
    assert len(language.counts.latencies) == 100
    assert min(language.counts.latencies) <= language.counts.latency(0.5) <= language.counts.latency(0.95)
    assert mine.closed


def test_an_empty_batch_asks_nothing() -> None:
    with _language(Mine()) as language:
        assert language.ask([]) == []


def test_whatever_a_backend_raises_is_a_failure_of_that_call_alone() -> None:
    def says(call: Call) -> Reply:
        errors = [ValueError("odd"), KeyError("gone"), RecursionError(), BackendError("refused", "no", retryable=False)]
        number = int(call.asker.agent.removeprefix("firm-"))
        if number % 2:
            raise errors[number // 2 % 4]
        return Reply("fine")

    with _language(Mine(says)) as language:
        answers = language.ask([call(f"firm-{k}") for k in range(16)])
    assert [isinstance(answer, Failure) for answer in answers] == [bool(k % 2) for k in range(16)]
    kinds = [answer.kind for answer in answers if isinstance(answer, Failure)]
    assert kinds == ["backend error", "backend error", "backend error", "refused"] * 2
    assert language.counts.failures == {"backend error": 6, "refused": 2}
    assert isinstance(answers[1], Failure)
    assert answers[1].why == "ValueError: odd"


def test_works_inside_a_running_loop_and_after_one() -> None:
    async def inside() -> int:
        with _language(Mine(pause=0.001)) as language:
            return len(language.ask([call(f"firm-{k}") for k in range(8)]))

    assert asyncio.run(inside()) == 8
    assert asyncio.run(inside()) == 8


@pytest.mark.parametrize("other", [{"agent": "firm-2"}, {"month": 1}, {"seed": 2}, {"purpose": "vote 2"}])
def test_equal_prompts_of_different_askers_never_share(other: dict[str, object], tmp_path: Path) -> None:
    mine = Mine()
    with _language(mine, tape=tmp_path / "tape", cache=tmp_path / "cache") as language:
        one, two = call(), call(**other)  # type: ignore[arg-type]
        assert one.messages == two.messages
        assert one.key != two.key
        language.ask([one, two])
        language.ask([one, two])
    assert len(mine.calls) == 2


def test_equal_prompts_share_where_the_scenario_says_so(tmp_path: Path) -> None:
    mine = Mine(pause=0.01)
    calls = [call(f"firm-{k}", shared=True, month=k) for k in range(10)]
    with _language(mine, tape=tmp_path / "tape") as language:
        answers = language.ask(calls)
        again = language.ask([call("firm-99", shared=True)])
    assert len(mine.calls) == 1
    texts = {answer.text for answer in [*answers, *again] if isinstance(answer, Reply)}
    assert len(texts) == 1
    assert (language.counts.from_cache, language.counts.from_tape, language.counts.sent) == (9, 1, 1)


def test_equal_calls_of_one_batch_make_one_request() -> None:
    mine = Mine(pause=0.01)
    with _language(mine) as language:
        answers = language.ask([call(), call(), call("firm-2")])
    assert len(mine.calls) == 2
    assert [answer.source for answer in answers if isinstance(answer, Reply)] == ["model", "cache", "model"]


def test_the_key_holds_all_that_an_answer_depends_on_and_nothing_else() -> None:
    base = call()
    model = base.model
    different = [
        replace(base, model=replace(model, **change))
        for change in (
            {"name": "x"},
            {"temperature": 0.5},
            {"max_tokens": 9},
            {"api_base": "http://x"},
            {"backend": "b"},
        )
    ]
    different += [replace(base, messages=base.messages[::-1]), replace(base, schema={"type": "object"}), call(text="b")]
    different += [replace(base, schema={"type": "array"}), replace(base, shared=True), replace(base, asker=asker("x"))]
    keys = [one.key for one in [base, *different]]
    assert len(set(keys)) == len(keys)
    same = replace(base, model=replace(model, timeout_s=1.0, api_key_env="X_KEY"))
    assert same.key == base.key


def test_no_more_than_the_concurrency_are_under_way_and_as_many_as_that_are() -> None:
    mine = Mine(pause=0.02)
    with _language(mine, Settings(concurrency=16)) as language:
        language.ask([call(f"firm-{k}") for k in range(64)])
    assert mine.most == 16


def test_one_provider_has_its_own_limit_and_does_not_block_others() -> None:
    mine = Mine(pause=0.02)
    most: dict[str, int] = {}

    def says(call: Call) -> Reply:
        now = [c for c in under_way if c.model.name.split("/")[0] == call.model.name.split("/")[0]]
        most[call.model.name] = max(most.get(call.model.name, 0), len(now))
        under_way.remove(call)
        return Reply("fine")

    under_way: list[Call] = []

    class Watched(Mine):
        async def answer(self, call: Call) -> Reply:
            under_way.append(call)
            return await super().answer(call)

    mine = Watched(says, 0.02)
    calls = [call(f"firm-{k}", model=Model("slow/m" if k < 20 else "quick/m", "mine")) for k in range(40)]
    with _language(mine, Settings(concurrency=8, per_provider=4)) as language:
        language.ask(calls)
    assert most == {"slow/m": 4, "quick/m": 4}
    assert mine.most == 8


def test_calls_begin_no_faster_than_so_many_a_minute() -> None:
    begun: list[float] = []

    class Timed(Mine):
        async def answer(self, call: Call) -> Reply:
            begun.append(time.monotonic())
            return await super().answer(call)

    start = time.monotonic()
    with _language(Timed(), Settings(per_minute=6000.0)) as language:
        language.ask([call(f"firm-{k}") for k in range(10)])
    assert len(begun) == 10
    assert all(moment - start >= 0.01 * number - 0.001 for number, moment in enumerate(begun))


def test_a_call_is_given_up_after_its_timeout() -> None:
    mine = Mine(pause=30.0)
    with _language(mine, Settings(tries=2, backoff_s=0.001)) as language:
        (answer,) = language.ask([call(model=Model("test", "mine", timeout_s=0.02))])
    assert answer == Failure("timeout", "no answer within 0.02 s", 2)
    assert language.counts.requests == 2


def test_unknown_backend_says_which_there_are() -> None:
    with Language(Settings()) as language, pytest.raises(InputError, match=r"unknown backend 'openai'\. Did you mean"):
        language.ask([call(model=Model("test", "openai"))])


def test_decisions_that_follow_the_rule_equal_it_bit_for_bit(tmp_path: Path) -> None:
    from wildsim.minds.block import field_block
    from wildsim.minds.language.call import Message
    from wildsim.minds.language.repair import TextQuestion
    from wildsim.minds.mind import Field

    fields = tuple(Field(f"f{k}", "USD", "", 0.0, 1e9, False, 10.0 ** (k - 3) / 3 * 2**0.5) for k in range(12))
    asked = TextQuestion((Message("user", field_block(fields, exact=True)),), fields, asker(), Model("scripted:rule"))
    with Language(Settings(), tape=tmp_path / "tape") as language:
        (outcome,) = decide_in_text(language, [asked])
    assert outcome.values == {field.name: field.rule for field in fields}
    assert outcome.reason == ""


def test_an_answer_that_cannot_be_used_is_asked_once_more_and_then_falls_back() -> None:
    def says(call: Call) -> Reply:
        bad = call.asker.agent == "never" or (call.asker.agent == "second" and call.asker.purpose == "decide")
        return Reply('{"price": NaN}' if bad else json.dumps(RIGHT))

    mine = Mine(says)
    model = Model("test", "mine")
    with _language(mine) as language:
        first, second, never = decide_in_text(language, [question(who, model) for who in ("first", "second", "never")])
    assert (first.values, first.repaired, first.reason, len(first.keys)) == (RIGHT, False, "", 1)
    assert (second.values, second.repaired, len(second.keys)) == (RIGHT, True, 2)
    assert second.reason.startswith("Repaired: price is not a finite number.")
    assert (never.values, never.repaired, len(never.keys)) == ({}, False, 2)
    assert "Asked again: price is not a finite number." in never.reason
    assert language.counts.asked == 5
    repair = mine.calls[-1]
    assert repair.asker.purpose == "repair 1"
    assert [message.role for message in repair.messages] == ["user", "assistant", "user"]
    assert "price is not a finite number" in repair.messages[-1].content


def test_a_call_that_failed_falls_back_at_once_with_its_reason() -> None:
    def says(call: Call) -> Reply:
        raise BackendError("server error", "HTTP 500", retryable=False)

    mine = Mine(says)
    with _language(mine) as language:
        (outcome,) = decide_in_text(language, [question("firm-1", Model("test", "mine"), fields=FIELDS)])
    assert (outcome.values, outcome.reason) == ({}, "server error: HTTP 500")
    assert len(mine.calls) == 1


def test_importing_the_chain_is_light() -> None:
    import subprocess
    import sys

    code = (
        "import sys, wildsim.minds.language.repair, wildsim.minds.language.chain\n"
        "heavy = {'litellm', 'aiohttp', 'openai', 'numpy', 'pandas', 'mesa'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
