"""The tape and the cache: what is answered is kept, is never asked again, and is all that a replay has."""

from __future__ import annotations

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.llm_server.server import Server
from tests.minds.language.asking import RIGHT, Mine, call, question
from wildsim.core.errors import RunError
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.call import Asker, Call, Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.errors import ReplayError
from wildsim.minds.language.repair import decide_in_text
from wildsim.minds.language.settings import Settings
from wildsim.minds.language.store import read_calls, read_links

FULL = Reply("text \ud800 \x00 é", 3.0, 4.0, revision="m-1", finish="stop", note="odd")
TRACED = Reply("{}", prompt_ids=(1, 2), completion_ids=(3,), logprobs=(-0.5,), tokens=("{}",))


def _language(mine: Mine, **where: object) -> Language:
    return Language(Settings(backoff_s=0.001, tries=2), backends={"mine": mine}, **where)  # type: ignore[arg-type]


def _some_fail(call: Call) -> Reply:
    if call.asker.agent == "firm-1":
        raise BackendError("server error", "HTTP 500", retryable=True)
    return Reply(f"to {call.asker.agent}", 10.0, 5.0)


def test_what_is_recorded_is_not_asked_again_failures_too(tmp_path: Path) -> None:
    mine = Mine(_some_fail)
    calls = [call(f"firm-{k}") for k in range(5)]
    with _language(mine, tape=tmp_path / "t.sqlite") as language:
        first = language.ask(calls)
    requests = len(mine.calls)
    with _language(mine, tape=tmp_path / "t.sqlite") as language:
        second = language.ask(calls)
    assert len(mine.calls) == requests == 6  # one failed twice
    assert isinstance(first[1], Failure)
    assert second[1] == first[1]
    assert [a.text for a in second if isinstance(a, Reply)] == [a.text for a in first if isinstance(a, Reply)]
    assert {a.source for a in second if isinstance(a, Reply)} == {"tape"}
    assert (language.counts.from_tape, language.counts.sent) == (5, 0)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["t.sqlite"]  # one whole file, no journal


def test_the_tape_tells_everything_about_a_call(tmp_path: Path) -> None:
    model = Model("x/y", "mine", "https://me:geheim@host/v1", "MY_KEY", 0.3, 77)
    asked = Call(model, call().messages, Asker(5, "firm-9", 3, "firm_manager", "vote 2"), {"type": "object"})
    with _language(Mine(lambda _: FULL), tape=tmp_path / "t") as language:
        language.ask([asked])
        language.tape.link("firm-9/3", [(asked.key, 0.5), ("other", 0.5)])
    (record,) = read_calls(tmp_path / "t")
    assert (record.key, record.model, record.source) == (asked.key, "x/y", "model")
    assert (record.seed, record.agent, record.month, record.role, record.purpose) == (
        5,
        "firm-9",
        3,
        "firm_manager",
        "vote 2",
    )
    assert record.sampling == {"backend": "mine", "api_base": "https://host/v1", "temperature": 0.3, "max_tokens": 77}
    assert record.messages == tuple((message.role, message.content) for message in asked.messages)
    assert json.loads(record.schema) == {"type": "object"}
    answer = record.answer
    assert isinstance(answer, Reply)
    assert (answer.text, answer.prompt_tokens, answer.completion_tokens) == ("text ? \x00 é", 3.0, 4.0)
    assert answer.usd != answer.usd  # unknown, not 0
    assert (answer.revision, answer.finish, answer.note) == ("m-1", "stop", "odd")
    assert list(read_links(tmp_path / "t")) == [("firm-9/3", "other", 0.5), ("firm-9/3", asked.key, 0.5)] or list(
        read_links(tmp_path / "t")
    ) == [("firm-9/3", asked.key, 0.5), ("firm-9/3", "other", 0.5)]


