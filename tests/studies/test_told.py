"""A study of sensitivity with a part left out, and what it says of itself."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from tests.studies import toys
from wildsim.core.errors import InputError
from wildsim.studies import told
from wildsim.studies.sensitivity import Options, Screened, Sensitivity, sensitivity
from wildsim.studies.space import Dimension

pytest.importorskip("SALib")

SPACE = [Dimension(name, -math.pi, math.pi, 0.0) for name in ("x1", "x2", "x3")]


def test_one_parameter_is_measured_without_a_screening() -> None:
    options = Options(trajectories=2, screen=1, samples=64, seeds=1, jobs=1)
    found = sensitivity(toys.straight, "y", SPACE[:1], options)
    assert found.screened == ()
    (only,) = found.indices
    assert only.first == pytest.approx(1.0, abs=0.1), "all of the variance is its own"
    assert any("1 seed" in text for text in told.sentences(found))
    with pytest.raises(InputError, match=r"--screen is 0 and there is one parameter.*Use --screen 1"):
        sensitivity(toys.straight, "y", SPACE[:1], Options(screen=0))


def test_a_screening_alone() -> None:
    found = sensitivity(toys.ishigami, "y", SPACE, Options(trajectories=4, screen=0, seeds=2, jobs=1))
    assert len(found.screened) == 3
    assert found.indices == ()
    assert math.isfinite(found.mean)
    assert found.sd > 0
    assert told.document(found)["indices"] == []


def test_no_effect_is_not_called_luck() -> None:
    lines = [Screened("a", 2.0, 0.1, 2.0, 0.1, 0.5), Screened("b", 0.6, 0.1, 0.0, 0.1, 0.5)]
    lines += [Screened(f"c{number}", 0.0, 0.0, 0.0, 0.0, 0.0) for number in range(told.SHOWN)]
    found = Sensitivity("y", (), Options(seeds=4), tuple(lines), (), 0.0, 1.0, {})
    more, luck = told.sentences(found)
    assert more.startswith("The picture and the terminal's table show the 20 strongest of 22 parameters")
    assert "1 of 22 are below 2 times it: not told from luck. 20 changed nothing at all." in luck
    assert "changed nothing" not in told.sentences(replace(found, screened=tuple(lines[:2])))[0]
