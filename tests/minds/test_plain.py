"""Minds without a model, votes, memory."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wildsim.minds.memory import LONGEST, Memory
from wildsim.minds.mind import Decision, Field, Question
from wildsim.minds.plain import RandomMind, ReplayMind, RuleMind
from wildsim.minds.vote import ballots_of, counted

PRICE = Field("price", "USD", "Price.", 1.0, 5.0, False, 2.0)
POSTS = Field("posts", "posts", "Posts.", 0.0, 9.0, True, 3.0)
QUESTION = Question(1, "firm-3", 4, "firm_manager", (), (PRICE, POSTS))


def test_the_rule_decides_what_the_rule_decides() -> None:
    (decision,) = RuleMind().decide([QUESTION])
    assert decision == Decision({"price": 2.0, "posts": 3.0}, "rule")


@given(st.integers(0, 2**32), st.integers(0, 400))
def test_chance_stays_within_the_range_and_hangs_on_who_asks_when(seed: int, month: int) -> None:
    question = replace(QUESTION, seed=seed, month=month)
    (decision,) = RandomMind().decide([question])
    for field in question.fields:
        assert field.low <= decision.values[field.name] <= field.high
    assert decision.values["posts"] == round(decision.values["posts"])
    others = [replace(question, agent="firm-4"), replace(question, month=month + 1), replace(question, seed=seed + 1)]
    for other in others:
        assert RandomMind().decide([other])[0].values != decision.values


@pytest.mark.parametrize("mind", [RuleMind(), RandomMind()])
def test_a_batch_gives_what_one_by_one_gives(mind: RuleMind | RandomMind) -> None:
    questions = [replace(QUESTION, agent=f"firm-{k}") for k in range(5)]
    assert mind.decide(questions) == [mind.decide([question])[0] for question in questions]


def test_what_was_decided_before_is_decided_again_and_the_unknown_falls_back() -> None:
    mind = ReplayMind(lambda seed: {("firm-3", 4): {"price": 4.5}})
    known, unknown = mind.decide([QUESTION, replace(QUESTION, month=5)])
    assert (known.values, known.source) == ({"price": 4.5}, "replay")
    assert (unknown.values, unknown.source) == ({}, "fallback")
    assert unknown.reason


def test_every_ballot_is_the_question_with_a_purpose_of_its_own() -> None:
    cast = ballots_of(QUESTION, 3)
    assert len({ballot.purpose for ballot in cast} - {QUESTION.purpose}) == 3
    assert [replace(ballot, purpose=QUESTION.purpose) for ballot in cast] == [QUESTION] * 3


def ballots(*prices: float) -> list[Decision]:
    """Return decisions for a price each."""
    return [Decision({"price": price, "posts": round(price)}, "llm", calls=((f"k{price}", 1.0),)) for price in prices]


def test_the_median_of_votes_and_their_majority() -> None:
    assert counted(QUESTION, ballots(1.0, 4.0, 2.0), "median").values == {"price": 2.0, "posts": 2.0}
    assert counted(QUESTION, ballots(1.0, 2.0, 3.0, 5.0), "median").values == {"price": 2.5, "posts": 2.0}
    assert counted(QUESTION, ballots(3.0, 1.0, 3.0), "majority").values == {"price": 3.0, "posts": 3.0}


def test_votes_that_fell_back_do_not_count_and_are_told() -> None:
    lost = Decision({}, "fallback", "timeout: gone", (("k9", 1.0),))
    found = counted(QUESTION, [lost, *ballots(3.0)], "median")
    assert (found.values["price"], found.source, found.reason) == (3.0, "llm", "1 of 2 votes unusable")
    assert sum(weight for _, weight in found.calls) == pytest.approx(1.0)
    none = counted(QUESTION, [lost, lost], "median")
    assert (none.values, none.source, none.reason) == ({}, "fallback", "timeout: gone")


def test_memory_is_bounded_one_line_each_and_survives_its_own_bytes() -> None:
    memory = Memory()
    for k in range(10):
        memory.note("firm-3", f"month {k}\nand\x0bmore " + "x" * 500, 4)
    memory.conclude("firm-3", "prices\nmatter")
    memory.send("person-1", "firm-3", "hello")
    again = Memory()
    again.load(memory.state())
    for one in (memory, again):
        lines = one.of("firm-3", 4)
        assert len(lines) == 5
        assert lines[0] == "What you concluded: prices matter"
        assert all(len(line) <= LONGEST and "\n" not in line for line in lines[1:])
        assert one.letters("firm-3") == (("person-1", "hello"),)
    again.forget(["firm-3"])
    assert again.agents() == set()
