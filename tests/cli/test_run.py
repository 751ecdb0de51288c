"""`wildsim run`, `resume`, `compare`, `export` at the command line, with a fake society."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.engine.conftest import fake, same_files  # noqa: F401
from tests.engine.fake import FakeSociety

STORY = "name: demo\nmonths: 14\nburn_in: 2\nsociety: {people: 300, regions: 2}\n"
POLICY = "name: up\npolicies: [{kind: unemployment_benefit, from: 2, replacement: 0.6}]\n"

Cli = Callable[..., Any]


@pytest.fixture
def story(write: Callable[..., str], fake: type[FakeSociety]) -> str:  # noqa: F811
    write(POLICY, "up.yaml")
    return write(STORY, "demo.yaml")


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave out the figures, which take longer than everything else."""
    monkeypatch.setattr("wildsim.reports.figures.draw", lambda run: [])


def test_the_last_line_is_the_run_folder(cli: Cli, story: str) -> None:
    answer = cli("run", story, "--seeds", "3", "--jobs", "1", "--policy", "up.yaml")
    assert answer.code == 0
    last = answer.out.strip().splitlines()[-1]
    assert re.fullmatch(r"runs/\d{4}-\d\d-\d\d-demo-[0-9a-f]{8}", last)
    assert (Path(last) / "figures" / "indicators.png").exists()
    assert "up against baseline, months 2-13, paired by seed" in answer.out
    assert f"Figures: {Path(last).resolve() / 'figures'}" in answer.out
    assert "differences.png: open this first" in answer.out
    assert "Largest error of the books: 1.0e-14" in answer.out
    assert (Path(last) / "scenario.yaml").read_text() == STORY
    manifest = json.loads((Path(last) / "manifest.json").read_text())
    assert manifest["status"] == "done"
    assert manifest["seeds"] == [1, 2, 3]


@pytest.mark.usefixtures("undrawn")
def test_a_second_run_of_the_day_has_its_own_folder(cli: Cli, story: str) -> None:
    names = [cli("run", story, "--seeds", "1", "--jobs", "1", "--quiet").out.strip() for _ in range(2)]
    assert names[1] == names[0] + "-2"
    same_files(Path(names[0]), Path(names[1]))


def test_a_file_called_runs_is_named(cli: Cli, story: str) -> None:
    Path("runs").write_text("")
    answer = cli("run", story, "--seeds", "1")
    assert (answer.code, "Choose another --out." in answer.err) == (2, True)


@pytest.mark.usefixtures("undrawn")
def test_json_is_one_document_and_nothing_else(cli: Cli, story: str) -> None:
    answer = cli("run", story, "--seeds", "2", "--jobs", "1", "--policy", "no_change", "--json", "--out", "r")
    document = answer.document
    assert document["run"] == "r"
    assert document["status"] == "done"
    assert document["summary"]["seeds"] == [1, 2]
    rows = document["results"]
    assert {row["arm"] for row in rows} == {"no_change"}
    assert {row["difference"] for row in rows if row["n"]} == {0.0}
    assert {row["p"] for row in rows if row["n"]} == {1.0}


@pytest.mark.usefixtures("undrawn")
def test_the_tables_show_the_headline_and_all_on_request(cli: Cli, story: str) -> None:
    short = cli("run", story, "--seeds", "2", "--jobs", "1", "--policy", "up.yaml").out
    whole = cli("run", story, "--seeds", "2", "--jobs", "1", "--policy", "up.yaml", "--all").out
    rows = [[line.split()[0] for line in text.splitlines() if line] for text in (short, whole)]
    assert "gdp" not in rows[0]
    assert rows[1].count("gdp") == 2  # once in each table
    assert rows[0].count("gdp_real") == rows[1].count("gdp_real") == 2
    assert "1 more indicators: --all" in short


def test_a_policy_that_never_acts_is_refused(cli: Cli, story: str) -> None:
    answer = cli("run", story, "--seeds", "2", "--policy", "up.yaml", "--months", "2")
    assert answer.code == 2
    assert "up.yaml: its first policy starts in month 2, after the run's last month 1" in answer.err
    assert not Path("runs").exists()


@pytest.mark.usefixtures("undrawn")
def test_one_seed_says_that_there_is_no_interval(cli: Cli, story: str) -> None:
    answer = cli("run", story, "--seeds", "1", "--jobs", "1", "--policy", "up.yaml")
    assert "1 seed: no interval can be given. Use --seeds 8 or more." in answer.err


@pytest.mark.usefixtures("undrawn")
def test_options_change_the_scenario(cli: Cli, story: str) -> None:
    options = ("--seed", "40", "--seeds", "2", "--months", "5", "--set", "society.people=400", "--jobs", "1")
    assert cli("run", story, *options, "--out", "r", "--quiet").code == 0
    resolved = json.loads(Path("r/resolved.json").read_text())
    assert resolved["seeds"] == [40, 41]
    assert resolved["arms"][0]["scenario"]["months"] == 5
    assert resolved["arms"][0]["scenario"]["society"]["people"] == 400


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--engine", "ray"), "--engine ray  comes with a later release"),
        (("--engine", "cloud"), "is unknown; use local"),
        (("--live",), "--live comes with a later release"),
        (("--seeds", "0"), "--seeds is 0; it must be 1 to"),
        (("--seed", "-1"), "--seed is -1; it must be 0 to"),
        (("--months", "0"), "--months is 0; it must be 1 to"),
        (("--jobs", "0"), "--jobs is 0; it must be 1 or more"),
        (("--threads", "0"), "--threads is 0; it must be 1 or more"),
        (("--policy", "up.yaml", "--policy", "up.yaml"), "Two arms are called 'up'"),
        (("--policy", "upp.yaml"), "Near: up.yaml"),
        (("--policy", "unemployment_benefit"), "needs parameters"),
        (("--set", "society.peple=3"), "Did you mean 'people'"),
        (("--out", "demo.yaml"), "a file stands where a folder is needed"),
        (("--out", "."), "'.' is not empty. Choose another --out."),
        (("--seeds", "many"), "--seeds"),
    ],
)
def test_wrong_options_are_named(cli: Cli, story: str, options: tuple[str, ...], message: str) -> None:
    answer = cli("run", story, *options)
    assert answer.code == 2
    assert message in answer.err.replace("\n", " ")
    assert "Traceback" not in answer.err
    assert not Path("runs").exists()


