"""The backend openai_http, and what only it promises."""

from __future__ import annotations

import pytest

from tests.llm_server.server import Server
from tests.minds.language.asking import call, question
from tests.minds.language.served import QUICK, ServedTests
from wildsim.core.errors import InputError
from wildsim.minds.language.backends.formats import reply_of
from wildsim.minds.language.call import Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.repair import decide_in_text


class TestOpenAiHttp(ServedTests):
    """Through aiohttp."""

    backend, name = "openai_http", "test"

    def test_odd_bytes_are_told(self) -> None:
        with Server() as server, Language(QUICK) as language:
            (outcome,) = decide_in_text(language, [question("firm-1", self.model(server), "[fault: invalid utf8]")])
        (answer,) = outcome.answers
        assert isinstance(answer, Reply)
        assert answer.note == "Some bytes were no UTF-8 and were replaced."
        assert outcome.values

    def test_of_a_megabyte_a_tenth_is_kept(self) -> None:
        with Server() as server, Language(QUICK) as language:
            (answer,) = language.ask([call(text="[fault: megabyte]", model=self.model(server))])
        assert isinstance(answer, Reply)
        assert len(answer.text) == 100_000
        assert "Only the first 100,000 of 1,040,000 characters were kept." in answer.note

    def test_a_reply_beyond_all_measure_is_not_read(self) -> None:
        with Server() as server, Language(QUICK) as language:
            (answer,) = language.ask([call(text="[fault: five megabytes]", model=self.model(server))])
        assert isinstance(answer, Failure)
        assert (answer.kind, answer.tries) == ("bad reply", 1)

    def test_connections_are_kept(self) -> None:
        with Server() as server, Language(QUICK) as language:
            for month in range(3):
                language.ask([call(f"firm-{k}", month=month, model=self.model(server)) for k in range(8)])
        assert len({arrival.peer for arrival in server.arrivals}) == 8

    def test_no_server_at_all(self) -> None:
        with Server() as server:
            model = self.model(server)
        with Language(QUICK) as language:
            (answer,) = language.ask([call(model=model)])
        assert isinstance(answer, Failure)
        assert (answer.kind, answer.tries) == ("connection", 3)

    def test_an_address_and_a_key_are_asked_for_before_anything_is_sent(self) -> None:
        with Language(QUICK) as language:
            with pytest.raises(InputError, match="needs the address of its server"):
                language.ask([call(model=Model("test", "openai_http"))])
            with pytest.raises(
                InputError, match=r"needs NO_SUCH_KEY, which is not set\. Without a key: model: scripted"
            ):
                language.ask([call(model=Model("test", "openai_http", "http://127.0.0.1:9/v1", "NO_SUCH_KEY"))])
        assert language.counts.asked == 0


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ({"content": "a"}, "a"),
        ({"content": None, "refusal": "no"}, "no"),
        ({"content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}, 3]}, "ab"),
        ({"content": "", "tool_calls": [{"function": {"name": "f", "arguments": '{"price": 1}'}}]}, '{"price": 1}'),
        ({}, ""),
        ({"content": 7}, ""),
    ],
)
def test_text_is_found_wherever_a_server_puts_it(message: dict[str, object], text: str) -> None:
    assert reply_of({"choices": [{"message": message}]}).text == text


@pytest.mark.parametrize("usage", [None, 3, {}, {"prompt_tokens": "9"}, {"prompt_tokens": -1}, {"prompt_tokens": True}])
def test_nonsense_about_tokens_is_unknown(usage: object) -> None:
    reply = reply_of({"choices": [{"message": {"content": ""}}], "usage": usage})
    assert reply.prompt_tokens != reply.prompt_tokens
