"""Runs with minds: tapes, caches, budgets, and interruptions."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.engine.conftest import same_files
from tests.llm_server.server import Server
from tests.minds.language.asking import Mine, call
from wildsim.core.errors import InputError, RunError
from wildsim.engine.api import Run
from wildsim.engine.fallbacks import effects
from wildsim.engine.minds import _calls
from wildsim.engine.plan import make_plan
from wildsim.engine.run import resume, start
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.backends.scripted import Scripted
from wildsim.minds.language.call import Call, Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Price, Settings
from wildsim.minds.language.store import read_calls
from wildsim.scenario.load import load, load_overlay

WILDSIM = [sys.executable, "-c", "import sys; from wildsim.cli import main; sys.exit(main())"]
STORY = """name: t
months: {months}
burn_in: 3
society: {{people: 300, regions: 1}}
minds:
  - {{role: household_member, count: 30, mind: llm, model: "{model}"{more}}}
llm: {{concurrency: 8{limits}}}
"""


def story(folder: Path, model: str = "scripted", more: str = "", months: int = 3, limits: str = "") -> Path:
    """Write a scenario and return its path."""
    path = folder / "t.yaml"
    path.write_text(STORY.format(model=model, more=more, months=months, limits=limits))
    return path


def test_processes_and_repetition_give_the_same_bytes(tmp_path: Path) -> None:
    path = story(tmp_path, "scripted:chaos=.3", ", memory: 3, letters: 2, vote: {count: 2}")
    for name, jobs in (("one", 1), ("two", 2), ("again", 1)):
        start(make_plan(load(path), seeds=2), out=tmp_path / name, jobs=jobs)
    same_files(tmp_path / "one", tmp_path / "two")
    same_files(tmp_path / "one", tmp_path / "again")


def test_arms_share_what_the_policy_cannot_have_changed(tmp_path: Path) -> None:
    """A policy from month 2 on makes no new call before; later it does."""
    policy = tmp_path / "p.yaml"
    policy.write_text("policies: [{kind: vat, rate: .3, from: 2}]\n")
    plan = make_plan(load(story(tmp_path, months=5)), [load_overlay(policy)], seeds=1)
    found = start(plan, out=tmp_path / "r", jobs=1)
    calls = list(read_calls(found.path / "arms" / "p" / "seed=1" / "tape.sqlite"))
    before = {call.source for call in calls if call.month < 2}
    after = {call.source for call in calls if call.month >= 3}
    assert before == {"cache"}
    assert "model" in after


def test_fallbacks_are_bounded_by_two_further_lives(tmp_path: Path) -> None:
    run = Run(start(make_plan(load(story(tmp_path, "scripted:refuse", months=6)), seeds=1), out=tmp_path / "r").path)
    table = effects(run.indicators.loc[1], run.table("fallbacks"))
    spent = table.loc["consumption_real"]
    assert spent["low"] < spent["run"] < spent["high"]
    assert run.manifest["minds"]["baseline"]["decisions"] == {"household_member/fallback": 180}


def test_without_fallbacks_nothing_is_lived_again(tmp_path: Path) -> None:
    run = start(make_plan(load(story(tmp_path)), seeds=1), out=tmp_path / "r")
    assert not (run.path / "arms" / "baseline" / "seed=1" / "fallbacks.parquet").exists()


def test_the_manifest_tells_what_calls_took_and_unknown_is_not_zero(tmp_path: Path) -> None:
    with Server() as server:
        more = f', backend: openai_http, api_base: "{server.address}"'
        run = start(make_plan(load(story(tmp_path, "test", more)), seeds=1), out=tmp_path / "r", jobs=1)
    (took,) = run.manifest["calls"]["baseline"].values()
    assert (took["calls"], took["requests"], took["failures"]) == (90, 90, {})
    assert took["prompt_tokens"] > 0
    assert took["usd"] is None
    assert run.manifest["cost_usd"] is None
    assert 0.0 < took["latency_s"]["p50"] <= took["latency_s"]["p99"]


def taken(folder: Path, model: str, says: Callable[[Call], Reply], **limits: Any) -> dict[str, Any]:
    """Return what the manifest would say of three calls of a model that a backend answers."""
    settings = Settings(backoff_s=0.001, tries=2, **limits)
    tape = folder / f"{len(list(folder.iterdir()))}.sqlite"
    with Language(settings, tape=tape, backends={"mine": Mine(says)}) as language:
        language.ask([call(f"firm-{k}", model=Model(model, "mine")) for k in range(3)])
    return dict(_calls([tape])[model])


def fails(kind: str, once: bool = False) -> Callable[[Call], Reply]:
    """Return a backend's answer that fails, for the second of the agents only where it is to pass."""
    seen: list[str] = []

    def says(asked: Call) -> Reply:
        seen.append(asked.asker.agent)
        if not once or (asked.asker.agent == "firm-1" and seen.count("firm-1") == 1):
            raise BackendError(kind, "as planned", retryable=True)
        return Reply("{}", 10.0, 5.0)

    return says


