"""`wildsim cases`: table, page, picture, JSON, errors; one case for real."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Answer
from wildsim.cases import CASES
from wildsim.cases import study as studies

Cli = Callable[..., Answer]
SMALL = ("--seeds", "2", "--jobs", "1", "--set", "society.people=400", "--set", "society.regions=2")
SMALL = (*SMALL, "--set", "burn_in=12")


def test_a_study_from_the_command_line(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out = tmp_path / "study"
    answer = cli("cases", "minimum_wage", "dividend", *SMALL, "--out", str(out))
    assert answer.code == 0, answer.err
    lines = answer.out.strip().splitlines()
    assert lines[-1] == str(out)
    assert any(line.startswith("minimum_wage") for line in lines)
    page = (out / "cases.html").read_text(encoding="utf-8")
    assert "Card, Krueger 1994" in page
    assert "data:image/png;base64," in page
    assert not [word for word in ("http://", "https://", "<script") if word in page]
    assert (out / "cases.md").read_text(encoding="utf-8").count("\n| ") == 3
    assert (out / "cases.png").read_bytes().startswith(b"\x89PNG")
    document = json.loads((out / "cases.json").read_text(encoding="utf-8"))
    assert [case["name"] for case in document["cases"]] == ["minimum_wage", "dividend"]
    failed = sum(not case["placebo_arm"]["passed"] for case in document["cases"])
    for shown in (answer.out, page, (out / "cases.md").read_text(encoding="utf-8")):
        assert f"; {failed} of 2 placebos fail, as they must." in shown
    monkeypatch.setattr(studies, "pair", None)  # nothing is lived again
    again = cli("cases", "minimum_wage", "dividend", *SMALL, "--out", str(out), "--json")
    assert again.code == 0, again.err
    assert again.document["folder"] == str(out)
    assert again.document["cases"] == document["cases"]


def test_what_was_set_is_shown(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = {"estimate": 0.0, "income": 0.0, "consumption": 0.0}
    monkeypatch.setattr(studies, "pair", lambda task: dict.fromkeys(("policy", "placebo"), found))
    out = tmp_path / "study"
    own = cli("cases", "dividend", "--seeds", "2", "--jobs", "1", "--json", "--out", str(out)).document
    assert own["changes"] == {}
    assert own["cases"][0]["settings"] == json.loads(json.dumps(dict(CASES["dividend"].scenario)))
    assert "lived with" not in (out / "cases.html").read_text() + (out / "cases.md").read_text()
    changed = (*SMALL, "--set", "parameters.households.habit=0.3")
    document = cli("cases", "dividend", *changed, "--json", "--out", str(out)).document
    given = {"society.people": "400", "society.regions": "2", "burn_in": "12", "parameters.households.habit": "0.3"}
    assert document["changes"] == given
    lived = document["cases"][0]["settings"]
    assert (lived["society"]["people"], lived["society"]["regions"], lived["burn_in"]) == (400, 2, 12)
    assert lived["parameters"]["households.habit"] == 0.3
    page = (out / "cases.html").read_text()
    assert "400 people in 2 regions" in page
    for text in (page, (out / "cases.md").read_text()):
        assert "lived with society.people=400, society.regions=2, burn_in=12, parameters.households.habit=0.3." in text


def test_parameters_of_a_scenario_are_those_of_the_cases(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = {"estimate": 0.0, "income": 0.0, "consumption": 0.0}
    monkeypatch.setattr(studies, "pair", lambda task: dict.fromkeys(("policy", "placebo"), found))
    file = tmp_path / "mine.yaml"
    file.write_text("name: mine\nparameters: {households.habit: 0.3, shocks.demand: [0.9, 0.001]}\n")
    line = ("cases", "dividend", *SMALL, "--like", str(file), "--set", "parameters.households.habit=0.4", "--json")
    document = cli(*line, "--out", str(tmp_path / "s")).document
    assert document["cases"][0]["settings"]["parameters"] == {"households.habit": 0.4, "shocks.demand": [0.9, 0.001]}
    missing = cli("cases", "--like", str(tmp_path / "no.yaml"))
    assert missing.code == 2
    assert "no.yaml" in missing.err


def test_without_placebo_and_quiet(cli: Cli, tmp_path: Path) -> None:
    answer = cli("cases", "minimum_wage", *SMALL, "--no-placebo", "--quiet", "--out", str(tmp_path / "s"))
    assert answer.code == 0, answer.err
    assert answer.out.strip() == str(tmp_path / "s")
    assert answer.err.strip() == ""
    assert "not run" in (tmp_path / "s" / "cases.html").read_text(encoding="utf-8")


def test_stopped_it_says_how_to_go_on(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lived = []

    def stop(task: studies.Task) -> dict[str, dict[str, float]]:
        if lived:
            raise KeyboardInterrupt
        lived.append(task)
        return {"policy": {"estimate": 0.0}, "placebo": {"estimate": 0.0}}

    monkeypatch.setattr(studies, "pair", stop)
    out = tmp_path / "study"
    answer = cli("cases", "dividend", *SMALL, "--out", str(out))
    assert answer.code == 1
    assert f"--out {out} goes on" in answer.err
    assert [path.name for path in (out / "pairs" / "dividend").iterdir()] == ["seed=1.json"]


def test_an_unknown_case_is_the_users_mistake(cli: Cli) -> None:
    answer = cli("cases", "minimum_wages")
    assert answer.code == 2
    assert "Did you mean 'minimum_wage'" in answer.err


def test_the_catalogue(cli: Cli) -> None:
    answer = cli("list", "cases", "--json")
    assert [row["name"] for row in answer.document] == list(CASES)
    assert all(row["source"] and row["range"] for row in answer.document)
    assert "rebate" in cli("list", "cases").out


@pytest.mark.slow
def test_a_case_for_real(cli: Cli, tmp_path: Path) -> None:
    """Exact for seats; wages of the lowest tenth follow a floor; the placebo of neither passes."""
    answer = cli(
        "cases", "seats", "minimum_wage", "--seeds", "4", "--jobs", "1", "--json", "--out", str(tmp_path / "s")
    )
    assert answer.code == 0, answer.err
    for case in answer.document["cases"]:
        assert case["policy_arm"]["passed"], case["policy_arm"]["why_not"]
        assert not case["placebo_arm"]["passed"]
    assert answer.document["cases"][0]["policy_arm"]["value"] == pytest.approx(100.0)
