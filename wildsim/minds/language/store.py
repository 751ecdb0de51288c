"""Calls and their answers in an SQLite file: what the tape of an arm and the cache of a seed are made of."""

from __future__ import annotations

import asyncio
import contextlib
import json
import sqlite3
import threading
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, NamedTuple

from wildsim.core.errors import RunError
from wildsim.minds.language.budget import Spent
from wildsim.minds.language.call import Answer, Call, Reply
from wildsim.minds.language.packing import Packing
from wildsim.minds.language.rows import ANSWER, answer_of, bound_of, row_of, sampling_of

VERSION = 1

_CALLS = """CREATE TABLE IF NOT EXISTS calls (
  key TEXT PRIMARY KEY, model TEXT, revision TEXT, sampling INTEGER, dictionary INTEGER, messages BLOB, schema INTEGER,
  seed INTEGER, agent TEXT, month INTEGER, role TEXT, purpose TEXT,
  answer TEXT, failure TEXT, why TEXT, prompt_tokens REAL, completion_tokens REAL, usd REAL, latency_s REAL,
  tries INTEGER, finish TEXT, note TEXT, prompt_ids TEXT, completion_ids TEXT, logprobs TEXT, tokens TEXT, source TEXT
)"""
"""Rows in the order of writing: prompts that lay in a tree by their keys, which are hashes, would be moved often."""
_LINKS = """CREATE TABLE IF NOT EXISTS decision_calls (
  decision_id TEXT, call_id TEXT, weight REAL, PRIMARY KEY (decision_id, call_id)) WITHOUT ROWID"""
_BEGUN = "CREATE TABLE IF NOT EXISTS begun (key TEXT PRIMARY KEY, times INTEGER) WITHOUT ROWID"
_BEGIN = "INSERT INTO begun VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET times = times + 1"
_COLUMNS = (
    "key model revision sampling dictionary messages schema seed agent month role purpose answer failure why "
    "prompt_tokens completion_tokens usd latency_s tries finish note prompt_ids completion_ids logprobs tokens source"
).split()
_INSERT = f"INSERT OR REPLACE INTO calls VALUES ({', '.join('?' * len(_COLUMNS))})"
_BOUNDS = "CREATE TABLE IF NOT EXISTS bounds (key TEXT PRIMARY KEY, tokens REAL, usd REAL) WITHOUT ROWID"
"""What is counted for a call beyond what its model said: requests that were given up, amounts not told."""
_BOUND = "INSERT OR REPLACE INTO bounds VALUES (?, ?, ?)"
_BOUND_OF = "LEFT JOIN bounds USING (key)"
_FOUND = (
    f"{', '.join(f'calls.{name}' for name in ANSWER.split(', '))}, "
    "bounds.tokens, CASE WHEN bounds.key IS NULL THEN 0 ELSE bounds.usd END"
)
_TOOK = (
    "SELECT model, source, failure, prompt_tokens, completion_tokens, calls.usd, latency_s, tries, "
    "COALESCE(bounds.tokens > 0, 0), bounds.key IS NOT NULL AND bounds.usd IS NOT 0, COALESCE(begun.times - 1, 0) "
    f"FROM calls {_BOUND_OF} LEFT JOIN begun USING (key)"
)
_PATIENCE_S = 30.0
#: Pages of 4 kB that the journal may hold before it is folded into the file: 2,000 commits of 64 calls took 2.7 s with
#: so many, 3.7 s with SQLite's 1,000.
_JOURNAL_PAGES = 8_000
_SOON_S = 0.002
_DAMAGED = (ValueError, TypeError, KeyError, IndexError, RecursionError, sqlite3.Error, zlib.error)


@dataclass(frozen=True)
class Record:
    """One call as it was recorded.

    Attributes:
        key: Of the call. model: Name. sampling: Sampling parameters and address. messages: (role, text) of the prompt.
        schema: JSON schema as text, empty for none. seed, agent, month, role, purpose: As in Asker.
        answer: What came back. source: "model" or "cache".
    """

    key: str
    model: str
    sampling: dict[str, Any]
    messages: tuple[tuple[str, str], ...]
    schema: str
    seed: int
    agent: str
    month: int
    role: str
    purpose: str
    answer: Answer
    source: str


class Took(NamedTuple):
    """What a recorded call took; None: nobody knows.

    Attributes:
        source: "model", "cache" or who else answered. failure: Kind of it, None for an answer. tries: Requests made.
        more_tokens, more_usd: Whether there may be more of it on the bill than its model said. again: Processes that
            sent it beside the one whose answer is kept, since they were killed before theirs was.
    """

    model: str
    source: str
    failure: str | None
    prompt_tokens: float | None
    completion_tokens: float | None
    usd: float | None
    latency_s: float | None
    tries: int | None
    more_tokens: bool
    more_usd: bool
    again: int


