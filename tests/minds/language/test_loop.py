"""The loop in its own thread: an interruption cancels what is under way, and closing leaves nothing behind."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.conftest import ROOT
from wildsim.minds.language.chain import Language
from wildsim.minds.language.loop import Loop
from wildsim.minds.language.settings import Settings
from wildsim.minds.language.store import read_calls

INTERRUPTED = """
import asyncio, os, signal, sys
from pathlib import Path
from tests.minds.language.asking import Mine, call
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings

class Patient(Mine):
    async def answer(self, call):
        if call.asker.agent > "firm-7":
            await asyncio.sleep(600)
        if call.asker.agent == "firm-7":
            os.kill(os.getpid(), signal.SIGINT)
        return await super().answer(call)

mine = Patient()
with Language(Settings(), tape=Path(sys.argv[1]), backends={"mine": mine}) as language:
    try:
        language.ask([call(f"firm-{k}") for k in range(10)])
    except KeyboardInterrupt:
        print("interrupted", mine.in_flight)
"""


def test_ctrl_c_keeps_what_was_answered(tmp_path: Path) -> None:
    command = [sys.executable, "-c", INTERRUPTED, str(tmp_path / "t")]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True, timeout=120)
    assert done.stdout.split() == ["interrupted", "0"]
    assert len(list(read_calls(tmp_path / "t"))) == 8


def test_closing_ends_the_thread_and_what_runs_on_it() -> None:
    loop = Loop()
    ended = threading.Event()

    async def leave_running() -> None:
        async def forever() -> None:
            try:
                await asyncio.sleep(3600)
            finally:
                ended.set()

        loop.kept = asyncio.ensure_future(forever())  # type: ignore[attr-defined]
        await asyncio.sleep(0)

    loop.run(leave_running())
    before = threading.active_count()
    loop.close()
    assert ended.is_set()
    assert threading.active_count() == before - 1


def test_closing_twice_and_unused_is_harmless() -> None:
    language = Language(Settings())
    language.close()
    language.close()


def test_an_error_of_the_work_is_raised_to_the_caller() -> None:
    async def fail() -> None:
        raise ValueError("so")

    loop = Loop()
    with pytest.raises(ValueError, match="so"):
        loop.run(fail())
    loop.close()


def test_an_interruption_before_the_work_is_handed_over_leaves_none_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = Loop()

    async def nothing() -> None: ...

    async def work() -> None:
        raise AssertionError("it was begun")

    loop.run(nothing())
    assert loop._loop is not None
    hand_over, interrupted = loop._loop.call_soon_threadsafe, iter([True])

    def interrupt(*what: object) -> object:
        if next(interrupted, False):
            raise KeyboardInterrupt
        return hand_over(*what)

    monkeypatch.setattr(loop._loop, "call_soon_threadsafe", interrupt)
    task = work()
    with pytest.raises(KeyboardInterrupt):
        loop.run(task)
    assert task.cr_frame is None  # closed, so that nothing waits for it
    loop.close()
