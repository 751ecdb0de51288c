"""Budgets in money, tokens and calls: kept, settled, and the same whatever answers come first."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from tests.minds.language.asking import Mine, call
from wildsim.core.errors import InputError, RunError
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.budget import Spent, prompt_tokens_at_most, upper_bound
from wildsim.minds.language.call import Call, Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.errors import BudgetError
from wildsim.minds.language.prices import listed
from wildsim.minds.language.settings import Price, Settings
from wildsim.minds.language.store import read_calls

PRICES = {"test": Price(1e6, 1e6)}  # a dollar a token
MOST = prompt_tokens_at_most(call("firm-1")) + 400


def _ask(settings: Settings, count: int, mine: Mine | None = None, **files: Path) -> tuple[list[bool], Language, Mine]:
    """Return which of the calls were answered."""
    mine = mine or Mine()
    with Language(settings, backends={"mine": mine}, **files) as language:  # type: ignore[arg-type]
        answers = language.ask([call(f"firm-{k}") for k in range(count)])
    assert all(isinstance(a, Reply) or a.kind == "budget" for a in answers)
    return [isinstance(answer, Reply) for answer in answers], language, mine


def test_calls_beyond_the_budget_are_refused_in_the_order_asked() -> None:
    answered, language, mine = _ask(Settings(budget_calls=3, on_budget="fallback"), 5)
    assert answered == [True, True, True, False, False]
    assert len(mine.calls) == 3
    assert language.counts.failures == {"budget": 2}
    assert language.counts.sent == language.counts.requests == 3


def test_money_is_set_aside_before_and_settled_after() -> None:
    """Each call takes 15 of at most MOST dollars: one after the other fits until less than MOST is left."""
    budget = MOST + 100.0
    answered, language, mine = _ask(Settings(budget_usd=budget, on_budget="fallback", prices=PRICES), 12)
    fit = math.floor((budget - MOST) / 15) + 1
    assert answered == [True] * fit + [False] * (12 - fit)
    assert language.counts.usd == pytest.approx(15 * fit)
    assert 15 * fit <= budget
    assert mine.most == 1  # no two fitted at once


def test_tokens_too() -> None:
    answered, language, _ = _ask(Settings(budget_tokens=3 * MOST, on_budget="fallback"), 200)
    spent = language.counts.prompt_tokens + language.counts.completion_tokens
    assert 3 * MOST - MOST < spent <= 3 * MOST
    assert answered == sorted(answered, reverse=True)


@pytest.mark.parametrize("pauses", [(0.0, 0.02), (0.02, 0.0)])
def test_what_is_refused_does_not_depend_on_who_answers_first(pauses: tuple[float, float]) -> None:
    class Uneven(Mine):
        async def answer(self, call: Call) -> Reply:
            self.pause = pauses[int(call.asker.agent.removeprefix("firm-")) % 2]
            return await super().answer(call)

    def says(call: Call) -> Reply:
        return Reply("x", 10.0 + 40 * int(call.asker.agent.removeprefix("firm-")), 5.0)

    answered, _, _ = _ask(Settings(budget_tokens=4 * MOST, on_budget="fallback"), 20, Uneven(says))
    expected, _, _ = _ask(Settings(budget_tokens=4 * MOST, on_budget="fallback"), 20, Mine(says))
    assert answered == expected
    assert 4 < sum(answered) < 20


def test_an_answer_that_does_not_say_what_it_took_counts_as_its_upper_bound() -> None:
    answered, language, _ = _ask(
        Settings(budget_tokens=3 * MOST + 10, on_budget="fallback"), 5, Mine(lambda _: Reply("x"))
    )
    assert sum(answered) == 3
    assert language.counts.unknown_tokens == 3
    assert language.counts.prompt_tokens == 0


def test_stop_raises_keeps_what_was_answered_and_goes_on_with_more(tmp_path: Path) -> None:
    calls = [call(f"firm-{k}") for k in range(5)]
    mine = Mine()
    stop = Settings(budget_calls=3)
    with Language(stop, tape=tmp_path / "t", backends={"mine": mine}) as language:
        with pytest.raises(BudgetError, match=r"3 of 3 calls; 2 calls do not fit any more.*--budget-usd") as raised:
            language.ask(calls)
    assert isinstance(raised.value, RunError)
    assert [record.agent for record in read_calls(tmp_path / "t")] == ["firm-0", "firm-1", "firm-2"]
    with Language(stop, tape=tmp_path / "t", backends={"mine": mine}) as language, pytest.raises(BudgetError):
        language.ask(calls)  # what was spent before the stop counts
    with Language(Settings(budget_calls=5), tape=tmp_path / "t", backends={"mine": mine}) as language:
        assert all(isinstance(answer, Reply) for answer in language.ask(calls))
    assert len(mine.calls) == 5


def test_arms_of_a_seed_share_one_budget(tmp_path: Path) -> None:
    limit = Settings(budget_calls=4, on_budget="fallback")
    first, _, _ = _ask(limit, 3, tape=tmp_path / "a", cache=tmp_path / "c")
    second, _, mine = _ask(limit, 6, tape=tmp_path / "b", cache=tmp_path / "c")
    assert first == [True] * 3
    assert second == [True] * 4 + [False] * 2
    assert len(mine.calls) == 1


def test_a_call_given_up_while_the_model_was_at_work_counts_as_its_upper_bound() -> None:
    mine = Mine(pause=9.0)
    model = Model("test", "mine", timeout_s=0.01)
    settings = Settings(budget_usd=1.5 * MOST, on_budget="fallback", prices=PRICES, tries=1)
    with Language(settings, backends={"mine": mine}) as language:
        answers = language.ask([call(f"firm-{k}", model=model) for k in range(3)])
    assert [answer.kind for answer in answers if isinstance(answer, Failure)] == ["timeout", "budget", "budget"]


def _fail_first(times: int) -> Mine:
    """Return a backend that times out so many times on each call, then answers and does not say what it took."""
    seen: list[str] = []

    def says(asked: Call) -> Reply:
        seen.append(asked.key)
        if seen.count(asked.key) <= times:
            raise BackendError("timeout", "as planned", retryable=True)
        return Reply("x") if asked.asker.agent == "firm-1" else Reply("x", 10.0, 5.0)

    return Mine(says)


@pytest.mark.parametrize(("room", "requests"), [(1.5, 1), (2.5, 2), (9.5, 4)])
def test_every_try_that_may_be_billed_is_charged_and_none_goes_out_beyond_the_budget(
    room: float, requests: int
) -> None:
    mine = _fail_first(99)
    settings = Settings(budget_usd=room * MOST, on_budget="fallback", prices=PRICES, tries=4, backoff_s=0.001)
    with Language(settings, backends={"mine": mine}) as language:
        (answer,) = language.ask([call("firm-0")])
    assert isinstance(answer, Failure)
    assert (answer.kind, len(mine.calls), answer.bound_usd) == ("timeout", requests, requests * MOST)
    assert ("another try does not fit" in answer.why) is (requests < 4)


@pytest.mark.parametrize("times", [0, 1, 99])
def test_a_resumed_run_counts_what_the_first_one_counted(times: int, tmp_path: Path) -> None:
    """Timeouts, tries before an answer, and answers that do not say what they took."""
    settings = Settings(budget_tokens=1_000_000, budget_usd=1e6, prices=PRICES, tries=2, backoff_s=0.001)
    with Language(settings, tape=tmp_path / "t", backends={"mine": _fail_first(times)}) as language:
        language.ask([call(f"firm-{k}") for k in range(3)])
        counted = language._budget.spent
    expected = {0: 30 + MOST, 1: 30 + 4 * MOST, 99: 6 * MOST}[times]
    assert counted == Spent(3, expected, expected)
    with Language(settings, tape=tmp_path / "t", backends={}) as language:
        assert language._budget.spent == counted


def test_a_budget_in_money_needs_a_price_before_anything_is_sent() -> None:
    mine = Mine()
    with Language(Settings(budget_usd=5.0), backends={"mine": mine}) as language:
        with pytest.raises(InputError, match=r"price of 'test' is unknown.*llm: \{prices: \{'test'"):
            language.ask([call(model=Model("scripted", "mine")), call()])
    assert mine.calls == []


def test_prices_are_the_users_then_the_table_then_unknown() -> None:
    known = listed("gpt-4o-mini")
    assert known is not None
    assert 0 < known.prompt < known.completion < 100
    assert listed("openai/gpt-4o-mini") == known
    assert listed("nobody/knows-it") is None
    usd, tokens = upper_bound(Model("openai/gpt-4o-mini"), 2000, 10)
    assert usd == pytest.approx((10 * 1048 * known.prompt + 4000 * known.completion) / 1e6)
    assert tokens == 10 * 1048 + 4000
    assert math.isnan(upper_bound(Model("nobody/knows-it"), 2000, 10)[0])
    assert math.isnan(upper_bound(Model("gpt-4o-mini", api_base="http://localhost/v1"), 2000, 10)[0])
    assert upper_bound(Model("mine"), 2000, 1, {"mine": Price(1.0, 0.0)})[0] == pytest.approx(1048 / 1e6)
    assert upper_bound(Model("scripted"), 2000, 10)[0] == 0.0


def test_looking_up_a_price_does_not_import_litellm() -> None:
    import subprocess
    import sys

    code = (
        "import sys; from wildsim.minds.language.prices import listed\n"
        "assert listed('gpt-4o-mini') and 'litellm' not in sys.modules"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
