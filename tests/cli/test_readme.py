"""What the README prints works as printed: its quick commands, on small settings, and its Python lines."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import ROOT
from wildsim.cli import main

TEXT = (ROOT / "README.md").read_text()
SMALL = ["--set", "society.people=100", "--set", "society.regions=1", "--set", "burn_in=2", "--months", "26"]

#: A search of the smallest size, which opens no seal in the folder of the scenarios.
FEW = shlex.split(
    "--set society.people=300 --set burn_in=2 --set months=14 --set evaluation={} --seeds 2 --candidates 8 "
    "--generations 1 --validation 0 --jobs 1"
)


def _commands() -> list[list[str]]:
    """Return the indented lines that start with `uv run wildsim`, those joined by && apart; not the main job."""
    lines = [line.strip() for line in TEXT.splitlines() if line.startswith("    uv run wildsim")]
    parts = [shlex.split(part, comments=True) for line in lines for part in line.split("&&")]
    return [words[3:] for words in parts]


def _wildsim(words: list[str]) -> str:
    code = "import sys; from wildsim.cli import main; sys.exit(main())"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (words, done.stderr)
    return done.stdout


@pytest.fixture
def clone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand in a folder that has the scenarios, as in a fresh clone."""
    os.symlink(ROOT / "scenarios", tmp_path / "scenarios")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_quick_commands_work_as_printed(clone: Path) -> None:
    commands = _commands()
    verbs = ["run", "new", "run", "run", "run", "validate", "run", "optimise", "optimise"]
    assert [words[0] for words in commands] == verbs
    for words in commands:
        small = {"run": [*SMALL, "--seeds", "2"], "optimise": FEW}.get(words[0], [])
        assert main([*words, *small]) == 0, words
    assert (clone / "mine.yaml").is_file()
    assert len(list((clone / "runs").iterdir())) == 7


def test_every_verb_in_the_table_is_there() -> None:
    verbs = set(re.findall(r"`wildsim ([a-z]+)", TEXT))
    listed = _wildsim(["--help"])
    assert {verb for verb in verbs if not re.search(rf"^  {verb}\b", listed, re.MULTILINE)} == set()


@pytest.mark.usefixtures("clone")
def test_the_python_lines_work_as_printed() -> None:
    block = re.search(r"^    import wildsim as ws\n(?:(?:    .*)?\n)+", TEXT, re.MULTILINE)
    assert block
    code = re.sub(r"^    ", "", block.group(), flags=re.MULTILINE)
    code = code.replace('scenarios/us.yaml"), seeds=4', 'scenarios/minimal.yaml"), seeds=2, months=3')
    subprocess.run([sys.executable, "-c", code], check=True, env={**os.environ, "MPLBACKEND": "Agg"})
