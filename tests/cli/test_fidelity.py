"""`wildsim fidelity`: tables, page, JSON, resuming, errors."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Answer
from tests.studies.fidelity.minds import Chatty
from wildsim.studies.fidelity import mind_subject
from wildsim.studies.fidelity.subjects import RandomSubject

Cli = Callable[..., Answer]
SMALL = ("--subjects", "20", "--experiments", "dictator,lottery")


def test_a_study_from_the_command_line(cli: Cli, tmp_path: Path) -> None:
    out = tmp_path / "study"
    answer = cli("fidelity", "--mind", "random", *SMALL, "--out", str(out))
    assert answer.code == 0, answer.err
    assert answer.out.strip().splitlines()[-1] == str(out)
    assert "0 of 2 experiments passed" in answer.out
    assert "a language model may have read about these experiments" in answer.out
    assert {path.name for path in out.iterdir()} >= {
        *("study.json", "fidelity.json", "fidelity.html", "histograms.png", "distances.png", "answers"),
    }
    assert json.loads((out / "study.json").read_text())["status"] == "done"


def test_a_model_may_be_named_as_the_mind(cli: Cli, tmp_path: Path) -> None:
    answer = cli("fidelity", "--mind", "scripted:first", *SMALL, "--out", str(tmp_path / "s"), "--json")
    assert answer.code == 0, answer.err
    assert (answer.document["mind"], answer.document["told"]) == ("scripted:first", "scripted, no language model")


def test_json_is_one_document_and_the_same_in_any_folder(cli: Cli, tmp_path: Path) -> None:
    folders = [tmp_path / name for name in ("a", "b")]
    documents = [
        cli("fidelity", "--mind", "people", "--seed", "3", *SMALL, "--json", "--out", str(out)).document
        for out in folders
    ]
    for document, out in zip(documents, folders, strict=True):
        assert document.pop("folder") == str(out)
    assert documents[0] == documents[1]
    assert [one["name"] for one in documents[0]["experiments"]] == ["dictator", "lottery"]
    for name in ("fidelity.json", "histograms.png", "distances.png", "answers/lottery.json"):
        assert (folders[0] / name).read_bytes() == (folders[1] / name).read_bytes()
    first = documents[0]["experiments"][0]
    assert first["people"]["verified"] == "copy"
    assert first["people"]["n"] is None
    assert len(first["answers"]) == first["mind"]["used"] == 20


def test_the_same_command_goes_on_and_another_one_is_refused(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ("fidelity", "--mind", "random", *SMALL, "--out", str(tmp_path / "s"), "--quiet")
    real = RandomSubject.answer

    def stops(self: RandomSubject, tasks: list[object]) -> object:
        if len(tasks) == 20 and getattr(tasks[0], "experiment", "") == "lottery":
            raise KeyboardInterrupt
        return real(self, tasks)  # type: ignore[arg-type]

    monkeypatch.setattr(RandomSubject, "answer", stops)
    stopped = cli(*line)
    assert stopped.code != 0
    assert f"--out {tmp_path / 's'}" in stopped.err
    assert [path.name for path in (tmp_path / "s" / "answers").iterdir()] == ["dictator.json"]
    monkeypatch.setattr(RandomSubject, "answer", real)
    assert cli(*line).out.strip() == str(tmp_path / "s")
    other = cli(*line, "--seed", "2")
    assert (other.code, other.out) == (2, "")
    assert "other" in other.err
    assert "seed" in other.err


def test_a_scripted_model_says_so_beside_every_table(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mind_subject, "language_mind", lambda model, language: Chatty("refused"))
    line = ("fidelity", "--mind", "llm", "--model", "scripted:steady", *SMALL, "--out", str(tmp_path / "s"))
    answer = cli(*line)
    assert answer.code == 0, answer.err
    assert answer.out.count("scripted:steady (scripted, no language model)") == 3
    assert "5 no answer" in answer.out
    assert "15/20" in answer.out
    document = cli(*line, "--json").document
    assert (document["mind"], document["told"]) == ("scripted:steady", "scripted, no language model")
    assert document["reasons"] == [{"said": "refused", "count": 10}]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--mind", "rules"), "Did you mean 'rule'"),
        (("--mind", "rule", "--experiments", "dictators"), "Did you mean 'dictator'"),
        (("--mind", "rule", "--subjects", "3"), "--subjects is 3; it must be 10"),
        (("--mind", "rule", "--seed", "-1"), "--seed is -1"),
    ],
)
def test_wrong_options_are_told_before_a_folder_is_begun(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, options: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    answer = cli("fidelity", *options)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_left_alone(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    answer = cli("fidelity", "--mind", "rule", *SMALL, "--out", str(tmp_path))
    assert (answer.code, answer.out) == (2, "")
    assert "hoose another --out" in answer.err
    assert [path.name for path in tmp_path.iterdir()] == ["letter.txt"]
