"""In the middle of a month: what is read back from the prompts of all agents is what the rules decided, bit for bit."""

from __future__ import annotations

import gc
import json
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from tests.worlds import SOCIAL, same
from wildsim.deliberation.observation import _no_collection, fields_of, observe
from wildsim.minds.block import FENCE
from wildsim.minds.mind import Question
from wildsim.minds.prompt import messages_of
from wildsim.minds.roles import ROLES
from wildsim.scenario.schema import Scenario
from wildsim.society import Society
from wildsim.state.world import World

MONTHS = 3


class ReadsPrompts:
    """A mind that sees prompts alone and follows the rule of thumb in them."""

    def __init__(self, society: Society, exact: bool):
        self.exact, self.asked = exact, 0
        self._month, self._decided = -1, dict[str, dict[str, dict[int, float]]]()
        society.world.minds.append(self)

    def __call__(self, world: World, role: str, name: str, rule: NDArray[Any]) -> NDArray[Any] | None:
        if world.clock.month != self._month:
            self._month = world.clock.month
            self._decided = {each: self._ask(world, each) for each in ROLES if ROLES[each].deciders in world.tables}
        if name not in ROLES[role].decides:
            return None
        answers = self._decided[role].get(name, {})
        found = rule.astype(np.float64)
        found[list(answers)] = list(answers.values())
        return found

    def _ask(self, world: World, name: str) -> dict[str, dict[int, float]]:
        role, answers = ROLES[name], dict[str, dict[int, float]]()
        rows = range(len(world.tables[role.deciders]))
        parts = zip(rows, observe(world, role, rows), fields_of(world, role, rows), strict=True)
        for row, seen, fields in parts:
            assert all(one.period <= world.clock.month for one in seen)
            assert all(one.period < world.clock.month for one in seen if one.source != "law")
            question = Question(1, f"x-{row}", world.clock.month, name, seen, fields)
            user = messages_of(question, role, exact=self.exact)[1].content
            block = json.loads(user.split(FENCE + "\n")[1].split("\n```")[0])
            self.asked += bool(block)
            for field, entry in block.items():
                answers.setdefault(field, {})[row] = float(entry["rule_of_thumb"])
        return answers


def _society(sectors: frozenset[str]) -> Society:
    on = dict.fromkeys(sectors, True)
    return Society(Scenario(burn_in=0, months=MONTHS, society={"people": 200, "regions": 2}, sectors=on))  # type: ignore[arg-type]


@pytest.mark.parametrize("sectors", [frozenset(), frozenset(SOCIAL)], ids=["economy", "all sectors"])
def test_exact_prompts_carry_the_rules_decisions_bit_for_bit(sectors: frozenset[str]) -> None:
    plain, read = _society(sectors), _society(sectors)
    mind = ReadsPrompts(read, exact=True)
    for _ in range(MONTHS):
        plain.step()
        read.step()
    assert mind.asked > MONTHS * 150
    assert same(plain.world.state(), read.world.state()) == []
    plain.close()
    read.close()


def test_rounded_prompts_carry_them_to_four_digits() -> None:
    """The control: rounding changes the society, a little."""
    plain, read = _society(frozenset()), _society(frozenset())
    ReadsPrompts(read, exact=False)
    plain.step()
    read.step()
    assert same(plain.world.state(), read.world.state()) != []
    assert read.indicators["gdp"] == pytest.approx(plain.indicators["gdp"], rel=1e-2)
    plain.close()
    read.close()


def test_the_search_for_garbage_goes_on_afterwards() -> None:
    assert gc.isenabled()
    with _no_collection():
        assert not gc.isenabled()
    assert gc.isenabled()
    with pytest.raises(ZeroDivisionError), _no_collection():
        _ = 1 / 0
    assert gc.isenabled()
    gc.disable()
    try:
        with _no_collection():
            pass
        assert not gc.isenabled()
    finally:
        gc.enable()
