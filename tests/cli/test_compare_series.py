"""`wildsim compare RUN --with-series`: a run beside the real series that its scenario names."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from wildsim.engine.api import Run

STORY = """
months: 6
burn_in: 0
society: {people: 100, regions: 1}
sensors:
  unemployment_rate: {series: {file: rate.csv, unit: percent}, season: .1}
"""


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wildsim.reports.figures.draw", lambda run: [])


@pytest.mark.usefixtures("undrawn")
def test_a_run_is_compared_with_the_series_of_its_scenario(cli: Callable[..., Any], write: Callable[..., str]) -> None:
    values = [5.0, 5.2, 5.1, 5.3, 5.6, 5.5]
    write("date,value\n" + "".join(f"2015-{k + 1:02d},{value}\n" for k, value in enumerate(values)), "rate.csv")
    story = write(STORY, "story.yaml")
    assert cli("run", story, "--seeds", "2", "--jobs", "1", "--out", "a", "--quiet").code == 0
    Path("rate.csv").unlink()
    [row] = cli("compare", "a", "--with-series", "--json").document
    truth = [Run("a").indicators.loc[seed]["unemployment_rate"].to_numpy() for seed in (1, 2)]
    apart = np.array([one - np.array(values) / 100.0 for one in truth])
    assert (row["run"], row["arm"], row["indicator"], row["seeds"], row["months"]) == (
        "a", "baseline", "unemployment_rate", 2, 6,
    )  # fmt: skip
    assert row["bias"] == pytest.approx(apart.mean(), rel=1e-9)
    assert row["bias_sd"] == pytest.approx(apart.mean(axis=1).std(ddof=1), rel=1e-9)
    assert row["rmse"] == pytest.approx(np.sqrt((apart**2).mean(axis=1)).mean(), rel=1e-9)
    answer = cli("compare", "a", "--with-series")
    assert "a: what is true of the society less the real series" in answer.out
    assert pd.read_parquet(next(Path("a").rglob("sensed.parquet")))["score"].max() == 1.0


@pytest.mark.usefixtures("undrawn")
def test_without_a_series_there_is_nothing_to_compare_with(cli: Callable[..., Any], write: Callable[..., str]) -> None:
    story = write("months: 2\nburn_in: 0\nsociety: {people: 100, regions: 1}\n", "story.yaml")
    cli("run", story, "--seeds", "1", "--jobs", "1", "--out", "a", "--quiet")
    answer = cli("compare", "a", "--with-series")
    assert (answer.code, "names no real series" in answer.err) == (2, True)
