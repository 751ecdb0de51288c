"""Decisions of an earlier run, for the mind that repeats them."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path

from wildsim.core.errors import InputError
from wildsim.minds.plain import Recorded


def decisions_of(run: Path, arm: str = "baseline") -> Callable[[int], Recorded]:
    """Return what reads the decisions of a run, by seed: (agent, month) -> field -> value, as proposed.

    Raises:
        InputError: When read: the run has no decisions of that seed.
    """

    @cache
    def read(seed: int) -> Recorded:
        import pyarrow as pa
        import pyarrow.parquet as pq

        path = run / "arms" / arm / f"seed={seed}" / "decisions.parquet"
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
