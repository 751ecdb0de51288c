"""The house rules that tools check: style, format, types. The same commands run before a commit and in CI."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


def _tool(root: Path, *command: str) -> None:
    done = subprocess.run([sys.executable, "-m", *command], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize(
    "command", [("ruff", "check"), ("ruff", "format", "--check"), ("mypy",)], ids=["ruff", "format", "mypy"]
)
def test_tool_is_content(root: Path, command: tuple[str, ...]) -> None:
    _tool(root, *command)


def test_no_index_addresses_are_kept(root: Path) -> None:
    ignored = (root / ".gitignore").read_text().splitlines()
    assert "uv.lock" in ignored
    assert "://" not in (root / "pyproject.toml").read_text()


def test_schema_file_is_current(root: Path) -> None:
    from wildsim.scenario.json_schema import text

    kept = (root / "docs" / "scenario.schema.json").read_text(encoding="utf-8")
    assert kept == text(), "python -m wildsim.scenario.json_schema > docs/scenario.schema.json"
