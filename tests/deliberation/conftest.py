"""Small societies with minds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

Make = Callable[..., Society]


@pytest.fixture
def make() -> Iterator[Make]:
    """Return what makes a society with the minds given; it is closed in the end."""
    made: list[Society] = []

    def society(*minds: dict[str, Any], seed: int = 1, people: int = 300, **more: Any) -> Society:
        known = {key: more.pop(key) for key in ("language", "ask", "council") if key in more}
        data = {
            "name": "t",
            "months": 12,
            "burn_in": more.pop("burn_in", 2),
            "society": {"people": people, "regions": more.pop("regions", 1)},
            "minds": list(minds),
        } | more
        one = Society(Scenario.model_validate(data), seed=seed, **known)
        one.burn_in()
        made.append(one)
        return one

    yield society
    for one in made:
        one.close()


@pytest.fixture
def language() -> Iterator[Language]:
    """Return a chain without tape and cache."""
    with Language(Settings()) as chain:
        yield chain
