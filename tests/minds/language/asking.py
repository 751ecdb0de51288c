"""Questions, calls and backends that the tests of the language chain share."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from wildsim.minds.block import field_block
from wildsim.minds.language.call import Asker, Call, Message, Model, Reply
from wildsim.minds.language.repair import TextQuestion
from wildsim.minds.mind import Field

PRICE = Field("price", "USD", "Price of a unit", 0.0, 100.0, False, 12.5)
STAFF = Field("staff", "people", "Hands that are wanted", 0.0, 50.0, True, 7.0)
SHARE = Field("dividend", "share", "Share of profit that is paid out", 0.0, 1.0, False, 0.25)
TRAIN = Field("train", "yes or no", "Whether to train", 0.0, 1.0, True, 1.0)
RULE = Field("rule", "code", "How posts are ranked", 0.0, 2.0, True, 1.0, ("newest", "most liked", "friends first"))
FIELDS = (PRICE, STAFF, SHARE, TRAIN, RULE)
RIGHT = {"price": 12.5, "staff": 7.0, "dividend": 0.25, "train": 1.0, "rule": 1.0}


def asker(agent: str = "firm-1", month: int = 0, seed: int = 1, purpose: str = "decide") -> Asker:
    return Asker(seed, agent, month, "firm_manager", purpose)


def call(agent: str = "firm-1", text: str = "What now?", model: Model | None = None, **where: object) -> Call:
    """Return a plain call; `where` goes into the asker (month, seed, purpose) or is `shared`."""
    shared = bool(where.pop("shared", False))
    messages = (Message("system", "You manage a firm."), Message("user", text))
    return Call(model or Model("test", "mine"), messages, asker(agent, **where), None, shared)  # type: ignore[arg-type]


def question(
    agent: str, model: Model, text: str = "", fields: tuple[Field, ...] = FIELDS, month: int = 0
) -> TextQuestion:
    """Return a question with a block of fields."""
    return TextQuestion((Message("user", f"{text}\n{field_block(fields)}"),), fields, asker(agent, month), model)


@dataclass
class Mine:
    """A backend of the tests: counts what reaches it and answers with what `says` returns or raises."""

    says: Callable[[Call], Reply] = lambda call: Reply(f"to {call.asker.agent}", 10.0, 5.0)
    pause: float = 0.0
    calls: list[Call] = field(default_factory=list)
    in_flight: int = 0
    most: int = 0
    closed: bool = False

    def check(self, model: Model) -> None:
        """Accept every model."""

    async def answer(self, call: Call) -> Reply:
        self.calls.append(call)
        self.in_flight += 1
        self.most = max(self.most, self.in_flight)
        try:
            await asyncio.sleep(self.pause)
            return self.says(call)
        finally:
            self.in_flight -= 1

    async def close(self) -> None:
        self.closed = True
