"""Calibration: finds what was planted, goes on after a break, survives collapse, says what it overfits."""

from __future__ import annotations

import json
import math
import shutil
import warnings
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest

from tests.studies import toys
from wildsim.core.errors import InputError, RunError
from wildsim.engine.run import StoppedError
from wildsim.engine.watcher import Watcher
from wildsim.studies import fit
from wildsim.studies.calibrate import Calibration, calibrate
from wildsim.studies.folder import open_folder
from wildsim.studies.lives import Life, Lives, Outcome
from wildsim.studies.loss import NO_VALUE, loss, share_inside
from wildsim.studies.search import Search
from wildsim.studies.targets import Target
from wildsim.studies.trial import Options, Trial

pytest.importorskip("optuna")

FEW = Options(trials=20, seeds=2, fresh=2, jobs=1)


def folder(path: Path):
    return open_folder("calibrate", "toy", {"seeds": [1]}, path, "wildsim calibrate toy")


def points(found: Calibration) -> list[dict[str, float]]:
    return [trial.point for trial in found.trials]


def test_planted_parameters_are_found() -> None:
    found = calibrate(toys.smooth, toys.planted(), Options(trials=160, seeds=3, fresh=4, jobs=1))
    assert found.trials[0].point == {"a": 1.8, "b": 1.0, "c": 0.5}, "the scenario as it stands is tried first"
    assert found.start.shares.mean() < 0.3
    assert found.fresh is not None
    assert found.fresh.shares.mean() > 0.9
    best = found.best.point
    assert best["a"] == pytest.approx(toys.TRUTH["a"], abs=0.3)
    assert best["b"] == pytest.approx(toys.TRUTH["b"], abs=0.3)
    assert math.log(best["c"]) == pytest.approx(math.log(toys.TRUTH["c"]), abs=0.6)
    for row in fit.parameter_rows(found):
        assert row["low"] <= row["best"] <= row["high"]
        assert row["width"] < 0.5, "these moments tell every parameter"


def test_the_search_beats_chance() -> None:
    targets = toys.planted()
    found = calibrate(toys.smooth, targets, Options(trials=80, seeds=2, fresh=0, jobs=1))
    luck = np.random.Generator(np.random.Philox(5))
    chance = []
    for _ in range(80):
        point = {d.name: luck.uniform(d.low, d.high) for d in targets.dimensions}
        point["c"] = math.exp(luck.uniform(math.log(0.001), 0.0))
        chance.append(np.mean([loss(targets.moments, Outcome(toys.smooth(point, seed))) for seed in (1, 2)]))
    assert found.best.loss < 0.6 * min(chance)


def test_a_break_changes_nothing(tmp_path: Path) -> None:
    whole = calibrate(toys.smooth, toys.planted(), FEW, folder(tmp_path / "whole"))
    lived = 0

    def stop(done: int, total: int, now: str) -> None:
        nonlocal lived
        lived += 1
        if lived == 21:  # in the middle of a batch, and of a trial
            raise KeyboardInterrupt

    with pytest.raises(StoppedError, match=r"Stopped after 8 of 20 trials.*same --out goes on"):
        calibrate(toys.smooth, toys.planted(), FEW, folder(tmp_path / "broken"), Watcher(progress=stop))
    kept = (tmp_path / "broken" / "lives.jsonl").read_text().splitlines()
    assert len(kept) == 21
    with (tmp_path / "broken" / "lives.jsonl").open("a") as stream:
        stream.write('{"point": {"a": 0.1')  # as a cut of the power leaves it
    with (tmp_path / "broken" / "search.journal").open("a") as stream:
        stream.write('{"op_code":6,"wor')
    again = calibrate(toys.smooth, toys.planted(), FEW, folder(tmp_path / "broken"))
    assert fit.document(again) == fit.document(whole)
    assert points(again) == points(whole)
    assert [json.loads(line) for line in (tmp_path / "broken" / "lives.jsonl").read_text().splitlines()][:21] == [
        json.loads(line) for line in kept
    ]


def test_a_journal_torn_anywhere_changes_nothing(tmp_path: Path) -> None:
    whole = calibrate(toys.smooth, toys.planted(), FEW, folder(tmp_path / "whole"))
    lines = (tmp_path / "whole" / "search.journal").read_bytes().splitlines(keepends=True)
    asked = next(number for number, line in enumerate(lines) if b'"param_name"' in line)
    # begun, in the first points, in the first point asked, in an answer, in a point of the estimator's own
    for left in (0, 7, asked, asked + 1, asked + 33, len(lines) - 6):
        torn = tmp_path / f"torn{left}"
        shutil.copytree(tmp_path / "whole", torn)
        (torn / "search.journal").write_bytes(b"".join(lines[:left]) + lines[left][:-9])
        again = calibrate(toys.smooth, toys.planted(), FEW, folder(torn))
        assert fit.document(again) == fit.document(whole), left
        assert points(again) == points(whole), left


