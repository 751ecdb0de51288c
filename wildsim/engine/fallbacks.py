"""What fallbacks did to the indicators: the months lived again with those decisions at their lower and upper bounds.

All other decisions are repeated as they were made, so that no model is asked again. The two lives show how much hangs
on the missing answers, not the most that they could have done: an indicator need not move one way in all fields.
"""

from __future__ import annotations

import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.engine.record import Arrays
from wildsim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

#: Name of the file in the folder of an arm and seed.
STEM = "fallbacks"
BOUNDS = ("low", "high")


def relive(
    scenario: Scenario, seed: int, threads: int, start: Arrays, months: int, decisions: Mapping[str, Any]
) -> Arrays:
    """Return the indicators of every month of both lives, as columns.

    Args:
        start: State at the start of month 0. months: To live. decisions: Record of the run.

    Returns:
        bound ("low", "high"), month, and a column an indicator.
    """
    substitutes = importlib.import_module("wildsim.deliberation.substitutes")
    society_class = importlib.import_module("wildsim.society").Society
    made = substitutes.made_of({name: list(values) for name, values in decisions.items()})
    rows: dict[str, list[Any]] = {"bound": [], "month": []}
    for bound in BOUNDS:
        council = substitutes.substituted(scenario.minds, made, bound)
        society = society_class(scenario, seed=seed, threads=threads, council=council)
        try:
            society.restore(start)
            for month in range(months):
                society.step()
                rows["bound"].append(bound)
                rows["month"].append(month)
                for name, value in society.indicators.items():
                    rows.setdefault(name, []).append(float(value))
        finally:
            society.close()
    return {name: np.array(values) for name, values in rows.items()}


def effects(run: pd.DataFrame, lives: pd.DataFrame, last: int = 12) -> pd.DataFrame:
    """Return, for each indicator, its mean over the last months as it was run, and with both bounds.

    Args:
        run: Indicators of the run, one row a month, columns the indicators. lives: What `relive` gave.
    """
    import pandas as pd

    found = {"run": run.tail(last).mean()}
    for bound in BOUNDS:
        found[bound] = lives[lives["bound"] == bound].drop(columns=["bound", "month"]).tail(last).mean()
    return pd.DataFrame(found).loc[[name for name in run.columns if name in lives.columns]]
