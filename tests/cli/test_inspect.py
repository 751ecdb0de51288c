"""`wildsim inspect`: the overview counts what the record holds, filters say what there is, model text is harmless."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.minded import copy_of_the_run
from wildsim.cli import output
from wildsim.cli.minds import cost, fallback_effects

Cli = Callable[..., Any]


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return copy_of_the_run(tmp_path / "run")


def _record(run: Path) -> pd.DataFrame:
    return pd.read_parquet(run / "arms/baseline/seed=1/decisions.parquet", partitioning=None)


def test_the_overview_tells_what_the_record_holds(cli: Cli, run: Path) -> None:
    document = cli("inspect", run, "--json").document
    told = document["arms"]["baseline"]
    record = _record(run).drop_duplicates(["month", "agent", "role"])
    managers = record[record["role"] == "firm_manager"]["source"].value_counts()
    assert told["decisions"]["firm_manager/scripted"] == managers["scripted"]
    assert told["decisions"]["firm_manager/fallback"] == managers["fallback"] > 0
    assert sum(told["reasons"].values()) == managers["fallback"]
    asked = sum(number for key, number in told["agents"].items() if not key.endswith("/random"))
    assert told["fallback_rate"] == pytest.approx(managers["fallback"] / asked)
    assert told["fallbacks"][0]["fallbacks"] == managers["fallback"]
    assert document["note"] == "scripted, no language model"
    text = cli("inspect", run).out
    for part in (
        "scripted, no language model",
        "Why the rule had to decide",
        "What fallbacks did",
        "Calls",
        "seconds p50",
    ):
        assert part in text
    assert "unknown" in text  # the tokens of a script
    assert cli("inspect", run, "--arm", "no_change").out.count("arm no_change") == 1


def test_filters_show_the_rows_that_fit(cli: Cli, run: Path) -> None:
    record = _record(run)
    agent = str(record[record["source"] == "fallback"]["agent"].iloc[0])
    rows = cli("inspect", run, "--agent", agent, "--json").document["decisions"]
    assert len(rows) == (record["agent"] == agent).sum()
    assert {row["agent"] for row in rows} == {agent}
    fell = cli("inspect", run, "--source", "fallback", "--role", "firm_manager", "--json").document["decisions"]
    assert len(fell) == (record["source"] == "fallback").sum()
    assert all(row["guarded"] == pytest.approx(row["rule"], rel=1e-6) for row in fell)
    shown = cli("inspect", run, "--month", "1", "--limit", "3")
    assert shown.out.count("\n1 ") == 3
    assert f"{(record['month'] == 1).sum() - 3} more rows: --limit 0" in shown.out
    whole = cli("inspect", run, "--month", "1", "--limit", "0").out
    assert whole.count("\n1 ") == (record["month"] == 1).sum()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--agent", "central-bnk-0"), "Did you mean 'central-bank-0'?"),
        (("--role", "firm_manger"), "Did you mean 'firm_manager'?"),
        (("--source", "humna"), "There are: "),
        (("--month", "40"), "There are: 0 to 3."),
        (("--role", "central_banker", "--source", "random"), "among decisions of role central_banker"),
        (("--arm", "none"), "arm 'none'"),
        (("--seed", "7"), "no finished seed 7"),
        (("--agent", "\x1b[31mred"), "\\x1b[31mred"),
    ],
)
def test_nothing_found_says_what_there_is(cli: Cli, run: Path, options: tuple[str, ...], message: str) -> None:
    answer = cli("inspect", run, *options)
    assert answer.code == 2
    assert message in answer.err
    assert "\x1b" not in answer.err


def test_no_number_is_guessed(cli: Cli, run: Path) -> None:
    for options in (("--agent", "central-bank-7"), ("--month", "40")):
        assert "Did you mean" not in cli("inspect", run, *options).err


def test_calls_are_shown_whole_cut_or_as_data_and_never_obeyed(cli: Cli, run: Path) -> None:
    options = ("--role", "firm_manager", "--calls", "--limit", "0")
    short, whole = (cli("inspect", run, *options, *more).out for more in ((), ("--whole",)))
    document = cli("inspect", run, *options, "--json")
    texts = [call["answer"].get("text", "") for call in document.document["calls"]]
    assert any("\x1b" in text for text in texts), "the script wrote no escape: this test shows nothing"
    for shown in (short, whole, document.out):
        assert "\x1b" not in shown
    assert "more characters: --whole" in short
    assert "more characters: --whole" not in whole
    assert "```json decide" in whole
    ids = {key for ids in _record(run).query("role == 'firm_manager'")["call_ids"] for key in str(ids).split()}
    assert {call["key"][:16] for call in document.document["calls"]} == ids


def test_text_of_models_is_shown_not_obeyed() -> None:
    assert output.safe("a\x1b[2Jb\x07\x9b1m\u202ec\nd") == "a\\x1b[2Jb\\x07\\x9b1m\\u202ec\nd"
    assert output.safe("x" * 30, 10) == "x" * 10 + " ... (20 more characters: --whole)"
    assert output.line("a\n\tb\x1b") == "a b\\x1b"


def test_json_holds_nothing_that_a_terminal_obeys(capsys: pytest.CaptureFixture[str]) -> None:
    text = "a\x9b31m\u202e\x7f\x1b ü 漢"
    output.emit({"text": text})
    written = capsys.readouterr().out
    assert json.loads(written) == {"text": text}
    assert written.replace("\n", "").isprintable()
    assert "ü 漢" in written


def test_rules_alone_have_no_minds_to_look_at(cli: Cli, write: Callable[..., str]) -> None:
    file = write("months: 1\nburn_in: 0\nsociety: {people: 100, regions: 1}\n", "plain.yaml")
    assert cli("run", file, "--seeds", "1", "--jobs", "1", "--out", "r", "--quiet").code == 0
    for options, message in (((), "No mind but the rules decided"), (("--month", "0"), "recorded no decisions")):
        answer = cli("inspect", "r", *options)
        assert (answer.code, message in answer.err) == (2, True)
    assert "Identical" in cli("replay", "r").out
    answer = cli("ask", "r", "--agent", "firm-3", "--month", "0", "Why?")
    assert (answer.code, "no language model decided there" in answer.err) == (2, True)


def test_what_fallbacks_did() -> None:
    rows = [
        ("r", "f", "scripted", 10.0, 12.0),
        ("r", "f", "scripted", 10.0, 9.0),
        ("r", "f", "fallback", 10.0, 10.0),
        ("r", "g", "scripted", 0.0, 1.0),
    ]
    frame = pd.DataFrame(rows, columns=["role", "field", "source", "rule", "guarded"])
    (found,) = fallback_effects(frame).to_dict("records")
    assert found == {
        "role": "r",
        "field": "f",
        "fallbacks": 1,
        "decisions": 3,
        "moved": pytest.approx(0.05),
        "size": pytest.approx(0.15),
    }


def test_an_unknown_cost_is_unknown() -> None:
    assert [cost(usd) for usd in (None, 0.0, 0.000123, 1234.5)] == ["unknown", "$0.00", "$0.00012", "$1,234.50"]
