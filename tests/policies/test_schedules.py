"""Tax schedules: thresholds, blending, the HSV function."""

from __future__ import annotations

import numpy as np
import pytest

from wildsim.policies.schedules import Schedule, blend, hsv

US = Schedule(np.array([0.0, 0.3, 0.8, 2.0]), np.array([0.10, 0.22, 0.30, 0.38]))
INCOMES = np.linspace(0.0, 30.0, 3001)


def test_tax_by_hand() -> None:
    assert US.tax(np.array([0.0, 0.3, 1.0])) == pytest.approx([0.0, 0.03, 0.03 + 0.11 + 0.06])


@pytest.mark.parametrize(("level", "progressivity"), [(0.8, 0.3), (0.85, 0.18), (0.9, 0.0), (0.7, 0.5)])
def test_hsv_is_close_and_never_too_low(level: float, progressivity: float) -> None:
    schedule = hsv(level, progressivity)
    assert len(schedule.starts) <= 64
    y = np.geomspace(0.05, 20.0, 5000)
    error = schedule.tax(y) - (y - level * y ** (1.0 - progressivity))
    assert (np.abs(error) <= 0.004 * y).all()
    assert np.abs(error[y <= 2.0]).max() < 5e-4
    assert error.min() > -1e-12
    at = schedule.starts[1:]
    assert schedule.tax(at) == pytest.approx(at - level * at ** (1.0 - progressivity), abs=1e-12)


@pytest.mark.parametrize("size", [0.0, 0.25, 1.0])
def test_blended_tax_is_between_the_two(size: float) -> None:
    target = Schedule(np.array([0.0, 0.5]), np.array([0.0, 0.4]))
    new = blend(US, target, size, US.starts)
    assert set(US.starts) | set(target.starts) == set(new.starts)
    expected = US.tax(INCOMES) + size * (target.tax(INCOMES) - US.tax(INCOMES))
    assert new.tax(INCOMES) == pytest.approx(expected)


def test_a_large_size_stays_legal() -> None:
    new = blend(US, hsv(0.8, 0.3), 50.0, US.starts)
    assert (np.abs(new.rates) <= 1.0).all()