@pytest.mark.parametrize("line", [b"nonsense\n", b"\x00\xff\n"])
def test_a_damaged_journal_is_named(tmp_path: Path, line: bytes) -> None:
    journal = tmp_path / "search.journal"
    Search(toys.planted().dimensions, 0, journal)
    journal.write_bytes(line + journal.read_bytes())
    with pytest.raises(RunError, match=r"search\.journal' is damaged\. Remove it"):
        Search(toys.planted().dimensions, 0, journal)


def test_no_more_is_asked_than_is_left() -> None:
    search = Search(toys.planted().dimensions, 0)
    batch = search.ask(20)
    assert len(batch) == 8
    assert search.ask(3) == batch[:3], "as after a stop, when the command comes again with fewer trials"
    for number, _ in batch[:3]:
        search.tell(number, 1.0)
    assert search.ask(2) == []
    assert search.ask(20) == batch[3:]


def test_a_finished_study_lives_nothing_again_and_more_trials_go_on(tmp_path: Path) -> None:
    first = calibrate(toys.smooth, toys.planted(), FEW, folder(tmp_path / "s"))
    lived: list[str] = []
    hears = Watcher(progress=lambda done, total, now: lived.append(now))
    again = calibrate(toys.smooth, toys.planted(), FEW, folder(tmp_path / "s"), hears)
    assert lived == []
    assert fit.document(again) == fit.document(first)
    more = calibrate(toys.smooth, toys.planted(), Options(trials=30, seeds=2, fresh=2, jobs=1), folder(tmp_path / "s"))
    assert points(more)[:20] == points(first)
    assert len(more.trials) == 30


def test_as_many_processes_as_you_like() -> None:
    one = calibrate(toys.smooth, toys.planted(), Options(trials=10, seeds=1, fresh=1, finalists=1, jobs=1))
    two = calibrate(toys.smooth, toys.planted(), Options(trials=10, seeds=1, fresh=1, finalists=1, jobs=2))
    assert fit.document(one) == fit.document(two)


def test_another_search_seed_searches_elsewhere() -> None:
    one = calibrate(toys.smooth, toys.planted(), FEW)
    other = calibrate(toys.smooth, toys.planted(), Options(trials=20, seeds=2, fresh=2, jobs=1, luck=1))
    assert points(one)[0] == points(other)[0]
    assert points(one)[1] != points(other)[1]


def test_collapsed_worlds_do_not_stop_the_search() -> None:
    found = calibrate(toys.fragile, toys.planted(), Options(trials=60, seeds=2, fresh=2, jobs=1))
    fallen = [trial for trial in found.trials if trial.point["a"] > 1.85]
    assert fallen
    assert all(trial.collapsed == "month 7: BooksError: nothing left" for trial in fallen)
    assert all(trial.loss == pytest.approx(math.log1p(NO_VALUE**2)) for trial in fallen)
    lacking = [trial for trial in found.trials if trial.point["a"] <= 1.85 and trial.point["b"] > 1.5]
    assert lacking
    assert {trial.collapsed for trial in lacking} == {"no value of m4"}
    assert all(math.isfinite(trial.loss) and trial.loss > found.best.loss for trial in lacking)
    assert found.best.collapsed == ""


def test_a_start_that_collapses_is_an_error() -> None:
    with pytest.raises(RunError, match="as it stands collapses in every world: nobody works"):
        calibrate(toys.fallen, toys.planted(), FEW)


def test_seeds_for_three_purposes_never_meet() -> None:
    options = Options(trials=1, seeds=5, first=10, fresh=7)
    seeds = [*options.search_seeds, *options.final_seeds, *options.fresh_seeds]
    assert seeds == list(range(10, 10 + 5 + 5 + 7))


@pytest.mark.parametrize(
    "change", [{"trials": 0}, {"seeds": 0}, {"fresh": -1}, {"finalists": 0}, {"jobs": 0}, {"luck": -1}]
)
def test_numbers_out_of_range(change: Mapping[str, int]) -> None:
    with pytest.raises(InputError, match=r"--\w+(-seed)? is"):
        Options(**change)


def test_optuna_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        calibrate(toys.smooth, toys.planted(), FEW)
    assert capfd.readouterr() == ("", "")


# -- the loss ----------------------------------------------------------------------------------------------------------

WIDE, NARROW = Target("x", 0.0, 2.0), Target("y", -1.0, 1.0, weight=3.0)


def test_the_loss_prefers_the_middle_to_the_edge_and_the_edge_to_the_outside() -> None:
    at = [loss([WIDE], Outcome({"x": value})) for value in (1.0, 1.5, 2.0, 3.0, 50.0)]
    assert at == sorted(at)
    assert at[0] == 0.0
    assert at[2] == pytest.approx(math.log(2.0)), "the edge is one half-range from the middle"
    assert at[4] - at[3] < at[4], "what is far off grows slowly"


