"""What `validate` and `run` say before anybody is asked: calls, cost, keys, budgets."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from wildsim.engine.readiness import KEYS, key_problem, provider_of
from wildsim.minds.language.call import Model

Cli = Callable[..., Any]
Write = Callable[..., str]
HEAD = "months: 12\nburn_in: 0\nsociety: {people: 400, regions: 2}\n"
PRICED = "llm: {prices: {'ollama/y': {prompt: 1, completion: 3}}"


@pytest.fixture(autouse=True)
def no_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for names in KEYS.values():
        for name in names:
            monkeypatch.delenv(name, raising=False)


def _minds(*entries: str) -> str:
    return HEAD + "minds:\n" + "".join(f"  - {{{entry}}}\n" for entry in entries)


@pytest.mark.parametrize(
    ("entry", "calls"),
    [
        ("role: firm_manager, count: 5", 5 * 12 * 2),
        ("role: firm_manager, count: 5, every: 3", 5 * 4 * 2),
        ("role: firm_manager, count: 5, from: 6, until: 8", 5 * 2 * 2),
        ("role: firm_manager, count: 5, vote: {count: 3}", 5 * 12 * 3 * 2),
        ("role: central_banker, memory: 3, reflect: 4", 12 * 2 + 2),
        ("role: household_member, count: 90, archetypes: {groups: 4, check: 3}", 7 * 12 * 2),
        ("role: firm_manager, count: 4, mix: {scripted: .5, 'scripted:rule': .5}", 4 * 12 * 2),
        ("role: firm_manager, count: 5, mind: random", 0),
    ],
)
def test_the_most_calls(cli: Cli, write: Write, entry: str, calls: int) -> None:
    file = write(_minds(entry))
    assert cli("validate", file, "--seeds", "1", "--json").document["model_calls"] == calls
    both = cli("validate", file, "--seeds", "3", "--policy", "no_change", "--json").document
    assert both["model_calls"] == 2 * 3 * calls


def test_agents_without_a_count_are_counted_in_the_society(cli: Cli, write: Write) -> None:
    file = write(_minds("role: household_member, share: .5", "role: household_member, where: {age: [70, 120]}"))
    document = cli("validate", file, "--seeds", "1", "--json").document
    half, old = (share["agents"] for share in document["minds"])
    assert 100 < half < 230
    assert 0 < old < 100
    assert document["model_calls"] == (half + old) * 24
    assert document["counted_in"] == "the start of the society"
    assert "where their number grows, more calls are made" in cli("validate", file).out


def test_a_run_makes_no_more_calls_than_were_told(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wildsim.reports.figures.draw", lambda run: [])
    file = write(_minds("role: firm_manager, count: 5, model: 'scripted:chaos=.9'", "role: central_banker"))
    most = cli("validate", file, "--seeds", "1", "--json").document["model_calls"]
    answer = cli("run", file, "--seeds", "1", "--out", "r")
    assert answer.code == 0
    assert (
        "Minds: 5 agents have minds of their own: firm_manager, scripted:chaos=.9, scripted, no language" in answer.err
    )
    assert "1 agent has a mind of its own: central_banker, scripted, no language model; 24 calls" in answer.err
    assert "scripted, no language model" in answer.out.splitlines()[0]
    assert "fell back to the rule: " in answer.out
    document = cli("run", file, "--seeds", "1", "--out", "r2", "--json").document
    made = sum(took["calls"] for took in document["calls"]["baseline"].values())
    assert 6 * 12 < made <= most
    assert document["note"] == document["summary"]["note"] == "scripted, no language model"
    assert document["cost_usd"] == 0.0


def test_a_missing_key_is_told_with_file_and_line(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    file = write(_minds("role: central_banker, model: openai/gpt-4o-mini"))
    told = (
        "us.yaml:5  model 'openai/gpt-4o-mini' needs OPENAI_API_KEY, which is not set. Without a key: model: scripted"
    )
    answer = cli("run", file)
    assert (answer.code, answer.err.strip()) == (2, told)
    # what it would cost can be seen without a key
    answer = cli("validate", file)
    assert answer.code == 0
    assert answer.err.strip() == f"Note: a run would be refused: {told}"
    assert "at most, about $0.0" in answer.out
    # so it is for a provider that only litellm knows
    other = write(_minds("role: central_banker, model: cerebras/llama3.1-8b"))
    assert "needs CEREBRAS_API_KEY, which is not set" in cli("run", other).err
    assert cli("validate", other).code == 0
    monkeypatch.setenv("OPENAI_API_KEY", "sk-planted-by-the-test-0123456789")
    answer = cli("validate", file)
    assert answer.code == 0
    assert "sk-planted" not in answer.out + answer.err


@pytest.mark.parametrize(
    ("model", "problem"),
    [
        (Model("scripted:rule"), ""),
        (Model("anthropic/claude-x"), "needs ANTHROPIC_API_KEY"),
        (Model("claude-x"), "needs ANTHROPIC_API_KEY"),
        (Model("openai/x", api_base="http://127.0.0.1:1"), ""),
        (Model("openai/x", api_base="http://127.0.0.1:1", api_key_env="MY_KEY"), "needs MY_KEY"),
        (Model("openai/x", api_key_env="MY_KEY"), "needs MY_KEY"),
        (Model("ollama/x"), ""),
        (Model("opnai/gpt-4o-mini"), "litellm does not know the provider of model 'opnai/gpt-4o-mini'"),
        (Model("scripted:wild"), "'wild' is no behaviour of scripted. Known: steady, rule"),
        (Model("x", backend="openai_http"), "needs an address"),
        (Model("openai/x", api_key_env="sk-live-0123"), "write its NAME"),
    ],
)
def test_which_key_a_model_needs(model: Model, problem: str) -> None:
    found = key_problem(model)
    assert problem in found
    assert bool(found) == bool(problem)
    assert "sk-live" not in found


@pytest.mark.parametrize("provider", list(KEYS))
def test_every_provider_is_known_by_the_name_of_its_models(provider: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert provider_of(f"{provider}/any/model") == provider
    for name in KEYS[provider]:
        assert f"needs {KEYS[provider][0]}" in key_problem(Model(f"{provider}/any"))
        monkeypatch.setenv(name, "set")
        assert key_problem(Model(f"{provider}/any")) == ""
        monkeypatch.delenv(name)


def test_an_unknown_price_is_unknown_and_no_budget_in_money_can_be_kept(cli: Cli, write: Write) -> None:
    entry = "role: central_banker, model: ollama/y"
    document = cli("validate", write(_minds(entry)), "--json").document
    assert document["cost_usd"] is None
    assert document["price_unknown"] == ["ollama/y"]
    assert "price unknown for ollama/y" in cli("validate", write(_minds(entry))).out
    answer = cli("validate", write(_minds(entry) + "llm: {budget_usd: 2}\n"))
    assert answer.code == 2
    assert (
        "This run may make 192 model calls (price unknown for 'ollama/y'), over the budget of $2. Lower agents"
        in answer.err
    )


def test_budgets_that_may_not_do_are_told(cli: Cli, write: Write) -> None:
    entry = _minds("role: central_banker, model: ollama/y")
    fits = cli("validate", write(f"{entry}{PRICED}, budget_usd: 100}}\n"), "--json").document
    assert fits["warnings"] == []
    assert 0 < fits["cost_usd"] < 100
    # 192 calls: half of them a prompt, half with a repair on top, 400 tokens of answer each
    assert fits["cost_usd"] == pytest.approx((fits["tokens"] - 192 * 400) * 1e-6 + 192 * 400 * 3e-6)
    for budget, word in (
        ("budget_usd: .01", "$0.01"),
        ("budget_calls: 50", "50 calls"),
        ("budget_tokens: 9", "9 tokens"),
    ):
        answer = cli("validate", write(f"{entry}{PRICED}, {budget}}}\n"))
        assert answer.code == 0
        assert f"over the budget of {word}. Lower agents, months or seeds, or set llm." in answer.err
    goes_on = cli("validate", write(f"{entry}{PRICED}, budget_calls: 50, on_budget: fallback}}\n"))
    assert "it goes on by the rules" in goes_on.err


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        ("prompt: nowhere.txt", "there is no file 'nowhere.txt' for the prompt template. Name a text file"),
        ("prompt: folder", "'folder' is no regular file. Name a text file"),
        ("prompt: pipe", "'pipe' is no regular file"),
        ('prompt: "a\\0b"', "there is no file 'a\\x00b' for the prompt"),
        ("prompt: places.txt", "the prompt template cannot be used: unknown place '$sen'."),
        ("prompt: long.txt", "is longer than 100,000 bytes. Shorten it."),
        ("prompt: latin.txt", "'latin.txt' cannot be read"),
        ("mind: replay, run: nowhere", "run is 'nowhere', which is no run folder; name that of an earlier run."),
        ("mind: replay, run: folder", "run is 'folder', which is no run folder"),
        ("from: 12", "from is 12, after the last month, 11: the mind would decide nothing."),
        ("model: 'scripted:wild'", "'wild' is no behaviour of scripted"),
    ],
)
def test_what_could_not_run_is_told_with_file_and_line(cli: Cli, write: Write, entry: str, message: str) -> None:
    Path("folder").mkdir()
    os.mkfifo("pipe")
    Path("places.txt").write_text("You.\n---\n$sen $seen $fields $answer\n")
    Path("long.txt").write_text("x\n" * 60_000)
    Path("latin.txt").write_bytes(b"\xff\n")
    said = cli("validate", write(_minds(f"role: firm_manager, count: 1, {entry}"), "bad.yaml"))
    assert said.code == 2
    assert "bad.yaml:5  " in said.err
    assert message in said.err


def test_a_run_to_be_repeated_must_have_the_seeds(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wildsim.reports.figures.draw", lambda run: [])
    assert cli("run", write(_minds("role: firm_manager, count: 1")), "--seeds", "1", "--out", "r").code == 0
    file = write(_minds("role: firm_manager, count: 1, mind: replay, run: r"))
    assert cli("validate", file, "--seeds", "1").code == 0
    answer = cli("validate", file, "--seeds", "3")
    assert answer.code == 2
    assert "us.yaml:5  'r' holds no decisions of seed 2, 3 to repeat; it has seed 1." in answer.err


def test_agents_that_are_not_there_are_told(cli: Cli, write: Write) -> None:
    few = cli("validate", write(_minds("role: household_member, count: 5000")), "--seeds", "1")
    assert "5,000 agents have minds of their own" in few.out
    assert "only " in few.out
    assert " fit at the start" in few.out
    banks = cli("validate", write(_minds("role: central_banker, count: 7")), "--seeds", "1", "--json").document
    assert [share["agents"] for share in banks["minds"]] == [1]
    assert banks["model_calls"] == 24


def test_how_often_a_person_is_asked(cli: Cli, write: Write) -> None:
    file = write(_minds("role: firm_manager, count: 2, mind: human, every: 3"))
    assert "firm_manager, a person at the terminal; asked 16 times at most" in cli("validate", file, "--seeds", "2").out
    left = cli("validate", write(_minds("role: firm_manager, count: 2, mind: human, auto: true"))).out
    assert "firm_manager, the rule" in left
