"""`wildsim forecast`: what it prints and writes, that it goes on where it stopped, and what it says of wrong input."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from tests.conftest import Answer
from wildsim.core.errors import InputError
from wildsim.studies.forecast import library

Cli = Callable[..., Answer]
Write = Callable[..., str]
SMALL = 'name: "<script>alert(1)</script>"\nburn_in: 0\nsociety: {people: 200, regions: 1}\n'
OPTIONS = ("--seeds", "2", "--months", "180", "--jobs", "1", "--no-controls")


@pytest.fixture
def known(tmp_path: Path) -> str:
    """Write data of 80 quarters and return the file's path."""
    luck = np.random.Generator(np.random.Philox(5)).standard_normal((80, 3)).cumsum(axis=0)
    rows = ["quarter,realgdp,cpi,unemp"]
    for t, (one, two, three) in enumerate(luck):
        gdp, cpi = 1000 * np.exp(0.01 * t + 0.005 * one), 100 * np.exp(0.008 * t + 0.002 * two)
        rows.append(f"{1990 + t // 4}Q{t % 4 + 1},{gdp:.3f},{cpi:.3f},{6 + 0.1 * three:.2f}")
    path = tmp_path / "known.csv"
    path.write_text("\n".join(rows) + "\n")
    return str(path)


