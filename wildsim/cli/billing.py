"""What `run` and `validate` say of minds before anything is asked: who they are, and the most that they may cost."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from wildsim.cli import output

if TYPE_CHECKING:
    from wildsim.engine.bill import Bill, Share
    from wildsim.engine.plan import Plan


def priced(plan: Plan) -> Bill | None:
    """Check that the models of a plan can be asked, and return the most that it may ask; None where minds are rules.

    Raises:
        InputError: A key or an address is missing, with file and line; or a budget could not be kept.
    """
    if not any(arm.scenario.minds for arm in plan.arms):
        return None
    from wildsim.engine import provider_keys
    from wildsim.engine.bill import bill_of

    provider_keys.check(list(plan.arms))
    bill = bill_of(plan)
    over_budget(plan, bill)
    return bill


def over_budget(plan: Plan, bill: Bill) -> str:
    """Return what to say where the run may ask more than its budget; "" where it cannot."""
    from wildsim.engine.bill import check_budget

    return check_budget(bill, plan.scenario.llm)


def print_bill(bill: Bill) -> None:
    """Print the most calls, tokens and money of a run, and who may cause them."""
    for share in dict.fromkeys(bill.shares):
        print(f"minds: {_who(share)}" + (f", {share.calls:,} calls at most" if share.calls else ""))
    print(f"model calls: {bill.calls:,} at most, repairs included; {_cost(bill)}")
    if bill.counted != "the scenario":
        print(f"    agents were counted in {bill.counted}: where their number grows, more calls are made")


def say_minds(plan: Plan, bill: Bill) -> None:
    """Say, before a run, who has a mind and what it may cost."""
    for share in bill.shares:
        if len(plan.arms) == 1 or share.arm == bill.shares[0].arm or share not in _of_first(bill):
            output.say(f"Minds: {_who(share)}")
    output.say(f"At most {bill.calls:,} model calls; {_cost(bill)}")
    over = over_budget(plan, bill)
    if over:
        output.say(f"Note: {over}")


def _of_first(bill: Bill) -> list[Share]:
    """Return the shares of all arms that the first arm has as well."""
    first = {_key(share) for share in bill.shares if share.arm == bill.shares[0].arm}
    return [share for share in bill.shares if _key(share) in first]


def _key(share: Share) -> tuple[str, str, str, int]:
    return share.role, share.mind, share.model, share.agents


def _who(share: Share) -> str:
    """Return who has a mind, in words."""
    what = {"llm": share.model, "human": "a person at the terminal", "replay": "decisions of an earlier run"}
    named = output.line(what.get(share.mind, share.mind), 80)
    note = ": scripted, no language model" if share.scripted else ""
    has = "agent has a mind of its own" if share.agents == 1 else "agents have minds of their own"
    return f"{share.agents:,} {has}: {share.role}, {named}{note} (arm {share.arm})"


def _cost(bill: Bill) -> str:
    if all(share.scripted for share in bill.shares if share.calls):
        return "scripted, no language model: cost $0"
    if math.isnan(bill.usd):
        return f"{bill.tokens:,} tokens at most, price unknown for {', '.join(bill.unpriced)}"
    return f"{bill.tokens:,} tokens and ${bill.usd:,.2f} at most"
