"""The human seat: what is asked, what is taken for an answer, and a run that stops and goes on."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.engine.conftest import same_files
from wildsim.cli.seat import Seat, read
from wildsim.minds.mind import Field, Question, Seen

Cli = Callable[..., Any]

PRICE = Field("price", "USD/good", "Your price.", 0.5, 4.0, False, 1.25)
POSTS = Field("vacancies", "posts", "Posts to open.", 0.0, 20.0, True, 3.0)
WORK = Field("participate", "0 or 1", "Whether to look for work.", 0.0, 1.0, True, 1.0, ("no", "yes"))
RATE = Field("policy_rate", "annual share", "The rate.", 0.0, 0.25, False, 0.02)
WIDE = Field("wage", "USD", "Your wage.", 0.0, 5000.0, False, 10.0)
STORY = """months: 3
burn_in: 1
society: {people: 200, regions: 1}
minds: [{role: central_banker, mind: human, memory: 2}]
"""


@pytest.fixture(autouse=True)
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wildsim.reports.figures.draw", lambda run: [])


def _question(*fields: Field, month: int = 4) -> Question:
    seen = (Seen("your staff", 3.0, "people", 3, "own books"), Seen("inflation", float("nan"), "share", 2, "identity"))
    letters = (("person-4", "buy \x1b[31mnow"),)
    return Question(1, "firm-3", month, "firm_manager", seen, fields, memory=("Month 3: you chose.",), letters=letters)


def _asked(typed: str, *fields: Field) -> tuple[Any, str, Seat]:
    screen = io.StringIO()
    seat = Seat(io.StringIO(typed), screen)
    return seat(_question(*fields)), screen.getvalue(), seat


def test_everything_that_the_agent_knows_is_shown_and_harmless() -> None:
    decided, screen, _ = _asked("2\n\nyes\n", PRICE, POSTS, WORK)
    assert decided == {"price": 2.0, "participate": 1.0}
    for part in (
        "Month 4",
        "You are firm-3",
        "your staff: 3 people",
        "inflation: not known (month 2)",
        "Month 3: you chose.",
        "person-4 writes: buy \\x1b[31mnow",
        "price (0.5 to 4 USD/good) [1.25]",
        "vacancies (0 to 20 posts) [3]",
        "participate (0 no / 1 yes) [yes]",
    ):
        assert part in screen
    assert "\x1b" not in screen


def test_wrong_input_asks_again_with_the_reason() -> None:
    decided, screen, _ = _asked("cheap\n9\nnan\n?\n1,5\n2.5\n2\n", PRICE, POSTS)
    assert "'cheap' is no number" in screen
    assert "9 is out of range: 0.5 to 4 USD/good" in screen
    assert "a finite number is wanted" in screen
    assert "Your price. Unit: USD/good." in screen
    assert "'1,5' can be read in more than one way" in screen
    assert decided == {"price": 2.5, "vacancies": 2.0}


@pytest.mark.parametrize(
    ("text", "field", "value", "problem"),
    [
        ("YES", WORK, 1.0, ""),
        ("0", WORK, 0.0, ""),
        ("maybe", WORK, None, "a number or one of no, yes"),
        ("2.5", POSTS, None, "not whole"),
        ("4.0001", PRICE, 4.0, ""),  # the printed bound is rounded
        ("inf", PRICE, None, "finite"),
        ("100,5", WIDE, None, "'100,5' can be read in more than one way; type a plain number"),
        ("1_5", WIDE, None, "more than one way"),
        ("1,000", WIDE, None, "more than one way"),
        ("1 5", WIDE, None, "more than one way"),
        ("1.2.3", WIDE, None, "more than one way"),
        ("\u0661\u0665", WIDE, None, "is no number"),
        ("1e2", WIDE, 100.0, ""),
        ("\x1b[31m", PRICE, None, "\\x1b[31m"),
        ("1.5%", RATE, 0.015, ""),
        ("1.5 %", RATE, 0.015, ""),
        ("1.5", RATE, None, "1.5 is out of range: 0 to 0.25 annual share. For 1.5 % type 1.5 %."),
        ("30 %", RATE, None, "0.3 is out of range: 0 to 0.25 annual share."),
        ("2 %", PRICE, None, "'2 %' is no number"),
    ],
)
def test_what_counts_as_an_answer(text: str, field: Field, value: float | None, problem: str) -> None:
    found, said = read(text, field)
    assert problem in said
    assert bool(said) == (value is None)
    assert value is None or found == value


def test_nothing_typed_is_the_rule_and_auto_leaves_the_seat() -> None:
    assert _asked("\n\n", PRICE, POSTS)[0] is None
    decided, screen, seat = _asked("2\nauto\n", PRICE, POSTS)
    assert decided == {"price": 2.0}
    assert "From here on the rule decides." in screen
    assert seat(_question(PRICE, month=5)) is None  # nothing is left to read


def test_the_end_of_input_stops_like_ctrl_c() -> None:
    with pytest.raises(KeyboardInterrupt):
        _asked("", PRICE)


def _type(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(text))


def _rates(run: str) -> list[float]:
    table = pd.read_parquet(Path(run) / "arms/baseline/seed=1/decisions.parquet", partitioning=None)
    return [float(value) for value in table["executed"]]


def test_a_run_that_stops_in_the_seat_goes_on(
    cli: Cli, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(STORY, "seat.yaml")
    run = ("run", file, "--seeds", "1", "--quiet", "--out")
    _type(monkeypatch, "0.05\n0.06\n0.07\n")
    assert cli(*run, "whole").code == 0
    assert _rates("whole") == pytest.approx([0.05, 0.06, 0.07])
    _type(monkeypatch, "0.05\n0.06\n")
    stopped = cli(*run, "cut")
    assert stopped.code == 1
    assert "Continue: wildsim resume cut" in stopped.err
    assert "Month 2, seed 1" in stopped.err
    _type(monkeypatch, "0.07\n")  # the two answers of before are on the tape
    resumed = cli("resume", "cut", "--quiet")
    assert resumed.code == 0
    assert "Month 2, seed 1" in resumed.err
    assert "Month 1, seed 1" not in resumed.err
    for name in ("whole", "cut"):
        assert "Identical" in cli("replay", name, "--quiet").out
        (Path(name) / "arms/baseline/seed=1/tape.sqlite").unlink()
    same_files(Path("whole"), Path("cut"))


def test_auto_lets_the_rule_answer(cli: Cli, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(STORY, "seat.yaml")
    plain = write(STORY.partition("minds")[0], "plain.yaml")
    _type(monkeypatch, "")
    assert cli("run", file, "--seeds", "2", "--jobs", "1", "--auto", "--quiet", "--out", "auto").code == 0
    assert cli("run", plain, "--seeds", "2", "--jobs", "1", "--quiet", "--out", "plain").code == 0
    frames = [
        pd.read_parquet(Path(run) / "arms/baseline/seed=2/indicators.parquet", partitioning=None)
        for run in ("auto", "plain")
    ]
    pd.testing.assert_frame_equal(*frames, check_exact=True)
    _type(monkeypatch, "0.05\n")
    assert "The rule can: the command below with --auto" in cli("run", file, "--seeds", "1", "--out", "ended").err
    unfinished = cli("inspect", "ended")
    assert (unfinished.code, "is not finished" in unfinished.err) == (2, True)
    assert cli("resume", "ended", "--auto", "--quiet").code == 0
    counted = cli("inspect", "ended", "--json").document["arms"]["baseline"]["agents"]
    assert counted == {"central_banker/human": 1, "central_banker/rule": 2}
    assert "Identical" in cli("replay", "ended", "--quiet").out
    _type(monkeypatch, "auto\n" * 2)
    answer = cli("run", file, "--seeds", "1", "--out", "left", "--json")
    assert answer.document["minds"]["baseline"]["agents"] == {"central_banker/rule": 3}
    assert "=== Month 0" in answer.err
