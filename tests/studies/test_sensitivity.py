"""Sensitivity: the Ishigami function, whose indices are known, goes through the very same path as a society."""

from __future__ import annotations

import math
import warnings
from pathlib import Path

import pytest

from tests.studies import toys
from wildsim.core.errors import InputError, RunError
from wildsim.engine.run import StoppedError
from wildsim.engine.watcher import Watcher
from wildsim.studies.folder import open_folder
from wildsim.studies.sensitivity import Options, Sensitivity, sensitivity
from wildsim.studies.space import Dimension

pytest.importorskip("SALib")

SPACE = [Dimension(name, -math.pi, math.pi, 0.0) for name in ("x1", "x2", "x3")]
#: Ishigami, Homma 1990 with a = 7, b = .1, from its variance decomposition.
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}


@pytest.fixture(scope="module")
def ishigami() -> Sensitivity:
    options = Options(trajectories=40, screen=3, samples=1024, seeds=1, jobs=1)
    return sensitivity(toys.ishigami, "y", SPACE, options)


def test_known_indices_lie_in_their_intervals(ishigami: Sensitivity) -> None:
    assert {index.name for index in ishigami.indices} == set(FIRST)
    for index in ishigami.indices:
        assert index.first_interval < 0.12
        assert index.total_interval < 0.12
        assert index.first == pytest.approx(FIRST[index.name], abs=index.first_interval)
        assert index.total == pytest.approx(TOTAL[index.name], abs=index.total_interval)
    assert all(index.clear for index in ishigami.indices)


def test_screening_ranks_the_least_last(ishigami: Sensitivity) -> None:
    names = [one.name for one in ishigami.screened]
    assert names[-1] == "x3"
    assert ishigami.screened[0].strength > 1.2 * ishigami.screened[-1].strength
    assert all(math.isnan(one.noise) for one in ishigami.screened), "one seed tells no noise"
    x2 = next(one for one in ishigami.screened if one.name == "x2")
    assert abs(x2.effect) < 0.5 * x2.strength, "it goes up and down: mu is small where mu* is not"


def test_variance_of_ishigami(ishigami: Sensitivity) -> None:
    assert ishigami.mean == pytest.approx(3.5, abs=0.3)
    assert ishigami.sd**2 == pytest.approx(13.845, rel=0.1)


def test_what_does_nothing_is_called_noise() -> None:
    space = [*SPACE, Dimension("x4", 0.0, 1.0, 0.5)]
    options = Options(trajectories=30, screen=4, samples=128, seeds=4, jobs=1)
    found = sensitivity(toys.ishigami_with_an_inert_one, "y", space, options)
    assert [one.name for one in found.screened if not one.clear] == ["x4"]
    inert = next(one for one in found.screened if one.name == "x4")
    assert inert.strength == pytest.approx(inert.noise, rel=0.5), "the noise printed is the effect that luck gives"
    assert [index.name for index in found.indices if not index.clear] == ["x4"]
    for index in found.indices:
        assert index.noise == pytest.approx(0.8**2 / 4 / (13.845 + 0.16), rel=0.35)
        if index.name == "x4":
            assert index.total == pytest.approx(index.noise, rel=0.35), "all that it has is luck"


def test_a_break_changes_nothing_and_processes_neither(tmp_path: Path) -> None:
    options = Options(trajectories=4, screen=2, samples=8, seeds=2, jobs=1)
    whole = sensitivity(toys.ishigami, "y", SPACE, options)
    lived = 0

    def stop(done: int, total: int, now: str) -> None:
        nonlocal lived
        lived += 1
        if lived == 19:
            raise KeyboardInterrupt

    def folder():
        return open_folder("sensitivity", "toy", {}, tmp_path / "s", "")

    with pytest.raises(StoppedError, match="all is kept"):
        sensitivity(toys.ishigami, "y", SPACE, options, folder(), Watcher(progress=stop))
    again = sensitivity(toys.ishigami, "y", SPACE, options, folder())
    assert (again.screened, again.indices) == (whole.screened, whole.indices)
    two = sensitivity(toys.ishigami, "y", SPACE, Options(4, 2, 8, 2, jobs=2))
    assert (two.screened, two.indices) == (whole.screened, whole.indices)


def test_collapsed_points_drop_their_block_and_are_counted() -> None:
    space = [Dimension("a", -0.6, 2.0, 1.0), Dimension("b", -3.0, 1.0, 1.0), Dimension("c", 0.1, 1.0, 0.5, log=True)]
    options = Options(trajectories=12, screen=2, samples=32, seeds=1, jobs=1)
    found = sensitivity(toys.fragile, "m1", space, options)
    lost, of, why = found.dropped["screening"]
    assert 0 < lost < of == 12
    assert why == "month 7: BooksError: nothing left"
    assert found.screened[0].name == "a"
    assert found.screened[0].strength == pytest.approx(2.6, rel=0.01), "m1 is a itself, and a runs over 2.6"
    with pytest.raises(RunError, match=r"no value in .* points \(nobody works\).*smaller --span"):
        sensitivity(toys.fallen, "m1", space, options)


def test_an_outcome_that_nothing_moves_is_said() -> None:
    with pytest.raises(RunError, match="at every point: none of these parameters moves it"):
        sensitivity(toys.constant, "y", SPACE, Options(trajectories=2, screen=2, samples=8, seeds=1, jobs=1))


@pytest.mark.parametrize("change", [{"trajectories": 1}, {"samples": 48}, {"samples": 2}, {"seeds": 0}, {"screen": -1}])
def test_numbers_out_of_range(change: dict[str, int]) -> None:
    with pytest.raises(InputError, match=f"--{next(iter(change))} is"):
        Options(**change)


def test_salib_says_nothing(capfd: pytest.CaptureFixture[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sensitivity(toys.ishigami, "y", SPACE, Options(trajectories=2, screen=2, samples=8, seeds=1, jobs=1))
    assert capfd.readouterr() == ("", "")
