"""A run once more, bit for bit, from its tapes: no model, no person and no network is asked."""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.core.errors import InputError, RunError
from wildsim.engine import files, minds
from wildsim.engine.run import StoppedError, carry_on
from wildsim.engine.speech import TAPE, Speech
from wildsim.engine.store import RunFolder, code_digest
from wildsim.engine.watcher import Watcher

if TYPE_CHECKING:
    import pandas as pd

#: Columns that say which row of a table it is, in the order in which they are told.
_NAMES = ("month", "agent", "role", "field", "account", "payer", "payee", "instrument", "sector", "person")
_SHOWN = 40


@dataclass(frozen=True)
class Difference:
    """The first place where a replay differs from its run.

    Attributes:
        file: Path in the run folder. month: First month that differs; None where the file has none. what: Indicator,
            or column and row. before, after: What stands there in the run and in the replay.
    """

    file: str
    month: int | None
    what: str
    before: str
    after: str

    def __str__(self) -> str:
        """Say it in a line."""
        month = "" if self.month is None else f", month {self.month}"
        return f"{self.file}{month}: {self.what} was {self.before}, is now {self.after}"


@dataclass(frozen=True)
class Replay:
    """How a replay went.

    Attributes:
        files: How many files were compared. different: Those that are not the same. first: Where they first differ.
        answers: Answers on the tapes. same_code: Whether the program is the one that made the run.
    """

    files: int
    different: tuple[str, ...]
    first: Difference | None
    answers: int
    same_code: bool

    @property
    def identical(self) -> bool:
        """Whether every file is the same, byte for byte."""
        return not self.different


def replay(path: Path, *, out: Path | None = None, threads: int = 1, watcher: Watcher | None = None) -> Replay:
    """Repeat the run in `path` from its tapes and compare.

    Args:
        out: Where the repeated run is kept; nowhere if left out.

    Raises:
        InputError: It is no finished run, a tape is gone, or `out` is taken.
        RunError: The tapes do not hold what the run asks, or the user stopped.
    """
    original = RunFolder.open(path)
    if original.manifest["status"] != "done":  # files that were changed since then are what a replay finds
        raise InputError(f"'{path}' is not finished. Finish it, then replay it: wildsim resume {path}")
    tapes = list(_tapes(original))
    with _place(out) as place:
        again = RunFolder.create(original.plan, place, f"wildsim replay {path}")
        _live(again, Speech(tapes=path.resolve()), threads, watcher or Watcher())
        if out is not None:
            _keep_tapes(original, again)
        return _compared(original, again, sum(map(_answers, tapes)))


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    """Yield the folder of the repeated run; without `out` it is gone afterwards, however the replay ends."""
    if out is not None:
        yield out
        return
    holder = Path(tempfile.mkdtemp(prefix="wildsim-replay-"))
    try:
        yield holder / "run"
    finally:
        shutil.rmtree(holder, ignore_errors=True)


def _live(folder: RunFolder, speech: Speech, threads: int, watcher: Watcher) -> None:
    """Live all seeds in this process.

    Raises:
        RunError: One cannot be lived from its tape; the message speaks of the replay, which cannot be resumed.
    """
    try:
        carry_on(folder, jobs=1, threads=threads, watcher=watcher, speech=speech)
    except StoppedError:
        raise RunError("The replay was stopped; the run is as it was.") from None
    except RunError as error:
        failures = folder.manifest["failures"]
        if not failures:
            raise
        first = failures[0]
        where = "" if first["arm"] is None else f", arm '{first['arm']}', month {first['month']}"
        ended = RunError(f"The replay ends at seed {first['seed']}{where}: {first['reason']}")
        ended.add_note(first["traceback"])
        raise ended from error


def _keep_tapes(original: RunFolder, again: RunFolder) -> None:
    """Give the repeated run the tapes that it was lived from, so that it is whole."""
    for source in _tapes(original):
        if source.is_file():
            target = again.path / source.relative_to(original.path)
            with files.explained(target):
                shutil.copyfile(source, target)
    again.note(**minds.report(again, again.done_seeds()))


