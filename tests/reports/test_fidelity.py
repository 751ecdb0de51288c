"""Pictures and the page of a study of fidelity: what a model writes is text, every table names a script."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np
import pytest

from tests.minds.language.asking import Mine
from tests.studies.fidelity.minds import Chatty, Says
from wildsim.minds.language.backends.scripted import asked_in
from wildsim.minds.language.call import SCRIPTED, Call, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings
from wildsim.minds.llm import LanguageMind, Style
from wildsim.reports import fidelity as report
from wildsim.studies.fidelity.experiments import EXPERIMENTS
from wildsim.studies.fidelity.mind_subject import MindSubject
from wildsim.studies.fidelity.study import Fidelity, Options, study

EVIL = '</td><script>alert("1")</script> $x_1$ & <img src=x onerror=y>'


@pytest.fixture(scope="module")
def found() -> Fidelity:
    subject = MindSubject(Chatty(EVIL), "<b>$scripted_1", 1, SCRIPTED)
    return study(subject, Options(20, 1, ("dictator", "reservation_wage", "lottery")))


@pytest.fixture
def page(found: Fidelity, tmp_path: Path) -> str:
    return report.page(found, "wildsim fidelity --mind '<i>'", report.draw(found, tmp_path))


def test_what_a_model_writes_is_text(page: str) -> None:
    assert "&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;" in page
    assert "&lt;b&gt;$scripted_1" in page
    assert "--mind &#x27;&lt;i&gt;" in page
    without_pictures = re.sub(r'src="data:image/png;base64,[^"]*"', "", page)
    assert not [
        tag for tag in ("<script", "<b>$", "<i>", "onerror=y>", "http://", "https://") if tag in without_pictures
    ]


def test_what_a_language_model_answers_is_text_on_the_page(tmp_path: Path) -> None:
    """Through the whole chain: a hostile value is quoted as the reason why it is no answer."""
    hostile = '{"%s": "<script>alert(1)</script>\\u001b[31m \x1b[2J", "why": "<script>\\u001b[31m"} <script>\x1b[31m'

    def says(call: Call) -> Reply:
        (field,) = asked_in("\n".join(message.content for message in call.messages)) or ()
        return Reply(hostile % field)

    with Language(Settings(), backends={"mine": Mine(says)}) as language:
        mind = LanguageMind(language, {"": Style(None, Model("test", "mine"))})
        made = study(MindSubject(mind, "test", 1), Options(10, 1, ("dictator",)))
    page = report.page(made, "wildsim fidelity", report.draw(made, tmp_path))
    assert r"&lt;script&gt;alert(1)&lt;/script&gt;\x1b[31m \x1b[2J&#x27;; a number is wanted" in page
    assert "<script" not in page
    assert "\x1b" not in page


def test_every_table_of_a_script_says_so(page: str) -> None:
    tables = [match.start() for match in re.finditer("<table", page)]
    headings = [match.start() for match in re.finditer("<h2>", page)]
    for place in tables:
        section = page[max(heading for heading in headings if heading < place) : place]
        assert SCRIPTED in section
    assert len(tables) == 5
    assert "<title>Fidelity of &lt;b&gt;$scripted_1</title>" in page


def test_the_page_says_what_it_rests_on(page: str) -> None:
    for words in (
        "a language model may have read about these experiments",
        "95th percentile",
        "5 no answer",
        "Engel 2011",
        "from memory",
        "people&#x27;s figures",
        "data:image/png;base64,",
    ):
        assert words in page, words


def test_pictures_are_the_same_bytes_for_the_same_answers(found: Fidelity, tmp_path: Path) -> None:
    one, again = (report.draw(found, tmp_path / name) for name in ("a", "b"))
    assert [path.name for path in one] == ["distances.png", "histograms.png"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in again]


def test_a_mind_without_any_answer_is_drawn_too(tmp_path: Path) -> None:
    mute = study(Says(lambda task: None), Options(10, 1, ("windfall",)))
    page = report.page(mute, "x", report.draw(mute, tmp_path))
    assert "too few answers" in page
    assert "<td>0/10</td><td>-</td>" in page


def test_every_answer_that_can_be_given_falls_into_a_bar() -> None:
    for _, experiment in EXPERIMENTS.items():
        edges = report.bins(experiment)
        assert edges[0] <= experiment.field.low
        assert edges[-1] >= experiment.field.high
        people = np.histogram(experiment.human.points, edges, weights=experiment.human.weights)[0]
        assert people.sum() == pytest.approx(1.0)
        assert 5 <= len(people) <= report.BARS + 1
