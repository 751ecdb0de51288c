"""A replay: the same bytes, nobody asked, and where it differs that is said to the month."""

from __future__ import annotations

import json
import socket
import sqlite3
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.engine.conftest import same_files
from tests.minded import bytes_of, copy_of_the_run
from wildsim.core.errors import InputError, RunError
from wildsim.engine.replay import replay
from wildsim.minds.language.backends.scripted import Scripted

TAPE = "arms/baseline/seed=1/tape.sqlite"


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return copy_of_the_run(tmp_path / "run")


@pytest.fixture
def alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No network, no script that answers, and a place of its own for temporary folders, which is returned."""

    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("somebody was asked")

    for name in ("connect", "connect_ex", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse)
    for name in ("create_connection", "getaddrinfo"):
        monkeypatch.setattr(socket, name, refuse)
    monkeypatch.setattr(Scripted, "answer", refuse)
    place = tmp_path / "temporary"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    return place


def _change(run: Path, statement: str) -> None:
    with sqlite3.connect(run / TAPE) as opened:
        assert opened.execute(statement).rowcount > 0
    opened.close()


def test_it_is_identical_without_network_and_leaves_nothing(run: Path, alone: Path) -> None:
    before = bytes_of(run)
    found = replay(run)
    assert found.identical
    assert found.first is None
    assert found.same_code
    assert found.answers > 50
    assert found.files == len([name for name in before if name.startswith("arms/") and "tape" not in name]) + 1
    assert bytes_of(run) == before
    assert list(alone.iterdir()) == []


def test_what_is_kept_can_be_replayed_again(run: Path, alone: Path, tmp_path: Path) -> None:
    replay(run, out=tmp_path / "again")
    again, first = (json.loads((place / "manifest.json").read_text()) for place in (tmp_path / "again", run))
    assert again["minds"] == first["minds"]
    assert replay(tmp_path / "again").identical
    for name in ("baseline", "no_change"):
        (tmp_path / "again" / "arms" / name / "seed=1" / "tape.sqlite").unlink()
        (run / "arms" / name / "seed=1" / "tape.sqlite").unlink()
    same_files(run, tmp_path / "again")


def test_another_answer_in_the_last_month_is_found_there(run: Path, alone: Path) -> None:
    _change(
        run,
        "UPDATE calls SET answer = '{\"rate\": 0.2}' WHERE agent = 'central-bank-0' AND month = 3",
    )
    found = replay(run)
    assert not found.identical
    assert "arms/baseline/seed=1/indicators.parquet" in found.different
    assert not [name for name in found.different if name.startswith("arms/no_change")]
    assert found.first is not None
    assert found.first.file == "arms/baseline/seed=1/indicators.parquet"
    assert found.first.month == 3
    assert "month 3" in str(found.first)
    assert list(alone.iterdir()) == []


def test_an_answer_that_is_gone_is_not_asked_for(run: Path, alone: Path) -> None:
    _change(run, "DELETE FROM calls WHERE agent = 'central-bank-0' AND month = 2")
    with pytest.raises(RunError, match=r"seed 1, arm 'baseline', month 2: .*no answer for central-bank-0"):
        replay(run)
    assert list(alone.iterdir()) == []


def test_a_tape_that_is_gone_is_an_error(run: Path, alone: Path) -> None:
    (run / TAPE).unlink()
    with pytest.raises(RunError, match="is gone: without it nothing answers"):
        replay(run)


def test_a_run_that_is_not_finished_must_be_finished_first(run: Path, alone: Path) -> None:
    manifest = json.loads((run / "manifest.json").read_text())
    (run / "manifest.json").write_text(json.dumps(manifest | {"status": "stopped"}))
    with pytest.raises(InputError, match=r"is not finished.* wildsim resume"):
        replay(run)


def test_a_file_that_somebody_changed_is_found(run: Path, alone: Path) -> None:
    path = run / "arms/no_change/seed=1/indicators.parquet"
    frame = pd.read_parquet(path, partitioning=None)
    frame.loc[2, "policy_rate"] += 1e-12
    frame.to_parquet(path)
    (run / "arms/baseline/seed=1/stocks.parquet").unlink()
    found = replay(run)
    assert set(found.different) == {"arms/no_change/seed=1/indicators.parquet", "arms/baseline/seed=1/stocks.parquet"}
    assert found.first is not None
    assert (found.first.file, found.first.month, found.first.what) == (found.different[1], 2, "policy_rate")


def test_the_command_says_identical_or_where_not(cli: Callable[..., Any], run: Path, alone: Path) -> None:
    answer = cli("replay", run)
    assert answer.code == 0
    assert answer.out.startswith("Identical: ")
    document = cli("replay", run, "--json").document
    assert (document["identical"], document["model_calls"], document["first"]) == (True, 0, None)
    _change(run, "UPDATE calls SET answer = '{\"rate\": 0.2}' WHERE agent = 'central-bank-0' AND month = 3")
    answer = cli("replay", run)
    assert answer.code == 1
    assert "Different: " in answer.err
    assert "indicators.parquet, month 3: " in answer.err
    answer = cli("replay", run, "--json")
    assert answer.code == 1
    assert answer.document["first"]["month"] == 3