def test_token_ids_and_logprobs_come_back_as_they_were(tmp_path: Path) -> None:
    for _ in range(2):
        with _language(Mine(lambda _: TRACED), tape=tmp_path / "t") as language:
            (answer,) = language.ask([call()])
        assert isinstance(answer, Reply)
        assert (answer.prompt_ids, answer.completion_ids, answer.logprobs) == ((1, 2), (3,), (-0.5,))
        assert answer.tokens == ("{}",)


def test_arms_share_the_cache_and_each_has_its_tape(tmp_path: Path) -> None:
    mine = Mine(_some_fail)
    calls = [call(f"firm-{k}") for k in range(3)]
    with _language(mine, tape=tmp_path / "a" / "t", cache=tmp_path / "c") as language:
        first = language.ask(calls)
    with _language(mine, tape=tmp_path / "b" / "t", cache=tmp_path / "c") as language:
        second = language.ask([*calls, call("firm-9")])
    assert [call.asker.agent for call in mine.calls].count("firm-9") == 1
    assert len(mine.calls) == 5
    assert (language.counts.from_cache, language.counts.sent) == (3, 1)
    assert second[1] == first[1]  # an arm is not luckier than another
    sources = {record.agent: record.source for record in read_calls(tmp_path / "b" / "t")}
    assert sources == {"firm-0": "cache", "firm-1": "model", "firm-2": "cache", "firm-9": "model"}


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def blocked(*_: object, **__: object) -> None:
        raise AssertionError("the network was touched")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, blocked)
    monkeypatch.setattr(socket, "getaddrinfo", blocked)


def test_replay_answers_the_same_without_a_network(tmp_path: Path, request: pytest.FixtureRequest) -> None:
    with Server() as server:
        model = Model("test", "openai_http", server.address)
        asked = [question(f"firm-{k}", model, "[fault: server error]" if k == 3 else "") for k in range(6)]
        with Language(Settings(backoff_s=0.001, tries=2), tape=tmp_path / "t") as language:
            before = decide_in_text(language, asked)
        requests = len(server.arrivals)
    request.getfixturevalue("no_network")
    with Language(Settings(), tape=tmp_path / "t", replay=True) as language:
        after = decide_in_text(language, asked)
        assert after == before
        assert before[0].values == RIGHT
        assert before[3].values == {}
        assert (language.counts.from_tape, language.counts.sent, language.counts.requests) == (6, 0, 0)
    assert len(server.arrivals) == requests


def test_replay_names_what_the_tape_does_not_hold(tmp_path: Path) -> None:
    with _language(Mine(), tape=tmp_path / "t") as language:
        language.ask([call()])
    with (
        _language(Mine(), tape=tmp_path / "t", replay=True) as language,
        pytest.raises(ReplayError, match=r"no answer for firm-2 \(firm_manager, month 7, seed 1, decide\)"),
    ):
        language.ask([call(), call("firm-2", month=7)])


def test_replay_needs_a_tape(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="needs the tape"):
        Language(Settings(), replay=True)
    with pytest.raises(RunError, match="cannot be opened"):
        Language(Settings(), tape=tmp_path / "none", replay=True)
    assert not (tmp_path / "none").exists()


def test_refused_calls_are_replayed_where_the_run_went_on_without_them(tmp_path: Path) -> None:
    limits = {"budget_calls": 2, "on_budget": "fallback"}
    calls = [call(f"firm-{k}") for k in range(4)]
    with Language(Settings(**limits), tape=tmp_path / "t", backends={"mine": Mine()}) as language:  # type: ignore[arg-type]
        before = language.ask(calls)
    with Language(Settings(), tape=tmp_path / "t", replay=True) as language:
        after = language.ask(calls)
    assert [type(answer) for answer in before] == [type(answer) for answer in after] == [Reply, Reply, Failure, Failure]


def test_a_file_that_is_no_tape_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t").write_bytes(b"not a database, " * 100)
    with pytest.raises(RunError, match="cannot be opened as a tape"):
        Language(Settings(), tape=tmp_path / "t")
    assert (tmp_path / "t").read_bytes().startswith(b"not a database")


