"""A study resumes: what is stored and still right is not lived again."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from wildsim.cases import study as studies
from wildsim.cases.study import Study, Task, make_study, numbers, run
from wildsim.core.errors import InputError

CHANGES = ("society.people=400", "society.regions=2", "burn_in=12")


def fake(task: Task) -> dict[str, dict[str, float]]:
    """Return numbers that tell which seed they are of."""
    found = {"estimate": float(task.seed), "bought": float("nan"), "first_year": 0.0, "unemployment": 0.0}
    return {"policy": found, **({"placebo": found} if task.placebo else {})}


@pytest.fixture
def lived(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Return the list of pairs that are lived, none for real."""
    found: list[Task] = []

    def note(task: Task) -> dict[str, dict[str, float]]:
        found.append(task)
        return fake(task)

    monkeypatch.setattr(studies, "pair", note)
    return found


def small(folder: Path, *, placebo: bool = True, seeds: int = 3, changes: tuple[str, ...] = CHANGES) -> Study:
    return make_study(["spending"], seeds=seeds, seed=5, placebo=placebo, changes=changes, out=folder)


def test_it_goes_on_where_it_stopped(tmp_path: Path, lived: list[Task]) -> None:
    study = small(tmp_path)
    run(study, 1)
    assert [task.seed for task in lived] == [5, 6, 7]
    run(study, 1)
    assert len(lived) == 3
    study.file(study.tasks()[1]).unlink()
    run(study, 1)
    assert [task.seed for task in lived[3:]] == [6]
    run(small(tmp_path, seeds=4), 1)
    assert [task.seed for task in lived[4:]] == [8]


def test_what_it_finds_is_by_seed_and_nan_survives(tmp_path: Path, lived: list[Task]) -> None:
    study = small(tmp_path)
    run(study, 1)
    found = numbers(study, "spending", "policy")
    assert found["estimate"].tolist() == [5.0, 6.0, 7.0]
    assert str(found["bought"].tolist()) == "[nan, nan, nan]"


@pytest.mark.parametrize("what", ["damaged", "other settings", "other program", "placebo asked for later"])
def test_what_is_not_right_any_more_is_lived_again(
    tmp_path: Path, lived: list[Task], monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    study = small(tmp_path, placebo=what != "placebo asked for later", seeds=2)
    run(study, 1)
    lived.clear()
    changes = CHANGES
    if what == "damaged":
        for task in study.tasks():
            study.file(task).write_text('{"key": "cut o')
    elif what == "other settings":
        changes = (*CHANGES[:2], "burn_in=13")
    elif what == "other program":
        monkeypatch.setattr(studies, "code_digest", lambda *also: "another")
    run(small(tmp_path, seeds=2, changes=changes), 1)
    assert len(lived) == 2


@pytest.mark.parametrize(
    ("file", "again"), [("cases/spending.py", 3), ("state/people.py", 3), ("reports/cases.py", 0), ("cli/cases.py", 0)]
)
def test_a_changed_estimator_is_not_answered_from_the_store(
    tmp_path: Path, lived: list[Task], sources: Path, file: str, again: int
) -> None:
    run(small(tmp_path / "study"), 1)
    lived.clear()
    (sources / file).write_text((sources / file).read_text() + "# another\n")
    run(small(tmp_path / "study"), 1)
    assert len(lived) == again


def test_a_placebo_that_is_there_serves_a_study_without(tmp_path: Path, lived: list[Task]) -> None:
    run(small(tmp_path), 1)
    lived.clear()
    run(small(tmp_path, placebo=False), 1)
    assert lived == []


def test_an_end_in_between_loses_one_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(task: Task) -> dict[str, dict[str, float]]:
        if task.seed == 6:
            raise KeyboardInterrupt
        return fake(task)

    monkeypatch.setattr(studies, "pair", stop)
    study = small(tmp_path)
    with pytest.raises(KeyboardInterrupt):
        run(study, 1)
    assert [studies.stored(study, task) is not None for task in study.tasks()] == [True, False, False]
    with pytest.raises(InputError, match="lacks seed 6"):
        numbers(study, "spending", "policy")


def test_the_same_pair_twice_is_the_same(tmp_path: Path) -> None:
    task = Task("spending", 2, True, tuple(tuple(text.split("=")) for text in CHANGES))  # type: ignore[arg-type]
    first = studies.pair(task)
    assert first == studies.pair(task)
    assert first["policy"]["estimate"] != 0.0
    assert first["placebo"]["estimate"] != 0.0  # other draws from the policy's date on
    assert first["policy"]["bought"] == pytest.approx(1.0, abs=0.25)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"names": ["minimum_wages"]}, "Did you mean 'minimum_wage'"),
        ({"seeds": 1}, "--seeds is 1; a standard error needs 2 or more"),
        ({"seed": -1}, "--seed is -1"),
        ({"changes": ["society.people"]}, "needs a value"),
        ({"changes": ["policies.0.size=2"]}, "belongs to the case"),
        ({"changes": ["sectors.education=false"]}, "belongs to the case"),
        ({"changes": ["society.people=abc"]}, "people"),
        ({"changes": ["society.peeple=100"]}, "peeple"),
    ],
)
def test_wrong_wishes_are_refused(tmp_path: Path, given: dict[str, object], message: str) -> None:
    wish: dict[str, object] = {"names": [], "seeds": 2, "seed": 1, "placebo": True, "changes": [], "out": tmp_path}
    with pytest.raises(InputError, match=message):
        make_study(**(wish | given))  # type: ignore[arg-type]


def test_the_same_settings_go_on_in_the_folder_of_another_day(
    tmp_path: Path, lived: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    settings: dict[str, Any] = {"seeds": 3, "seed": 5, "placebo": True, "changes": CHANGES, "out": None}
    first = make_study(["spending"], **settings)
    run(first, 1)
    assert re.fullmatch(r"runs/\d{4}-\d\d-\d\d-spending-[0-9a-f]{8}", first.folder.as_posix())
    begun = first.folder.rename(first.folder.with_name(f"2001-02-03-{first.folder.name[11:]}"))
    again = make_study(["spending"], **settings)
    run(again, 1)
    assert (again.folder, len(lived)) == (begun, 3)
    assert make_study(["spending"], **(settings | {"seed": 6})).folder != begun
    assert "-cases-" in make_study(["spending", "seats"], **settings).folder.name


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letter.txt").write_text("dear")
    with pytest.raises(InputError, match="holds something else"):
        small(tmp_path)