def test_forecast_writes_page_pictures_and_document_and_goes_on(
    cli: Cli, write: Write, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = ("forecast", write(SMALL), *OPTIONS, "--data", known, "--quarters", "20", "--out", "study")
    first = cli(*line)
    assert first.code == 0, first.err
    assert "forecasts from 20 origins" in first.out
    assert "One quarter ahead, error / the AR(1)'s: unemployment" in first.out
    assert "2 of 2 runs" in first.err
    out = Path("study")
    page = (out / "forecast.html").read_text()
    assert page.count("data:image/png;base64,") == 3
    assert "<script>" not in page
    assert "&lt;script&gt;" in page
    assert not re.search(r"""(src|href)=["']?(http|//)""", page)
    assert {path.name for path in (out / "figures").iterdir()} == {"paths.png", "ratios.png", "windows.png"}
    before = (out / "forecast.json").read_bytes()
    document = json.loads(before)
    assert len({s["forecaster"] for s in document["scores"]}) == 4

    # one run is lost: only that one is lived again, and everything comes out as before
    library.Folder.place(library.Folder(out, _stories()), "society", 2).unlink()
    lived = []
    really = library.live
    monkeypatch.setattr(library, "live", lambda task: lived.append(task.seed) or really(task))
    again = cli(*line, "--json")
    assert (again.code, again.err) == (0, "")
    assert lived == [2]
    assert (out / "forecast.json").read_bytes() == before
    assert again.document["scores"] == document["scores"]

    quiet = cli(*line, "--quiet")
    assert (quiet.code, quiet.out, quiet.err) == (0, "study\n", "")

    other = cli("forecast", write(SMALL.replace("200", "400")), *line[2:])
    assert (other.code, "holds a library of another society" in other.err) == (2, True)


@pytest.mark.parametrize("file", ["library.py", "quarters.py"])
def test_a_changed_measure_of_quarters_is_not_answered_from_the_library(
    tmp_path: Path, sources: Path, file: str
) -> None:
    stories: dict[str, dict[str, object]] = {"society": {"months": 180}}
    library.Folder(tmp_path / "study", stories)
    library.Folder(tmp_path / "study", stories)
    changed = sources / "studies" / "forecast" / file
    changed.write_text(changed.read_text() + "# another\n")
    with pytest.raises(InputError, match="another version"):
        library.Folder(tmp_path / "study", stories)


def _stories() -> dict[str, dict[str, object]]:
    from wildsim.scenario.load import load

    return library.arms(load("us.yaml"), 180, controls=False)


def fake(task: library.Task) -> library.F64:
    """Return quarters of a made-up society, of the length asked for."""
    quarters = int(task.scenario["months"]) // 3 - 1
    luck = np.random.Generator(np.random.Philox(key=[task.seed, len(task.arm)])).standard_normal((quarters, 3))
    return np.asarray(luck + np.array([0.7, 6.0, 3.0]))


def test_stopped_in_the_middle_it_says_how_to_go_on(
    cli: Cli, write: Write, known: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lived = []

    def stops(task: library.Task) -> library.F64:
        if len(lived) == 3:
            raise KeyboardInterrupt
        lived.append((task.arm, task.seed))
        return fake(task)

    monkeypatch.setattr(library, "live", stops)
    line = ("forecast", write(SMALL), "--seeds", "2", "--jobs", "1", "--data", known, "--quarters", "20")
    stopped = cli(*line)
    assert stopped.code == 1
    (folder,) = Path("runs").iterdir()
    assert f"--out {folder} goes on" in stopped.err
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-forecast-script-alert-1-script-[0-9a-f]{8}", folder.name)
    assert len(list((folder / "library").rglob("*.parquet"))) == 3
    monkeypatch.setattr(library, "live", lambda task: lived.append((task.arm, task.seed)) or fake(task))
    folder = folder.rename(folder.with_name(f"2001-02-03-{folder.name[11:]}"))  # it was begun on another day
    answer = cli(*line)
    assert answer.code == 0, answer.err
    assert list(Path("runs").iterdir()) == [folder]
    assert lived == [(arm, seed) for arm in ("society", "shuffled", "random") for seed in (1, 2)]
    assert (folder / "forecast.html").is_file()
    damaged = next((folder / "library").rglob("*.parquet"))
    damaged.write_bytes(damaged.read_bytes()[:100])
    assert cli(*line, "--out", str(folder)).code == 0
    assert len(lived) == 7  # a damaged run is lived again


@pytest.mark.slow
def test_any_number_of_jobs_gives_the_same_bytes(cli: Cli, write: Write, known: str) -> None:
    file = write(SMALL)
    line = ("forecast", file, "--seeds", "2", "--months", "180", "--data", known, "--quarters", "20")
    for jobs in ("1", "2"):
        answer = cli(*line, "--jobs", jobs, "--out", f"jobs{jobs}")
        assert answer.code == 0, answer.err
    found = [
        {p.relative_to(f).as_posix(): p.read_bytes() for p in f.rglob("*") if p.is_file()}
        for f in (Path("jobs1"), Path("jobs2"))
    ]
    assert found[0].keys() == found[1].keys()
    assert [name for name in found[0] if found[0][name] != found[1][name]] == []


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--seeds", "1"], "--seeds is 1; the check needs 2 or more"),
        (["--months", "60"], "--months is 60; a library needs 180 a run or more."),
        (["--from", "1850Q1"], "no quarter '1850Q1' in the data; they run from 1990Q2 to 2009Q4"),
        (["--quarters", "300"], "300 origins from the end back do not fit"),
        (["--data", "nowhere.csv"], "No file 'nowhere.csv'."),
        (["--seed", "-1"], "--seed is -1"),
    ],
)
def test_wrong_input_is_told_before_the_long_work(
    cli: Cli, write: Write, known: str, options: list[str], message: str
) -> None:
    answer = cli("forecast", write(SMALL), "--data", known, "--quarters", "20", *options)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err
    assert "Traceback" not in answer.err
    assert not Path("runs").exists()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a,b\n1,2\n", "known.csv:1  has no column 'quarter'"),
        ("quarter,realgdp,cpi,unemp\n1990Q1,1,2,3\n", "1 quarters; the check needs 60 or more"),
        ("quarter,realgdp,cpi,unemp\n1990Q1,one,2,3\n", "known.csv:2  realgdp is 'one'; it must be a number."),
        ("quarter,realgdp,cpi,unemp\n1990Q1,-5,2,3\n", "known.csv:2  realgdp is"),
        ("", "is no CSV"),
        ("quarter,realgdp,cpi,unemp\n" + "spring,1,2,3\n" * 70, "known.csv:2  quarter is 'spring'"),
        ("quarter,realgdp,cpi,unemp\n" + "1990Q1,1,2,3\n" * 70, "known.csv:3  1990Q1 follows 1990Q1"),
    ],
)
def test_data_that_cannot_be_used(cli: Cli, write: Write, text: str, message: str) -> None:
    write(text, "known.csv")
    answer = cli("forecast", write(SMALL), "--data", "known.csv")
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


def test_missing_extra_says_what_to_install(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "statsmodels.datasets", None)
    answer = cli("forecast", write(SMALL))
    assert answer.code == 2
    assert "pip install 'wildsim[calibrate]'" in answer.err


def test_a_folder_with_something_else_is_left_alone(cli: Cli, write: Write, known: str) -> None:
    write("mine", "taken/notes.txt")
    answer = cli("forecast", write(SMALL), *OPTIONS, "--data", known, "--quarters", "20", "--out", "taken")
    assert answer.code == 2
    assert "'taken' is not empty and holds no library. Choose another --out." in answer.err
    assert [path.name for path in Path("taken").iterdir()] == ["notes.txt"]
