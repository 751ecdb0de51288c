"""docs/roles.md speaks of the roles as they are: tables from the code, a prompt with the fixed lines of each role."""

from __future__ import annotations

import importlib.util
from string import Template
from types import ModuleType

import pytest

from tests.conftest import ROOT
from wildsim.minds.block import FENCE
from wildsim.minds.roles import ROLES

PAGE = ROOT / "docs" / "roles.md"


@pytest.fixture(scope="module")
def maker() -> ModuleType:
    """Return docs/make_roles.py as a module."""
    spec = importlib.util.spec_from_file_location("make_roles", ROOT / "docs" / "make_roles.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_tables_are_up_to_date(maker: ModuleType) -> None:
    assert not maker.stale(), "run: python docs/make_roles.py"


@pytest.mark.parametrize("name", list(ROLES))
def test_the_example_has_the_words_of_the_template(name: str) -> None:
    """Numbers of the example may be those of an older society; its words, its items and its fields may not."""
    role = ROLES[name]
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(f"## A prompt of {name}\n") == 1
    example = text.split(f"## A prompt of {name}\n")[1].split("\n````\n")[0]
    assert example.count(FENCE) == 1
    for section in role.template.split("\n## "):
        empty = {"memory", "letters"} | (set() if role.deciders == "people" else {"persona"})
        left_out = empty & set(Template(section).get_identifiers())
        for line in section.splitlines():
            fixed = "$" not in line and line.strip("- ")
            assert not fixed or (line in example) != bool(left_out), line
    names = {item.name for item in role.sees}
    shown = {line[2:].split(": ")[0] for line in example.splitlines() if line.startswith("- ")}
    assert shown <= names
    assert len(shown) >= 10