@pytest.mark.usefixtures("undrawn")
def test_ctrl_c_leaves_a_run_that_resumes(cli: Cli, story: str, fake: type[FakeSociety]) -> None:  # noqa: F811
    assert cli("run", story, "--seeds", "3", "--jobs", "1", "--out", "whole", "--quiet").code == 0

    def stop(seed: int, month: int) -> None:
        if (seed, month) == (2, 3):
            raise KeyboardInterrupt

    fake.before = staticmethod(stop)
    answer = cli("run", story, "--seeds", "3", "--jobs", "1", "--out", "cut", "--quiet")
    assert answer.code == 1
    assert answer.err.strip() == "Stopped at seed 2 of 3. Continue: wildsim resume cut"
    fake.before = staticmethod(lambda seed, month: None)
    answer = cli("resume", "cut", "--jobs", "1", "--quiet")
    assert (answer.code, answer.out.strip()) == (0, "cut")
    same_files(Path("whole"), Path("cut"))


def test_a_failed_run_exits_with_one_and_json_says_why(
    cli: Cli,
    story: str,
    fake: type[FakeSociety],  # noqa: F811
) -> None:
    def fail(seed: int, month: int) -> None:
        raise ValueError("nobody foresaw this")

    fake.before = staticmethod(fail)
    answer = cli("run", story, "--seeds", "2", "--jobs", "1", "--out", "r", "--json")
    assert answer.code == 1
    assert "Seed 1 failed in month -2 of arm 'baseline': ValueError: nobody foresaw this" in answer.document["error"]
    assert "wildsim resume r" in answer.document["error"]


def test_resume_of_no_run_is_wrong_input(cli: Cli, story: str) -> None:
    answer = cli("resume", "runs/nothing")
    assert (answer.code, answer.err.strip()) == (2, "No folder 'runs/nothing'.")


@pytest.mark.usefixtures("undrawn")
def test_compare_with_real_data(cli: Cli, story: str, write: Callable[..., str]) -> None:
    from wildsim.engine.api import Run

    cli("run", story, "--seeds", "2", "--jobs", "1", "--out", "a", "--quiet", "--policy", "up.yaml")
    lived = Run("a").indicators["unemployment_rate"].groupby("month").mean()
    write("day,rate\n" + "".join(f"2015-{m:02d},{100 * lived[m - 1] - 1}\n" for m in range(1, 13)), "real.csv")
    options = ("--indicator", "unemployment_rate", "--column", "rate", "--date", "day", "--unit", "percent")
    answer = cli("compare", "a", "--data", "real.csv", *options, "--json")
    rows = answer.document["rows"]
    assert [row["arm"] for row in rows] == ["baseline", "up"]
    assert rows[0]["months"] == 12
    assert rows[0]["bias"] == pytest.approx(0.01)
    assert rows[0]["correlation"] == pytest.approx(1.0)
    assert "mean of the seeds less the data" in cli("compare", "a", "--data", "real.csv", *options).out
    later = cli("compare", "a", "--data", "real.csv", *options, "--start", "2015-10", "--json")
    assert later.document["rows"][0]["months"] == 3
    for wrong, told in ((options[2:], "--data needs --indicator"), ((*options, "--start", "2019-01"), "0 months in")):
        answer = cli("compare", "a", "--data", "real.csv", *wrong)
        assert (answer.code, told in answer.err) == (2, True)


@pytest.mark.usefixtures("undrawn")
def test_compare_and_export(cli: Cli, story: str) -> None:
    cli("run", story, "--seeds", "2", "--jobs", "1", "--out", "a", "--quiet")
    cli("run", story, "--seeds", "2", "--jobs", "1", "--out", "b", "--quiet", "--set", "society.regions=1")
    answer = cli("compare", "a", "b")
    assert answer.code == 0
    assert "society.regions" in answer.out
    assert "not paired (other society.regions): independent samples" in answer.out
    cli("run", story, "--seeds", "2", "--jobs", "1", "--out", "c", "--quiet", "--months", "13")
    assert "mean of months 1-12, paired by seed" in cli("compare", "a", "c").out
    assert cli("compare", "a", "b", "--json").document["settings"] == [{"setting": "society.regions", "values": [2, 1]}]
    assert cli("compare", "a").code == 2
    answer = cli("export", "a", "--quarterly", "--csv", "--json")
    assert [Path(path).name for path in answer.document["files"]] == [
        "baseline-seed=1.csv",
        "baseline-seed=2.csv",
        "indicators.csv",
        "summary.csv",
    ]
    assert cli("export", "nothing").code == 2
    assert cli("export", "a", "--out", "demo.yaml").code == 2
