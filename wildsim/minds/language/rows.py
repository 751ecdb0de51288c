"""How a call and its answer become the columns of a row, and an answer of them again."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from wildsim.minds.language.call import NAN, Answer, Call, Failure, Model, Reply
from wildsim.minds.language.secrets import without_user

ANSWER = (
    "answer, failure, why, prompt_tokens, completion_tokens, usd, latency_s, tries, revision, finish, note, "
    "prompt_ids, completion_ids, logprobs, tokens"
)


def row_of(call: Call, form: tuple[Any, ...], answer: Answer, source: str) -> tuple[Any, ...]:
    """Return a call and its answer in the order of the columns; `form`: from sampling to schema, as they are kept."""
    who = call.asker
    asked = (call.key, call.model.name)
    asker = (who.seed, who.agent, who.month, who.role, who.purpose)
    if isinstance(answer, Failure):
        revision = ""
        outcome: tuple[Any, ...] = (None, answer.kind, _storable(answer.why), None, None, None, None, answer.tries)
        rest: tuple[Any, ...] = ("", "", None, None, None, None)
    else:
        revision = answer.revision
        amounts = (answer.prompt_tokens, answer.completion_tokens, answer.usd, answer.latency_s)
        outcome = (_storable(answer.text), None, None, *(None if math.isnan(a) else a for a in amounts), answer.tries)
        traces = (answer.prompt_ids, answer.completion_ids, answer.logprobs, answer.tokens)
        rest = (answer.finish, answer.note, *(json.dumps(trace) if trace else None for trace in traces))
    return (
        *asked,
        revision,
        *form,
        *asker,
        *outcome,
        *rest,
        source,
    )


@lru_cache(maxsize=256)
def sampling_of(model: Model) -> str:
    """Return how a model is sampled and where it is, as JSON, without any name or password in its address."""
    asked = {
        "backend": model.backend,
        "api_base": without_user(model.api_base),
        "temperature": model.temperature,
        "max_tokens": model.max_tokens,
    }
    return json.dumps(asked)


def _storable(text: str) -> str:
    """Return text that can be encoded: a model may write half a surrogate pair."""
    return text if text.isascii() else text.encode("utf-8", errors="replace").decode("utf-8")


def answer_of(row: Sequence[Any], source: str) -> Answer:
    """Return the answer in the columns of ANSWER.

    Raises:
        ValueError, TypeError: They hold something else.
    """
    *found, bound_tokens, bound_usd = row
    text, failure, why, prompt, completion, usd, latency, tries, revision, finish, note, *traces = found
    bound = (bound_tokens or 0.0, NAN if bound_usd is None else bound_usd)
    if failure is not None:
        return Failure(_text(failure), _text(why), int(tries), *bound)
    prompt, completion, usd, latency = (
        NAN if amount is None else amount for amount in (prompt, completion, usd, latency)
    )
    ids, completed, logprobs, tokens = (tuple(json.loads(trace)) if trace else () for trace in traces)
    return Reply(
        _text(text),
        float(prompt),
        float(completion),
        float(usd),
        float(latency),
        int(tries),
        _text(revision),
        _text(finish),
        _text(note),
        tuple(map(int, ids)),
        tuple(map(int, completed)),
        tuple(map(float, logprobs)),
        tuple(map(_text, tokens)),
        source,
        *bound,
    )


def bound_of(call: Call, answer: Answer) -> tuple[str, float, float | None] | None:
    """Return (key, tokens, USD) that are counted beyond what the model said; None where that is nothing."""
    if not answer.bound_tokens and answer.bound_usd == 0.0:
        return None
    return call.key, answer.bound_tokens, None if math.isnan(answer.bound_usd) else answer.bound_usd


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"text is wanted, not {type(value).__name__}")
    return value
