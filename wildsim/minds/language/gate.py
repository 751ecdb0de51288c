"""The gate to the models: so many calls at once, so many a minute, each given up after its timeout."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from urllib.parse import urlsplit

from wildsim.minds.language.backends.base import Backend, BackendError
from wildsim.minds.language.call import Call, Model, Reply
from wildsim.minds.language.clean import cleaned
from wildsim.minds.language.counts import Counts
from wildsim.minds.language.prices import Prices
from wildsim.minds.language.secrets import Secrets
from wildsim.minds.language.settings import Settings

_LONGEST_WHY = 300


def provider(model: Model) -> str:
    """Return whose server answers: its address, else the part of the model's name before the slash."""
    return urlsplit(model.api_base).netloc.rpartition("@")[2] or model.name.split("/")[0]


class Gate:
    """Sends calls to their backends within the limits; what goes wrong there comes out as BackendError.

    Attributes:
        secrets: What no text may hold. begins: Called before the first request of a call that costs something.
        before_request: Called before every request with how many are
            under way, this one too.
    """

    def __init__(self, settings: Settings, counts: Counts, prices: Prices, backends: Mapping[str, Backend]):
        """Use `backends` by name, and make those that are not among them when they are first needed."""
        self._settings, self._counts, self._prices = settings, counts, prices
        self._backends: dict[str, Backend] = dict(backends)
        self._all = asyncio.Semaphore(settings.concurrency)
        self._own: dict[str, asyncio.Semaphore] = {}
        self._next: dict[str, float] = {}
        self._sent: set[str] = set()
        self._by_provider = settings.per_provider is not None or settings.per_minute is not None
        self.secrets = Secrets()
        self.before_request: Callable[[int], None] = lambda under_way: None
        self.begins: Callable[[Call], None] = lambda call: None
        self._under_way = 0

    def backend(self, model: Model) -> Backend:
        """Return who answers for a model.

        Raises:
            InputError: There is no such backend.
        """
        name = "scripted" if model.scripted and model.backend not in self._backends else model.backend
        if name not in self._backends:
            from wildsim.minds.language.backends import BACKENDS

            self._backends[name] = BACKENDS[name](self._settings)
        return self._backends[name]

    async def answer(self, call: Call) -> Reply:
        """Send one request when there is room, and return what came back.

        Raises:
            BackendError: There is no answer.
        """
        name = provider(call.model) if self._by_provider else ""
        await self._pace(name)
        if self._settings.per_provider is None:
            async with self._all:
                return await self._sent_now(call)
        # the slot of the provider first, so that a slow one does not hold the slots of others
        async with self._own.setdefault(name, asyncio.Semaphore(self._settings.per_provider)), self._all:
            return await self._sent_now(call)

    async def _sent_now(self, call: Call) -> Reply:
        """Send one request; whatever a backend raises, here it becomes BackendError and the other calls go on."""
        self.before_request(self._under_way + 1)
        self._under_way += 1
        begun = time.perf_counter()
        self._count(call)
        try:
            async with asyncio.timeout(call.model.timeout_s):
                reply = await self.backend(call.model).answer(call)
        except BackendError as error:
            self._counts.requests += error.requests - 1
            error.why = self._said(error.why)
            raise
        except TimeoutError as error:
            why = f"no answer within {call.model.timeout_s:g} s"
            raise BackendError("timeout", why, retryable=True) from error
        except Exception as error:
            why = self._said(f"{type(error).__name__}: {error}")
            raise BackendError("backend error", why, retryable=False) from None
        finally:
            self._under_way -= 1
        return self._booked(call, reply, time.perf_counter() - begun)

    def _said(self, text: str) -> str:
        """Return the message of an error as one printable line without any key."""
        # keys first, of the whole: half a key at the cut would not be known as one
        begin = " ".join(self.secrets.hide(text).split())[: 4 * _LONGEST_WHY]
        line = self.secrets.hide_all(begin)
        return "".join(letter for letter in line if letter.isprintable())[:_LONGEST_WHY]

    async def _pace(self, name: str) -> None:
        """Wait until the provider may be asked again: calls begin evenly over the minute."""
        if self._settings.per_minute is None:
            return
        now = time.monotonic()
        begin = max(now, self._next.get(name, now))
        self._next[name] = begin + 60.0 / self._settings.per_minute
        if begin > now:
            await asyncio.sleep(begin - now)

    def _count(self, call: Call) -> None:
        self._counts.requests += 1
        if call.key not in self._sent:
            self._sent.add(call.key)
            self._counts.sent += 1
            if not call.model.scripted:
                self.begins(call)

    def ended(self, call: Call) -> None:
        """Forget a call that has its final answer."""
        self._sent.discard(call.key)

    def _booked(self, call: Call, reply: Reply, seconds: float) -> Reply:
        """Return the reply with its price and latency, and count it."""
        counts = self._counts
        usd = self._prices.cost(call.model, reply.prompt_tokens, reply.completion_tokens)
        reply = replace(cleaned(reply, self.secrets), usd=usd, latency_s=seconds)
        counts.answered += 1
        counts.requests += reply.tries - 1
        counts.latencies.append(seconds)
        tokens = reply.prompt_tokens + reply.completion_tokens
        if tokens == tokens:
            counts.prompt_tokens += int(reply.prompt_tokens)
            counts.completion_tokens += int(reply.completion_tokens)
        else:
            counts.unknown_tokens += 1
        if usd == usd:
            counts.usd += usd
        else:
            counts.unknown_prices += 1
        return reply

    async def close(self) -> None:
        """Close all backends."""
        for backend in self._backends.values():
            await backend.close()