@pytest.mark.parametrize(
    "damage",
    [
        "logprobs = '[['",
        "logprobs = '[\"a\"]'",
        "tokens = '7'",
        "tokens = '[7]'",
        "prompt_ids = x'ff'",
        "answer = NULL",
        "answer = CAST(x'ff' AS TEXT)",
        "usd = 'much'",
        "tries = NULL",
    ],
)
def test_a_damaged_answer_is_told_with_its_place_and_what_to_do(damage: str, tmp_path: Path) -> None:
    with _language(Mine(lambda _: TRACED), tape=tmp_path / "t") as language:
        language.ask([call()])
    with sqlite3.connect(tmp_path / "t") as other:
        other.execute(f"UPDATE calls SET {damage}")
    other.close()
    told = rf"t is damaged at call {call().key}.*whole copy.*run anew"
    with Language(Settings(), tape=tmp_path / "t", replay=True) as language, pytest.raises(RunError, match=told):
        language.ask([call()])
    with pytest.raises(RunError, match=r"t is damaged at call .*whole copy"):
        list(read_calls(tmp_path / "t"))


@pytest.mark.parametrize("damage", ["messages = x'00'", "dictionary = 99", "sampling = 99"])
def test_a_damaged_prompt_is_told_too(damage: str, tmp_path: Path) -> None:
    with _language(Mine(), tape=tmp_path / "t") as language:
        language.ask([call()])
    with sqlite3.connect(tmp_path / "t") as other:
        other.execute(f"UPDATE calls SET {damage}")
    other.close()
    with pytest.raises(RunError, match=f"t is damaged at call {call().key}"):
        list(read_calls(tmp_path / "t"))


def test_a_tape_that_cannot_be_written_stops_the_run(tmp_path: Path) -> None:
    with _language(Mine(), tape=tmp_path / "t") as language:
        language.ask([call()])
        other = sqlite3.connect(tmp_path / "t")
        other.execute("DROP TABLE calls")
        other.commit()
        other.close()
        with pytest.raises((RunError, sqlite3.Error)):
            language.ask([call("firm-2")])


RUN = """
import sys
from pathlib import Path
from tests.minds.language.asking import call
from wildsim.minds.language.call import Model
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings
address, tape = sys.argv[1:]
model = Model("test", "openai_http", address)
with Language(Settings(concurrency=16), tape=Path(tape)) as language:
    language.ask([call(f"firm-{k}", f"I am firm {k}.", model) for k in range(96)])
print(language.counts.from_tape, language.counts.sent)
"""


def test_killed_in_mid_batch_and_resumed(tmp_path: Path) -> None:
    tape = tmp_path / "t.sqlite"
    with Server(latency=0.15) as server:
        command = [sys.executable, "-c", RUN, server.address, str(tape)]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        process = subprocess.Popen(command, cwd=ROOT, env=environment)
        deadline = time.monotonic() + 60
        while server.answered < 40 and time.monotonic() < deadline:
            time.sleep(0.005)
        process.send_signal(signal.SIGKILL)
        process.wait(30)
        recorded = {record.agent for record in read_calls(tape)}
        assert 16 <= len(recorded) < 96, "killed in mid-batch"
        before = [arrival.prompt for arrival in server.arrivals]
        time.sleep(0.3)  # what was under way runs out
        begun = len(server.arrivals)
        done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
        again = [arrival.prompt for arrival in server.arrivals[begun:]]
    assert done.stdout.split() == [str(len(recorded)), str(96 - len(recorded))]
    asked_again = {prompt.rpartition("I am ")[2] for prompt in again}
    assert not asked_again & {f"firm {agent.removeprefix('firm-')}." for agent in recorded}
    assert len(again) == 96 - len(recorded)
    twice = [prompt for prompt in again if prompt in before]
    assert len(twice) <= 16
    assert {record.agent for record in read_calls(tape)} == {f"firm-{k}" for k in range(96)}
