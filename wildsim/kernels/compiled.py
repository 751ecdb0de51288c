"""How kernels are compiled and cached.

A kernel's machine code holds the code of the kernels it calls, also those in other files, while numba's cache looks
only at the kernel's own file. So every cached kernel is stamped with a digest of all kernel sources: a change
anywhere recompiles everything, and stale code can never run.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import numba

F = TypeVar("F", bound=Callable[..., Any])

#: Every kernel by name, with the number of signatures it may compile (see tests/kernels).
KERNELS: dict[str, tuple[Any, int]] = {}
#: Kernels that only a social sector calls, with that sector.
SECTOR_OF: dict[str, str] = {}


@cache
def _stamp() -> str:
    digest = hashlib.blake2b(numba.__version__.encode(), digest_size=16)
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.read_bytes())
    return digest.hexdigest()


def kernel(*, signatures: int = 1, sector: str = "") -> Callable[[F], F]:
    """Return a decorator that compiles a loop to machine code on first use and caches it on disk.

    Args:
        signatures: How many argument signatures callers use. A read-only array is another type than a writable
            one, so more signatures than declared means that somebody passes a column it should not write.
        sector: Social sector without which nobody calls it, so that it need not be compiled.
    """

    def compile_(function: F) -> F:
        dispatcher: Any = numba.njit(cache=True, nogil=True, error_model="numpy")(function)
        store = getattr(dispatcher._cache, "_cache_file", None)  # absent when no folder for the cache is writable
        if store is not None:
            store._source_stamp = _stamp()
        KERNELS[function.__name__] = (dispatcher, signatures)
        if sector:
            SECTOR_OF[function.__name__] = sector
        compiled: F = dispatcher
        return compiled

    return compile_


def inlined(function: F) -> F:
    """Compile a small function that becomes part of every kernel that calls it; it has no cache entry of its own.

    Calls would pass each array piece by piece, and keep a loop from running in vectors.
    """
    dispatcher: Any = numba.njit(nogil=True, error_model="numpy", inline="always")(function)
    compiled: F = dispatcher
    return compiled


def all_cached(sectors: Collection[str]) -> bool:
    """Return whether the cache holds every kernel that a society with these `sectors` calls."""
    for name, (dispatcher, _) in KERNELS.items():
        if SECTOR_OF.get(name, "") not in ("", *sectors):
            continue
        store = getattr(dispatcher._cache, "_cache_file", None)
        if store is None or not Path(store._index_path).exists():
            return False
        if not store._load_index():
            return False
    return True
