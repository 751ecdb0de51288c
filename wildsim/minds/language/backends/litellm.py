"""Every provider that litellm knows. The only file that imports it, and only when a call goes out: that takes seconds.

litellm reads .env files, prints, retries and fetches a price list unless told otherwise. All of that is off here, so
that a call makes one request to its model and nothing else.
"""

from __future__ import annotations

import logging
import os
from functools import cache
from typing import Any, ClassVar
from weakref import WeakSet

from wildsim.core.errors import InputError
from wildsim.minds.language.backends import BACKENDS
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.backends.formats import PLAIN, REJECTED, TRACED, Ladder, extras, reply_of
from wildsim.minds.language.backends.openai_http import key_of, seconds
from wildsim.minds.language.call import Call, Model, Reply
from wildsim.minds.language.settings import Settings


@BACKENDS.register("litellm")
class LiteLlm:
    """Calls `litellm.acompletion`."""

    _open: ClassVar[WeakSet[LiteLlm]] = WeakSet()

    def __init__(self, settings: Settings):
        """Import nothing yet."""
        self._ladder = Ladder()
        self._open.add(self)

    def check(self, model: Model) -> None:
        """Raise if litellm does not know the provider, or a key is missing.

        Imports litellm, so that no call's timeout pays for it.

        Raises:
            InputError: With what to add.
        """
        key_of(model)
        check_provider(model)
        check_keys(model)

    async def answer(self, call: Call) -> Reply:
        """Return what the model answers; ask for less where its provider rejects the form of the request.

        Raises:
            BackendError: No answer this time.
        """
        litellm = _library()
        rungs = self._ladder.rungs(call)
        said = ""
        for number, rung in enumerate(rungs):
            try:
                response = await litellm.acompletion(**_arguments(call, rung))
            except Exception as error:
                failure = _failed(error, number + 1)
                if rung == PLAIN or getattr(error, "status_code", 0) not in REJECTED:
                    raise failure from None
                said += failure.why
                continue
            if number:
                self._ladder.understood(call, rung, said)
            return _with_tries(reply_of(response.model_dump()), number + 1)
        raise AssertionError("the last rung is PLAIN")

    async def close(self) -> None:
        """Close litellm's connections with the last of these backends: it keeps them for all together."""
        self._open.discard(self)
        if not self._open and _library.cache_info().currsize:
            await _library().close_litellm_async_clients()


def check_provider(model: Model) -> None:
    """Raise if litellm does not know the provider of a model.

    Raises:
        InputError: With how to write it.
    """
    try:
        _library().get_llm_provider(model.name, api_base=model.api_base or None)
    except Exception as error:  # litellm raises whatever its providers raise
        raise InputError(
            f"litellm does not know the provider of model '{model.name}'. Write it as PROVIDER/MODEL, such as "
            "openai/gpt-4o-mini or ollama/llama3, or use backend: openai_http with an api_base. Without a key: "
            "model: scripted"
        ) from error


def check_keys(model: Model) -> None:
    """Raise if the provider's usual key is missing and the model names no key or address of its own.

    Other things that litellm misses (addresses, roles) may be default.

    Raises:
        InputError: With the name of the variable.
    """
    if model.api_key_env or model.api_base:
        return
    missing = _library().validate_environment(model.name).get("missing_keys") or []
    if missing and all(name.endswith("_API_KEY") for name in missing):
        raise InputError(
            f"model '{model.name}' needs {' or '.join(missing)}, which is not set. Without a key: model: scripted"
        )


@cache
def _library() -> Any:
    """Return litellm, silent."""
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    os.environ.setdefault("LITELLM_MODE", "PRODUCTION")  # otherwise it reads .env files into the environment
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    import litellm

    litellm.telemetry = False
    litellm.suppress_debug_info = True
    litellm.drop_params = True
    litellm.cache = None
    litellm.num_retries = 0
    for name in ("LiteLLM", "LiteLLM Router", "LiteLLM Proxy"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    return litellm


def _arguments(call: Call, rung: int) -> dict[str, Any]:
    """Return the arguments of acompletion."""
    model = call.model
    found: dict[str, Any] = {
        "model": model.name,
        "messages": [{"role": message.role, "content": message.content} for message in call.messages],
        "temperature": model.temperature,
        "max_tokens": model.max_tokens,
        "timeout": model.timeout_s,
        "num_retries": 0,
        "max_retries": 0,
        **extras(call, rung),
    }
    if model.api_base:
        found["api_base"] = model.api_base
    if key := key_of(model):
        found["api_key"] = key
    elif model.api_base and model.name.startswith("openai/"):
        # a server of the user's own must not get OpenAI's key from the environment; some text is needed
        found["api_key"] = "none"
    if rung == TRACED and model.api_base:
        found["extra_body"] = {"return_token_ids": True}
    return found


def _with_tries(reply: Reply, requests: int) -> Reply:
    from dataclasses import replace

    return replace(reply, tries=requests) if requests > 1 else reply


def _failed(error: Exception, requests: int) -> BackendError:
    """Return what an exception of litellm means; its names are those of OpenAI's client."""
    name, status = type(error).__name__, getattr(error, "status_code", None)
    why = " ".join(f"{name}: {error}".split())
    after = seconds(_header(error, "retry-after"))
    if isinstance(error, TimeoutError) or name in ("Timeout", "APITimeoutError"):
        return BackendError("timeout", why, retryable=True, requests=requests)
    if status == 429 or name == "RateLimitError":
        return BackendError("rate limit", why, retry_after=after, retryable=True, requests=requests)
    if name == "APIConnectionError" or "Connection error" in why:
        return BackendError("connection", why, retryable=True, requests=requests)
    if isinstance(status, int) and (status >= 500 or status == 408):
        return BackendError("server error", why, retry_after=after, retryable=True, requests=requests)
    if isinstance(status, int) and 400 <= status < 500:
        return BackendError("refused", why, retryable=False, requests=requests)
    return BackendError("bad reply", why, retryable=True, requests=requests)


def _header(error: Exception, name: str) -> str:
    """Return a header of the response behind an error, wherever litellm has put it."""
    response = getattr(error, "response", None)
    for headers in (getattr(error, "litellm_response_headers", None), getattr(response, "headers", None)):
        value = headers.get(name) if headers is not None and hasattr(headers, "get") else None
        if isinstance(value, str):
            return value
    return ""
