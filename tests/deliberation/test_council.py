"""The council: rules stand where nobody sits, minds decide where they do, and nothing else moves."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from tests.deliberation.conftest import Make
from wildsim.core.errors import InputError
from wildsim.deliberation.substitutes import made_of, substituted
from wildsim.minds.mind import Question
from wildsim.minds.plain import RandomMind
from wildsim.minds.vote import ballots_of, counted
from wildsim.society import Society

RULE = {"mind": "rule"}
BY_PROMPT = {"mind": "llm", "model": "scripted:rule", "exact": True}
ROLES = ("household_member", "firm_manager", "bank_officer", "government", "central_banker", "advisor")


def lived(society: Society, months: int = 4) -> dict[str, float]:
    """Return the indicators after some months, those that count minds apart."""
    society.run_for(months)
    counting = ("llm_share", "fallback_rate")
    return {name: value for name, value in society.indicators.items() if name not in counting}


def same(one: dict[str, float], other: dict[str, float]) -> None:
    """Check that two months are equal to the bit."""
    assert one.keys() == other.keys()
    assert [name for name in one if one[name] != other[name] and not math.isnan(one[name])] == []


@pytest.mark.parametrize("role", ROLES)
def test_a_model_told_to_follow_the_rule_changes_nothing_at_all(role: str, make: Make) -> None:
    """The whole chain, from observation to decision column, is exact where the prompt prints numbers in full."""
    society = make({"role": role, **BY_PROMPT})
    same(lived(society), lived(make()))
    assert society.indicators["llm_share"] > 0.0
    assert society.indicators["fallback_rate"] == 0.0


@pytest.mark.parametrize(("role", "sector"), [("scientist", "science"), ("platform", "culture")])
def test_roles_of_sectors_follow_the_rule_to_the_bit(role: str, sector: str, make: Make) -> None:
    on = {sector: True}
    same(lived(make({"role": role, **BY_PROMPT}, sectors=on)), lived(make(sectors=on)))


def test_every_role_at_once_follows_the_rule_to_the_bit(make: Make) -> None:
    same(lived(make(*({"role": role, **BY_PROMPT} for role in ROLES[:-1]))), lived(make()))


def test_the_rule_as_a_mind_changes_nothing(make: Make) -> None:
    same(lived(make(*({"role": role, **RULE} for role in ROLES))), lived(make()))


def test_a_mind_decides_and_the_books_close(make: Make) -> None:
    rules, minds = make(), make({"role": "firm_manager", "mind": "random", "count": 3})
    before = lived(rules)
    after = lived(minds)
    assert before["gdp"] != after["gdp"]
    assert minds.largest_error <= 1e-9


def test_rounded_prompts_give_indicators_equal_to_the_rounding(make: Make) -> None:
    rounded = make({"role": "firm_manager", "mind": "llm", "model": "scripted:rule"}, people=1000)
    rules = make(people=1000)
    rounded.step()
    rules.step()
    for name in ("gdp_real", "price_level", "unemployment_rate"):
        assert rounded.indicators[name] == pytest.approx(rules.indicators[name], rel=5e-3)


def test_minds_decide_from_their_first_month_on_and_no_longer_than_said(make: Make) -> None:
    society = make({"role": "central_banker", "mind": "random", "from": 2, "until": 5, "every": 2})
    asked = []
    for _ in range(6):
        society.step()
        asked.append(int(society.macro.fallible[0]) + len(society.world.council.sitting.parties))
    assert asked == [0, 0, 1, 0, 1, 0]


def test_agents_that_one_entry_has_are_not_asked_by_the_next(make: Make) -> None:
    society = make(
        {"role": "household_member", "mind": "random", "count": 10},
        {"role": "household_member", "mind": "rule"},
    )
    society.step()
    first, second = society.world.council.sitting.parties
    assert len(first.rows) == 10
    assert not set(first.rows) & set(second.rows)
    assert society.world.council.tally.month["rule"] == len(second.rows)


def test_only_the_fields_named_are_decided(make: Make) -> None:
    society = make({"role": "firm_manager", "mind": "random", "decides": ["price"]})
    society.step()
    record = society.decisions()
    moved = record["field"][record["proposed"] != record["rule"]]
    assert set(moved) == {"price"}


def test_fields_that_a_mind_was_not_asked_about_are_the_rules_in_the_record(make: Make) -> None:
    society = make({"role": "firm_manager", "mind": "llm", "count": 4, "decides": ["price", "wage"]})
    society.step()
    record = society.decisions()
    assert set(record["field"][record["source"] == "scripted"]) == {"price", "wage"}
    others = ~np.isin(record["field"], ["price", "wage"])
    assert set(record["source"][others]) == {"rule"}
    assert set(record["call_ids"][others]) == {""}


def test_agents_checked_on_their_own_are_counted_once(make: Make) -> None:
    entry = {"role": "household_member", "mind": "llm", "archetypes": {"groups": 1, "check": 10_000}}
    society = make(entry)
    society.step()
    assert sum(society.world.council.tally.month.values()) == len(society.world.council.sitting.parties[0].rows)
    assert society.indicators["llm_share"] < 1.0


def test_records_hold_agents_with_minds_and_nobody_else(make: Make) -> None:
    society = make({"role": "household_member", "mind": "llm", "count": 5})
    society.step()
    record = society.decisions()
    assert len(set(record["agent"])) == 5
    asked = record["field"] == "consumption"
    assert set(record["source"][asked]) == {"scripted"}
    assert {len(call) for call in record["call_ids"][record["source"] == "scripted"]} == {16}
    for stage in ("rule", "proposed", "guarded", "executed"):
        assert np.isfinite(record[stage]).all()


def test_answers_that_cannot_be_used_leave_the_rule_to_decide_and_are_counted(make: Make) -> None:
    broken = make({"role": "firm_manager", "mind": "llm", "model": "scripted:refuse"})
    same(lived(broken, 3), lived(make(), 3))
    report = broken.minds_report()
    assert set(report["decisions"]) == {"firm_manager/fallback"}
    assert sum(report["reasons"].values()) == report["decisions"]["firm_manager/fallback"]
    assert broken.indicators["fallback_rate"] == 1.0
    assert broken.indicators["llm_share"] == 0.0
    broken.step()
    record = broken.decisions()
    assert all(record["reason"][record["source"] == "fallback"])
    assert set(record["field"][record["source"] == "rule"]) <= {"layoffs", "investment"}, (
        "makers of machines order none"
    )


def test_a_share_of_malformed_answers_is_lost_to_nobody(make: Make) -> None:
    society = make({"role": "household_member", "mind": "llm", "model": "scripted:chaos=.3"})
    for _ in range(3):
        society.step()
        tally = society.world.council.tally
        asked = sum(len(party.questions) for party in society.world.council.sitting.parties)
        assert sum(tally.month.values()) == asked
    report = society.minds_report()
    assert report["decisions"]["household_member/fallback"] > 0
    assert report["repaired"]["household_member"] > 0
    assert society.largest_error <= 1e-9


def test_votes_are_counted_as_one_decision(make: Make) -> None:
    society = make({"role": "central_banker", "mind": "llm", "vote": {"count": 5}})
    society.step()
    (party,) = society.world.council.sitting.parties
    ((decision,),) = society.world.council.sitting.decisions
    assert len(party.ballots) == 5
    assert len({ballot.purpose for ballot in party.ballots}) == 5
    assert len(decision.calls) == 5
    assert sum(weight for _, weight in decision.calls) == pytest.approx(1.0)


def test_votes_of_a_batch_give_what_one_by_one_gives(make: Make) -> None:
    society = make({"role": "firm_manager", "mind": "llm", "count": 5, "vote": {"count": 3}})
    society.step()
    (party,) = society.world.council.sitting.parties
    assert len(party.questions) == 5
    alone = [counted(one, RandomMind().decide(ballots_of(one, 3)), "median") for one in party.questions]
    assert party.decided(RandomMind().decide(party.ballots)) == alone
    assert len({decision.values["price"] for decision in alone}) == 5


def test_models_are_mixed_by_agent_for_life(make: Make) -> None:
    society = make({"role": "household_member", "mind": "llm", "mix": {"scripted": 0.5, "scripted:random": 0.5}})
    society.step()
    (party,) = society.world.council.sitting.parties
    first = {question.agent: question.style for question in party.questions}
    society.step()
    (party,) = society.world.council.sitting.parties
    again = {question.agent: question.style for question in party.questions}
    known = first.keys() & again.keys()
    assert all(first[agent] == again[agent] for agent in known)
    share = np.mean([style.endswith("random") for style in first.values()])
    assert 0.35 < share < 0.65  # binomial of 250 or more: 4 standard errors


def test_a_person_is_asked_and_the_answer_holds(make: Make) -> None:
    asked: list[Question] = []

    def person(question: Question) -> dict[str, float] | None:
        asked.append(question)
        return {"rate": 0.11} if question.month == 0 else None

    society = make({"role": "central_banker", "mind": "human"}, ask=person)
    society.step()
    assert society.decisions()["guarded"].tolist() == [0.11]
    assert society.decisions()["source"].tolist() == ["human"]
    society.step()
    assert society.decisions()["source"].tolist() == ["rule"]
    assert [question.month for question in asked] == [0, 1]


def test_a_person_needs_somebody_to_ask(make: Make) -> None:
    with pytest.raises(InputError, match="--auto"):
        make({"role": "central_banker", "mind": "human"})
    make({"role": "central_banker", "mind": "human", "auto": True}).step()


@pytest.mark.parametrize(
    "entry",
    [
        {"role": "household_member", "mind": "llm", "count": 20, "memory": 4, "reflect": 2},
        {"role": "household_member", "mind": "llm", "count": 40, "letters": 3},
        {"role": "advisor", "mind": "llm", "count": 30},
        {"role": "household_member", "mind": "llm", "archetypes": {"groups": 8, "check": 5}},
    ],
    ids=["memory", "letters", "advice", "archetypes"],
)
def test_a_society_with_minds_goes_on_from_a_snapshot_as_if_nothing_had_happened(
    entry: dict[str, Any], make: Make
) -> None:
    whole, first, second = make(entry), make(entry), make(entry)
    whole.run_for(6)
    first.run_for(3)
    second.restore(first.snapshot())
    second.run_for(3)
    assert whole.indicators == pytest.approx(second.indicators, rel=0, abs=0, nan_ok=True)
    assert whole.minds_report() == second.minds_report()
    for name, values in whole.snapshot().items():
        np.testing.assert_array_equal(values, second.snapshot()[name], err_msg=name)


def test_one_mind_more_moves_nobody_elses_luck(make: Make) -> None:
    """Members are drawn by luck of their own, so that the first ten are among the first eleven."""
    ten, eleven = (make({"role": "household_member", "mind": "rule", "count": n}) for n in (10, 11))
    ten.step()
    eleven.step()
    few, more = (set(s.world.council.sitting.parties[0].ids.tolist()) for s in (ten, eleven))
    assert few < more


@pytest.mark.parametrize("role", ["household_member", "firm_manager"])
def test_a_shared_call_without_a_usable_answer_leaves_each_member_its_own_rule(role: str, make: Make) -> None:
    entry = {"role": role, "mind": "llm", "model": "scripted:refuse", "archetypes": {"groups": 3, "check": 2}}
    same(lived(make(entry)), lived(make()))


@pytest.mark.parametrize(
    "entry",
    [
        {"role": "household_member", "mind": "llm", "model": "scripted:chaos=.4", "vote": {"count": 2}},
        {"role": "firm_manager", "mind": "llm", "model": "scripted:chaos=.4", "memory": 2, "every": 2},
        {"role": "advisor", "mind": "llm", "model": "scripted:chaos=.4", "count": 60},
        {
            "role": "household_member",
            "mind": "llm",
            "model": "scripted:chaos=.8",
            "archetypes": {"groups": 9, "check": 4},
        },
        {"role": "central_banker", "mind": "random"},
    ],
    ids=["votes", "managers", "advice", "archetypes", "chance"],
)
def test_decisions_repeated_from_the_record_give_the_same_months(entry: dict[str, Any], make: Make) -> None:
    """What the lives with fallbacks at their bounds rest on: without bounds they are the run itself."""
    run = make(entry)
    columns: dict[str, list[Any]] = {"month": []}
    for month in range(5):
        run.step()
        record = run.decisions()
        columns["month"] += [month] * len(record["agent"])
        for name, values in record.items():
            columns.setdefault(name, []).extend(values.tolist())
    council = substituted(run.scenario.minds, made_of(columns), "rule")
    again = make(entry, council=council)
    same(lived(again, 5), {n: v for n, v in run.indicators.items() if n not in ("llm_share", "fallback_rate")})
    report = run.minds_report()["decisions"]
    assert entry["mind"] == "random" or any(key.endswith("/fallback") for key in report)


def test_the_record_never_calls_a_shared_decision_the_rules(make: Make) -> None:
    entry = {"role": "household_member", "mind": "llm", "model": "scripted:random", "archetypes": {"groups": 5}}
    society = make(entry, record={"decisions": "all"})
    society.step()
    record = society.decisions()
    of_members = record["role"] == "household_member"
    by_rule = of_members & (record["source"] == "rule")
    changed = np.abs(record["guarded"] - record["rule"]) > 1e-6 * np.maximum(np.abs(record["rule"]), 1.0)
    assert (of_members & (record["source"] == "scripted")).sum() > 500
    assert not (by_rule & changed).any()
    assert len(set(record["call_ids"][record["source"] == "scripted"])) <= 12
