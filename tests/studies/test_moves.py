"""Calibration by moves: finds what was planted, with fewer lives than the search by trials; a stop changes nothing."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from tests.studies import toys
from wildsim.core.errors import InputError
from wildsim.engine.run import StoppedError
from wildsim.engine.watcher import Watcher
from wildsim.studies import fit
from wildsim.studies.calibrate import Calibration, calibrate
from wildsim.studies.folder import open_folder
from wildsim.studies.lives import CollapseError, Outcome
from wildsim.studies.loss import share_inside
from wildsim.studies.moves import TRIES
from wildsim.studies.space import Dimension, Point
from wildsim.studies.targets import Target, Targets
from wildsim.studies.trial import MOVES, TRIALS, Options

FEW = Options(trials=30, seeds=2, fresh=2, finalists=2, jobs=1, search=MOVES, rounds=2, move=0.1)


def folder(path: Path):
    return open_folder("calibrate", "toy", {"seeds": [1]}, path, "wildsim calibrate toy")


def points(found: Calibration) -> list[Point]:
    return [trial.point for trial in found.trials]


def test_planted_parameters_are_found() -> None:
    """From the right side of a bend in one moment: a step looks along a straight line and finds no way around."""
    options = Options(trials=60, seeds=4, fresh=8, jobs=1, search=MOVES, rounds=8, move=0.1)
    planted = toys.planted()
    a, b, c = planted.dimensions
    targets = replace(planted, dimensions=(a, replace(b, start=-0.7), c))
    found = calibrate(toys.smooth, targets, options)
    assert found.trials[0].point == {"a": 1.8, "b": -0.7, "c": 0.5}, "the scenario as it stands is the first base"
    assert found.start.shares.mean() < 0.3
    assert found.fresh is not None
    assert found.fresh.shares.mean() > 0.95
    assert found.best.point["a"] == pytest.approx(toys.TRUTH["a"], abs=0.3)
    assert found.best.point["b"] == pytest.approx(toys.TRUTH["b"], abs=0.3)
    assert math.log(found.best.point["c"]) == pytest.approx(math.log(toys.TRUTH["c"]), abs=0.6)


def test_a_round_moves_each_parameter_alone_and_then_takes_a_step() -> None:
    found = calibrate(toys.smooth, toys.planted(), Options(trials=5, seeds=2, fresh=0, jobs=1, search=MOVES, move=0.1))
    base, *moved, stepped = points(found)
    changed = [[name for name in base if point[name] != base[name]] for point in moved]
    assert changed == [["a"], ["b"], ["c"]]
    assert moved[0]["a"] == pytest.approx(1.8 - 0.3), "down, since there is no room above"
    assert moved[1]["b"] == pytest.approx(1.0 + 0.6)
    assert moved[2]["c"] == pytest.approx(0.5 * 10**0.3, rel=1e-4), "a tenth of a logarithmic range"
    assert sum(stepped[name] != base[name] for name in base) > 1
    (round_,) = found.rounds
    (step,) = round_.steps
    assert (step.trial, step.reach, step.taken) == (4, 0.3, True)
    assert 0.2 < step.gone <= 0.3
    for d in toys.planted().dimensions:
        assert abs(d.place(stepped[d.name]) - d.place(base[d.name])) <= 0.3 + 1e-4


def straight(point: Mapping[str, float], seed: int) -> dict[str, float]:
    return {"m": 100.0 * point["a"] + seed % 3 / 10}


def test_what_is_out_of_reach_is_approached() -> None:
    targets = Targets((Target("m", 89.0, 91.0),), (Dimension("a", 0.0, 1.0, 0.1),))
    options = Options(trials=20, seeds=3, fresh=2, finalists=1, jobs=1, search=MOVES, rounds=4, move=0.1)
    found = calibrate(straight, targets, options)
    places = [found.trials[one.steps[-1].trial].point["a"] for one in found.rounds]
    assert places[:2] == pytest.approx([0.4, 0.7], abs=0.01), "as far as a step may go, though no share is won"
    assert found.best.shares.mean() == 1.0


def true_share(economy: toys.Economy, point: Point) -> float:
    targets = economy.targets().moments
    return float(np.mean([share_inside(targets, Outcome(economy(point, 10**6 + k))) for k in range(100)]))


def test_it_beats_the_search_by_trials_with_as_many_lives() -> None:
    """On 18 noisy moments of 22 parameters, mildly bent; more in docs/calibration.md."""
    pytest.importorskip("optuna")
    gains = []
    for problem in range(3):
        economy = toys.Economy(problem, bend=1.0)
        lived = {}
        for search, trials in ((MOVES, 94), (TRIALS, 104)):
            options = Options(trials=trials, seeds=6, fresh=0, jobs=1, search=search)
            count, found = 0, None

            def hear(done: int, total: int, now: str) -> None:
                nonlocal count
                count = done

            found = calibrate(economy, economy.targets(), options, watcher=Watcher(progress=hear))
            lived[search] = (count, true_share(economy, found.best.point))
        assert lived[MOVES][0] <= lived[TRIALS][0]
        gains.append(lived[MOVES][1] - lived[TRIALS][1])
    assert np.mean(gains) > 0.04
    assert min(gains) > 0.0


def test_a_stop_after_any_life_changes_nothing(tmp_path: Path) -> None:
    whole = calibrate(toys.smooth, toys.planted(), FEW)
    total = 0

    def count(done: int, total_: int, now: str) -> None:
        nonlocal total
        total += 1

    calibrate(toys.smooth, toys.planted(), FEW, watcher=Watcher(progress=count))
    assert total > 25
    for stop in range(1, total):
        left = stop

        def hear(done: int, total_: int, now: str) -> None:
            nonlocal left
            left -= 1
            if not left:
                raise KeyboardInterrupt

        place = tmp_path / str(stop)
        with pytest.raises(StoppedError, match=r"of at most 30 trials.*same --out goes on"):
            calibrate(toys.smooth, toys.planted(), FEW, folder(place), Watcher(progress=hear))
        assert len((place / "lives.jsonl").read_text().splitlines()) == stop
        again = calibrate(toys.smooth, toys.planted(), FEW, folder(place))
        assert fit.document(again) == fit.document(whole), stop
        assert len((place / "lives.jsonl").read_text().splitlines()) == total, "nothing is lived twice"


def test_as_many_processes_as_you_like() -> None:
    found = [calibrate(toys.smooth, toys.planted(), replace(FEW, jobs=jobs)) for jobs in (1, 2)]
    assert fit.document(found[0]) == fit.document(found[1])
    assert points(found[0]) == points(found[1])


def test_more_trials_and_rounds_go_on_where_fewer_ended() -> None:
    few = calibrate(toys.smooth, toys.planted(), FEW)
    assert len(few.rounds) == 2
    more = calibrate(toys.smooth, toys.planted(), replace(FEW, trials=60, rounds=5))
    assert points(more)[: len(few.trials)] == points(few)
    assert more.rounds[:2] == few.rounds
    capped = calibrate(toys.smooth, toys.planted(), replace(FEW, trials=6))
    assert points(capped) == points(few)[: len(capped.trials)]
    assert len(capped.trials) in (5, 6)


def peaked(point: Mapping[str, float], seed: int) -> dict[str, float]:
    """Return a moment that falls on both sides of the start, so that no step is better."""
    return {"m": 1.0 - 8.0 * abs(point["a"]), "still": 0.5 if point["a"] < 0.3 else 0.9}


def test_steps_that_are_no_better_are_not_taken_and_the_other_side_is_tried_once() -> None:
    targets = Targets(
        (Target("m", 5.0, 9.0), Target("still", 0.0, 1.0)),
        (Dimension("a", -1.0, 1.0, 0.0), Dimension("b", 0.0, 1.0, 0.5)),
    )
    found = calibrate(peaked, targets, Options(trials=40, seeds=2, fresh=0, jobs=1, search=MOVES, rounds=6, move=0.1))
    one, two = found.rounds
    assert (one.base, two.base) == (0, 0)
    assert not any(step.taken for round_ in found.rounds for step in round_.steps)
    assert len(one.steps) == TRIES
    for before, after in pairwise((*one.steps, *two.steps)):
        assert after.reach == min(before.reach, before.gone) / 2, "half as far as the one before went"
    tried = [found.trials[step.trial].point for step in one.steps]
    assert len({point["a"] for point in tried}) == TRIES, "no point is tried twice"
    moved = [point["a"] for point in points(found) if point["b"] == 0.5 and abs(point["a"]) == pytest.approx(0.2)]
    assert sorted(moved)[0] == pytest.approx(-0.2), "the second round moves to the other side"
    assert found.best.number == 0


def cliff(point: Mapping[str, float], seed: int) -> dict[str, float]:
    if point["b"] > 1.2:
        raise CollapseError("month 7: BooksError: nothing left")
    return toys.smooth(point, seed)


def test_beside_a_cliff_a_parameter_stays_and_is_named() -> None:
    found = calibrate(cliff, toys.planted(), Options(trials=30, seeds=3, fresh=0, jobs=1, search=MOVES, move=0.1))
    first = found.rounds[0]
    assert first.stuck == ("b",)
    stepped = found.trials[first.steps[0].trial].point
    assert stepped["b"] == 1.0
    assert stepped["a"] != 1.8
    assert found.best.collapsed == ""
    assert found.best.loss < found.start.loss


def test_the_point_found_is_a_finalist_however_lucky_its_neighbours() -> None:
    economy = toys.Economy(3, chaos=1.0)
    options = Options(trials=26, seeds=2, fresh=0, finalists=2, jobs=1, search=MOVES, rounds=1)
    found = calibrate(economy, economy.targets(), options)
    come_to = found.rounds[-1].steps[-1].trial if found.rounds[-1].steps[-1].taken else 0
    assert come_to in {trial.number for trial in found.finalists}
    assert len(found.finalists) == 2


def test_it_tells_how_far_it_is() -> None:
    said: list[str] = []
    where: list[tuple[int, int, str]] = []
    watcher = Watcher(say=said.append, progress=lambda *at: where.append(at))
    found = calibrate(toys.smooth, toys.planted(), FEW, watcher=watcher)
    size = FEW.seeds * len(toys.planted().dimensions)
    second = [now for _, _, now in where if now.endswith("round 2 of 2")]
    assert len(second) >= size, "the moves of a round belong to it"
    assert where[-1][2] == "scoring"
    assert all(done <= total for done, total, _ in where)
    steps = [text for text in said if "the step to trial" in text]
    assert len(steps) == sum(len(one.steps) for one in found.rounds)
    assert "taken: share on further seeds" in steps[0]


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"trials": 4}, r"--trials is 4; a round of moves of 3 parameters lives 5 points\. Use --trials 5 or more"),
        ({"seeds": 1}, "--seeds is 1; moves need 2 or more"),
        ({"search": "move"}, "--search is 'move'; .*Did you mean 'moves'"),
        ({"rounds": 0}, "--rounds is 0"),
        ({"move": 0.6}, "--move is 0.6; it must be above 0 and at most 0.5"),
        ({"reach": 0.0}, "--reach is 0"),
        ({"reach": math.nan}, "--reach is nan"),
    ],
)
def test_wrong_numbers(change: dict[str, int | float | str], message: str) -> None:
    with pytest.raises(InputError, match=message):
        calibrate(toys.smooth, toys.planted(), replace(FEW, **change))  # type: ignore[arg-type]
