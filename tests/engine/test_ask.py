"""Interviews: the conversation goes on, the run does not change, and nobody is made up."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

import pytest

from tests.minded import bytes_of, copy_of_the_run
from wildsim.minds.language.backends import BACKENDS
from wildsim.minds.language.call import Call, Model, Reply
from wildsim.minds.language.store import read_calls

Cli = Callable[..., Any]
KEY = "sk-planted-by-the-test-0123456789"


class Listener:
    """A backend that remembers what it was asked."""

    heard: ClassVar[list[Call]] = []

    def __init__(self, settings: object = None):
        pass

    def check(self, model: Model) -> None:
        pass

    async def answer(self, call: Call) -> Reply:
        self.heard.append(call)
        return Reply(f"Because \x1b[31mcosts rose {KEY}")

    async def close(self) -> None:
        pass


@pytest.fixture
def listener(monkeypatch: pytest.MonkeyPatch) -> type[Listener]:
    BACKENDS._load()
    monkeypatch.setitem(BACKENDS._items, "openai_http", Listener)  # type: ignore[arg-type]
    monkeypatch.setattr(Listener, "heard", [])
    monkeypatch.setenv("TEST_KEY", KEY)
    return Listener


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return copy_of_the_run(tmp_path / "run")


OTHER = (
    "--model",
    "x/y",
    "--backend",
    "openai_http",
    "--api-base",
    "http://127.0.0.1:9/v1",
    "--api-key-env",
    "TEST_KEY",
)


def _repaired(run: Path) -> Any:
    calls = read_calls(run / "arms/baseline/seed=1/tape.sqlite")
    return next(call for call in calls if call.purpose == "repair 1" and call.role == "firm_manager")


def test_the_script_is_nobody_and_the_run_stays(cli: Cli, run: Path) -> None:
    before = bytes_of(run)
    answer = cli("ask", run, "--agent", "central-bank-0", "--month", "2", "Why this rate?")
    assert answer.code == 0
    assert "scripted, no language model" in answer.out
    assert "rate 0.0" in answer.out
    document = cli("ask", run, "--agent", "central-bank-0", "--month", "2", "Why?", "--json").document
    assert (document["scripted"], document["answer"]) == (True, "scripted, no language model")
    assert bytes_of(run) == before


def test_a_model_gets_the_whole_conversation_and_nothing_is_kept(cli: Cli, run: Path, listener: type[Listener]) -> None:
    before, call = bytes_of(run), _repaired(run)
    answer = cli("ask", run, "--agent", call.agent, "--month", str(call.month), "Why this price?", *OTHER)
    assert answer.code == 0
    (heard,) = listener.heard
    assert [(m.role, m.content) for m in heard.messages[:-2]] == list(call.messages)
    assert heard.messages[-2].content == call.answer.text
    assert heard.messages[-1].content.endswith("Why this price?")
    assert heard.model.name == "x/y"
    assert heard.schema is None
    assert "Because \\x1b[31mcosts rose (key)" in answer.out
    assert KEY not in answer.out + answer.err
    assert bytes_of(run) == before


def test_the_same_question_is_another_call_than_the_decision(cli: Cli, run: Path, listener: type[Listener]) -> None:
    call = _repaired(run)
    for question in ("Why?", "Why not?"):
        cli("ask", run, "--agent", call.agent, "--month", str(call.month), question, *OTHER)
    purposes = [heard.asker.purpose for heard in listener.heard]
    assert len(set(purposes)) == 2
    assert all(purpose.startswith("ask ") for purpose in purposes)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--agent", "central-bank-1", "--month", "2"), "Did you mean 'central-bank-0'?"),
        (("--agent", "central-bank-0", "--month", "77"), "it made 4, in months 0 to 3"),
        (("--agent", "central-bank-0", "--month", "2", "--seed", "9"), "no finished seed 9"),
        (("--agent", "central-bank-0", "--month", "2", "--arm", "no_chnge"), "Did you mean 'no_change'?"),
        (("--agent", "central-bank-0", "--month", "2", "--role", "central_bankr"), "Did you mean 'central_banker'?"),
        (("--agent", "central-bank-0", "--month", "2", "--backend", "carrier"), "must be litellm or openai_http"),
        (("--agent", "central-bank-0", "--month", "2", "--model", "openai/x"), "needs OPENAI_API_KEY"),
    ],
)
def test_errors_say_what_there_is(
    cli: Cli, run: Path, options: tuple[str, ...], message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    answer = cli("ask", run, *options, "Why?")
    assert (answer.code, message in answer.err) == (2, True), answer.err


def test_an_empty_question_is_none(cli: Cli, run: Path) -> None:
    answer = cli("ask", run, "--agent", "central-bank-0", "--month", "2", " ")
    assert (answer.code, "The question is empty" in answer.err) == (2, True)


def test_who_made_no_call_is_told_with_its_numbers(cli: Cli, run: Path) -> None:
    rows = cli("inspect", run, "--source", "random", "--month", "1", "--json").document["decisions"]
    answer = cli("ask", run, "--agent", rows[0]["agent"], "--month", "1", "Why?")
    assert answer.code == 2
    assert "made no call" in answer.err
    assert "came from 'random'" in answer.err
    assert f"{rows[0]['field']} {rows[0]['executed']:.4g}" in answer.err
