"""The most that the minds of a run can ask: calls, tokens and money, counted before anybody is asked."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.core.errors import InputError
from wildsim.engine.plan import Plan
from wildsim.minds.language.call import Model
from wildsim.scenario.minds import LlmSection, MindEntry
from wildsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from wildsim.minds.language.settings import Price
    from wildsim.state.world import World

#: People up to whom the start of the society itself is counted; of larger ones a smaller one like it.
MOST_COUNTED, SAMPLED = 50_000, 20_000
#: Deciders of which there are more in a larger society.
_GROWING = ("people", "firms", "scientists")
#: Agents whose prompts are looked at, and by how much the longest of the run may be longer than theirs.
_PROMPTS, _LONGER = 50, 1.25
#: What a repair adds to a prompt at most, bytes: the quoted answer and what is wrong with it.
_REPAIR = 4_000
#: Usual length of a token of English, bytes (OpenAI's help pages: about 4 characters), and of an answer in a few fields
#: with a sentence of reasons, tokens (assumption).
_BYTES_A_TOKEN, _ANSWER = 4.0, 100
#: What a letter or remembered line adds at most, bytes.
_LINE = 700


@dataclass(frozen=True)
class Share:
    """What one model may be asked by the agents of one entry of one arm.

    Attributes:
        arm, role, mind, model: Who asks whom; model is empty for minds that are no language models. agents: A month.
        there: Of these, how many the start of the society has. fixed: Whether the number of agents is the scenario's,
            and not that of the start of the society. forms: How often a person is asked, on all seeds.
        calls: On all seeds, repairs included. tokens, usd: At most; usd is NaN where the price is unknown.
        about_usd: What it comes to where no answer has to be repaired and answers have the usual length.
    """

    arm: str
    role: str
    mind: str
    model: str
    agents: int
    there: int
    fixed: bool
    forms: int = 0
    calls: int = 0
    tokens: int = 0
    usd: float = 0.0
    about_usd: float = 0.0

    @property
    def scripted(self) -> bool:
        """Whether no language model answers."""
        return Model(self.model).scripted


@dataclass(frozen=True)
class Bill:
    """The most that a run may ask.

    Attributes:
        shares: By arm, entry and model. counted: "the scenario" where every number of agents is given there; else what
            they were counted in.
    """

    shares: tuple[Share, ...]
    counted: str

    @property
    def calls(self) -> int:
        """Calls of language models, and of the script in their place."""
        return sum(share.calls for share in self.shares)

    @property
    def tokens(self) -> int:
        """Tokens of language models; the script has none."""
        return sum(share.tokens for share in self.shares if not share.scripted)

    @property
    def usd(self) -> float:
        """Money; NaN where a price is unknown."""
        return math.fsum(share.usd for share in self.shares)

    @property
    def about_usd(self) -> float:
        """Money where no answer has to be repaired and answers have the usual length; NaN where a price is unknown."""
        return math.fsum(share.about_usd for share in self.shares)

    @property
    def unpriced(self) -> list[str]:
        """Models of which the price is unknown."""
        return sorted({share.model for share in self.shares if math.isnan(share.usd)})


def bill_of(plan: Plan) -> Bill:
    """Return the most that the minds of a plan may ask.

    Raises:
        InputError: A template cannot be used, or the society cannot start.
    """
    from wildsim.deliberation.minds import settings_of

    shares, counted = [], "the scenario"
    for arm in plan.arms:
        if not arm.scenario.minds:
            continue
        world, told = _start(arm.scenario)
        prices = settings_of(arm.scenario.llm).prices
        taken: dict[str, Any] = {}
        for number, entry in enumerate(arm.scenario.minds):
            found = _Counted(world, arm.scenario, number, entry, taken)
            shares += found.shares(arm.name, plan.months, len(plan.seeds), prices)
            counted = counted if found.fixed else told
    return Bill(tuple(shares), counted)


def _start(scenario: Scenario) -> tuple[World, str]:
    """Return the start of a society, of a smaller one like it where it is large, and how to call it."""
    from wildsim.society import Society

    size = scenario.society
    changes: dict[str, Any] = {"minds": ()}
    told = "the start of the society"
    if size.people > MOST_COUNTED:
        regions = max(1, round(size.regions * SAMPLED / size.people))
        changes["society"] = size.model_copy(update={"people": SAMPLED, "regions": regions})
        told = f"a society of {SAMPLED:,} people, scaled up"
    society = Society(scenario.model_copy(update=changes))
    try:
        return society.world, told
    finally:
        society.close()


class _Counted:
    """The agents of an entry at the start of the society, and how long their prompts are."""

    def __init__(self, world: World, scenario: Scenario, number: int, entry: MindEntry, taken: dict[str, Any]):
        """Count; `taken` holds the rows of entries before, by role."""
        from wildsim.deliberation.seating import seated
        from wildsim.minds.roles import ROLES

        role = ROLES[entry.role]
        self.entry, self.number, self.world, self.role = entry, number, world, role
        scale = scenario.society.people / len(world.tables["people"]) if role.deciders in _GROWING else 1.0
        if _where_fits(entry, scenario, world):
            busy = taken.setdefault(role.decision_role, np.zeros(len(world.tables[role.deciders]), dtype=bool))
            self.rows = seated(world, number, entry, role.deciders, busy)
            busy[self.rows] = True
        else:
            self.rows = np.arange(len(world.tables[role.deciders]))
        #: A count is filled up again whenever somebody ends or comes to fit, so it is the most there can be.
        self.fixed = entry.count is not None or role.deciders not in _GROWING
        self.there = math.ceil(len(self.rows) * scale)
        self.agents = self.there if entry.count is None or role.deciders not in _GROWING else entry.count
        self.asked = self._asked()

    def _asked(self) -> int:
        """Return how many agents, or groups of them, are asked a month."""
        from wildsim.deliberation.archetypes import group_of

        shared = self.entry.archetypes
        if shared is None or not len(self.rows):
            return self.agents
        names = len(group_of(self.world, self.number, self.entry, self.role, self.rows).names)
        return min(self.agents, max(names, shared.groups + shared.check))

    def shares(self, arm: str, months: int, seeds: int, prices: Mapping[str, Price]) -> list[Share]:
        """Return what each model of the entry may be asked on all seeds."""
        from wildsim.deliberation.minds import model_of
        from wildsim.minds.language.budget import upper_bound

        entry = self.entry
        active = [month for month in range(months) if entry.active(month)]
        if entry.mind != "llm":
            forms = self.agents * len(active) * seeds if entry.mind == "human" and not entry.auto else 0
            return [Share(arm, entry.role, _called(entry), "", self.agents, self.there, self.fixed, forms=forms)]
        decisions = self.asked * len(active) * (entry.vote.count if entry.vote else 1)
        reflections = self.asked * _reflections(entry, active) if entry.archetypes is None else 0
        found = []
        for name, part in entry.models.items():
            model = model_of(entry, name)
            asked, more = (math.ceil(number * part) * seeds for number in (decisions, reflections))
            usd, tokens, about = 0.0, 0, 0.0
            if not model.scripted:
                size = self._prompt()
                about = _about(model, size, (asked + more) * self.there / max(self.agents, 1), prices)
                for calls, length in ((asked, size), (asked, size + _REPAIR), (more, size)):
                    cost, took = upper_bound(model, length, calls, prices)
                    usd, tokens = usd + cost, tokens + took
            agents, there = math.ceil(self.agents * part), math.ceil(self.there * part)
            found.append(
                Share(arm, entry.role, "llm", name, agents, there, self.fixed, 0, 2 * asked + more, tokens, usd, about)
            )
        return found

    def _prompt(self) -> int:
        """Return how long a prompt of the entry may be, bytes."""
        from wildsim.deliberation.minds import style_of
        from wildsim.deliberation.party import gather
        from wildsim.minds.memory import Memory
        from wildsim.sensors.world_sensor import Sensors

        entry = self.entry.model_copy(update={"archetypes": None})
        party = gather(self.world, self.number, entry, self.rows[:_PROMPTS], Sensors(self.world), Memory())
        style = style_of(entry, next(iter(entry.models)))  # what is said is the same for all of them
        longest = 0
        for question in party.questions:
            longest = max(longest, sum(len(message.content.encode()) for message in style.messages(question)))
        lines = entry.memory + bool(entry.reflect) + entry.letters
        return math.ceil(longest * _LONGER) + _LINE * lines


def _about(model: Model, size: int, calls: float, prices: Mapping[str, Price]) -> float:
    """Return what calls come to without repairs, USD; NaN where the price is unknown."""
    from wildsim.minds.language.prices import Prices

    prompt, answer = size / _LONGER / _BYTES_A_TOKEN, min(_ANSWER, model.max_tokens)
    return Prices(prices).cost(model, calls * prompt, calls * answer)


def _called(entry: MindEntry) -> str:
    """Return the kind of a mind; a human seat that is left to the rule is one of the rule."""
    return "rule" if entry.mind == "human" and entry.auto else entry.mind


def _where_fits(entry: MindEntry, scenario: Scenario, world: World) -> bool:
    """Return whether the regions that an entry names are there in a smaller society; if not, all agents are counted."""
    region = entry.where.selectors().get("region") if entry.where is not None else None
    return region is None or len(world.tables["people"]) == scenario.society.people


def _reflections(entry: MindEntry, active: list[int]) -> int:
    """Return in how many months an agent sums up its memory."""
    if not entry.reflect:
        return 0
    return sum(month > entry.from_ and (month - entry.from_) % entry.reflect == 0 for month in active)


def check_budget(bill: Bill, limits: LlmSection) -> str:
    """Return what to say where a run may ask more than its budgets allow; "" where it cannot.

    Raises:
        InputError: There is a budget in money and a price is unknown, so that it could not be kept.
    """
    advice = "Lower agents, months or seeds, or set llm."
    if limits.budget_usd is not None and bill.unpriced:
        unpriced = ", ".join(f"'{name}'" for name in bill.unpriced)
        raise InputError(
            f"This run may make {bill.calls:,} model calls (price unknown for {unpriced}), over the budget of "
            f"${limits.budget_usd:g}. {advice}budget_usd. A budget in money needs the price, USD per million tokens: "
            f"llm: {{prices: {{'{bill.unpriced[0]}': {{prompt: 1, completion: 3}}}}}}"
        )
    for amount, limit, text in _over(bill, limits):
        if limit is not None and amount > limit:
            name = {"$": "budget_usd", "tokens": "budget_tokens", "calls": "budget_calls"}[text]
            most = f"${limit:g}" if text == "$" else f"{limit:,} {text}"
            so = {"$": f" (at most ${amount:,.2f})", "tokens": f" (at most {amount:,.0f} tokens)", "calls": ""}[text]
            then = "stops then and can be resumed with more" if limits.on_budget == "stop" else "goes on by the rules"
            return (
                f"This run may make {bill.calls:,} model calls{so}, over the budget of {most}. {advice}{name}. "
                f"Where the budget is spent, it {then}."
            )
    return ""


def _over(bill: Bill, limits: LlmSection) -> list[tuple[float, float | int | None, str]]:
    usd = 0.0 if math.isnan(bill.usd) else bill.usd
    return [
        (usd, limits.budget_usd, "$"),
        (bill.tokens, limits.budget_tokens, "tokens"),
        (bill.calls, limits.budget_calls, "calls"),
    ]


def as_data(bill: Bill) -> Mapping[str, Any]:
    """Return a bill as plain data."""
    return {
        "model_calls": bill.calls,
        "tokens": bill.tokens,
        "cost_usd": None if math.isnan(bill.usd) else bill.usd,
        "cost_usd_about": None if math.isnan(bill.about_usd) else bill.about_usd,
        "price_unknown": bill.unpriced,
        "counted_in": bill.counted,
        "minds": [dict(share.__dict__) for share in bill.shares],
    }