class Store:
    """Reads and writes calls. What `commit` has returned from survives the death of the process.

    Answers that come in together are written together: as soon as more would be lost with the process than the calls
    that may be under way (see Language), at the latest a few milliseconds later.
    """

    def __init__(self, path: Path, read_only: bool = False, brief: bool = False):
        """Open the file, or make it.

        Args:
            brief: Keep answers without their prompts.

        Raises:
            RunError: It cannot be opened, or is something else.
        """
        self.path, self._read_only, self._brief, self._lock = path, read_only, brief, threading.Lock()
        self._waiting: dict[str, tuple[Call, Answer, str]] = {}
        self._due: asyncio.TimerHandle | None = None
        self._broken: RunError | None = None
        self._closed = False
        try:
            if read_only:
                address = f"{path.resolve().as_uri()}?mode=ro"
                self._open = sqlite3.connect(address, uri=True, timeout=_PATIENCE_S, check_same_thread=False)
                self._open.execute(f"SELECT key FROM calls {_BOUND_OF} LIMIT 1")
            else:
                path.parent.mkdir(parents=True, exist_ok=True)
                self._open = sqlite3.connect(path, timeout=_PATIENCE_S, check_same_thread=False)
                # WAL without a flush at every commit: safe against a killed process, not against a power cut
                self._open.execute("PRAGMA journal_mode=WAL")
                self._open.execute("PRAGMA synchronous=NORMAL")
                self._open.execute(f"PRAGMA wal_autocheckpoint={_JOURNAL_PAGES}")
                self._open.execute(_CALLS)
                self._open.execute(_LINKS)
                self._open.execute(_BEGUN)
                self._open.execute(_BOUNDS)
                self._open.execute(f"PRAGMA user_version={VERSION}")
            self._packing = Packing(self._open, read_only)
            self._open.commit()
        except (sqlite3.Error, OSError) as error:
            raise RunError(f"{path} cannot be opened as a tape of calls: {error}. Remove it, or restore it.") from error

    def find(self, key: str, source: str) -> Answer | None:
        """Return the answer to a call, a failure too, or None; `source` is what a reply then says of itself.

        Raises:
            RunError: The file is damaged there.
        """
        with self._lock:
            if waiting := self._waiting.get(key):
                answer = waiting[1]
                return replace(answer, source=source) if isinstance(answer, Reply) else answer
            with self._whole(key):
                row = self._open.execute(
                    f"SELECT {_FOUND} FROM calls {_BOUND_OF} WHERE calls.key = ?", (key,)
                ).fetchone()
                return answer_of(row, source) if row else None

    @contextlib.contextmanager
    def _whole(self, key: str) -> Iterator[None]:
        """Say where the file is damaged, whatever reading it raises.

        Raises:
            RunError: It is.
        """
        try:
            yield
        except _DAMAGED as error:
            raise RunError(
                f"{self.path} is damaged at call {key}: {type(error).__name__}: {error}. Put back a "
                "whole copy of the file; without one, remove it and run anew."
            ) from error

    def put(self, call: Call, answer: Answer, source: str) -> None:
        """Take one call to be written; on an event loop it is on disk a few milliseconds later.

        Raises:
            RunError: An earlier one could not be written: no further call may be paid for and lost.
        """
        if self._broken is not None:
            raise self._broken
        with self._lock:
            self._waiting[call.key] = (call, answer, source)
        if self._due is None:
            self._due = asyncio.get_running_loop().call_later(_SOON_S, self._commit_now)

    def write(self, call: Call, answer: Answer, source: str) -> None:
        """Write one call; it is on disk when it returns.

        Raises:
            RunError: It cannot be written.
        """
        self._write(_INSERT, [(call, answer, source)])

    def begin(self, key: str) -> None:
        """Write that a call goes out, once for each process that sends it.

        Raises:
            RunError: It cannot be written.
        """
        self._write(_BEGIN, [(key,)])

    def _commit_now(self) -> None:
        self._due = None
        try:
            self.commit()
        except RunError as error:
            self._broken = error  # raised to whoever puts the next call, and at the end of the batch

    def link_all(self, rows: Sequence[tuple[str, str, float]]) -> None:
        """Write (decision, key of a call, weight) of many decisions at once; on disk when it returns.

        Raises:
            RunError: It cannot be written.
        """
        self._write("INSERT OR REPLACE INTO decision_calls VALUES (?, ?, ?)", rows)

    @property
    def waiting(self) -> int:
        """Calls that are not on disk yet."""
        return len(self._waiting)

    def commit(self) -> None:
        """Make everything that was put durable.

        Raises:
            RunError: The disk is full, or the file is held by another process.
        """
        if not self._waiting:
            return
        with self._lock:
            waiting = list(self._waiting.values())
        self._write(_INSERT, waiting)
        with self._lock:
            for call, _, _ in waiting:
                self._waiting.pop(call.key, None)

    def _row(self, call: Call, answer: Answer, source: str) -> tuple[Any, ...]:
        """Return a call and its answer in the order of the columns; the cache keeps no prompt, the tapes do."""
        packing = self._packing
        prompt = (0, None) if self._brief else packing.pack(call.prompt, call.asker.role)
        asked = (packing.number(sampling_of(call.model)), *prompt, packing.number(call.form))
        return row_of(call, asked, answer, source)

    def _write(self, statement: str, rows: Sequence[tuple[Any, ...]]) -> None:
        try:
            with self._lock:
                values = [self._row(*row) for row in rows] if statement is _INSERT else rows
                self._open.executemany(statement, values)
                if statement is _INSERT:
                    bounds = [bound_of(call, answer) for call, answer, _ in rows]
                    self._open.executemany(_BOUND, [bound for bound in bounds if bound is not None])
                self._open.commit()
        except sqlite3.Error as error:
            with contextlib.suppress(sqlite3.Error):
                self._open.rollback()
                self._packing = Packing(self._open)  # it may know texts that are not in the file now
            raise RunError(
                f"{self.path} cannot be written: {error}. Make room or rights for it, then resume the run."
            ) from error

    def records(self, agent: str | None = None, month: int | None = None, begins: str = "") -> Iterator[Record]:
        """Yield the calls by month, agent and purpose; see `read_calls`."""
        order = "ORDER BY month, agent, role, purpose, calls.key"
        only = (
            "calls.key >= :low AND calls.key < :high AND (:agent IS NULL OR agent = :agent) "
            "AND (:month IS NULL OR month = :month)"
        )
        asked = {"low": begins, "high": begins + "g", "agent": agent, "month": month}  # keys are hexadecimal
        texts = self._packing.texts()
        columns = ", ".join(f"calls.{name}" for name in _COLUMNS)
        query = f"SELECT {columns}, {_FOUND} FROM calls {_BOUND_OF} WHERE {only} {order}"
        with self._whole("(one of them)"):
            for row in self._open.execute(query, asked):
                with self._whole(str(row[0])):
                    record = self._record(row, texts)
                yield record

    def _record(self, row: Sequence[Any], texts: Mapping[int, str]) -> Record:
        values = dict(zip(_COLUMNS, row, strict=False))
        packed = values["messages"]
        messages = self._packing.unpack(values["dictionary"], packed) if packed is not None else "[]"
        return Record(
            **{name: values[name] for name in "key model seed agent month role purpose source".split()},
            sampling=json.loads(texts[values["sampling"]]),
            messages=tuple((message["role"], message["content"]) for message in json.loads(messages)),
            schema=texts[values["schema"]],
            answer=answer_of(row[len(_COLUMNS) :], values["source"]),
        )

    def links(self) -> Iterator[tuple[str, str, float]]:
        """Yield (decision, key of a call, weight)."""
        yield from self._open.execute("SELECT decision_id, call_id, weight FROM decision_calls ORDER BY 1, 2")

    def took(self) -> Iterator[Took]:
        """Yield what each call took."""
        with self._whole("(one of them)"):
            for row in self._open.execute(_TOOK):
                yield Took._make((*row[:8], bool(row[8]), bool(row[9]), row[10]))

    def spent(self) -> Spent:
        """Return what models took for the calls of this file, as a budget counts it: at most where they do not say."""
        query = (
            "SELECT COUNT(*), TOTAL(prompt_tokens) + TOTAL(completion_tokens) + TOTAL(bounds.tokens), "
            f"TOTAL(calls.usd) + TOTAL(bounds.usd) FROM calls {_BOUND_OF} "
            "WHERE source = 'model' AND failure IS NOT 'budget'"
        )
        with self._lock:
            calls, tokens, usd = self._open.execute(query).fetchone()
        return Spent(int(calls), float(tokens), float(usd))

    def close(self) -> None:
        """Commit, fold the journal into the file and close it. May be called twice."""
        if self._closed:
            return
        self._closed = True
        try:
            self.commit()
            if not self._read_only:
                with self._lock, contextlib.suppress(sqlite3.OperationalError):  # a reader keeps the journal open
                    self._open.execute("PRAGMA journal_mode=DELETE")
        finally:
            self._open.close()


def read_calls(path: Path, *, agent: str | None = None, month: int | None = None, begins: str = "") -> Iterator[Record]:
    """Yield the recorded calls of a file by month, agent and purpose, also while a run writes it.

    Args:
        agent, month: Only calls of that agent, of that month. begins: Only calls whose key begins so.

    Raises:
        RunError: The file is not there or no tape.
    """
    store = Store(path, read_only=True)
    try:
        yield from store.records(agent, month, begins)
    finally:
        store.close()


def read_took(path: Path) -> Iterator[Took]:
    """Yield what each recorded call of a file took.

    Raises:
        RunError: The file is not there or no tape.
    """
    store = Store(path, read_only=True)
    try:
        yield from store.took()
    finally:
        store.close()


def read_links(path: Path) -> Iterator[tuple[str, str, float]]:
    """Yield (decision, key of a call, weight)."""
    store = Store(path, read_only=True)
    try:
        yield from store.links()
    finally:
        store.close()
