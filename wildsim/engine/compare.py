"""Several runs side by side: which settings differ, and by how much the indicators do."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.core.errors import InputError
from wildsim.engine import paired, summary

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run

ABSENT = "-"
#: Settings that change everybody's luck or start: runs that differ in one share no world, whatever their seeds.
WORLD = ("society.people", "society.regions", "society.country", "burn_in", "shocks")


@dataclass(frozen=True)
class Setting:
    """A setting that is not the same in all runs; one value a run, "-" where a run has none."""

    path: str
    values: tuple[Any, ...]


def setting_differences(runs: Sequence[Run]) -> list[Setting]:
    """Return the settings in which the runs differ, by dotted path, program version and seeds included."""
    flat = [dict(_leaves(_settings(run))) for run in runs]
    paths = sorted({path for settings in flat for path in settings})
    found = [Setting(path, tuple(settings.get(path, ABSENT) for settings in flat)) for path in paths]
    return [setting for setting in found if any(value != setting.values[0] for value in setting.values[1:])]


def indicator_differences(runs: Sequence[Run]) -> pd.DataFrame:
    """Return one row an (other run, arm, indicator): final values and the difference from the first run.

    Runs of the same worlds are compared seed by seed (paired); others by Welch's interval for independent samples.
    Only months that both have count.

    Raises:
        InputError: Fewer than two runs.
    """
    import pandas as pd

    if len(runs) < 2:
        raise InputError("Give two runs or more: wildsim compare RUN RUN")
    first, rows = runs[0], []
    for number, other in enumerate(runs[1:], start=2):
        for arm in [name for name in other.arms if name in first.arms]:
            rows += _rows(first, other, arm, f"run {number}")
    columns = ["run", "arm", "indicator", "first", "other", "difference", "low", "high", "n", "method"]
    return pd.DataFrame(rows, columns=columns)


def unpaired(first: Run, other: Run, arm: str) -> str:
    """Return why an arm of two runs cannot be paired by seed; "" where it can: the same seeds are the same worlds."""
    if first.seeds != other.seeds:
        return "other seeds"
    old, new = (_of_world(run, arm) for run in (first, other))
    different = [path for path in old | new if old.get(path) != new.get(path)]
    differ = [name for name in WORLD if any(f"{path}.".startswith(f"{name}.") for path in different)]
    return f"other {', '.join(differ)}" if differ else ""


def common_months(first: Run, other: Run) -> int:
    """Return how many months both runs have."""
    return min(first.months, other.months)


def _of_world(run: Run, arm: str) -> dict[str, Any]:
    scenario = next(found["scenario"] for found in run.settings["arms"] if found["name"] == arm)
    return dict(_leaves(scenario))


def _settings(run: Run) -> dict[str, Any]:
    """Return what made a run: the baseline's settings, and of every other arm those that it changes."""
    resolved = run.settings
    seeds = resolved["seeds"]
    facts = {"wildsim": run.manifest.get("wildsim"), "code": run.manifest.get("code")}
    settings = {**facts, "seeds": f"{seeds[0]}..{seeds[-1]}", **resolved["arms"][0]["scenario"]}
    base = dict(_leaves(resolved["arms"][0]["scenario"]))
    for arm in resolved["arms"][1:]:
        settings |= {f"{arm['name']}: {p}": v for p, v in _leaves(arm["scenario"]) if base.get(p, ABSENT) != v}
    return settings


def _leaves(value: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield every plain value with its dotted path."""
    if isinstance(value, dict) and value:
        for key, item in value.items():
            yield from _leaves(item, f"{path}.{key}" if path else str(key))
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for number, item in enumerate(value):
            yield from _leaves(item, f"{path}.{number}")
    else:
        yield path, value


def _rows(first: Run, other: Run, arm: str, label: str) -> list[dict[str, Any]]:
    months = common_months(first, other)
    before, after = (f[f.index.get_level_values("month") < months] for f in (first.arm(arm), other.arm(arm)))
    paired_seeds = not unpaired(first, other, arm)
    rows = []
    for name in [column for column in before.columns if column in after.columns]:
        old, new = _finals(before[[name]]), _finals(after[[name]])
        row = {"run": label, "arm": arm, "indicator": str(name), "first": summary.mean(old), "other": summary.mean(new)}
        if paired_seeds:
            found = paired.effect(new - old)
            row |= {"difference": found.difference, "low": found.low, "high": found.high, "n": found.n}
        else:
            row |= _welch(old, new)
        rows.append(row | {"method": "paired" if paired_seeds else "independent"})
    return rows


def _finals(frame: pd.DataFrame) -> np.ndarray[Any, Any]:
    """Return the mean of the last 12 months of each seed."""
    return np.array([summary.mean(series[-summary.FINAL_MONTHS :]) for series in summary.cube(frame)[:, :, 0]])


def _welch(old: np.ndarray[Any, Any], new: np.ndarray[Any, Any]) -> dict[str, float]:
    """Return the difference of two independent samples with Welch's 95 % interval."""
    from scipy import special

    old, new = old[~np.isnan(old)], new[~np.isnan(new)]
    found = {"difference": summary.mean(new) - summary.mean(old), "low": math.nan, "high": math.nan}
    found["n"] = min(len(old), len(new))
    if found["n"] < 2:
        return found
    parts = [sample.var(ddof=1) / len(sample) for sample in (old, new)]
    total = sum(parts)
    if total == 0:
        return found | {"low": found["difference"], "high": found["difference"]}
    freedom = total**2 / sum(p**2 / (len(s) - 1) for p, s in zip(parts, (old, new), strict=True))
    reach = float(special.stdtrit(freedom, 0.975)) * math.sqrt(total)
    return found | {"low": found["difference"] - reach, "high": found["difference"] + reach}