def test_what_a_failed_request_cost_is_unknown_and_never_zero(tmp_path: Path) -> None:
    priced: dict[str, Any] = {"prices": {"test": Price(1.0, 1.0)}}
    amounts = ("usd", "prompt_tokens", "completion_tokens")
    for kind in ("timeout", "bad reply"):
        for more in ({}, priced):
            took = taken(tmp_path, "test", fails(kind), **more)
            assert [took[name] for name in amounts] == [None] * 3
            assert took["failures"] == {kind: 3}
    took = taken(tmp_path, "test", fails("timeout", once=True), **priced)
    assert (took["failures"], took["requests"], [took[name] for name in amounts]) == ({}, 4, [None] * 3)
    # a request that is turned away is not billed; without a price the cost stays unknown
    took = taken(tmp_path, "test", fails("rate limit", once=True), **priced)
    assert [took[name] for name in amounts] == [pytest.approx(45e-6), 30.0, 15.0]
    assert taken(tmp_path, "test", fails("refused"))["usd"] is None
    assert taken(tmp_path, "scripted", fails("timeout"))["usd"] == 0.0


def test_a_tape_that_lacks_a_table_is_told(tmp_path: Path) -> None:
    taken(tmp_path, "test", fails("timeout"))
    tape = tmp_path / "0.sqlite"
    assert [record.answer for record in read_calls(tape)] == [Failure("timeout", "as planned", 2)] * 3
    with sqlite3.connect(tape) as opened:
        opened.execute("DROP TABLE bounds")
    opened.close()
    with pytest.raises(RunError, match="cannot be opened as a tape of calls: no such table: bounds"):
        _calls([tape])
    with pytest.raises(RunError, match="cannot be opened as a tape of calls: no such table: bounds"):
        list(read_calls(tape))


def test_a_spent_budget_stops_and_more_of_it_goes_on(tmp_path: Path) -> None:
    whole = start(make_plan(load(story(tmp_path)), seeds=1), out=tmp_path / "whole", jobs=1)
    path = story(tmp_path, limits=", budget_calls: 50")
    with pytest.raises(RunError, match="--budget-calls"):
        start(make_plan(load(path), seeds=1), out=tmp_path / "r", jobs=1)
    with pytest.raises(RunError, match="--budget-calls"):
        resume(tmp_path / "r", jobs=1, budget={"budget_calls": 60})
    done = resume(tmp_path / "r", jobs=1, budget={"budget_calls": 90})
    same_files(whole.path, done.path)
    assert done.manifest["calls"]["baseline"]["scripted"]["calls"] == 90


def test_a_budget_that_is_no_larger_is_refused_and_not_kept(tmp_path: Path) -> None:
    path = story(tmp_path, limits=", budget_calls: 50")
    with pytest.raises(RunError, match="--budget-calls"):
        start(make_plan(load(path), seeds=1), out=tmp_path / "r", jobs=1)
    before = (tmp_path / "r" / "manifest.json").read_bytes()
    for most in (0, 50):
        with pytest.raises(InputError, match=rf"--budget-calls is {most}; the run stopped with a budget of 50"):
            resume(tmp_path / "r", jobs=1, budget={"budget_calls": most})
    assert (tmp_path / "r" / "manifest.json").read_bytes() == before


