"""What a run keeps from everybody until the verdict: it is written to `sealed/`, and nothing here reads it.

`wildsim.evaluation` alone opens that folder.
"""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path

from wildsim.engine.record import Arrays

FOLDER = "sealed"
#: Samples that show indicators to the last digit, beside those of their own name.
SHOWN_BY: dict[str, tuple[str, ...]] = {
    "wealth": ("gini_wealth",),
    "income": ("gini_income", "poverty_rate", "poverty_gap", "child_poverty_rate"),
    "wage": ("wage_mean", "wage_median", "wage_p10"),
    "wellbeing": ("wellbeing", "wellbeing_p10"),
    "home_value": ("home_price",),
    "box_office": ("box_office", "box_office_gini"),
    "scientist_h": ("h_index",),
    "exam_score": ("cutoff_score",),
    "age_men": ("life_expectancy",),
    "age_women": ("life_expectancy",),
    "age_of_people": ("life_expectancy",),
}
#: Columns of a table of indicators that are none.
KEYS = ("month", "bound")


def apart(columns: Arrays, hidden: Collection[str]) -> tuple[Arrays, Arrays]:
    """Return a table of indicators as what everybody may see, and what is sealed; both have the months."""
    shown = {name: values for name, values in columns.items() if name not in hidden}
    sealed = {name: values for name, values in columns.items() if name in hidden or name in KEYS}
    return shown, sealed


def shows(sample: str, hidden: Collection[str]) -> bool:
    """Return whether a sample of a distribution shows something that is sealed."""
    return sample in hidden or any(name in hidden for name in SHOWN_BY.get(sample, ()))


def place(run: Path, arm: str, seed: int) -> Path:
    """Return the file with the sealed indicators of one arm and seed."""
    return run / FOLDER / arm / f"seed={seed}" / "indicators.parquet"
