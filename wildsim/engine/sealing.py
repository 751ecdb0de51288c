"""What a run keeps from everybody until the verdict: it is written to `sealed/`, and nothing here reads it.

`wildsim.evaluation` alone opens that folder.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from wildsim.engine.record import Arrays

FOLDER = "sealed"
#: Columns of a table of indicators that are none.
KEYS = ("month", "bound")


def apart(columns: Arrays, hidden: Collection[str]) -> tuple[Arrays, Arrays]:
    """Return a table of indicators as what everybody may see, and what is sealed; both have the months."""
    shown = {name: values for name, values in columns.items() if name not in hidden}
    sealed = {name: values for name, values in columns.items() if name in hidden or name in KEYS}
    return shown, sealed


def place(run: Path, arm: str, seed: int) -> Path:
    """Return the file with the sealed indicators of one arm and seed."""
    return run / FOLDER / arm / f"seed={seed}" / "indicators.parquet"
