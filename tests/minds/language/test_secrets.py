"""Keys are cut out of whatever is kept or said."""

from __future__ import annotations

import pytest

from tests.minds.language.asking import Mine, call
from wildsim.minds.language.backends.base import BackendError
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
