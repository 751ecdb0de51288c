"""The policy files that come along, and the table of signs made from them."""

from __future__ import annotations

import importlib.util
import re
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import ROOT
from tests.policies.cases import living, sectors_of
from tests.worlds import same
from wildsim.policies import POLICIES
from wildsim.scenario.load import load, load_overlay
from wildsim.society import Society

OVERLAYS = sorted((ROOT / "scenarios" / "policies").glob("*.yaml"))
FILES = [file for file in OVERLAYS if load_overlay(str(file)).policies]
MINDS = [file for file in OVERLAYS if load_overlay(str(file)).sections.minds]


def _script() -> Any:
    spec = importlib.util.spec_from_file_location("make_policies", ROOT / "docs" / "make_policies.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_policies"] = module
    spec.loader.exec_module(module)
    return module


def test_every_kind_has_a_file() -> None:
    kinds = {policy.kind for file in FILES for policy in load_overlay(str(file)).sections.policies}
    assert kinds == set(POLICIES)


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_file_says_what_it_is_and_acts(file: Path) -> None:
    overlay = load_overlay(str(file))
    story = load(str(ROOT / "scenarios" / "minimal.yaml")).with_overlay(overlay)
    assert overlay.sections.about
    assert overlay.name == file.stem
    assert "# " in file.read_text().split("\n", 1)[1], "a source in a comment"
    # a tenth more seats are none in a society of a few pupils, nor is a fifth of its few unemployed of little schooling
    dose = {"size": {"school_seats": 10.0, "training_places": 5.0}.get(file.stem, 1.0)}
    given = [{**policy.model_dump(by_alias=True, exclude_none=True), "from": 0, **dose} for policy in story.policies]
    sectors = sectors_of(*given) | _named(file)
    months = 8 if "education" in sectors else 2  # exams are in June, years of school end then
    made = living(*given, months=months, sectors=sectors)
    assert made.largest_error < 1e-9
    unchanged = same(made.snapshot(), living(months=months, sectors=sectors).snapshot()) == []
    assert unchanged == (file.stem == "no_change")


@pytest.mark.parametrize("file", MINDS, ids=lambda file: file.stem)
def test_an_overlay_of_minds_asks_them_from_its_month_on(file: Path) -> None:
    overlay = load_overlay(str(file))
    assert overlay.name == file.stem
    assert overlay.sections.about
    story = load(str(ROOT / "scenarios" / "minimal.yaml"), ["burn_in=0"]).with_overlay(overlay)
    first = min(entry.from_ for entry in story.minds)
    society = Society(story)
    asked = []
    for _ in range(first + 1):
        society.step()
        asked.append(society.indicators["llm_share"])
    society.close()
    assert asked[:-1] == [0.0] * first
    assert asked[-1] > 0.0


def _named(file: Path) -> frozenset[str]:
    """Return the sectors that a policy file says it needs, in the comment on top."""
    return frozenset(re.findall(r"(\w+): true", file.read_text().split("name:", 1)[0]))


def test_the_table_names_real_files_and_indicators() -> None:
    script = _script()
    indicators = living().datacollector.model_reporters
    for sign in script.SIGNS:
        assert sign.policy in {file.stem for file in FILES}
        assert sign.indicator in {*indicators, *script.EXTRA, "rebate_spent"}
    plain = {
        file.stem
        for file in FILES
        if not _named(file) and not any(policy.sector for policy in load_overlay(str(file)).policies)
    }
    assert plain - {sign.policy for sign in script.SIGNS} == {"no_change"}


def test_the_table_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script()
    rows = [
        (sign, script.effect(script.np.array([0.2, 0.3, 0.4]) * (sign.expected or 1)), 0.01) for sign in script.SIGNS
    ]
    script.write_table(tmp_path, rows, "3 seeds.")
    script.draw(tmp_path, rows, "3 seeds.")
    text = (tmp_path / "policies.md").read_text()
    assert f"{len(rows)} of {len(rows)} signs are as expected" in text or "unclear" in text
    assert (tmp_path / "policies.png").stat().st_size > 10_000


@pytest.mark.slow
def test_the_script_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    script = _script()
    task = (1, 200, 12, 48, tuple(dict.fromkeys(sign.policy for sign in script.SIGNS)))
    arms = script.run_seed(task)
    assert all(script.np.isfinite(script._difference(sign, arms)) for sign in script.SIGNS)
