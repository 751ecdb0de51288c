"""Keys are cut out of whatever is kept or said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.minds.language.asking import Mine, call
from wildsim.core.errors import InputError
from wildsim.minds.language.backends.base import BackendError
from wildsim.minds.language.backends.formats import need_address, reply_of
from wildsim.minds.language.backends.openai_http import _failed, _reply
from wildsim.minds.language.call import Call, Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.secrets import Secrets, without_user
from wildsim.minds.language.settings import Settings


def test_values_of_variables_that_hold_secrets_are_cut_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "planted-0123456789")
    monkeypatch.setenv("A_TOKEN", "short")
    monkeypatch.setenv("A_NAME", "not-a-secret-at-all")
    hide = Secrets().hide
    assert hide("a planted-0123456789 b planted-0123456789") == "a (key) b (key)"
    assert hide("short not-a-secret-at-all") == "short not-a-secret-at-all"


@pytest.mark.parametrize(
    "text",
    [
        "Incorrect API key provided: sk-proj-abcdefghijklmnopqrstu",
        "Authorization: Bearer abcdefgh12345",
        "https://me:pw@host/v1",
    ],
)
def test_what_looks_like_a_key_is_cut_out_of_errors(text: str) -> None:
    hidden = Secrets().hide_all(text)
    assert "(key)" in hidden
    assert not any(part in hidden for part in ("abcdefgh", "me:pw"))


def test_a_key_set_later_is_known_at_the_next_batch(monkeypatch: pytest.MonkeyPatch) -> None:
    def says(call: Call) -> Reply:
        if call.asker.agent == "bad":
            raise BackendError("refused", "key planted-0123456789 is wrong", retryable=False)
        if call.asker.agent == "worse":
            raise ValueError("planted-0123456789")
        return Reply("you are planted-0123456789")

    with Language(Settings(), backends={"mine": Mine(says)}) as language:
        monkeypatch.setenv("SOME_API_KEY", "planted-0123456789")
        good, bad, worse = language.ask([call("good"), call("bad"), call("worse")])
    assert isinstance(good, Reply)
    assert good.text == "you are (key)"
    assert bad == Failure("refused", "key (key) is wrong", 1)
    assert worse == Failure("backend error", "ValueError: (key)", 1)


def test_a_variable_that_a_model_names_is_secret_whatever_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_DOOR", "sesame")
    with Language(Settings(), backends={"mine": Mine(lambda _: Reply("open sesame"))}) as language:
        (answer,) = language.ask([call(model=Model("test", "mine", api_key_env="MY_DOOR"))])
    assert isinstance(answer, Reply)
    assert answer.text == "open (key)"


def test_addresses_lose_names_and_passwords() -> None:
    assert without_user("https://me:pw@host:8/v1") == "https://host:8/v1"
    assert without_user("http://127.0.0.1:8000/v1") == "http://127.0.0.1:8000/v1"
    assert without_user("bob:hunter2pass@127.0.0.1:8799/v1") == "127.0.0.1:8799/v1"
    assert without_user("http://bob:a/b@c@host/v1") == "http://host/v1"
    assert without_user("127.0.0.1:8000/v1") == "127.0.0.1:8000/v1"
    assert "hunter2pass" not in Secrets().hide_all("no host in 'bob:hunter2pass@127.0.0.1:8799/v1'")
    with pytest.raises(InputError, match=r"it is '127\.0\.0\.1:8799/v1'"):
        need_address(Model("test", "openai_http", "bob:hunter2pass@127.0.0.1:8799/v1"))


KEY = "planted-0123456789"
EVERYWHERE = {
    "model": "x" * 190 + KEY,
    "system_fingerprint": KEY,
    "choices": [
        {
            "message": {"content": KEY},
            "finish_reason": f"{KEY} \ud800",
            "logprobs": {"content": [{"token": part, "logprob": -1.0} for part in (KEY[:5], KEY[5:])]},
            "token_ids": [1, 2],
        }
    ],
}


def test_a_key_in_any_part_of_a_reply_never_reaches_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server hides it at the limit of the name, in the mark, in the end, and in two tokens."""
    monkeypatch.setenv("SOME_API_KEY", KEY)

    def says(call: Call) -> Reply:
        return replace(reply_of(EVERYWHERE), note=KEY)

    with Language(Settings(), tape=tmp_path / "t", cache=tmp_path / "c", backends={"mine": Mine(says)}) as language:
        (answer,) = language.ask([call()])
    assert isinstance(answer, Reply)
    files = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert len(files) > 1000
    for shown in (repr(answer), files.decode("utf-8", "replace")):
        assert "planted" not in shown
        assert KEY[5:] not in shown
    assert (answer.text, answer.finish, answer.note, answer.tokens) == ("(key)", "(key) ?", "(key)", ())


@pytest.mark.parametrize("kept", range(8, len(KEY)))
@pytest.mark.parametrize("space", ["x", " "])
def test_an_error_that_is_cut_never_ends_in_half_a_key(space: str, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """The server pads its error so that some limit falls into the key; spaces are folded, which moves the limit."""
    monkeypatch.setenv("SOME_API_KEY", KEY)

    def says(call: Call) -> Reply:
        limit = int(call.asker.agent)
        body = space * (limit - kept) + KEY
        if call.asker.purpose == "decide":
            raise _failed(400, "", body, 1)
        return _reply(body, "", 1)

    with Language(Settings(tries=1), backends={"mine": Mine(says)}) as language:
        calls = [call(str(limit), purpose=what) for limit in (80, 300, 1200) for what in ("decide", "vote")]
        answers = language.ask(calls)
    assert {answer.kind for answer in answers if isinstance(answer, Failure)} == {"refused", "bad reply"}
    assert "planted" not in repr(answers)


@pytest.mark.parametrize("odd", ["m\ud800", "\udfff\ud800", "long" * 10_000])
def test_whatever_a_server_calls_itself_can_be_kept_and_is_the_same_in_a_replay(odd: str, tmp_path: Path) -> None:
    def says(call: Call) -> Reply:
        return Reply("fine", revision=odd, finish=odd, note=odd, logprobs=(-1.0,), tokens=(odd,))

    with Language(Settings(), tape=tmp_path / "t", backends={"mine": Mine(says)}) as language:
        (first,) = language.ask([call()])
    with Language(Settings(), tape=tmp_path / "t", replay=True) as language:
        (second,) = language.ask([call()])
    assert isinstance(first, Reply)
    assert isinstance(second, Reply)
    for name in ("revision", "finish", "note", "tokens"):
        assert getattr(first, name) == getattr(second, name)
    assert first.finish == odd.replace("\ud800", "?").replace("\udfff", "?")[:200]
    assert len(first.note) <= 500
    assert len(first.tokens[0]) <= 200
