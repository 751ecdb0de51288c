"""Experiments: five ways to ask the same, listings in reverse, people's figures as they are known."""

from __future__ import annotations

import itertools
import re
from collections import Counter

import pytest

from wildsim.studies.fidelity.experiment import VERIFIED, WORDINGS, Human, tasks_of, text_of
from wildsim.studies.fidelity.experiments import EXPERIMENTS
from wildsim.studies.fidelity.experiments.reservation_wage import LAST_WAGE

NAMES = [name for name, _ in EXPERIMENTS.items()]
NUMERAL = re.compile(r"\d+(?:[./]\d+)*")


def words(text: str) -> set[str]:
    return set(re.findall(r"[a-z]{4,}", text.lower()))


def test_the_eight_experiments_are_there() -> None:
    assert NAMES == [
        *("beauty_contest", "dictator", "lottery", "public_goods", "reservation_wage"),
        *("ultimatum_offer", "ultimatum_accept", "windfall"),
    ]


@pytest.mark.parametrize("name", NAMES)
def test_paraphrases_differ_in_words_and_ask_the_same(name: str) -> None:
    experiment = EXPERIMENTS[name]
    for condition, backwards in itertools.product(experiment.conditions, (False, True)):
        texts = [text_of(experiment, wording, backwards, condition) for wording in range(WORDINGS)]
        assert len({frozenset(NUMERAL.findall(text)) for text in texts}) == 1, "a number is told in some wordings alone"
        assert len({tuple(line for line in text.split("\n") if line.startswith("- ")) for text in texts}) == 1
        assert not [text for text in texts if "$" in text]
    told = [words(wording) for wording in experiment.wordings]
    for one, other in itertools.combinations(told, 2):
        assert len(one & other) / len(one | other) < 0.5


@pytest.mark.parametrize("name", NAMES)
def test_a_reversed_listing_changes_the_order_of_its_lines_alone(name: str) -> None:
    experiment = EXPERIMENTS[name]
    assert len(set(experiment.listing)) == len(experiment.listing) >= 2
    plain, reverse = (
        text_of(experiment, 0, backwards, experiment.conditions[0]).split("\n") for backwards in (False, True)
    )
    listed = [k for k, line in enumerate(plain) if line.startswith("- ")]
    assert len(listed) == len(experiment.listing)
    assert [plain[k] for k in listed] == [reverse[k] for k in listed][::-1]
    assert [line for k, line in enumerate(plain) if k not in listed] == [
        line for k, line in enumerate(reverse) if k not in listed
    ]


@pytest.mark.parametrize("name", NAMES)
def test_no_task_names_the_game_or_its_authors(name: str) -> None:
    experiment = EXPERIMENTS[name]
    forbidden = {"ultimatum", "dictator", "beauty", "nash", "equilibrium", "laury", "nagel", "engel", "reservation"}
    for wording in experiment.wordings:
        assert not forbidden & words(wording)


def test_every_wording_meets_every_order_and_condition_equally_often() -> None:
    for _, experiment in EXPERIMENTS.items():
        cells = 2 * WORDINGS * len(experiment.conditions)
        tasks = tasks_of(experiment, 3 * cells)
        met = Counter((task.wording, task.backwards, task.condition) for task in tasks)
        assert len(met) == cells
        assert set(met.values()) == {3}
        assert [task.subject for task in tasks] == list(range(3 * cells))


def test_more_subjects_leave_the_tasks_of_the_others_alone() -> None:
    experiment = EXPERIMENTS["reservation_wage"]
    assert tasks_of(experiment, 50) == tasks_of(experiment, 200)[:50]


@pytest.mark.parametrize("name", NAMES)
def test_figures_are_possible_and_say_where_they_come_from(name: str) -> None:
    experiment = EXPERIMENTS[name]
    asked, human = experiment.field, experiment.human
    assert asked.low <= human.points[0] < human.points[-1] <= asked.high
    assert all(asked.low <= experiment.rule(condition) <= asked.high for condition in experiment.conditions)
    assert not asked.whole or all(point == int(point) for point in human.points)
    assert re.search(r"(19|20)\d\d", human.source)
    assert human.verified in VERIFIED
    assert ("memory" in human.checked or "remembered" in human.checked) == (
        human.verified in ("partly", "from memory")
    ), "what was not checked must say so, in its own words"
    assert experiment.caveat
    assert experiment.rule_source


def test_what_is_published_is_met() -> None:
    people = {name: experiment.human for name, experiment in EXPERIMENTS.items()}
    assert people["ultimatum_offer"].n == people["ultimatum_accept"].n == 602
    for name in ("ultimatum_offer", "ultimatum_accept"):
        assert sum(round(share * 602) for share in people[name].shares) == 602
    assert 0.4 <= people["ultimatum_offer"].mean / 100.0 <= 0.47
    assert people["windfall"].mean == pytest.approx(47.6, abs=0.5)
    wage = people["reservation_wage"]
    assert wage.mean / LAST_WAGE == pytest.approx(1.0, abs=0.05)
    assert sum(s for p, s in zip(wage.points, wage.shares, strict=True) if p >= LAST_WAGE) > 0.5
    assert sum(s for p, s in zip(wage.points, wage.shares, strict=True) if p >= 1.1 * LAST_WAGE) == pytest.approx(
        0.25, abs=0.02
    )
    assert people["beauty_contest"].quantile(0.5) == 33.0


def test_the_rule_of_wildsim_is_that_of_its_parameters() -> None:
    wage = EXPERIMENTS["reservation_wage"]
    assert [wage.rule(condition) for condition in wage.conditions] == pytest.approx(
        [4000 * 0.85 * 0.9**months for months in (1, 3, 6, 12)]
    )
    windfall = EXPERIMENTS["windfall"]
    assert windfall.rule(windfall.conditions[0]) == pytest.approx(100 * (1 - (1 - 0.0186) ** 12))


def test_people_are_drawn_as_published() -> None:
    human = Human((0.0, 1.0, 5.0), (0.25, 0.5, 0.25), 4, "x 2000", "counted", "")
    import numpy as np

    grid = (np.arange(1000) + 0.5) / 1000
    drawn = Counter(human.draw(grid).tolist())
    assert drawn == {0.0: 250, 1.0: 500, 5.0: 250}
    assert human.mean == pytest.approx(1.75)
    assert human.sd == pytest.approx(1.92, abs=0.01)
    assert [human.quantile(share) for share in (0.25, 0.5, 0.9)] == [0.0, 1.0, 5.0]


@pytest.mark.parametrize(
    ("points", "shares"), [((0, 1), (0.5,)), ((1, 0), (0.5, 0.5)), ((0, 1), (0.5, 0.6)), ((0, 1), (1.5, -0.5))]
)
def test_what_is_no_distribution_is_refused(points: tuple[float, ...], shares: tuple[float, ...]) -> None:
    with pytest.raises(ValueError, match=r"points must|shares add up"):
        Human(points, shares, 1, "x 2000", "counted", "")
