"""Figures: every one is drawn, twice the same, and leaves the user's matplotlib as it was."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import matplotlib
import pytest

from tests.engine.conftest import fake, plan  # noqa: F401
from tests.engine.fake import FakeSociety
from wildsim.engine.api import Run
from wildsim.engine.plan import Plan
from wildsim.engine.run import start
from wildsim.reports.figures import FIGURES, draw

MakePlan = Callable[..., Plan]


@pytest.mark.parametrize(("seeds", "months", "policy"), [(3, 130, True), (1, 2, False), (2, 5, True)])
def test_all_figures_are_drawn(
    fake: type[FakeSociety],  # noqa: F811
    plan: MakePlan,  # noqa: F811
    tmp_path: Path,
    seeds: int,
    months: int,
    policy: bool,
) -> None:
    run = Run(start(plan(seeds=seeds, months=months, burn_in=0, policy=policy), out=tmp_path / "r", jobs=1).path)
    before = dict(matplotlib.rcParams)
    first = {path.name: path.read_bytes() for path in draw(run)}
    assert dict(matplotlib.rcParams) == before
    expected = {f"{stem}.png" for stem in FIGURES if policy or stem not in ("differences", "responses")}
    assert set(first) == expected
    assert all(data.startswith(b"\x89PNG") for data in first.values())
    if seeds == 3:
        again = {path.name: path.read_bytes() for path in draw(run, tmp_path / "again")}
        assert again == first


def test_a_name_with_dollar_signs_is_no_formula(
    fake: type[FakeSociety],  # noqa: F811
    plan: MakePlan,  # noqa: F811
    tmp_path: Path,
) -> None:
    run = Run(start(plan(seeds=1, months=3, burn_in=0, policy=True), out=tmp_path / "r", jobs=1).path)
    run.name = r"$\foo$ of 5 \$ to {"
    assert {path.stem for path in draw(run)} == set(FIGURES)
