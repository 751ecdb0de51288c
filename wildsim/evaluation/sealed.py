"""The one reader of what is sealed: it notes in the register that a seal is opened before it reads a number."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from wildsim.core.errors import InputError
from wildsim.engine import files, sealing
from wildsim.evaluation.seals import Seals

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.store import RunFolder


def open_sealed(
    folder: RunFolder, seals: Seals, asked: str, first: int, block: int, when: str, run: str
) -> tuple[dict[str, pd.DataFrame], int]:
    """Open the seal of a finished run.

    Args:
        folder: The run, on the seeds of `block`. asked: Name of the question. first: First seed of
            feedback, above which the blocks lie. when, run: The time, and what is judged, for the register.

    Returns:
        The sealed indicators by arm, index (seed, month), and how often the question was opened so far.

    Raises:
        InputError: The run seals nothing, or this block of the question was opened before.
        DamagedError: A file is missing or cut off.
    """
    import pandas as pd

    if not folder.plan.scenario.evaluation.sealed:
        raise InputError(f"'{folder.path}' seals nothing: its scenario has no evaluation.sealed.")
    times = seals.open(asked, first, block, when, run)
    frames = {}
    for arm in folder.plan.arms:
        by_seed = {seed: _read(sealing.place(folder.path, arm.name, seed)) for seed in folder.plan.seeds}
        frames[arm.name] = pd.concat(by_seed, names=["seed", "month"])
    return frames, times


def _read(path: Path) -> pd.DataFrame:
    return files.read_parquet(path).set_index("month")