def _tapes(run: RunFolder) -> Iterator[Path]:
    for arm in run.plan.arms:
        for seed in run.plan.seeds:
            yield run.seed_folder(arm.name, seed) / TAPE


def _answers(tape: Path) -> int:
    """Return how many answers a tape holds; 0 where there is none."""
    from wildsim.minds.language.store import read_calls

    return sum(1 for _ in read_calls(tape)) if tape.is_file() else 0


def _compared(original: RunFolder, again: RunFolder, answers: int) -> Replay:
    before, after = _shared(original.path), _shared(again.path)
    different = [name for name in sorted(before.keys() | after.keys()) if before.get(name) != after.get(name)]
    first = _first(original.path, again.path, different) if different else None
    return Replay(len(before), tuple(different), first, answers, original.manifest.get("code") == code_digest())


def _shared(run: Path) -> dict[str, str]:
    """Return the hash of each file that identical runs share."""
    paths = [*(run / "arms").rglob("*"), run / "summary.json"]
    return {
        path.relative_to(run).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in paths
        if path.is_file() and path.name != TAPE
    }


def _first(original: Path, again: Path, names: list[str]) -> Difference:
    """Return the earliest difference: that of the first month, of indicators before other tables of the month."""
    found = [_difference(original, again, name) for name in names]
    place = {name: k for k, name in enumerate(("indicators", "decisions", "flows", "stocks"))}

    def when(one: Difference) -> tuple[bool, int, int]:
        return one.month is None, one.month or 0, place.get(Path(one.file).stem, len(place))

    return min(found, key=when)


def _difference(original: Path, again: Path, name: str) -> Difference:
    """Return where a file of two runs first differs."""
    for run, told in ((original, ("missing", "there")), (again, ("there", "missing"))):
        if not (run / name).is_file():
            return Difference(name, None, "the file", *told)
    if name.endswith(".parquet"):
        return _of_tables(name, *(files.read_parquet(run / name) for run in (original, again)))
    return _of_documents(name, *(files.read_json(run / name) for run in (original, again)))


def _of_tables(name: str, before: pd.DataFrame, after: pd.DataFrame) -> Difference:
    if list(before.columns) != list(after.columns):
        return Difference(name, None, "the columns", _short(list(before.columns)), _short(list(after.columns)))
    rows = min(len(before), len(after))
    apart = np.zeros((rows, len(before.columns)), dtype=bool)
    for place, column in enumerate(before.columns):
        old, new = (frame[column].iloc[:rows].to_numpy(dtype=object) for frame in (before, after))
        apart[:, place] = [a != b and not (a != a and b != b) for a, b in zip(old, new, strict=True)]
    at = np.flatnonzero(apart.any(axis=1))
    if not len(at):
        what = "the number of rows" if len(before) != len(after) else "a byte outside the values"
        return Difference(name, None, what, str(len(before)), str(len(after)))
    row, column = int(at[0]), str(before.columns[int(np.flatnonzero(apart[at[0]])[0])])
    month = int(before["month"].iloc[row]) if "month" in before else None
    who = [str(before[key].iloc[row]) for key in _NAMES[1:] if key in before and key != column]
    what = f"{column} of {' '.join(who)}" if who else column
    return Difference(name, month, what, _short(before[column].iloc[row]), _short(after[column].iloc[row]))


def _of_documents(name: str, before: Any, after: Any, path: str = "") -> Difference:
    """Return the first value in which two JSON documents differ."""
    if isinstance(before, dict) and isinstance(after, dict):
        for key in sorted(before.keys() | after.keys()):
            if before.get(key) != after.get(key):
                return _of_documents(name, before.get(key), after.get(key), f"{path}.{key}".lstrip("."))
    return Difference(name, None, path or "the text", _short(before), _short(after))


def _short(value: Any) -> str:
    text = repr(value.item() if hasattr(value, "item") else value)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 3] + "..."