def test_the_loss_weighs_and_a_missing_moment_counts_far() -> None:
    assert loss([WIDE, NARROW], Outcome({"x": 1.0, "y": 1.0})) == pytest.approx(0.75 * math.log(2.0))
    assert loss([WIDE, NARROW], Outcome({"x": 1.0})) == pytest.approx(0.75 * math.log1p(NO_VALUE**2))
    assert loss([WIDE], Outcome({"x": math.inf})) == loss([WIDE], Outcome(why="gone")) == math.log1p(NO_VALUE**2)


def test_the_share_inside_counts_edges_and_never_what_is_missing() -> None:
    assert share_inside([WIDE, NARROW], Outcome({"x": 2.0, "y": math.nan})) == 0.5
    assert share_inside([WIDE, NARROW], Outcome(why="gone")) == 0.0


# -- what it says of itself --------------------------------------------------------------------------------------------


def trial(number: int, *values: float) -> Trial:
    outcomes = tuple(Outcome({"x": value, "y": 0.0}) for value in values)
    return Trial(number, {"a": float(number)}, outcomes, (WIDE, NARROW))


def found(best: Trial, fresh: Trial | None, others: tuple[Trial, ...] = ()) -> Calibration:
    from wildsim.studies.space import Dimension
    from wildsim.studies.targets import Targets

    targets = Targets((WIDE, NARROW), (Dimension("a", 0.0, 10.0, 1.0),))
    return Calibration(targets, Options(), (best, *others), best, (best,), best, fresh, fresh)


def test_overfit_is_said() -> None:
    good, bad = trial(3, 1.0, 1.1, 0.9, 1.0), trial(3, 5.0, 6.0, 5.5, 5.2)
    assert "overfit" in fit.verdict(found(good, bad))
    assert "overfit" not in fit.verdict(found(good, good))
    assert "one seed tells no error" in fit.verdict(found(trial(3, 1.0), trial(3, 9.0)))
    assert "Not scored on fresh seeds" in fit.verdict(found(good, None))


def test_what_fits_about_as_well_lies_within_a_standard_error() -> None:
    best = trial(5, 0.5, 1.0, 1.5, 1.3)
    error = fit.standard_error(best.losses)
    near = trial(2, *(1.0 + math.sqrt(math.expm1(4 * (best.loss + 0.9 * error))),) * 4)
    far = trial(9, *(1.0 + math.sqrt(math.expm1(4 * (best.loss + 1.1 * error))),) * 4)
    assert [t.number for t in fit.as_good(found(best, None, (near, far)))] == [5, 2]
    (row,) = fit.parameter_rows(found(best, None, (near, far)))
    assert (row["low"], row["best"], row["high"]) == (2.0, 5.0, 5.0)


# -- lives -------------------------------------------------------------------------------------------------------------


def test_lives_are_found_again_with_what_is_not_a_number(tmp_path: Path) -> None:
    place = tmp_path / "lives.jsonl"
    life = Life({"a": 0.1, "b": 2.0, "c": 0.5}, 3)
    (once,) = Lives(toys.fragile, place, jobs=1).of([life])
    again = Lives(toys.fallen, place, jobs=1).of([life, life])
    assert [math.isnan(outcome.values["m4"]) for outcome in again] == [True, True]
    assert again[0].values["m1"] == once.values["m1"]


def test_a_damaged_line_is_named(tmp_path: Path) -> None:
    place = tmp_path / "lives.jsonl"
    place.write_text('{"point": {}, "seed": 1, "values": {}, "why": ""}\nnonsense\n')
    with pytest.raises(RunError, match=r"lives\.jsonl' is damaged in line 2"):
        Lives(toys.smooth, place)


@pytest.mark.parametrize("file", ["studies/world.py", "studies/space.py", "studies/moments.py", "facts/moments.py"])
def test_other_moments_are_not_answered_from_the_store(tmp_path: Path, sources: Path, file: str) -> None:
    folder(tmp_path / "s")
    (sources / file).write_text((sources / file).read_text() + "# another\n")
    with pytest.raises(InputError, match="begun with other code"):
        folder(tmp_path / "s")


def test_another_study_in_the_folder_is_refused(tmp_path: Path) -> None:
    open_folder("calibrate", "toy", {"seeds": [1], "targets": 1}, tmp_path / "s", "wildsim calibrate toy")
    assert open_folder("calibrate", "toy", {"seeds": [1], "targets": 1}, tmp_path / "s", "").resumed
    with pytest.raises(InputError, match=r"begun with other seeds; .* wildsim calibrate toy"):
        open_folder("calibrate", "toy", {"seeds": [2], "targets": 1}, tmp_path / "s", "")
    with pytest.raises(InputError, match="holds another study"):
        open_folder("sensitivity", "toy", {"seeds": [1], "targets": 1}, tmp_path / "s", "")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(InputError, match="not empty"):
        open_folder("calibrate", "toy", {}, tmp_path / "other", "")
