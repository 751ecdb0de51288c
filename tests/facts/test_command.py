"""`wildsim facts` and what it writes."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.conftest import Answer
from wildsim.facts import FACTS, study
from wildsim.reports.facts import common

Cli = Callable[..., Answer]
Write = Callable[..., str]
STORY = """
name: "<script>alert('x')</script>"
about: 'a & b <i>c</i>'
months: 30
burn_in: 1
society: {people: 300, regions: 1}
"""
FAST = ("--seeds", "2", "--jobs", "1")


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder that several commands of this file go on with."""
    return tmp_path_factory.mktemp("facts") / "out"


def test_the_whole_table_by_one_command(cli: Cli, write: Write, shared: Path) -> None:
    answer = cli("facts", write(STORY), *FAST, "--out", str(shared))
    assert answer.code == 0, answer.err
    assert answer.out.splitlines()[-1] == str(shared)
    for name in FACTS:
        assert re.search(rf"^{re.escape(name)} ", answer.out, re.MULTILINE), name
    assert "8 of 8 societies lived" in answer.err
    assert "Macro: a single run lies inside" in answer.out
    assert {path.name for path in shared.iterdir()} == {
        "facts.html",
        "facts.json",
        "figures",
        "evidence",
        "resolved.json",
    }
    pictures = {path.stem for path in (shared / "figures").glob("*.png")}
    assert pictures == {"overview", "macro", "labour", "distribution", "firms"}, "nobody dies and nobody steals"


def test_json_goes_on_and_holds_every_seed(cli: Cli, write: Write, shared: Path) -> None:
    answer = cli("facts", write(STORY), *FAST, "--out", str(shared), "--json")
    assert answer.code == 0, answer.err
    found = answer.document
    assert found["seeds"] == [1001, 1002]
    assert {fact["name"] for fact in found["facts"]} == set(FACTS)
    assert all(len(fact["rules"]["by_seed"]) == 2 for fact in found["facts"])
    assert answer.err == "", "everything was there already"
    kept = json.loads((shared / "facts.json").read_text())
    assert kept["facts"] == found["facts"]
    assert list(found["variants"]) == ["rules", "shuffled", "random", "no shocks"]


class Reader(HTMLParser):
    """Collects tags, and text outside of styles; complains about tags that do not match."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.open: list[str] = []
        self.text = ""
        self.sources: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.sources += [value or "" for name, value in attrs if name in ("src", "href")]
        if tag not in ("meta", "br", "img"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data


def test_the_page_is_whole_escaped_and_self_contained(shared: Path) -> None:
    page = Reader()
    page.feed((shared / "facts.html").read_text(encoding="utf-8"))
    assert page.open == []
    assert "script" not in page.tags
    assert "<script>alert('x')</script>" in page.text, "shown as text"
    assert "a & b <i>c</i>" in page.text
    assert len(page.sources) == 5
    assert all(source.startswith("data:image/png;base64,") for source in page.sources)
    for _, item in FACTS.items():
        assert item.doc in page.text
    for word in ("not modelled here", "standard error", "Axtell 2001"):
        assert word in page.text


def test_without_controls_the_default_folder_goes_on(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    line = ("facts", write(STORY), "--seeds", "1", "--seed", "5", "--jobs", "1", "--no-controls")
    first = cli(*line)
    assert first.code == 0, first.err
    folder = Path(first.out.splitlines()[-1])
    assert re.fullmatch(r"\d{4}-\d\d-\d\d-facts-script-alert-x-script-[0-9a-f]{8}", folder.name)
    assert "shuffled" not in first.out
    monkeypatch.setattr(study, "live_and_store", None)
    folder = folder.rename(folder.with_name(f"2001-02-03-{folder.name[11:]}"))  # it was begun on another day
    again = cli(*line, "--quiet")
    assert (again.code, again.out, again.err) == (0, f"{folder}\n", "")
    assert len(list(Path("runs").iterdir())) == 1


def test_a_stop_says_how_to_go_on(cli: Cli, write: Write, monkeypatch: pytest.MonkeyPatch) -> None:
    def stop(task: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(study, "live_and_store", stop)
    answer = cli("facts", write(STORY), *FAST, "--out", "here")
    assert answer.code == 1
    assert "The same command with --out here goes on" in answer.err


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (["--set", "behaviour=random"], "behaviour is random: a control itself"),
        (["--seeds", "0"], "--seeds is 0"),
        (["--seed", "-1"], "--seed is -1"),
        (["--set", "months=0"], "months is 0; it must be 1 or more"),
        (["--out", "us.yaml/x"], "Choose another --out"),
    ],
)
def test_wrong_input_is_code_two(cli: Cli, write: Write, line: list[str], message: str) -> None:
    answer = cli("facts", write(STORY), *line)
    assert (answer.code, answer.out) == (2, "")
    assert message in answer.err


def test_the_folder_of_a_run_is_left_alone(cli: Cli, write: Write) -> None:
    file = write(STORY)
    write("{}", "run/manifest.json")
    answer = cli("facts", file, "--out", "run")
    assert answer.code == 2
    assert "holds a run" in answer.err


def test_facts_are_listed_with_units_and_sources(cli: Cli) -> None:
    rows = cli("list", "facts", "--json").document
    assert {row["name"] for row in rows} == set(FACTS)
    for row in rows:
        assert row["unit"], row
        assert row["source"], row
        assert row["estimator"], row
    assert "wage_gini" in cli("list", "facts").out
    assert cli("list", "facts", "--country", "uk").code == 2


def test_without_statsmodels_the_picture_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> None:
        raise ImportError(name)

    common.country_quarters.cache_clear()
    monkeypatch.setattr(common, "import_module", missing)
    try:
        assert common.country_quarters("us") is None
        assert "pip install 'wildsim[calibrate]'" in common.data_note("us")
    finally:
        common.country_quarters.cache_clear()
    assert "no real series of 'italy'" in common.data_note("italy")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (float("nan"), "-"),
        (0.12345, "0.123"),
        (1234.5, "1,234"),
        (5.7e292, "5.7e+292"),
        (-1e-7, "-1.0e-07"),
    ],
)
def test_numbers_in_words(value: float, text: str) -> None:
    assert common.text_of(value) == text
