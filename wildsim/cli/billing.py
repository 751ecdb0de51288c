"""What `run` and `validate` say of minds before anything is asked: who they are, and the most that they may cost."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

from wildsim.cli import output
from wildsim.minds.language.call import SCRIPTED

if TYPE_CHECKING:
    from wildsim.engine.bill import Bill, Share
    from wildsim.engine.plan import Plan


def priced(plan: Plan, *, keys: bool = True) -> Bill | None:
    """Check that the models of a plan can be asked, and return the most that it may ask; None where minds are rules.

    Args:
        keys: Whether keys must be there, too: a bill can be had without.

    Raises:
        InputError: A key or an address is missing, with file and line; or a budget could not be kept.
    """
    if not any(arm.scenario.minds for arm in plan.arms):
        return None
    from wildsim.engine import readiness
    from wildsim.engine.bill import bill_of

    readiness.check(plan.arms, plan.seeds, keys=keys)
    bill = bill_of(plan)
    over_budget(plan, bill)
    return bill


def over_budget(plan: Plan, bill: Bill) -> str:
    """Return what to say where the run may ask more than its budget; "" where it cannot."""
    from wildsim.engine.bill import check_budget

    return check_budget(bill, plan.scenario.llm)


def print_bill(bill: Bill) -> None:
    """Print the most calls, tokens and money of a run, and who may cause them."""
    for text in _who(bill):
        print(f"minds: {text}")
    print(f"model calls: {_calls(bill)}")
    if bill.counted != "the scenario":
        print(f"    agents were counted in {bill.counted}: where their number grows, more calls are made")


def say_minds(plan: Plan, bill: Bill) -> None:
    """Say, before a run, who has a mind and what it may cost."""
    for text in _who(bill):
        output.say(f"Minds: {text}")
    output.say(f"Model calls: {_calls(bill)}")
    over = over_budget(plan, bill)
    if over:
        output.say(f"Note: {over}")


def _who(bill: Bill) -> list[str]:
    """Return who has a mind, a line an entry and model; arms that share it share the line."""
    arms: dict[Share, list[str]] = {}
    for share in bill.shares:
        arms.setdefault(replace(share, arm="", usd=0.0, about_usd=0.0), []).append(share.arm)  # NaN equals nothing
    several = len({share.arm for share in bill.shares}) > 1
    return [_line(share, names if several else []) for share, names in arms.items()]


def _line(share: Share, arms: list[str]) -> str:
    what = {
        "llm": share.model,
        "human": "a person at the terminal",
        "replay": "decisions of an earlier run",
        "rule": "the rule",
    }
    named = output.line(what.get(share.mind, share.mind), 80)
    has = "agent has a mind of its own" if share.agents == 1 else "agents have minds of their own"
    if share.scripted:
        named = SCRIPTED if share.model == "scripted" else f"{named}, {SCRIPTED}"
    much = f"; {share.calls:,} calls at most" if share.calls else ""
    much += f"; asked {share.forms:,} times at most" if share.forms else ""
    much += f"; only {share.there:,} fit at the start" if share.there < share.agents else ""
    where = f"{' in each of' if len(arms) > 1 else ' in'} {', '.join(arms)}" if arms else ""
    return f"{share.agents:,} {has}: {share.role}, {named}{much}{where}"


def _calls(bill: Bill) -> str:
    """Return the most calls and what they may cost."""
    if not bill.calls:
        return "0 (no LLM minds)"
    if all(share.scripted for share in bill.shares if share.calls):
        cost = f"{SCRIPTED}: $0"
    elif math.isnan(bill.usd):
        cost = f"{bill.tokens:,} tokens at most, price unknown for {', '.join(bill.unpriced)}"
    else:
        cost = f"{bill.tokens:,} tokens and ${bill.usd:,.2f} at most, about ${bill.about_usd:,.2f} without repairs"
    return f"{bill.calls:,} at most, repairs included; {cost}"
