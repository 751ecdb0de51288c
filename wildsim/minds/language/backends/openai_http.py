"""Any server that speaks OpenAI's chat completions over HTTP: the fast path, a request without a client library."""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
import os
import time
from email.utils import parsedate_to_datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError
from wildsim.minds.language.backends import BACKENDS
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.backends.formats import PLAIN, REJECTED, TRACED, Ladder, extras, need_address, reply_of
from wildsim.minds.language.call import Call, Model, Reply
from wildsim.minds.language.settings import Settings

if TYPE_CHECKING:
    import aiohttp
    from yarl import URL

MOST_BYTES = 4_000_000
"""A longer reply is not read."""

_IDLE_S = 60.0


@BACKENDS.register("openai_http")
class OpenAiHttp:
    """One pool of kept-alive connections, as many as there may be calls at once."""

    def __init__(self, settings: Settings):
        """Open nothing yet: the pool belongs to the loop that uses it."""
        self._most = settings.concurrency
        self._session: aiohttp.ClientSession | None = None
        self._ladder = Ladder()

    def check(self, model: Model) -> None:
        """Raise without an address, or without the key that is named.

        Raises:
            InputError: With what to add.
        """
        need_address(model)
        key_of(model)
        importlib.import_module("aiohttp")  # here, so that no call's timeout pays for it

    async def answer(self, call: Call) -> Reply:
        """Return what the server answers; ask for less where it rejects the form of the request.

        Raises:
            BackendError: No answer this time.
        """
        rungs = self._ladder.rungs(call)
        said = ""
        for number, rung in enumerate(rungs):
            try:
                status, after, body, note = await self._post(call, rung)
            except BackendError as error:
                error.requests += number
                raise
            if status == 200:
                if number:
                    self._ladder.understood(call, rung, said)
                return _reply(body, note, number + 1)
            if status not in REJECTED or rung == PLAIN:
                raise _failed(status, after, body, number + 1)
            said += body
        raise AssertionError("the last rung is PLAIN")

    async def _post(self, call: Call, rung: int) -> tuple[int, str, str, str]:
        """Return status, Retry-After, text of the body and what was odd about it."""
        import aiohttp

        key = key_of(call.model)
        headers = {"Authorization": f"Bearer {key}"} if key else None
        data = _request(call, rung)
        url = _address(call.model.api_base)
        try:
            async with self._pool().post(url, data=data, headers=headers, allow_redirects=False) as response:
                body, note = await _body(response)
                return response.status, response.headers.get("Retry-After", ""), body, note
        except aiohttp.ClientPayloadError as error:
            raise BackendError("connection", f"the reply broke off: {error}", retryable=True, billed=True) from error
        except (aiohttp.ClientError, OSError) as error:
            if isinstance(error, TimeoutError):
                raise
            sent = not isinstance(error, aiohttp.ClientConnectorError)  # without a connection nothing was asked
            why = f"{type(error).__name__}: {error}"
            raise BackendError("connection", why, retryable=True, billed=sent) from error

    def _pool(self) -> aiohttp.ClientSession:
        """Return the session, made on the loop that runs."""
        if self._session is None:
            import aiohttp

            # our own timeout covers the whole call; the connector must never be what limits concurrency
            connector = aiohttp.TCPConnector(limit=0, limit_per_host=0, keepalive_timeout=_IDLE_S)
            headers = {"Content-Type": "application/json", "Accept": "application/json", "User-Agent": "wildsim"}
            self._session = aiohttp.ClientSession(
                connector=connector,
                headers=headers,
                timeout=aiohttp.ClientTimeout(total=None),
                cookie_jar=aiohttp.DummyCookieJar(),
            )
        return self._session

    async def close(self) -> None:
        """Close all connections."""
        if self._session is not None:
            await self._session.close()
            self._session = None
            await asyncio.sleep(0)


def key_of(model: Model) -> str:
    """Return the key of a model, empty where none is named.

    Raises:
        InputError: The variable that is named is not set.
    """
    if not model.api_key_env:
        return ""
    key = os.environ.get(model.api_key_env, "")
    if not key:
        raise InputError(
            f"model '{model.name}' needs {model.api_key_env}, which is not set. Without a key: model: scripted"
        )
    return key


@lru_cache(maxsize=64)
def _address(base: str) -> URL:
    """Return where completions are asked for."""
    from yarl import URL

    return URL(base.rstrip("/") + "/chat/completions")


def _request(call: Call, rung: int) -> bytes:
    """Return the body of the request."""
    rest: dict[str, Any] = {
        "model": call.model.name,
        "temperature": call.model.temperature,
        "max_tokens": call.model.max_tokens,
        **extras(call, rung),
    }
    if rung == TRACED:
        rest["return_token_ids"] = True
    # the prompt is JSON already, for the key of the call
    return f'{{"messages": {call.prompt}, {json.dumps(rest)[1:]}'.encode()


async def _body(response: aiohttp.ClientResponse) -> tuple[str, str]:
    """Return the text of a reply and a note where its bytes are no UTF-8.

    Raises:
        BackendError: It is too long.
    """
    if (response.content_length or 0) > MOST_BYTES:
        raise BackendError("bad reply", f"the reply is {response.content_length:,} bytes long", retryable=False)
    # a packed body may be a thousand times longer than it says: such a one is read with care
    if response.content_length is not None and "Content-Encoding" not in response.headers:
        data = await response.read()
    else:
        parts, size = [], 0
        async for part in response.content.iter_any():
            parts.append(part)
            size += len(part)
            if size > MOST_BYTES:
                response.close()
                raise BackendError("bad reply", f"the reply is longer than {MOST_BYTES:,} bytes", retryable=False)
        data = b"".join(parts)
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("utf-8", errors="replace"), "Some bytes were no UTF-8 and were replaced."


def _reply(body: str, note: str, requests: int) -> Reply:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        why = f"the reply is not JSON: {body!a}"  # the gate shortens it, once no key is in it
        raise BackendError("bad reply", why, retryable=True, requests=requests) from None
    reply = reply_of(found)
    if note or requests > 1:
        from dataclasses import replace

        reply = replace(reply, note=note, tries=requests)
    return reply


def _failed(status: int, after: str, body: str, requests: int) -> BackendError:
    """Return what a status means: whether to try again, and after how long."""
    said = " ".join(body.split())
    why = f"HTTP {status}: {said!a}"
    if status == 429:
        return BackendError("rate limit", why, retry_after=seconds(after), retryable=True, requests=requests)
    if status >= 500 or status == 408:
        return BackendError("server error", why, retry_after=seconds(after), retryable=True, requests=requests)
    return BackendError("refused", why, retryable=False, requests=requests)


def seconds(after: str) -> float | None:
    """Return the seconds that a Retry-After header asks to wait; it holds seconds or a date."""
    with contextlib.suppress(ValueError):
        number = float(after)
        return number if 0 <= number < 1e9 else None
    with contextlib.suppress(ValueError, TypeError):
        return max(0.0, parsedate_to_datetime(after).timestamp() - time.time())
    return None
