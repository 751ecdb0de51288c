"""The backend litellm, held to the same tests."""

from __future__ import annotations

from tests.minds.language.served import ServedTests


class TestLiteLlm(ServedTests):
    """Through litellm, as if the server were OpenAI's."""

    backend, name = "litellm", "openai/test"
    without = frozenset({"five megabytes"})
