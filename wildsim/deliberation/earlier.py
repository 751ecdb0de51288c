"""Decisions of an earlier run, for the mind that repeats them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from pathlib import Path

from wildsim.core.errors import InputError
from wildsim.minds.plain import Recorded

#: Name of the decisions in the folder of an arm and seed.
DECISIONS = "decisions.parquet"


def missing_from(run: Path, seeds: Iterable[int], arm: str = "baseline") -> str:
    """Return what keeps the decisions of a run from being repeated on these seeds, in words; "" where nothing does."""
    there = run / "arms" / arm
    if not there.is_dir():
        return f"{str(run)!a} is no run folder with an arm '{arm}'; name the folder of an earlier run."
    lost = [seed for seed in seeds if not _file(run, arm, seed).is_file()]
    if not lost:
        return ""
    held = sorted(int(path.parent.name.partition("=")[2]) for path in there.glob(f"seed=*/{DECISIONS}"))
    if not held:
        return f"{str(run)!a} holds no decisions to repeat: no mind was active in it."
    few = ", ".join(map(str, lost[:5])) + (", ..." if len(lost) > 5 else "")
    has = ", ".join(map(str, held[:5])) + (", ..." if len(held) > 5 else "")
    return f"{str(run)!a} holds no decisions of seed {few} to repeat; it has seed {has}. Run those: --seeds, seed:"


def _file(run: Path, arm: str, seed: int) -> Path:
    return run / "arms" / arm / f"seed={seed}" / DECISIONS


def decisions_of(run: Path, arm: str = "baseline") -> Callable[[int], Recorded]:
    """Return what reads the decisions of a run, by seed: (agent, month) -> field -> value, as proposed.

    Raises:
        InputError: When read: the run has no decisions of that seed.
    """

    @cache
    def read(seed: int) -> Recorded:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = _file(run, arm, seed)
        try:
            columns = ["agent", "month", "field", "proposed", "source"]
            frame = pq.read_table(path, columns=columns, partitioning=None).to_pandas()
        except (OSError, pa.ArrowException) as error:
            raise InputError(
                f"'{run}' holds no decisions of seed {seed} to repeat: {str(error).splitlines()[0][:100]}"
            ) from error
        found: dict[tuple[str, int], dict[str, float]] = {}
        for agent, month, field, value, source in zip(*(frame[name].tolist() for name in columns), strict=True):
            if source == "rule":
                continue
            found.setdefault((str(agent), int(month)), {})[str(field)] = float(value)
        return found

    return read
