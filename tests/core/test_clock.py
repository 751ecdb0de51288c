"""The calendar."""

from __future__ import annotations

from wildsim.core.clock import Clock


def test_burn_in_ends_at_month_zero() -> None:
    clock = Clock(-2)
    recorded = []
    for _ in range(4):
        recorded.append((clock.month, clock.recording))
        clock.tick()
    assert recorded == [(-2, False), (-1, False), (0, True), (1, True)]