def test_a_damaged_file_is_made_again_from_the_tape_at_once_and_without_a_call(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = start(make_plan(load(story(tmp_path)), seeds=1), out=tmp_path / "r", jobs=1).path
    whole = shutil.copytree(run, tmp_path / "whole")
    (run / "arms/baseline/seed=1/flows.parquet").write_bytes(b"")

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("somebody was asked")

    monkeypatch.setattr(Scripted, "answer", refuse)
    assert resume(run, jobs=1).manifest["status"] == "done"
    same_files(whole, run)
    tape = "arms/baseline/seed=1/tape.sqlite"
    assert (run / tape).read_bytes() == (whole / tape).read_bytes()


def test_a_remade_seed_whose_bytes_differ_from_those_noted_is_done(tmp_path: Path) -> None:
    """As after another release of the library that writes parquet: what was noted is of the file before."""
    run = start(make_plan(load(story(tmp_path)), seeds=1), out=tmp_path / "r", jobs=1).path
    manifest = json.loads((run / "manifest.json").read_text())
    manifest["files"]["arms/baseline/seed=1/flows.parquet"] = "0" * 64
    (run / "manifest.json").write_text(json.dumps(manifest))
    assert resume(run, jobs=1).manifest["status"] == "done"


@pytest.mark.parametrize("harm", ["changed", "gone"])
def test_a_finished_tape_that_is_not_as_it_was_is_an_error(tmp_path: Path, harm: str) -> None:
    run = start(make_plan(load(story(tmp_path)), seeds=1), out=tmp_path / "r", jobs=1).path
    tape = run / "arms/baseline/seed=1/tape.sqlite"
    if harm == "changed":
        with sqlite3.connect(tape) as opened:
            opened.execute("DELETE FROM calls WHERE month = 1")
        opened.close()
    else:
        tape.unlink()
        (run / "arms/baseline/seed=1/flows.parquet").unlink()
    before = (run / "manifest.json").read_bytes()
    for _ in range(2):
        with pytest.raises(RunError, match=r"tape\.sqlite' (was changed|is gone).*Restore the file, or run"):
            resume(run, jobs=1)
    assert (run / "manifest.json").read_bytes() == before


def test_a_budget_that_the_rules_stood_in_for_cannot_be_raised_later(tmp_path: Path) -> None:
    path = story(tmp_path, limits=", budget_calls: 50, on_budget: fallback")
    run = start(make_plan(load(path), seeds=1), out=tmp_path / "r", jobs=1)
    (run.path / "summary.json").unlink()
    with pytest.raises(InputError, match="on_budget is fallback"):
        resume(run.path, jobs=1, budget={"budget_calls": 90})


def test_a_spent_budget_may_fall_back_and_counts_it(tmp_path: Path) -> None:
    path = story(tmp_path, limits=", budget_calls: 50, on_budget: fallback")
    run = start(make_plan(load(path), seeds=1), out=tmp_path / "r", jobs=1)
    counts = run.manifest["minds"]["baseline"]
    assert counts["decisions"] == {"household_member/fallback": 40, "household_member/scripted": 50}
    assert counts["reasons"] == {"budget": 40}


def begun(folder: Path, path: Path) -> subprocess.Popen[bytes]:
    """Start the run in a process of its own."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    line = [*WILDSIM, "run", str(path), "--seeds", "1", "--jobs", "1", "--quiet", "--out", str(folder)]
    return subprocess.Popen(line, env=environment, cwd=ROOT, start_new_session=True)


def asked(server: Server, begin: int = 0) -> list[str]:
    """Return the prompts that came in."""
    return [arrival.prompt for arrival in server.arrivals[begin:]]


def _begun_and_unanswered(tape: Path) -> int:
    with closing(sqlite3.connect(tape)) as opened:
        query = "SELECT COUNT(*) FROM begun WHERE key NOT IN (SELECT key FROM calls)"
        return int(opened.execute(query).fetchone()[0])


@pytest.mark.parametrize("after", [20, 45])
def test_killed_in_mid_batch_and_resumed_it_asks_only_what_it_does_not_know(after: int, tmp_path: Path) -> None:
    """Calls whose answer is on the tape are not made again, at most `concurrency` others are; the run is the same."""
    with Server(latency=0.05) as server:
        path = story(tmp_path, "test", f', backend: openai_http, api_base: "{server.address}"')
        whole = start(make_plan(load(path), seeds=1), out=tmp_path / "whole", jobs=1)
        known = len(server.arrivals)
        assert known == 90
        child = begun(tmp_path / "cut", path)
        deadline = time.monotonic() + 120
        while len(server.arrivals) < known + after and time.monotonic() < deadline:
            time.sleep(0.002)
        os.killpg(child.pid, signal.SIGKILL)
        child.wait(30)
        tape = tmp_path / "cut" / "checkpoints" / "seed=1" / "baseline.sqlite"
        recorded = {(call.agent, call.month) for call in read_calls(tape)}
        lost = _begun_and_unanswered(tape)
        assert 0 < len(recorded) < 90, "it was to be killed in the middle"
        time.sleep(0.3)
        first = asked(server, known)
        mark = len(server.arrivals)
        resume(tmp_path / "cut", jobs=1)
        again = asked(server, mark)
    assert len(again) == 90 - len(recorded)
    assert len(set(again) & set(first)) <= 8
    same_files(whole.path, tmp_path / "cut")
    manifest: dict[str, Any] = json.loads((tmp_path / "cut" / "manifest.json").read_text())
    # calls that were begun count, though the kill may have come before one reached the server
    assert manifest["calls"]["baseline"]["test"]["made_again"] == lost
    assert len(set(again) & set(first)) <= lost <= 8


def test_no_key_is_written_anywhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    key = "sk-planted-fedcba9876543210"
    monkeypatch.setenv("PLANTED_KEY", key)
    with Server() as server:
        more = f', backend: openai_http, api_base: "{server.address}", api_key_env: PLANTED_KEY'
        run = start(make_plan(load(story(tmp_path, "test", more)), seeds=1), out=tmp_path / "r", jobs=1)
        assert {arrival.key for arrival in server.arrivals} == {f"Bearer {key}"}
    for file in run.path.rglob("*"):
        if file.is_file():
            assert key.encode() not in file.read_bytes(), file
