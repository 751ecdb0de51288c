"""Registries find what a package registers and name the nearest where a name is wrong."""

from __future__ import annotations

import importlib
import sys
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from wildsim.core import registry as registry_module
from wildsim.core.errors import InputError, RunError
from wildsim.core.registry import Registry


@pytest.fixture
def toys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Registry[int]:
    package = tmp_path / "toys_of_test"
    package.mkdir()
    (package / "__init__.py").write_text(
        "from wildsim.core.registry import Registry\nTOYS = Registry('toy', 'toys_of_test')\n"
    )
    (package / "a.py").write_text("from toys_of_test import TOYS\nTOYS.register('ball', __name__)(1)\n")
    (package / "b.py").write_text("from toys_of_test import TOYS\nTOYS.register('kite', __name__)(2)\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    for name in [name for name in sys.modules if name.startswith("toys_of_test")]:
        monkeypatch.delitem(sys.modules, name)
    return __import__("toys_of_test").TOYS


def test_modules_of_the_package_register(toys: Registry[int]) -> None:
    assert list(toys) == ["ball", "kite"]
    assert toys["kite"] == 2
    assert len(toys) == 2
    assert toys.items() == [("ball", 1), ("kite", 2)]
    assert "ball" in toys
    assert "doll" not in toys


def test_the_order_is_not_that_of_imports(toys: Registry[int]) -> None:
    toys.register("alien", "another_package")(4)
    importlib.import_module("toys_of_test.b")
    assert list(toys) == ["ball", "kite", "alien"]


def test_unknown_name_gets_the_nearest(toys: Registry[int]) -> None:
    with pytest.raises(InputError, match=r"unknown toy 'bal'\. Did you mean 'ball'"):
        toys["bal"]


def test_a_name_is_given_once(toys: Registry[int]) -> None:
    assert len(toys) == 2
    with pytest.raises(RunError, match="Two things want to be the toy 'ball'"):
        toys.register("ball")(3)


def test_broken_plug_in_names_itself(toys: Registry[int], monkeypatch: pytest.MonkeyPatch) -> None:
    broken = EntryPoint("robot", "no_such_module_anywhere:robot", "wildsim.toy")
    monkeypatch.setattr(registry_module, "entry_points", lambda group: [broken])
    with pytest.raises(RunError, match=r"robot.*no_such_module_anywhere"):
        len(toys)
