"""docs/model.md speaks of the model as it is: tables from the code, names that exist, no parameter left out."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT
from wildsim.core.parameters import Parameter, load_parameters
from wildsim.scenario.schema import SECTORS
from wildsim.state.world import TABLES

PAGE = ROOT / "docs" / "model.md"
#: Groups of parameters whose submodels stand in the page itself; those of sectors stand on the pages of the sectors.
ECONOMY = ("banks", "firms", "government", "households", "labour", "population", "shocks")


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Return docs/make_model.py as a module."""
    spec = importlib.util.spec_from_file_location("make_model", ROOT / "docs" / "make_model.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names() -> set[str]:
    """Return the dotted names that the page uses."""
    return set(re.findall(r"`([a-z_]+\.[a-z_0-9]+)`", PAGE.read_text(encoding="utf-8")))


def test_pages_are_up_to_date(maker: ModuleType) -> None:
    old = [path.relative_to(ROOT).as_posix() for path in maker.stale()]
    assert old == [], "run: python docs/make_model.py"


def test_a_new_step_or_parameter_makes_pages_stale(maker: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(maker, "MONTH", maker.MONTH[:-1])
    assert {path.name for path in maker.stale()} == {"model.md", "schedule.md"}
    monkeypatch.undo()
    new = Parameter("firms.charm", 1.0, "ratio", 2019, "made up", "How charming firms are.")
    monkeypatch.setattr(maker, "load_parameters", lambda country: {**load_parameters(country), new.name: new})
    assert {path.name for path in maker.stale()} == {"parameters.md"}


def test_a_lost_marker_is_told(maker: ModuleType) -> None:
    text = PAGE.read_text(encoding="utf-8").replace("<!-- end of shocks -->", "")
    with pytest.raises(SystemExit, match="<!-- shocks -->"):
        maker.with_blocks(text)


def test_every_name_is_one_of_the_code() -> None:
    columns = {f"{table.name}.{column}" for table in TABLES for column in table.columns}
    files = {name for name in names() if name.endswith((".yaml", ".md", ".py"))}
    assert sorted(names() - columns - set(load_parameters("us")) - files) == []


def test_every_parameter_of_the_economy_is_named_where_it_acts() -> None:
    known = {name for name in load_parameters("us") if name.partition(".")[0] in ECONOMY}
    assert sorted(known - names()) == [], "say in docs/model.md, section 7 (or 5), what these do"


def test_every_sector_has_its_page() -> None:
    assert [name for name in SECTORS if not (ROOT / "docs" / "sectors" / f"{name}.md").is_file()] == []


@pytest.mark.parametrize("page", [PAGE, *sorted((ROOT / "docs" / "model").glob("*.md"))], ids=lambda path: path.stem)
def test_links_lead_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)#]+)(?:#([^)]+))?\)", text):
        file = page.parent / target[0]
        assert file.exists(), target
        if target[1]:
            assert f"\n## {target[1]}\n" in file.read_text(encoding="utf-8"), target
