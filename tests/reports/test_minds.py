"""The picture of minds counts what the record holds, and every picture of a scripted run says so."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from tests.minded import copy_of_the_run
from wildsim.engine.api import Run
from wildsim.engine.export import export_csv, export_quarterly, export_xlsx
from wildsim.reports import figures
from wildsim.reports.minds import SOURCES, monthly, picture
from wildsim.reports.style import styled


@pytest.fixture
def run(tmp_path: Path) -> Run:
    return Run(copy_of_the_run(tmp_path / "run"))


def test_it_counts_decisions_by_role_source_and_month(run: Run) -> None:
    record = run.decisions().drop_duplicates(["month", "agent", "role"])
    counted = monthly(run, "baseline")
    assert sum(counts.sum() for of in counted.values() for counts in of.values()) == len(record)
    fell = record[(record["role"] == "firm_manager") & (record["source"] == "fallback")]
    assert counted["firm_manager"]["fallback"].tolist() == [(fell["month"] == month).sum() for month in range(4)]
    for role, sources in counted.items():
        assert list(sources) == [name for name in SOURCES if name in sources], role


def test_the_panels_are_the_roles_and_the_rate(run: Run) -> None:
    with styled():
        made = picture(run)
    titles = [panel.get_title(loc="left") for panel in made.axes]
    assert titles == ["central banker", "firm manager", "household member", "Fallbacks, all roles"]
    lines = made.axes[-1].get_lines()
    assert len(lines) == 2
    asked = fell = 0.0
    for sources in monthly(run, "baseline").values():
        for source, counts in sources.items():
            asked += counts[1] * (source != "random")
            fell += counts[1] * (source == "fallback")
    assert lines[-1].get_ydata()[1] == pytest.approx(100 * fell / asked)  # type: ignore[index]


def test_every_picture_and_table_says_that_it_is_scripted(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    said = {}

    def look(made: object, path: Path) -> Path:
        said[path.stem] = [text.get_text() for text in made.texts]  # type: ignore[attr-defined]
        return path

    monkeypatch.setattr(figures, "save", look)
    figures.draw(run)
    assert "minds" in said
    assert "differences" in said
    assert all("scripted, no language model" in texts for texts in said.values())
    for written in (export_csv(run), export_quarterly(run)):
        assert "scripted, no language model" in written[-1].read_text()
    (book,) = export_xlsx(run)
    assert pd.read_excel(book, sheet_name="note")["note"].tolist() == ["scripted, no language model"]
    assert "scripted, no language model" in run._repr_html_()
    assert [note.get_text() for note in run.plot("gdp_real").texts] == ["scripted, no language model"]
