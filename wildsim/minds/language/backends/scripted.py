"""Answers without a language model: offline, free, the same every time. It sees only the prompt and answers in text.

The name of the model says how it behaves: `scripted` near the rule of thumb, `scripted:rule` exactly as the rule,
`scripted:random` anywhere within the bounds, `scripted:first` the first choice or the lower bound, `scripted:refuse`
declines, `scripted:spread=.3` up to that share of the rule of thumb away from it, `scripted:chaos=.1` gives that share
of its answers in one of many wrong forms, `scripted:slow=.2` waits so many seconds. Parts are joined with colons:
`scripted:rule:chaos=.1`.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from functools import lru_cache
from typing import Any, NamedTuple

from wildsim.core.errors import InputError
from wildsim.minds.block import FENCE
from wildsim.minds.language.answers import WHY
from wildsim.minds.language.backends import BACKENDS
from wildsim.minds.language.backends.chaos import spoilt
from wildsim.minds.language.call import SCRIPTED, Call, Model, Reply
from wildsim.minds.language.settings import Settings

STYLES = ("steady", "rule", "random", "first", "refuse")
#: Behaviours that are numbers, and the largest that each may be.
_MOST = {"chaos": 1.0, "slow": math.inf, "spread": 1.0}
_DRAW = 2.0**64


@BACKENDS.register("scripted")
class Scripted:
    """The scripted backend."""

    def __init__(self, settings: Settings | None = None):
        """Take the settings, of which none matters here."""

    def check(self, model: Model) -> None:
        """Raise if the model's name asks for a behaviour that there is not.

        Raises:
            InputError: With the behaviours.
        """
        _script(model.name)

    async def answer(self, call: Call) -> Reply:
        """Return an answer that depends on the key of the call and its prompt alone."""
        script = _script(call.model.name)
        if script.slow:
            await asyncio.sleep(script.slow)
        luck = _Luck(call.key)
        text = _text(call, script, luck)
        if script.chaos and luck.draw("chaos") < script.chaos:
            text = spoilt(text, luck.draw("how"))
        return Reply(text, revision=SCRIPTED, finish="stop")

    async def close(self) -> None:
        """Nothing to close."""


class _Luck:
    """Draws by name, from the key of a call."""

    def __init__(self, key: str):
        self._key = key.encode()

    def draw(self, name: str) -> float:
        """Return a number from 0 to 1, 1 excluded."""
        digest = hashlib.blake2b(name.encode(), key=self._key[:64], digest_size=8).digest()
        return int.from_bytes(digest, "little") / _DRAW


class _Script(NamedTuple):
    """Behaviour: a style, the share of chaos, seconds of delay, how far steady answers are from the rule of thumb."""

    style: str = "steady"
    chaos: float = 0.0
    slow: float = 0.0
    spread: float = 0.03


@lru_cache(maxsize=64)
def _script(name: str) -> _Script:
    """Return the behaviour that a model's name asks for."""
    style, numbers = "steady", dict[str, float]()
    for part in name.split(":")[1:]:
        word, _, value = part.partition("=")
        if part in STYLES:
            style = part
            continue
        try:
            number = float(value) if word in _MOST else math.nan
        except ValueError:
            number = math.nan
        if not 0 <= number <= _MOST.get(word, 0.0) or math.isinf(number):
            raise InputError(
                f"model '{name}': '{part}' is no behaviour of scripted. Known: {', '.join(STYLES)}, "
                "spread=SHARE, chaos=SHARE, slow=SECONDS."
            )
        numbers[word] = number
    return _Script(style, **numbers)


def _text(call: Call, script: _Script, luck: _Luck) -> str:
    if script.style == "refuse":
        return "I am sorry, but I cannot decide this for somebody else."
    asked = asked_in("\n".join(message.content for message in call.messages if message.role == "user"))
    if asked is None:
        return "I do not see what is to be decided." if call.schema else "A quiet month; nothing to add."
    answer: dict[str, Any] = {}
    for name, frame in asked.items():
        value = _value(name, frame, script, luck)
        if value is not None:
            answer[name] = value
    answer[WHY] = f"{SCRIPTED} ({script.style})"
    return json.dumps(answer)


def asked_in(prompt: str) -> dict[str, dict[str, Any]] | None:
    """Return the fields that a prompt's block asks for; None where it holds no block that can be read."""
    start = prompt.find(FENCE)
    if start < 0:
        return None
    start += len(FENCE)
    end = prompt.find("```", start)
    try:
        asked = json.loads(prompt[start : end if end >= 0 else len(prompt)])
    except ValueError:
        return None
    return asked if isinstance(asked, dict) and all(isinstance(frame, dict) for frame in asked.values()) else None


def _value(name: str, frame: dict[str, Any], script: _Script, luck: _Luck) -> float | str | None:
    """Return what this style says for one field; None leaves it to the rule."""
    style = script.style
    low, high, rule, choices = (frame.get(part) for part in ("low", "high", "rule_of_thumb", "choices"))
    if style in ("steady", "rule") and rule is not None:
        if style == "rule" or isinstance(rule, str) or choices or (frame.get("whole") and high == 1):
            return rule  # type: ignore[no-any-return]
        value = rule * (1 + script.spread * (2 * luck.draw(name) - 1))
        return _within(value, low, high, bool(frame.get("whole")))
    if style == "rule":
        return None
    if choices:
        return str(choices[0 if style == "first" else int(luck.draw(name) * len(choices))])
    if low is None or high is None:
        return low if low is not None else high
    share = {"first": 0.0, "steady": 0.5}.get(style)
    return _within(
        low + (high - low) * (luck.draw(name) if share is None else share), low, high, bool(frame.get("whole"))
    )


def _within(value: float, low: float | None, high: float | None, whole: bool) -> float:
    """Return the value as a person would write it: 4 significant digits, whole where it must be, within the bounds."""
    value = float(round(value)) if whole else float(f"{value:.4g}")
    value = max(value, low) if low is not None else value
    value = min(value, high) if high is not None else value
    return int(value) if whole else value
