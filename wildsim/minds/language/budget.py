"""The budget: what a call may take at most is set aside before it goes out, and what it took is settled afterwards.

Calls are admitted in the order asked. Those that do not fit yet wait until everything admitted is settled, so that what
is refused depends on what calls cost, never on which answer came first.
"""

from __future__ import annotations

import asyncio
import math
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, replace

from wildsim.core.errors import InputError
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.call import Answer, Call, Model, Reply
from wildsim.minds.language.gate import Gate
from wildsim.minds.language.prices import Prices
from wildsim.minds.language.settings import Price, Settings

BYTES_PER_TOKEN = 2
"""English and JSON take 3 to 4 bytes a token, about 2 where digits are taken one by one: few need more tokens."""

TOKENS_PER_MESSAGE = 16
"""For the marks that a chat template puts around each message and the answer."""


@dataclass
class Spent:
    """What calls took. calls: Their number. tokens: Prompt and completion. usd: US dollars."""

    calls: int = 0
    tokens: float = 0.0
    usd: float = 0.0

    def plus(self, other: Spent, sign: int = 1) -> Spent:
        """Return the sum, or with sign -1 the difference."""
        return Spent(self.calls + sign * other.calls, self.tokens + sign * other.tokens, self.usd + sign * other.usd)


def prompt_tokens_at_most(call: Call) -> int:
    """Return about how many tokens the prompt has at most."""
    size = sum(len(message.content.encode("utf-8", errors="replace")) for message in call.messages)
    return math.ceil(size / BYTES_PER_TOKEN) + TOKENS_PER_MESSAGE * (len(call.messages) + 1)


