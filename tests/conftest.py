"""Fixtures that every test may use."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent

settings.register_profile(
    "house",
    deadline=None,
    max_examples=60,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)
settings.load_profile("house")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the command line say which truth is planted; nothing but this seed is kept of it."""
    parser.addoption("--planted", type=int, default=1, help="Seed of the truths that tests plant and have found.")


@pytest.fixture(scope="session")
def planted(request: pytest.FixtureRequest) -> int:
    """Seed of the truths that a test plants, from the command line; they are stored nowhere."""
    return int(request.config.getoption("--planted"))


@dataclass(frozen=True)
class Answer:
    """What the command line gave back."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The JSON document on standard output."""
        return json.loads(self.out)


@pytest.fixture
def root() -> Path:
    """The root of the source tree."""
    return ROOT


@pytest.fixture
def cli(capsys: pytest.CaptureFixture[str]) -> Callable[..., Answer]:
    """Run a command line in this process and return its answer."""
    from wildsim.cli import main

    def call(*arguments: str) -> Answer:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Answer(code, captured.out, captured.err)

    return call


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the package whose files a test may change: the hash of the program is taken of it."""
    from wildsim.engine import store

    copy = tmp_path / "sources" / "wildsim"
    shutil.copytree(ROOT / "wildsim", copy, ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(store, "__file__", str(copy / "engine" / "store.py"))
    return copy


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """Write a file into an empty working directory and return its name."""
    monkeypatch.chdir(tmp_path)

    def put(text: str, name: str = "us.yaml") -> str:
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_text(text, encoding="utf-8")
        return name

    return put
