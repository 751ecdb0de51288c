"""A call of a language model, and what comes back."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from functools import cached_property
from typing import Any, Literal

NAN = float("nan")
#: What everything says that rests on answers which no language model gave.
SCRIPTED = "scripted, no language model"


@dataclass(frozen=True)
class Model:
    """A language model and how it is sampled.

    Attributes:
        name: litellm's name of it, or "scripted". backend: litellm, openai_http or scripted.
        api_base: Address of the server, where it is not the provider's own.
        api_key_env: Name of the variable that holds the key; the key itself is read when a call goes out, kept nowhere.
        temperature: Sampling temperature. max_tokens: Longest answer, tokens. timeout_s: Seconds a try may take.
        trace: Whether token ids and logprobs are asked for (they are kept wherever they are given).
    """

    name: str = "scripted"
    backend: str = "litellm"
    api_base: str = ""
    api_key_env: str = ""
    temperature: float = 1.0
    max_tokens: int = 400
    timeout_s: float = 60.0
    trace: bool = False

    @cached_property
    def text(self) -> str:
        """Everything of it that an answer may depend on, as JSON."""
        parts = {name: value for name, value in asdict(self).items() if name not in ("timeout_s", "api_key_env")}
        return json.dumps(parts, sort_keys=True)

    @property
    def scripted(self) -> bool:
        """Whether no language model answers at all."""
        return self.backend == "scripted" or self.name.split(":")[0] == "scripted"


@dataclass(frozen=True)
class Message:
    """One message of a conversation."""

    role: Literal["system", "user", "assistant"]
    content: str


@dataclass(frozen=True)
class Asker:
    """For whom a call is made: part of its key, so that replicates are never copies of one another.

    Attributes:
        seed: World seed. agent: "firm-3", or the name of an archetype's group. month: Month of the decision.
        role: Role of the agent. purpose: "decide", "repair 1", "vote 2", "reflect", ...
    """

    seed: int
    agent: str
    month: int
    role: str
    purpose: str = "decide"


@dataclass(frozen=True)
class Call:
    """One request to a model.

    Attributes:
        schema: JSON schema that the answer is to have; None for plain text.
        shared: Whether equal prompts of different askers may share an answer (`share_samples`).
    """

    model: Model
    messages: tuple[Message, ...]
    asker: Asker
    schema: dict[str, Any] | None = field(default=None, hash=False)
    shared: bool = False

    @cached_property
    def key(self) -> str:
        """SHA-256, in hexadecimal, of all that the answer may depend on; timeout and name of the key are left out."""
        asker = self.asker
        who: list[object] = [asker.purpose]
        if not self.shared:
            who += [asker.seed, asker.agent, asker.month, asker.role]
        # JSON holds no line breaks of its own, so that no two calls make one text
        parts = (self.model.text, json.dumps(who), self.form, self.prompt)
        return hashlib.sha256("\n".join(parts).encode("utf-8", "surrogatepass")).hexdigest()

    @cached_property
    def prompt(self) -> str:
        """The messages as JSON, a list of {role, content}, as servers take them."""
        return json.dumps([{"role": message.role, "content": message.content} for message in self.messages])

    @property
    def form(self) -> str:
        """The schema as JSON, empty for plain text."""
        return _form(self.schema) if self.schema is not None else ""


@dataclass(frozen=True)
class Reply:
    """What a model answered.

    Attributes:
        text: The answer. prompt_tokens, completion_tokens, usd: NaN where unknown, never 0. latency_s: Of the try that
            succeeded. tries: Requests that were made for it. revision: The model as the server names it.
        finish: Why it ended ("stop", "length", ...). note: What was odd about it (cut, bytes that are no text), empty
            mostly. prompt_ids, completion_ids, logprobs, tokens (their texts): Empty where not given.
        source: "model", "cache" or "tape". bound_tokens, bound_usd: What is counted beyond what the model said, at
            most: requests given up before this one, and amounts that it did not say; USD is NaN without a price.
    """

    text: str
    prompt_tokens: float = NAN
    completion_tokens: float = NAN
    usd: float = NAN
    latency_s: float = NAN
    tries: int = 1
    revision: str = ""
    finish: str = ""
    note: str = ""
    prompt_ids: tuple[int, ...] = ()
    completion_ids: tuple[int, ...] = ()
    logprobs: tuple[float, ...] = ()
    tokens: tuple[str, ...] = ()
    source: str = "model"
    bound_tokens: float = field(default=0.0, compare=False)
    bound_usd: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Failure:
    """Why a call has no answer.

    Attributes:
        kind: "timeout", "rate limit", "server error", "connection", "refused" (the server rejects the request),
            "budget", "no tape", ... why: For a person to read, one line, without any key. tries: Requests made.
        bound_tokens, bound_usd: What those requests may have taken at most, though nothing came of them; USD is NaN
            where the price is not known.
    """

    kind: str
    why: str
    tries: int = 1
    bound_tokens: float = field(default=0.0, compare=False)
    bound_usd: float = field(default=0.0, compare=False)


Answer = Reply | Failure

_FORMS: dict[int, tuple[dict[str, Any], str]] = {}
_MOST_FORMS = 256


def _form(schema: dict[str, Any]) -> str:
    """Return a schema as JSON; all calls of a role share one, which is written once."""
    known = _FORMS.get(id(schema))
    if known is None or known[0] is not schema:
        if len(_FORMS) >= _MOST_FORMS:
            _FORMS.clear()
        known = _FORMS[id(schema)] = (schema, json.dumps(schema, sort_keys=True))
    return known[1]
