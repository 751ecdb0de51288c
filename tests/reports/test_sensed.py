"""The pictures of what is measured hold what `sensed.parquet` holds, and are drawn where there is something to show."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

import wildsim as ws
from wildsim.engine.api import Run
from wildsim.reports.figures import draw
from wildsim.reports.sensed import first_releases, picture, revised, triangle
from wildsim.reports.style import styled

STORY = """name: measured
months: 14
burn_in: 6
society: {people: 800, regions: 1}
"""
SENSORS = """sensors:
  unemployment_rate: {survey: 200}
  gdp_real: {accounts: {releases: [{lag: 1, error: 0.02}, {lag: 4, error: 0}]}}
"""


def _lived(folder: Path, sensors: str) -> Run:
    (folder / "story.yaml").write_text(STORY + sensors)
    return ws.run(ws.load(folder / "story.yaml"), seeds=1, jobs=1, out=folder / "run")


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return _lived(tmp_path_factory.mktemp("measured"), SENSORS)


def test_each_panel_shows_truth_and_first_releases(run: Run) -> None:
    with styled():
        made = picture(run)
    titles = [panel.get_title(loc="left") for panel in made.axes]
    assert sorted(titles) == ["GDP, real", "Unemployment rate"]
    panel = made.axes[titles.index("Unemployment rate")]
    published, true = (line.get_ydata() for line in panel.get_lines())
    own = run.sensed()
    own = own[(own["indicator"] == "unemployment_rate") & (own["period"] >= 0)]
    assert published == pytest.approx(100 * own["value"].to_numpy())
    assert true == pytest.approx(100 * run.indicators["unemployment_rate"].to_numpy())


def test_a_period_counts_once_with_its_first_release(run: Run) -> None:
    first = first_releases(run.sensed())
    gdp = first[first["indicator"] == "gdp_real"]
    assert (gdp["vintage"] == gdp["period"] + 1).all()
    assert gdp["period"].is_unique


def test_the_triangle_ends_at_nothing(run: Run) -> None:
    assert revised(run) == ["gdp_real"]
    with styled():
        made = triangle(run)
    cells: Any = made.axes[0].collections[0].get_array()
    assert np.allclose(np.ma.filled(cells, np.nan).reshape(cells.shape)[:, -1], 0.0, equal_nan=True)
    assert np.nanmax(np.abs(np.ma.filled(cells, np.nan))) > 0.1


def test_pictures_are_drawn_where_something_is_measured(run: Run, tmp_path: Path) -> None:
    assert {"sensed", "revisions"} <= {path.stem for path in draw(run, tmp_path / "figures")}
    plain = _lived(tmp_path, "sensors: {unemployment_rate: {survey: 200}}\n")
    drawn = {path.stem for path in draw(plain, tmp_path / "plain")}
    assert "sensed" in drawn
    assert "revisions" not in drawn


def test_what_was_never_published_is_said(tmp_path: Path) -> None:
    """News rests on two years before, and here there are none; the survey is later than the run is long."""
    news = "{kind: news, releases: [{lag: 1, error: 0.01}, {lag: 2, error: 0}]}"
    story = STORY.replace("burn_in: 6", "burn_in: 0")
    (tmp_path / "story.yaml").write_text(
        f"{story}sensors: {{gdp_real: {{accounts: {news}}}, wage_mean: {{survey: 50, lag: 20}}}}\n"
    )
    run = ws.run(ws.load(tmp_path / "story.yaml"), seeds=1, jobs=1, out=tmp_path / "run")
    with styled():
        made = [picture(run), triangle(run)]
    said = [text.get_text() for drawn in made for panel in drawn.axes for text in panel.texts]
    assert said == ["nothing was published"] * 3
