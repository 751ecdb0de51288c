"""Exports, comparisons and the notebook face of a finished run."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.engine.fake import FakeSociety
from wildsim.core.errors import InputError
from wildsim.engine.api import Run
from wildsim.engine.compare import indicator_differences, setting_differences
from wildsim.engine.export import export_csv, export_quarterly, export_xlsx, quarterly_table
from wildsim.engine.plan import Plan, make_plan
from wildsim.engine.run import start
from wildsim.scenario.schema import Record

MakePlan = Callable[..., Plan]


@pytest.fixture
def finished(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> Run:
    return Run(start(plan(policy=True), out=tmp_path / "r", jobs=1).path)


def test_quarters_sum_flows_and_average_rates() -> None:
    months = pd.DataFrame(
        {
            "gdp": [1.0, 1, 1, 2, 2, 2, 9],
            "gdp_real": [1.0, 1, 1, 1, 1, 1, 9],
            "consumption_real": [1.0, 2, 3, 4, 5, 6, 9],
            "investment_real": [0.0, 0, 1, 1, 0, 0, 9],
            "unemployment_rate": [0.04, 0.05, 0.06, 0.1, 0.1, 0.1, 0.9],
        }
    )
    table = quarterly_table(months)
    assert list(table.columns) == ["realgdp", "realcons", "realinv", "unemp", "infl"]
    assert table["realcons"].tolist() == [6, 15]
    assert table["unemp"].tolist() == pytest.approx([5, 10])
    assert np.isnan(table["infl"][0])
    assert table["infl"][1] == pytest.approx(100 * (2**4 - 1))


def test_quarterly_files_are_written_for_every_arm_and_seed(finished: Run) -> None:
    paths = export_quarterly(finished)
    assert [path.name for path in paths][:2] == ["baseline-seed=1.csv", "baseline-seed=2.csv"]
    assert len(paths) == 6
    assert len(pd.read_csv(paths[0])) == 43


def test_csv_holds_every_month(finished: Run, tmp_path: Path) -> None:
    written = export_csv(finished, tmp_path / "out")
    assert [path.name for path in written] == ["indicators.csv", "summary.csv", "results.csv"]
    table = pd.read_csv(written[0])
    assert len(table) == 2 * 3 * 130
    # Every digit survives: reading back gives the very numbers.
    assert table["gdp_real"].to_numpy()[:130] == pytest.approx(finished.arm("baseline")["gdp_real"][:130], rel=1e-15)


def test_a_workbook_holds_the_same_tables(finished: Run) -> None:
    sheets = pd.read_excel(export_xlsx(finished)[0], sheet_name=None)
    assert list(sheets) == ["indicators", "summary", "results"]
    assert len(sheets["indicators"]) == 2 * 3 * 130


def test_a_run_compares_with_itself_and_with_other_seeds(
    finished: Run, fake: type[FakeSociety], plan: MakePlan, tmp_path: Path
) -> None:
    assert setting_differences([finished, finished]) == []
    table = indicator_differences([finished, finished])
    assert (table["difference"] == 0).all()
    assert set(table["method"]) == {"paired"}
    other = Run(start(plan(months=24, seeds=5), out=tmp_path / "other", jobs=1).path)
    paths = {setting.path for setting in setting_differences([finished, other])}
    assert {"seeds", "months", "up: policies.0.kind"} <= paths
    assert not any(path.startswith("up: parameters") for path in paths)
    table = indicator_differences([finished, other])
    assert set(table["method"]) == {"independent"}
    row = table[table["indicator"] == "gdp_real"].iloc[0]
    assert row["low"] < row["difference"] < row["high"]
    with pytest.raises(InputError, match="Give two runs or more"):
        indicator_differences([finished])


def test_a_run_opens_for_notebooks(finished: Run) -> None:
    assert finished.indicators.index.names == ["seed", "month"]
    assert finished.indicators.shape[0] == 3 * 130
    assert "Run(" in repr(finished)
    assert "gdp_real" in finished._repr_html_()
    summary = finished.summary()
    last = finished.indicators["gdp_real"].groupby("seed").tail(12)
    assert summary.loc["gdp_real", "final"] == pytest.approx(last.mean())
    assert "up" in summary
    assert set(finished.flows(seed=2)["account"]) == {"wages", "investment", "income_tax", "benefits"}
    with pytest.raises(InputError, match="Did you mean 'baseline'"):
        finished.arm("baselin")
    with pytest.raises(InputError, match="Did you mean 'gdp_real'"):
        finished.plot("gdp_rea")
    with pytest.raises(InputError, match="recorded no decisions"):
        finished.decisions()
    with pytest.raises(InputError, match="no finished seed 9"):
        finished.flows(seed=9)


def test_a_plot_is_an_axes_with_unit_and_band(finished: Run) -> None:
    import matplotlib
    from matplotlib.figure import Figure

    matplotlib.use("Agg")
    axes = finished.plot("unemployment_rate", ax=Figure().subplots())
    assert axes.get_title(loc="left") == "Unemployment rate"
    assert axes.get_ylabel() == "%"
    assert [line.get_label() for line in axes.lines if not line.get_label().startswith("_")] == ["up", "baseline"]
    assert len(axes.collections) == 2


def test_a_seed_without_its_decisions_is_not_done(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    made = plan(months=3, burn_in=0, seeds=1)
    record = Record(decisions="panel", panel=2)
    story = made.scenario.model_copy(update={"record": record})
    row = {"agent": "person-0", "role": "household_member", "field": "consumption", "source": "rule", "reason": ""}
    numbers = dict.fromkeys(("rule", "proposed", "guarded", "executed"), 1.0)
    columns = {name: np.array([value]) for name, value in {**row, "call_ids": "", **numbers}.items()}
    fake.decisions = lambda self: columns  # type: ignore[attr-defined]
    folder = start(make_plan(story, seeds=1), out=tmp_path / "r", jobs=1)
    assert folder.is_done("baseline", 1)
    (folder.seed_folder("baseline", 1) / "decisions.parquet").unlink()
    assert not folder.is_done("baseline", 1)
