"""The rules of the house that can be read from imports: layers, walls, file length, no module-level chance."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "wildsim"
MOST_LINES = 400

LAYERS = {
    "_version": 0,
    "core": 0,
    "kernels": 0,
    "state": 1,
    "behaviour": 2,
    "sectors": 2,
    "policies": 2,
    "indicators": 2,
    "sensors": 2,
    "minds": 3,
    "feedback": 3,
    "scenario": 4,
    "deliberation": 4,
    "month": 4,
    "agents": 4,
    "society": 5,
    "engine": 6,
    "evaluation": 7,
    "planning": 7,
    "environments": 7,
    "training": 7,
    "rehearsal": 8,
    "studies": 8,
    "facts": 8,
    "cases": 8,
    "reports": 9,
    "cli": 10,
}
WITHIN_LAYER = {
    ("core", "_version"),
    ("kernels", "core"),
    ("sectors", "behaviour"),
    ("sensors", "indicators"),
    ("deliberation", "scenario"),  # the entries of a scenario say who deliberates
    ("agents", "month"),
    ("month", "agents"),
    ("studies", "facts"),  # a calibration aims at the moments that the facts are made of
}
"""Imports inside one layer that the design allows, beside those inside one package."""

SEALED_FROM = ("minds", "feedback", "planning", "environments", "training")
ROWS_WITH_MESA = ("agents", "society")


def _modules() -> dict[str, Path]:
    found = {}
    for file in sorted(PACKAGE.rglob("*.py")):
        parts = file.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = file
    return found


MODULES = _modules()


@cache
def _tree(module: str) -> ast.Module:
    return ast.parse(MODULES[module].read_text(encoding="utf-8"))


@cache
def _imports(module: str) -> frozenset[str]:
    """Return every module that `module` imports, at its top, inside functions and through import_module("...")."""
    found = set()
    package = module if MODULES[module].name == "__init__.py" else module.rpartition(".")[0]
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parent = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parent, *([node.module] if node.module else [])])
            for alias in node.names:
                inner = f"{base}.{alias.name}"
                found.add(inner if inner in MODULES else base)
        elif isinstance(node, ast.Call) and ast.unparse(node.func).endswith("import_module") and node.args:
            target = node.args[0]
            if isinstance(target, ast.Constant) and isinstance(target.value, str):
                found.add(target.value)
    return frozenset(found)


def _room(module: str) -> str:
    """Return the package or module directly under wildsim; the empty text for wildsim itself."""
    return module.split(".")[1] if "." in module else ""


def test_every_room_has_a_layer() -> None:
    assert {_room(module) for module in MODULES} - {""} <= set(LAYERS)


@pytest.mark.parametrize("module", [name for name in MODULES if name != "wildsim"])
def test_imports_run_downwards(module: str) -> None:
    room = _room(module)
    for imported in _imports(module):
        if not imported.startswith("wildsim"):
            continue
        other = _room(imported)
        assert other, f"{module} imports the public face; import the module itself"
        same = room == other or (room, other) in WITHIN_LAYER
        assert same or LAYERS[other] < LAYERS[room], f"{module} (L{LAYERS[room]}) imports {imported} (L{LAYERS[other]})"


@pytest.mark.parametrize("module", [name for name in MODULES if _room(name) in SEALED_FROM] or ["wildsim"])
def test_feedback_never_reaches_evaluation(module: str) -> None:
    if module == "wildsim":
        return  # none of these rooms stands yet
    seen: set[str] = set()
    ahead = [module]
    while ahead:
        here = ahead.pop()
        if here in seen or here not in MODULES:
            continue
        seen.add(here)
        assert _room(here) != "evaluation", f"{module} reaches {here}"
        ahead += [name for name in _imports(here) if name != "wildsim"]


@pytest.mark.parametrize("module", MODULES)
def test_file_is_short_and_says_what_it_is(module: str) -> None:
    lines = MODULES[module].read_text(encoding="utf-8").count("\n")
    assert lines <= MOST_LINES, f"{module} has {lines} lines"
    assert ast.get_docstring(_tree(module)), f"{module} has no docstring"


def test_litellm_is_imported_in_one_file_at_most() -> None:
    assert len([module for module in MODULES if any(name.startswith("litellm") for name in _imports(module))]) <= 1


def test_mesa_stays_with_the_faces() -> None:
    users = {_room(module) for module in MODULES if any(name.split(".")[0] == "mesa" for name in _imports(module))}
    assert users <= set(ROWS_WITH_MESA)


@pytest.mark.parametrize("module", [m for m in MODULES if _room(m) in ("sectors", "behaviour", "policies")])
def test_columns_are_reached_through_views(module: str) -> None:
    """Only the guard, which overwrites decisions, reaches the arrays behind the write protection."""
    if module != "wildsim.behaviour.guard":
        calls = [node for node in ast.walk(_tree(module)) if isinstance(node, ast.Attribute)]
        assert [f"{module}:{node.lineno}" for node in calls if node.attr in ("base", "_base")] == []


@pytest.mark.parametrize("module", MODULES)
def test_no_module_level_chance(module: str) -> None:
    """No generator lives in a module, none is global: chance comes from keys."""
    if _room(module) not in ROWS_WITH_MESA:
        assert "random" not in _imports(module), f"{module} imports random; draw from the keys"
    inside: set[int] = set()
    for node in ast.walk(_tree(module)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            inside |= {id(child) for child in ast.walk(node)}
    for node in ast.walk(_tree(module)):
        if not isinstance(node, ast.Call):
            continue
        called = re.fullmatch(r"(?:np|numpy)\.random\.(\w+)", ast.unparse(node.func))
        if called:
            allowed = called[1] in ("Generator", "Philox", "SeedSequence")
            assert allowed, f"{module}:{node.lineno} uses global or unkeyed randomness: {called[0]}"
            assert id(node) in inside, f"{module}:{node.lineno} makes a generator at module level"