class Budget:
    """Admits calls as far as money, tokens and calls allow; wraps the gate to the models."""

    def __init__(self, settings: Settings, prices: Prices, inner: Gate, spent: Spent | None = None):
        """Begin with what the seed has spent before (a resumed run, an earlier arm)."""
        self._settings, self._prices, self._inner = settings, prices, inner
        self.spent = spent or Spent()
        self._reserved = Spent()
        self._held: dict[str, Spent] = {}
        self._lost: dict[str, Spent] = {}
        self._waiting: deque[tuple[Call, asyncio.Future[bool]]] = deque()
        self._limited = any(
            limit is not None for limit in (settings.budget_usd, settings.budget_tokens, settings.budget_calls)
        )

    def check(self, model: Model) -> None:
        """Raise if a budget in money cannot be kept for want of a price.

        Raises:
            InputError: The price of the model is not known.
        """
        if self._settings.budget_usd is not None and self._prices.of(model) is None:
            raise InputError(
                f"The price of '{model.name}' is unknown, so budget_usd {self._settings.budget_usd:g} cannot be kept. "
                f"Give it, USD per million tokens: llm: {{prices: {{'{model.name}': {{prompt: 1, completion: 3}}}}}}. "
                "Or use budget_tokens or budget_calls."
            )

    async def answer(self, call: Call) -> Reply:
        """Send one request for a call that was admitted, now or at its first try.

        Raises:
            BackendError: No answer this time, or kind "budget": it does not fit.
        """
        if self._limited and call.key not in self._held and not await self._admitted(call):
            raise BackendError("budget", "the budget is spent", retryable=False, requests=0)
        try:
            return await self._inner.answer(call)
        except BackendError as error:
            if error.billed:
                self._give_up(call, error)
            raise

    def _give_up(self, call: Call, error: BackendError) -> None:
        """Charge a request that may be billed though nothing came of it; another try must fit beside it."""
        most = replace(self._most(call), calls=0)
        self._lost[call.key] = self._lost.get(call.key, Spent()).plus(most)
        self.spent = self.spent.plus(_known(most))
        if self._limited and error.retryable and not self._within(self.spent.plus(self._reserved)):
            error.retryable, error.why = False, f"{error.why}; another try does not fit into the budget"

    def settle(self, call: Call, answer: Answer) -> Answer:
        """Give back what was set aside for a call that has ended, and book what it took.

        Returns:
            The answer with what is counted for it beyond what the model said.
        """
        answer = self._bounded(call, answer)
        if self._limited and call.key in self._held:
            took = Spent(1)
            if isinstance(answer, Reply):
                bound = Spent(0, answer.bound_tokens, answer.bound_usd)
                took = _known(Spent(1, _tokens(answer), answer.usd)).plus(_known(bound))
            # what was lost on the way is spent already
            lost = _known(self._lost.get(call.key, Spent())) if isinstance(answer, Reply) else Spent()
            self.spent = self.spent.plus(took).plus(lost, -1)
        self.abandon(call)
        return answer

    def abandon(self, call: Call) -> None:
        """Give back what was set aside for a call that nobody waits for any more."""
        self._inner.ended(call)
        self._lost.pop(call.key, None)
        held = self._held.pop(call.key, None)
        if held is not None:
            self._reserved = self._reserved.plus(held, -1)
            if not self._held:
                self._admit_waiting()

    def _bounded(self, call: Call, answer: Answer) -> Answer:
        """Return an answer with its bounds: requests given up, and what a reply leaves open."""
        bound = self._lost.get(call.key, Spent())
        if isinstance(answer, Reply) and math.isnan(answer.prompt_tokens + answer.completion_tokens):
            most = self._most(call)
            open_tokens = max(most.tokens - _tokens(answer), 0.0)
            bound = bound.plus(Spent(0, open_tokens, most.usd if math.isnan(answer.usd) else 0.0))
        if not bound.tokens and bound.usd == 0.0:
            return answer
        return replace(answer, bound_tokens=bound.tokens, bound_usd=bound.usd)

    def message(self, refused: int) -> str:
        """Return what a run that stops says."""
        settings = self._settings
        parts = []
        if settings.budget_usd is not None:
            parts.append(f"${self.spent.usd:.4g} of ${settings.budget_usd:g}")
        if settings.budget_tokens is not None:
            parts.append(f"{self.spent.tokens:,.0f} of {settings.budget_tokens:,} tokens")
        if settings.budget_calls is not None:
            parts.append(f"{self.spent.calls:,} of {settings.budget_calls:,} calls")
        return (
            f"The budget is spent: {', '.join(parts)}; {refused:,} calls do not fit any more. Answers so far are kept. "
            "Resume with more: --budget-usd, --budget-tokens or --budget-calls. Or run anew, with on_budget: fallback."
        )

    async def _admitted(self, call: Call) -> bool:
        """Set aside what the call may take; wait in line where that does not fit yet."""
        if not self._waiting and self._fits(call):
            self._hold(call)
            return True
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((call, turn))
        if not self._held:
            self._admit_waiting()
        return await turn

    def _admit_waiting(self) -> None:
        """Let those in line pass as far as they fit; with nothing under way, one that does not fit never will."""
        while self._waiting:
            call, turn = self._waiting[0]
            if turn.done():
                self._waiting.popleft()
            elif self._fits(call):
                self._waiting.popleft()
                self._hold(call)
                turn.set_result(True)
            elif self._held:
                return
            else:
                self._waiting.popleft()
                turn.set_result(False)
                while self._settings.on_budget == "stop" and self._waiting:
                    _, later = self._waiting.popleft()
                    if not later.done():
                        later.set_result(False)

    def _fits(self, call: Call) -> bool:
        return self._within(self.spent.plus(self._reserved).plus(_known(self._most(call))))

    def _within(self, total: Spent) -> bool:
        settings = self._settings
        pairs = (
            (total.usd, settings.budget_usd),
            (total.tokens, settings.budget_tokens),
            (total.calls, settings.budget_calls),
        )
        return all(limit is None or amount <= limit for amount, limit in pairs)

    def _hold(self, call: Call) -> None:
        self._held[call.key] = _known(self._most(call))
        self._reserved = self._reserved.plus(self._held[call.key])

    def _most(self, call: Call) -> Spent:
        """Return what one request of the call may take at most; USD is NaN where the price is not known."""
        prompt, completion = prompt_tokens_at_most(call), call.model.max_tokens
        return Spent(1, prompt + completion, self._prices.cost(call.model, prompt, completion))


def _known(spent: Spent) -> Spent:
    """Return amounts that can be added up: without a price there is no budget in money."""
    return replace(spent, usd=0.0) if math.isnan(spent.usd) else spent


def _tokens(reply: Reply) -> float:
    """Return the tokens that a reply says it took."""
    return math.fsum(told for told in (reply.prompt_tokens, reply.completion_tokens) if not math.isnan(told))


def upper_bound(
    model: Model, prompt_chars: int, calls: int, prices: Mapping[str, Price] | None = None
) -> tuple[float, int]:
    """Return the most that calls can take: USD (NaN where the price is unknown) and tokens.

    Args:
        prompt_chars: Bytes in UTF-8 of one prompt, its messages together (of English text as many as characters).
        calls: Their number; repairs count. prices: The user's own.
    """
    prompt = calls * (math.ceil(prompt_chars / BYTES_PER_TOKEN) + 3 * TOKENS_PER_MESSAGE)
    completion = calls * model.max_tokens
    return Prices(prices or {}).cost(model, prompt, completion), prompt + completion
