"""A run beside the real series that its scenario names: how far what is true of the society is from them."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

import numpy as np

from wildsim.core.errors import InputError
from wildsim.scenario.sensors import SensorEntry
from wildsim.sensors.series import Series, compare

if TYPE_CHECKING:
    import pandas as pd

    from wildsim.engine.api import Run


def against_series(run: Run) -> pd.DataFrame:
    """Return one row an (arm, indicator with a series): what `compare` finds, mean over seeds, in the indicator's unit.

    Columns: arm, indicator, seeds, months, bias, bias_sd (between seeds, NaN of one), mae, rmse, correlation, trend.

    Raises:
        InputError: No arm of the run names a series, or a series has fewer than three months in common with the run.
    """
    import pandas as pd

    rows = []
    for arm in run.settings["arms"]:
        for name, entry in arm["scenario"].get("sensors", {}).items():
            # a season on top is put on what is published; compared is the series itself
            plain = SensorEntry.model_validate(entry).model_copy(update={"season": None}).sensor()
            if isinstance(plain, Series):
                rows.append({"arm": arm["name"], "indicator": name, **_row(run, arm["name"], name, plain)})
    if not rows:
        raise InputError(f"the scenario of {run.name} names no real series: sensors: {{INDICATOR: {{series: FILE}}}}.")
    return pd.DataFrame(rows)


def _row(run: Run, arm: str, name: str, series: Series) -> dict[str, float]:
    frame = run.arm(arm)[name]
    try:
        found = [asdict(compare(frame.loc[seed].to_numpy(dtype=np.float64), series)) for seed in run.seeds]
    except InputError as error:
        raise InputError(f"{name}: {error}") from error
    means = {what: float(np.mean([one[what] for one in found])) for what in found[0]}
    spread = float(np.std([one["bias"] for one in found], ddof=1)) if len(found) > 1 else float("nan")
    months = int(means.pop("months"))
    return {"seeds": len(found), "months": months, "bias": means.pop("bias"), "bias_sd": spread, **means}
