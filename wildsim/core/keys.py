"""Keys of randomness: every draw is a function of (world seed, stream, month, table, row id, draw number).

There is no generator with a state, so nothing that one agent does can shift another agent's luck.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import numpy as np

from wildsim.core.errors import RunError
from wildsim.core.table import NO_ROW, U64

_TABLE_BITS = 56
_HASHED = 1 << 63
_SOME_BITS = np.uint64((1 << 16) - 1)


class Keys:
    """The keys of one world.

    Attributes:
        seed: World seed. rekey: Changes every draw from month `rekey_from` on (placebo runs); 0 changes none.
    """

    def __init__(self, seed: int, rekey: int = 0, rekey_from: int = 0):
        """Make the keys of the world `seed`."""
        self.seed, self.rekey, self.rekey_from = seed, rekey, rekey_from
        self._cache: dict[tuple[str, str, bool], np.uint64] = {}

    def stream(self, name: str, table: str, month: int) -> np.uint64:
        """Return the 64-bit key of a stream of draws by rows of `table` in `month`."""
        changed = bool(self.rekey) and month >= self.rekey_from
        found = self._cache.get((name, table, changed))
        if found is None:
            text = f"{self.seed}/{self.rekey if changed else 0}/{name}/{table}"
            found = np.uint64(int.from_bytes(hashlib.blake2b(text.encode(), digest_size=8).digest(), "little"))
            self._cache[(name, table, changed)] = found
        return found


def start_ids(code: int, rows: int) -> U64:
    """Return the ids of a table's first rows: table code * 2^56 + k."""
    return (np.uint64(code) << np.uint64(_TABLE_BITS)) + np.arange(rows, dtype=np.uint64)


def new_id(code: int, parent: int, month: int, order: int) -> np.uint64:
    """Return the id of a row born later: a keyed hash, never a counter.

    Args:
        code: Code of the new row's table. parent: Id of the founder or parent. month: Month of birth.
        order: Which of this parent's births of that month, from 0.
    """
    text = f"{code}/{parent}/{month}/{order}".encode()
    value = int.from_bytes(hashlib.blake2b(text, digest_size=8).digest(), "little")
    return np.uint64(value | _HASHED)


def hashed(ids: U64) -> U64:
    """Return those of `ids` that `new_id` made; no start id is among them."""
    return ids[ids >= np.uint64(_HASHED)]


def check_unique(ids: U64, fresh: Iterable[np.uint64]) -> None:
    """Raise if a new id is already taken, occurs twice, or is one of the start (no id of the start is given again).

    Args:
        ids: Ids of later rows that are taken, of all tables: see World.check_new_ids.

    Raises:
        RunError: Two rows would carry one id (chance about 1e-12 for 10^4 births among 10^6 rows).
    """
    born = np.sort(np.fromiter(fresh, dtype=np.uint64))
    if not len(born):
        return
    # few are born and many are there: only those that share 16 bits with a newborn are looked at closely
    marked = np.zeros(1 << 16, dtype=bool)
    marked[born & _SOME_BITS] = True
    taken = np.isin(ids[marked[ids & _SOME_BITS]], born)
    if len(hashed(born)) < len(born) or (born[1:] == born[:-1]).any() or taken.any():
        raise RunError("two rows were given the same id; use another seed")


def label(row_name: str, row_id: int) -> str:
    """Return an id as people see it: `person-17` for a start row, `firm-x3f2a...` for one born later."""
    if row_id & _HASHED:
        return f"{row_name}-x{row_id & ~_HASHED:016x}"
    return f"{row_name}-{row_id & ((1 << _TABLE_BITS) - 1)}"


def identity(code: int, text: str) -> int:
    """Return the id of the thing called `text` (`person-17`) in the table with that code; -1 where it can be none."""
    _, _, tail = text.rpartition("-")
    try:
        wanted = int(tail[1:], 16) | _HASHED if tail.startswith("x") else (code << _TABLE_BITS) + int(tail)
    except ValueError:
        return -1
    return wanted if 0 <= wanted < 1 << 64 else -1


def find(ids: U64, code: int, text: str) -> int:
    """Return the row of the thing called `text` (`person-17`), or NO_ROW.

    Args:
        ids: Ids of the table. code: Code of the table.
    """
    wanted = identity(code, text)
    if wanted < 0:
        return NO_ROW
    rows = np.flatnonzero(ids == np.uint64(wanted))
    return int(rows[0]) if len(rows) else NO_ROW
