"""What goes to servers that speak OpenAI's chat completions, and what is read from their replies."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from wildsim.core.errors import InputError
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.call import NAN, Call, Model, Reply
from wildsim.minds.language.secrets import without_user

PLAIN, JSON_OBJECT, JSON_SCHEMA, TRACED = range(4)
"""How much is asked of a server beside the prompt; each includes what is before it, but for the form of the answer."""


REJECTED = (400, 422)
"""Statuses by which servers reject what they do not understand."""

_ABOUT_FORM = re.compile(
    r"format|schema|structur|grammar|guided|logprob|token_ids|extra|unsupported|not supported|unknown|unrecogni[sz]ed",
    re.I,
)


@dataclass
class Ladder:
    """How much each server understands, learned from what it rejects.

    Attributes:
        known: (address, model) -> highest rung that it may be asked for.
    """

    known: dict[tuple[str, str], int] = field(default_factory=dict)

    def rungs(self, call: Call) -> Sequence[int]:
        """Return the rungs to try for a call, from the highest down."""
        top = TRACED if call.model.trace else JSON_SCHEMA if call.schema is not None else PLAIN
        top = min(top, self.known.get(self._place(call), TRACED))
        return [rung for rung in range(top, -1, -1) if rung in (PLAIN, TRACED) or call.schema is not None]

    def understood(self, call: Call, rung: int, said: str) -> None:
        """Remember the rung that worked after higher ones were rejected.

        A server may reject one prompt for what it says; only where it speaks of the form (`said`) is all that follows
        asked in the lower form.
        """
        if _ABOUT_FORM.search(said):
            self.known[self._place(call)] = rung

    @staticmethod
    def _place(call: Call) -> tuple[str, str]:
        return call.model.api_base, call.model.name


def extras(call: Call, rung: int) -> dict[str, Any]:
    """Return what a request of this rung asks for beside model, messages and sampling."""
    asked: dict[str, Any] = {}
    if call.schema is not None and rung >= JSON_SCHEMA:
        schema = {"name": "decision", "strict": True, "schema": call.schema}
        asked["response_format"] = {"type": "json_schema", "json_schema": schema}
    elif call.schema is not None and rung == JSON_OBJECT:
        asked["response_format"] = {"type": "json_object"}
    if rung == TRACED:
        asked["logprobs"] = True
    return asked


def reply_of(body: Any) -> Reply:
    """Return the reply in the body of a chat completion.

    Raises:
        BackendError: It is none.
    """
    choice = _first(body.get("choices")) if isinstance(body, dict) else None
    message = choice.get("message") if choice else None
    if choice is None or not isinstance(message, dict):
        raise BackendError("bad reply", "the reply holds no choice with a message", retryable=True)
    extra = choice.get("provider_specific_fields")  # where litellm puts what it does not know
    extra = extra if isinstance(extra, dict) else {}
    tokens = _tokens(choice.get("logprobs"))
    usage = body.get("usage")
    usage = usage if isinstance(usage, dict) else {}
    # no prompt has 0 tokens: some clients write 0 where the server says nothing
    prompt = _count(usage.get("prompt_tokens")) or NAN
    return Reply(
        text=_text(message),
        prompt_tokens=prompt,
        completion_tokens=_count(usage.get("completion_tokens")) if prompt == prompt else NAN,
        revision=_word(body.get("model")) + (f" {_word(mark)}" if (mark := body.get("system_fingerprint")) else ""),
        finish=_word(choice.get("finish_reason")),
        prompt_ids=_ids(body.get("prompt_token_ids")),
        completion_ids=_ids(choice.get("token_ids")) or _ids(extra.get("token_ids")),
        logprobs=tuple(float(token["logprob"]) for token in tokens),
        tokens=tuple(token["token"] for token in tokens),
    )


def need_address(model: Model) -> None:
    """Raise if a backend that has no address of its own is given none.

    Raises:
        InputError: With what to add.
    """
    if not model.api_base.startswith(("http://", "https://")):
        raise InputError(
            f"model '{model.name}' with backend {model.backend} needs the address of its server, such as "
            f"api_base: http://localhost:8000/v1; it is '{without_user(model.api_base)}'."
        )


def _first(found: Any) -> dict[str, Any] | None:
    return found[0] if isinstance(found, list) and found and isinstance(found[0], dict) else None


def _text(message: dict[str, Any]) -> str:
    """Return the text of a message: its content, the arguments of a tool call, or a refusal."""
    content = message.get("content")
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        content = "".join(part for part in parts if isinstance(part, str))
    if isinstance(content, str) and content:
        return content
    call = _first(message.get("tool_calls"))
    function = call.get("function") if call else None
    if isinstance(function, dict) and isinstance(function.get("arguments"), str):
        return str(function["arguments"])
    refusal = message.get("refusal")
    return refusal if isinstance(refusal, str) else ""


def _count(value: Any) -> float:
    """Return a number of tokens; NaN where the server gives none or nonsense."""
    known = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12
    return float(value) if known else NAN


def _word(value: Any) -> str:
    """Return a text whole: the gate shortens it once no key is in it, since half a key would not be known as one."""
    return value if isinstance(value, str) else ""


def _ids(value: Any) -> tuple[int, ...]:
    """Return token ids (vLLM gives them where `return_token_ids` asks for them)."""
    whole = isinstance(value, list) and all(isinstance(one, int) and not isinstance(one, bool) for one in value)
    return tuple(value) if whole else ()


def _tokens(value: Any) -> list[dict[str, Any]]:
    """Return what is told of every token of the answer; nothing where it is not told of all."""
    tokens = value.get("content") if isinstance(value, dict) else None
    if not isinstance(tokens, list) or not all(isinstance(token, dict) for token in tokens):
        return []
    whole = all(
        isinstance(token.get("token"), str) and isinstance(token.get("logprob"), int | float) for token in tokens
    )
    return tokens if whole else []
