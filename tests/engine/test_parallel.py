"""Work spread over processes: complete, indexed, and honest about failures."""

from __future__ import annotations

import os

import pytest

from wildsim.core.errors import RunError
from wildsim.engine.parallel import spread


def square(number: int) -> int:
    if number < 0:
        raise ValueError("negative")
    return number * number


def die(number: int) -> int:
    os._exit(3)


@pytest.mark.parametrize("jobs", [1, 2])
def test_every_task_answers_under_its_index(jobs: int) -> None:
    assert dict(spread(square, [3, 1, 2], jobs)) == {0: 9, 1: 1, 2: 4}


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_the_work_raises_is_raised(jobs: int) -> None:
    with pytest.raises(ValueError, match="negative"):
        list(spread(square, [1, -1], jobs))


def test_a_dead_process_is_named() -> None:
    with pytest.raises(RunError, match="worker process died"):
        list(spread(die, [1, 2], 2))


def test_nothing_to_do() -> None:
    assert list(spread(square, [])) == []
