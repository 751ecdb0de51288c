"""The verbs that need no run: validate, new, list, doctor; their exit codes, their JSON, their silence."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import wildsim
from tests.conftest import Answer
from wildsim.cli import build, main

Cli = Callable[..., Answer]
Write = Callable[..., str]


def test_validate_says_how_much_work_it_is(cli: Cli, write: Write) -> None:
    file = write("months: 24\nsociety: {people: 2000}\n")
    answer = cli("validate", file, "--policy", "no_change", "--seeds", "4")
    assert answer.code == 0
    assert "OK  us.yaml" in answer.out
    assert "arms: 2 (baseline, no_change)  seeds: 4  months: 24" in answer.out
    assert "model calls: 0 (no LLM minds)" in answer.out


def test_validate_json(cli: Cli, write: Write) -> None:
    answer = cli(
        "validate", write("months: 24\nburn_in: 6\n"), "--set", "society.people=1000", "--seeds", "2", "--json"
    )
    assert answer.code == 0
    assert answer.document["ok"] is True
    assert answer.document["person_months"] == 2 * 30 * 1000


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("months: 0\n", "us.yaml:1  months is 0; it must be 1 or more."),
        ("policies: [{kind: vat, rate: 30}]\n", "us.yaml:1  rate is 30; it is a share. Write 0.30 for 30 %."),
        ("a:\n\tb: 1\n", "us.yaml:2:1  not valid YAML: a tab indents this line; use spaces."),
    ],
)
def test_wrong_input_is_code_two_without_a_traceback(cli: Cli, write: Write, text: str, message: str) -> None:
    answer = cli("validate", write(text))
    assert (answer.code, answer.out, answer.err.strip()) == (2, "", message)
    answer = cli("validate", write(text), "--json")
    assert answer.code == 2
    assert answer.document == {"error": message, "exit_code": 2}


@pytest.mark.parametrize(
    "line",
    [
        ["validate"],
        ["validte", "x"],
        ["validate", "us.yaml", "--sed", "3"],
        ["validate", "us.yaml", "--seeds", "0"],
        ["validate", "us.yaml", "--seeds", "many"],
        ["validate", "nowhere.yaml"],
        ["validate", "us.yaml", "--policy", "nothing"],
        ["validate", "us.yaml", "--set", "a"],
        ["list", "polices"],
        ["list", "parameters", "--country", "uk"],
        ["new", ""],
        ["new", "us"],
    ],
)
def test_wrong_lines_are_code_two(cli: Cli, write: Write, line: list[str]) -> None:
    write("")
    answer = cli(*line)
    assert answer.code == 2
    assert answer.out == ""
    assert answer.err
    assert "Traceback" not in answer.err
    assert cli(*line, "--json").document["exit_code"] == 2


def test_debug_shows_the_traceback(write: Write) -> None:
    with pytest.raises(wildsim.InputError):
        main(["validate", write("months: 0"), "--debug"])


def test_new_writes_a_scenario_that_is_right(cli: Cli, write: Write) -> None:
    write("", "other.yaml")
    answer = cli("new", "mine")
    assert answer.code == 0
    assert "wildsim run mine.yaml" in answer.out
    assert cli("validate", "mine.yaml").code == 0
    again = cli("new", "mine")
    assert again.code == 2
    assert "'mine.yaml' exists already" in again.err
    assert cli("new", "folder/next.yaml", "--json").document == {"file": "folder/next.yaml"}
    assert Path("folder/next.yaml").is_file()


def test_new_in_a_forbidden_place(cli: Cli, write: Write) -> None:
    write("", "file")
    answer = cli("new", "file/mine")
    assert answer.code == 1
    assert "cannot be written" in answer.err


@pytest.mark.parametrize(
    "what", ["scenarios", "policies", "indicators", "parameters", "sectors", "shocks", "roles", "minds", "sensors"]
)
def test_catalogues(cli: Cli, what: str) -> None:
    rows = cli("list", what, "--json").document
    assert rows
    shown = cli("list", what)
    assert shown.code == 0
    name = rows[-1].get("name") or rows[-1].get("kind")
    assert name in shown.out


def test_numbers_have_units_and_sources(cli: Cli) -> None:
    for row in cli("list", "parameters", "--json").document:
        assert row["unit"], row
        assert row["source"], row
    for row in cli("list", "indicators", "--json").document:
        assert row["unit"], row
        assert row["source"], row
    for kind in cli("list", "policies", "--json").document:
        assert kind["about"]
        assert all(field["meaning"] for field in kind["fields"]), kind


def test_catalogues_of_minds(cli: Cli) -> None:
    roles = {row["name"]: row for row in cli("list", "roles", "--json").document}
    assert "rate (annual share)" in roles["central_banker"]["decides"]
    assert roles["firm_manager"]["sees"] > 10
    assert all(row["meaning"] for row in roles.values())
    kinds = [row["name"] for row in cli("list", "minds", "--json").document]
    assert kinds == [*(f"mind: {name}" for name in ("rule", "random", "llm", "human", "replay")), "vote", "archetypes"]
    assert "identity" in [row["name"] for row in cli("list", "sensors", "--json").document]


def test_doctor_names_keys_and_never_shows_them(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "a-secret-of-the-test")
    for answer in (cli("doctor"), cli("doctor", "--json")):
        assert answer.code == 0
        assert "OPENAI_API_KEY" in answer.out
        assert "a-secret-of-the-test" not in answer.out + answer.err
    report = cli("doctor", "--json").document
    assert report["packages"]["numpy"]
    assert report["cores"] >= 1
    assert set(report["language_models"]) == {"litellm", "aiohttp"}
    assert report["problems"] == []


def test_version(cli: Cli) -> None:
    assert cli("--version").out.strip() == f"wildsim {wildsim.__version__}"


def test_an_unforeseen_error_is_one_line(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def fall(*_: object) -> None:
        raise ZeroDivisionError("by zero")

    monkeypatch.setattr("wildsim.scenario.load.load", fall)
    answer = cli("validate", write(""))
    assert (answer.code, answer.out) == (1, "")
    assert "ZeroDivisionError" in answer.err
    assert "--debug" in answer.err
    assert "Traceback" not in answer.err


def test_ctrl_c_is_130(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("wildsim.scenario.load.load", stop)
    assert cli("validate", write("")).code == 130


def test_every_verb_has_help_and_json(cli: Cli) -> None:
    for command in build().registered_commands:
        assert command.name
        answer = cli(command.name, "--help")
        assert answer.code == 0
        assert "--json" in answer.out, command.name


HEAVY = ("numpy", "pandas", "mesa", "numba", "matplotlib", "scipy", "pyarrow", "networkx")


def _loaded(code: str) -> set[str]:
    """Return which heavy packages a fresh interpreter has loaded after running `code`."""
    ending = f"\nimport sys; print([m for m in {HEAVY!r} if m in sys.modules], file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code + ending], capture_output=True, text=True, check=True)
    return set(eval(done.stderr.strip().splitlines()[-1], {"__builtins__": {}}))


def test_the_face_the_help_and_validate_load_nothing_heavy(write: Write) -> None:
    assert _loaded("import wildsim") == set()
    assert _loaded("from wildsim.cli import main; main(['--help'])") == set()
    file = write("policies: [{kind: vat, rate: .1}]\n")
    assert _loaded(f"from wildsim.cli import main; assert main(['validate', {file!r}]) == 0") == set()


def test_the_installed_command_answers() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from wildsim.cli import main; sys.exit(main())", "list", "nothing"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert "unknown catalogue 'nothing'" in done.stderr
