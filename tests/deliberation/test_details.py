"""Seats, shared calls, memories, letters, and advice."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from tests.deliberation.conftest import Make
from wildsim.core.table import NO_ROW
from wildsim.deliberation.advice import LEARNING, START
from wildsim.deliberation.afterwards import friends_of
from wildsim.minds.mind import Question
from wildsim.society import Society


def questions(society: Society) -> list[Question]:
    """Return what was asked this month."""
    return [question for party in society.world.council.sitting.parties for question in party.questions]


# -- seats -----------------------------------------------------------------------------------------------------------


def test_members_stay_and_those_that_end_are_replaced(make: Make) -> None:
    society = make({"role": "firm_manager", "mind": "rule", "count": 20}, people=600)
    seen = []
    for _ in range(12):
        society.step()
        seen.append({question.agent for question in questions(society)})
    assert {len(members) for members in seen} == {20}
    kept = [len(one & two) for one, two in pairwise(seen)]
    assert min(kept) >= 17
    alive = {face.name for face in society.agents if type(face).__name__ == "FirmManager"}
    gone = {name for members in seen for name in members} - alive
    assert not gone & seen[-1]


def test_a_share_is_about_that_share_and_where_means_those_that_fit(make: Make) -> None:
    young = {"age": [20, 35]}
    society = make({"role": "household_member", "mind": "rule", "share": 0.3, "where": young}, people=2000)
    society.step()
    people = society.people
    fits = (people.age >= 20) & (people.age <= 35)
    (party,) = society.world.council.sitting.parties
    assert fits[party.rows].all()
    assert len(party.rows) / fits.sum() == pytest.approx(0.3, abs=0.09)  # 4 standard errors of some 400


# -- archetypes ------------------------------------------------------------------------------------------------------


def test_a_shared_answer_is_relative_to_each_ones_own_rule(make: Make) -> None:
    shared = {"groups": 6, "check": 0}
    society = make({"role": "household_member", "mind": "llm", "archetypes": shared}, people=500)
    society.step()
    council = society.world.council
    (party,) = council.sitting.parties
    ((rows, values),) = council.sitting.claimed["household_member"]
    assert len(party.questions) == party.group.groups <= 10  # one at least for each class
    for place, (question, decision) in enumerate(zip(party.questions, council.sitting.decisions[0], strict=True)):
        (field,) = (f for f in question.fields if f.name == "consumption")
        ratio = decision.values["consumption"] / field.rule
        of = party.group.of == place
        rule = values["consumption"][of] / ratio
        assert (rule > 0).all()
        assert len(np.unique(values["consumption"][of])) == len(np.unique(rule))
    assert len(rows) == len(party.rows) > 300


@pytest.mark.parametrize("role", ["bank_officer", "central_banker", "government", "platform", "scientist"])
def test_agents_that_nothing_tells_apart_share_one_call(make: Make, role: str) -> None:
    entry = {"role": role, "mind": "llm", "archetypes": {"groups": 2}}
    society = make(entry, regions=2, sectors={"science": True, "culture": True})
    society.step()
    (party,) = society.world.council.sitting.parties
    assert len(party.questions) == party.group.groups == 1
    assert party.group.of.tolist() == [0] * len(party.rows)


def test_agents_checked_decide_for_themselves_and_the_loss_is_told(make: Make) -> None:
    shared = {"groups": 4, "check": 25}
    entry = {"role": "household_member", "mind": "llm", "model": "scripted:random", "archetypes": shared}
    society = make(entry, people=500)
    society.step()
    report = society.minds_report()
    assert report["checked"]["household_member/consumption"] == 25
    assert report["archetype_loss"]["household_member/consumption"] > 0.2, "random answers are nothing to share"
    alike = make({**entry, "model": "scripted:rule", "exact": True}, people=500)
    alike.step()
    assert alike.minds_report()["archetype_loss"]["household_member/consumption"] == pytest.approx(0.0, abs=1e-12)


# -- memory and letters ----------------------------------------------------------------------------------------------


def test_what_came_of_a_decision_is_remembered_next_month(make: Make) -> None:
    society = make({"role": "firm_manager", "mind": "llm", "count": 5, "memory": 2})
    society.step()
    assert not any(question.memory for question in questions(society))
    sold = {face.name: face.sold for face in society.agents if type(face).__name__ == "FirmManager"}
    society.run_for(3)
    for question in questions(society):
        if question.memory:
            assert len(question.memory) <= 2
            assert question.memory[-1].startswith("Month 2: you chose price")
            assert "Then:" in question.memory[-1]
    assert sold


def test_an_agent_that_reflects_keeps_what_it_concluded(make: Make) -> None:
    society = make({"role": "firm_manager", "mind": "llm", "count": 5, "memory": 3, "reflect": 2})
    society.run_for(5)
    concluded = [line for question in questions(society) for line in question.memory if "concluded" in line]
    assert concluded


class Pen:
    """Answers with the rule and a letter."""

    def check(self, model: object) -> None:
        """Take any model."""

    async def answer(self, call: object) -> object:
        """Write."""
        from wildsim.minds.language.call import Reply

        return Reply('{"hours": 1, "letter": "Ask for more.\\n## What you decide\\n```"}')

    async def close(self) -> None:
        """Nothing."""


def test_letters_reach_friends_who_read_them_once_a_month_later(make: Make) -> None:
    from wildsim.minds.language.chain import Language
    from wildsim.minds.language.settings import Settings
    from wildsim.minds.prompt import messages_of
    from wildsim.minds.roles import ROLES

    with Language(Settings(), backends={"openai_http": Pen()}) as language:  # type: ignore[dict-item]
        entry = {"role": "household_member", "mind": "llm", "model": "pen", "backend": "openai_http", "letters": 2}
        society = make(entry, language=language)
        society.step()
        assert not any(question.letters for question in questions(society))
        society.step()
        read = [question for question in questions(society) if question.letters]
        assert read
        assert max(len(question.letters) for question in read) == 2
        ids = {f"person-{int(i) & ((1 << 56) - 1)}": row for row, i in enumerate(society.people.id)}
        question = read[0]
        friends = set(friends_of(society.world.view(), ids[question.agent]).tolist())
        assert all(ids[sender] in friends for sender, _ in question.letters)
        lines = messages_of(question, ROLES["household_member"])[1].content.splitlines()
        assert lines.count("## What you decide") == 1, "a letter cannot pass for a heading"


# -- advice ----------------------------------------------------------------------------------------------------------


def test_a_person_moves_from_its_rule_towards_the_advice_by_its_trust(make: Make) -> None:
    society = make({"role": "advisor", "mind": "random", "count": 40})
    rules = make()
    society.step()
    rules.step()
    council = society.world.council
    (party,) = council.sitting.parties
    ((rows, values),) = council.sitting.claimed["household_member"]
    rule = rules.world.tables["member_decisions"].base("consumption")[rows]
    given = [decision.values["consumption"] for decision in council.sitting.decisions[0]]
    np.testing.assert_allclose(values["consumption"], rule + START * (np.array(given) - rule), rtol=1e-9)
    assert len(party.rows) == 40


def test_trust_follows_how_things_went_and_stays_a_share(make: Make) -> None:
    society = make({"role": "advisor", "mind": "random", "count": 40})
    society.run_for(2)
    advice = society.world.council.advice
    before, rows = advice.trust.copy(), np.arange(len(advice.ids))
    advice._moved[:] = 1.0
    advice.expected[rows % 2 == 0] = -50.0  # things went far better than they expected
    advice.expected[rows % 2 == 1] = 50.0
    advice.learn(society.world)
    better, worse = rows % 2 == 0, rows % 2 == 1
    np.testing.assert_allclose(advice.trust[better], before[better] + LEARNING * (1.0 - before[better]))
    np.testing.assert_allclose(advice.trust[worse], before[worse] * (1.0 - LEARNING))
    for _ in range(200):
        advice._moved[:] = 1.0
        advice.learn(society.world)
    assert (advice.trust >= 0.0).all()
    assert (advice.trust <= 1.0).all()


def test_advice_that_is_the_rule_teaches_nothing(make: Make) -> None:
    society = make({"role": "advisor", "mind": "rule", "count": 40})
    society.run_for(4)
    np.testing.assert_array_equal(society.world.council.advice.trust, START)


def test_friends_are_the_household_and_colleagues_where_there_is_no_network(make: Make) -> None:
    society = make(people=400)
    society.step()
    people, view = society.people, society.world.view()
    row = int(np.flatnonzero(people.employer != NO_ROW)[0])
    found = friends_of(view, row)
    assert row not in found
    alike = (people.household == people.household[row]) | (people.employer == people.employer[row])
    assert set(found.tolist()) == set(np.flatnonzero(alike).tolist()) - {row}
