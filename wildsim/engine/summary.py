"""Indicators of a run over its seeds: the frame of one arm, and the numbers of summary.json."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.engine import files
from wildsim.engine.speech import scripted

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.store import RunFolder

FINAL_MONTHS = 12


def indicators(folder: RunFolder, arm: str, seeds: Sequence[int]) -> pd.DataFrame:
    """Return the indicators of an arm, index (seed, month); those that are sealed are NaN.

    Raises:
        DamagedError: A file is missing or cut off.
    """
    import pandas as pd

    frames = {seed: table(folder, arm, seed, "indicators").set_index("month") for seed in seeds}
    found = pd.concat(frames, names=["seed", "month"])
    hidden = next(one.scenario.evaluation.hidden for one in folder.plan.arms if one.name == arm)
    return found.assign(**dict.fromkeys(sorted(hidden), math.nan))


def table(folder: RunFolder, arm: str, seed: int, stem: str) -> pd.DataFrame:
    """Return one recorded table of one arm and seed, for example "flows".

    Raises:
        DamagedError: It is missing or cut off; the message says how to mend it.
    """
    try:
        return files.read_parquet(folder.seed_folder(arm, seed) / f"{stem}.parquet")
    except files.DamagedError as error:
        raise files.DamagedError(f"{error} Make it again: wildsim resume {folder.path}") from None


def mean(values: np.ndarray[Any, Any]) -> float:
    """Return the mean of the values that are not NaN; NaN if there is none."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else math.nan


def means(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the mean of each row, of what is not NaN, shape (rows, any) -> (rows)."""
    return np.array([mean(row) for row in values])


def spread(values: np.ndarray[Any, Any]) -> float:
    """Return the standard deviation over the values that are not NaN; NaN for fewer than two."""
    known = values[~np.isnan(values)]
    return float(known.std(ddof=1)) if len(known) > 1 else math.nan


def cube(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return a frame with index (seed, month) as an array (seed, month, indicator)."""
    seeds = frame.index.get_level_values("seed").nunique()
    return frame.to_numpy(dtype=np.float64).reshape(seeds, -1, frame.shape[1])


def of_arm(frame: pd.DataFrame) -> dict[str, dict[str, float]]:
    """Return the summary numbers of each indicator of one arm.

    `final` is the mean over seeds of the mean of the last 12 months, `final_sd` its standard deviation over seeds,
    `mean`, `min` and `max` those of all recorded months and seeds.
    """
    values = cube(frame)
    found = {}
    for number, name in enumerate(frame.columns):
        series = values[:, :, number]
        finals = means(series[:, -FINAL_MONTHS:])
        known = series[~np.isnan(series)]
        found[str(name)] = {
            "final": mean(finals),
            "final_sd": spread(finals),
            "mean": mean(means(series)),
            "min": float(known.min()) if len(known) else math.nan,
            "max": float(known.max()) if len(known) else math.nan,
        }
    return found


def summarise(folder: RunFolder, frames: Mapping[str, pd.DataFrame]) -> dict[str, Any]:
    """Return the content of summary.json; nothing in it depends on when or where the run was made."""
    seeds = sorted(set(next(iter(frames.values())).index.get_level_values("seed")))
    errors = {
        arm: max(files.read_json(folder.seed_folder(arm, seed) / "end.json")["largest_error"] for seed in seeds)
        for arm in frames
    }
    note = scripted(arm.scenario for arm in folder.plan.arms)
    return ({"note": note} if note else {}) | {
        "name": folder.plan.scenario.name,
        "months": folder.plan.months,
        "burn_in": folder.plan.scenario.burn_in,
        "seeds": [int(seed) for seed in seeds],
        "seeds_missing": [seed for seed in folder.plan.seeds if seed not in seeds],
        "largest_error": errors,
        "arms": {arm: of_arm(frame) for arm, frame in frames.items()},
    }
