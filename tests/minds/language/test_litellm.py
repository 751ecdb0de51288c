"""The backend litellm, held to the same tests."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.llm_server.server import Server
from tests.minds.language.asking import call
from tests.minds.language.served import QUICK, ServedTests
from wildsim.core.errors import InputError
from wildsim.minds.language.call import Model, Reply
from wildsim.minds.language.chain import Language


class TestLiteLlm(ServedTests):
    """Through litellm, as if the server were OpenAI's."""

    backend, name = "litellm", "openai/test"
    without = frozenset({"five megabytes"})

    def test_closing_one_chain_leaves_the_others_their_connections(self) -> None:
        """litellm keeps one set of connections for the whole process."""
        with Server() as server:
            one, other = Language(QUICK), Language(QUICK)
            one.ask([call("firm-1", model=self.model(server))])
            other.ask([call("firm-2", model=self.model(server))])
            one.close()
            answers = other.ask([call(f"firm-{k}", month=1, model=self.model(server)) for k in range(5)])
            other.close()
            with Language(QUICK) as later:
                answers += later.ask([call("firm-1", month=2, model=self.model(server))])
        assert [type(answer) for answer in answers] == [Reply] * 6
        assert len(server.arrivals) == 8

    @pytest.mark.parametrize(
        ("name", "variable"),
        [("openai/gpt-4o", "OPENAI_API_KEY"), ("gemini/gemini-2.0-flash", "GOOGLE_API_KEY or GEMINI_API_KEY")],
    )
    def test_a_missing_key_is_named_before_anything_is_sent(
        self, name: str, variable: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        for one in variable.split(" or "):
            monkeypatch.delenv(one, raising=False)
        with Language(QUICK) as language:
            with pytest.raises(InputError, match=rf"model '{name}' needs {variable}, which is not set\. Without a key"):
                language.ask([call(model=Model(name))])
        assert language.counts.asked == 0

    def test_an_unknown_provider_is_refused_before_anything_is_sent(self) -> None:
        with Language(QUICK) as language, pytest.raises(InputError, match="provider of model 'nonsense'"):
            language.ask([call(model=Model("nonsense"))])

    def test_files_with_keys_are_not_read_into_the_environment(self) -> None:
        """litellm looks for a .env file in the folders above it, unless its mode says production."""
        code = (
            "import dotenv\n"
            "def read(*_, **__): raise SystemExit('a .env file was looked for')\n"
            "dotenv.load_dotenv = read\n"
            "from wildsim.minds.language.backends.litellm import _library\n"
            "_library()\n"
            "import os, litellm\n"
            "assert os.environ['LITELLM_LOCAL_MODEL_COST_MAP'] == 'True'\n"
            "assert litellm.model_cost\n"
        )
        done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
