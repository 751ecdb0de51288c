"""Folders of studies: found again, and never somebody else's."""

from __future__ import annotations

from pathlib import Path

import pytest

from wildsim.core.errors import InputError
from wildsim.engine.study_folder import begin, claim, place, today


def test_a_study_has_one_folder_whatever_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    new = Path("runs") / f"{today()}-facts-toy-0123"
    assert place("facts-toy-0123", None, "label.json") == new
    for day in ("2001-02-03", "2001-02-04"):
        begin(Path("runs") / f"{day}-facts-toy-0123", "label.json", {"kind": "facts"}, "no study")
    (Path("runs") / "2001-02-05-facts-toy-0123").mkdir()  # nothing was begun there
    assert place("facts-toy-0123", None, "label.json") == Path("runs/2001-02-04-facts-toy-0123")
    assert place("facts-toy-0124", None, "label.json").name == f"{today()}-facts-toy-0124"
    assert place("facts-toy-0123", Path("here"), "label.json") == Path("here")


def test_a_study_is_begun_once(tmp_path: Path) -> None:
    first, second = {"kind": "toy", "a": 1}, {"kind": "toy", "a": 2}
    assert begin(tmp_path / "s", "label.json", first, "no study") is None
    assert begin(tmp_path / "s", "label.json", second, "no study") == first


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("letter.txt", "mine", "is not empty and holds no study. Choose another --out."),
        ("manifest.json", "mine", "already holds a run. Continue it: wildsim resume"),
        ("label.json", "mine", "is damaged: it is no JSON document. Choose another --out."),
        ("label.json", '{"kind": "pet"}', "holds another study .pet.. Choose another --out."),
        ("label.json", "[]", "was written by another version of WildSim. Choose another --out."),
    ],
)
def test_a_folder_of_somebody_else_is_left_alone(tmp_path: Path, file: str, text: str, message: str) -> None:
    (tmp_path / file).write_text(text)
    with pytest.raises(InputError, match=message):
        begin(tmp_path, "label.json", {"kind": "toy"}, "no study")
    assert [path.name for path in tmp_path.iterdir()] == [file]
    assert (tmp_path / file).read_text() == text


def test_a_run_is_no_study_even_if_it_has_a_file_of_that_name(tmp_path: Path) -> None:
    for name in ("manifest.json", "resolved.json"):
        (tmp_path / name).write_text("{}")
    with pytest.raises(InputError, match="holds a run"):
        begin(tmp_path, "resolved.json", {"kind": "toy"}, "no study")


def test_a_file_is_no_folder(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(InputError, match=r"a file stands where a folder is needed.* Choose another --out"):
            claim(path)
