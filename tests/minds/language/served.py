"""What a backend that goes over the network must do, whichever it is; each has its own file that inherits this."""

from __future__ import annotations

import socket
from pathlib import Path

import pytest

from tests.llm_server.server import TEXTS, TRANSPORT, Server
from tests.minds.language.asking import RIGHT, call, question
from wildsim.minds.language.call import Failure, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.repair import Outcome, decide_in_text
from wildsim.minds.language.settings import Settings
from wildsim.minds.language.store import read_calls

QUICK = Settings(backoff_s=0.001, tries=3)
KEY = "sk-planted-0123456789abcdef"

#: Answers that are right though they come in an odd dress.
HARMLESS = {"comments", "fenced", "half a letter", "wrong content type", "no usage", "no schema", "no format"}
#: Read, kept as proposed, and told: the guard holds them within their bounds.
BEYOND = {"out of bounds"}
#: Never better, however often one asks.
LASTING = {"no key", "rate limit for a day"}


class ServedTests:
    """Tests of a backend against the server."""

    backend: str
    name: str
    without: frozenset[str] = frozenset()
    """Faults that this backend cannot take in reasonable time."""

    def model(self, server: Server, **more: object) -> Model:
        return Model(self.name, self.backend, server.address, **more)  # type: ignore[arg-type]

    def test_four_full_waves(self) -> None:
        """256 calls, 64 at once: the server holds them until 64 are there, and always gets them."""
        with Server(latency=0.2, wave=64, expected=256) as server, Language(Settings(concurrency=64)) as language:
            outcomes = decide_in_text(language, [question(f"firm-{k}", self.model(server)) for k in range(256)])
        assert server.waves == [64, 64, 64, 64]
        assert server.most == 64
        assert len(server.arrivals) == 256 == language.counts.requests
        assert all(outcome.values == RIGHT for outcome in outcomes)

    def test_never_more_than_the_limit_are_in_flight_and_the_limit_is_reached(self) -> None:
        """Nobody is held: each call is answered after .2 s, the next one takes its place at once."""
        with Server(latency=0.2) as server, Language(Settings(concurrency=64)) as language:
            language.ask([call(f"warm-{k}", model=self.model(server)) for k in range(64)])
            before = len(server.arrivals)
            language.ask([call(f"firm-{k}", model=self.model(server)) for k in range(256)])
        assert server.most == 64
        assert len(server.arrivals) - before == 256

    def _faults(self, word: str, tmp_path: Path) -> tuple[dict[str, Outcome], Language, int]:
        """Ask once with every fault, an agent called after it, and one without any."""
        faults = [fault for fault in [*TEXTS, *TRANSPORT] if fault not in self.without]
        with Server() as server, Language(QUICK, tape=tmp_path / "t") as language:
            quick = self.model(server, timeout_s=2.0)
            asked = [question(fault, quick, f"[{word}: {fault}]") for fault in faults]
            outcomes = decide_in_text(language, [*asked, question("none", quick)])
            arrived = len(server.arrivals)
        return dict(zip([*faults, "none"], outcomes, strict=True)), language, arrived

    def test_faults_that_stay_are_told_and_never_made_into_numbers(self, tmp_path: Path) -> None:
        outcomes, language, arrived = self._faults("fault", tmp_path)
        assert len(outcomes) >= 13
        assert outcomes["none"].values == RIGHT
        for fault, outcome in outcomes.items():
            if fault in HARMLESS | {"none"} or (fault == "invalid utf8" and outcome.values):
                assert outcome.values == RIGHT, fault
            elif fault in BEYOND:
                assert set(outcome.values.values()) == {1e30}
                assert "must be from 0 to 100" in outcome.reason
            else:
                assert outcome.values == {}, fault
                assert outcome.reason, fault
        self._all_is_counted(outcomes, language, arrived, tmp_path)

    def test_faults_that_pass_are_overcome(self, tmp_path: Path) -> None:
        outcomes, language, arrived = self._faults("once", tmp_path)
        for fault, outcome in outcomes.items():
            if fault in LASTING or (fault == "five megabytes" and not outcome.values):
                assert (outcome.values, bool(outcome.reason)) == ({}, True), fault
            elif fault not in BEYOND:
                assert outcome.values == RIGHT, fault
        repaired = {fault for fault, outcome in outcomes.items() if outcome.repaired}
        assert repaired == set(TEXTS) - HARMLESS - BEYOND
        self._all_is_counted(outcomes, language, arrived, tmp_path)

    def _all_is_counted(self, outcomes: dict[str, Outcome], language: Language, arrived: int, tmp_path: Path) -> None:
        """Check that requests seen by the server, calls on the tape, failures and tries agree."""
        answers = [answer for outcome in outcomes.values() for answer in outcome.answers]
        counts = language.counts
        assert counts.asked == counts.sent == len(answers) == len(list(read_calls(tmp_path / "t")))
        assert counts.requests == sum(answer.tries for answer in answers) == arrived
        failures = [answer.kind for answer in answers if isinstance(answer, Failure)]
        assert counts.failures == {kind: failures.count(kind) for kind in set(failures)}
        assert counts.answered == len(answers) - len(failures)

    def test_kinds_of_failure(self, tmp_path: Path) -> None:
        outcomes, _, _ = self._faults("fault", tmp_path)
        kinds = {fault: outcome.reason.partition(":")[0] for fault, outcome in outcomes.items()}
        assert kinds["hang"] == "timeout"
        assert kinds["rate limit"] == kinds["rate limit for a day"] == "rate limit"
        assert kinds["server error"] == kinds["overloaded"] == "server error"
        assert kinds["reset"] == "connection"
        assert kinds["no key"] == "refused"

    def test_what_is_unknown_is_not_zero(self) -> None:
        with Server() as server, Language(QUICK) as language:
            asked = [
                question("firm-1", self.model(server), "[fault: no usage]"),
                question("firm-2", self.model(server)),
            ]
            silent, told = (outcome.answers[0] for outcome in decide_in_text(language, asked))
        assert isinstance(silent, Reply)
        assert isinstance(told, Reply)
        assert silent.prompt_tokens != silent.prompt_tokens
        assert silent.completion_tokens != silent.completion_tokens
        assert told.prompt_tokens > 0
        assert told.usd != told.usd
        assert told.revision.startswith("test-model-2026")
        assert (language.counts.unknown_tokens, language.counts.unknown_prices) == (1, 2)

    def test_the_form_steps_down_once_for_a_server(self) -> None:
        with Server() as server, Language(QUICK) as language:
            model = self.model(server)
            decide_in_text(language, [question("firm-1", model, "[fault: no format]")])
            first = len(server.arrivals)
            decide_in_text(language, [question("firm-2", model, "[fault: no format]")])
        forms = [arrival.body.get("response_format", {}).get("type") for arrival in server.arrivals]
        assert (forms, first) == (["json_schema", "json_object", None, None], 3)

    def test_token_ids_and_logprobs_are_kept_where_asked_for(self) -> None:
        with Server() as server, Language(QUICK) as language:
            (plain, traced) = language.ask(
                [call(model=self.model(server)), call("firm-2", model=self.model(server, trace=True))]
            )
        assert isinstance(plain, Reply)
        assert isinstance(traced, Reply)
        assert (plain.prompt_ids, plain.completion_ids, plain.logprobs) == ((), (), ())
        assert (traced.prompt_ids, traced.completion_ids, traced.logprobs) == ((1, 2, 3), (4, 5), (-0.5, -1.5))
        assert traced.tokens == ("a", "b")

    def test_a_key_reaches_its_server_and_nothing_else(
        self,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        caplog: pytest.LogCaptureFixture,
        capfd: pytest.CaptureFixture[str],
    ) -> None:
        """The server repeats the key in an error and in an answer; every file, message, log and line is searched."""
        monkeypatch.setenv("PLANTED_API_KEY", KEY)
        with Server() as server:
            model = self.model(server, api_key_env="PLANTED_API_KEY")
            prompts = ["fine", "[fault: no key]", "[fault: key in the answer]"]
            with Language(QUICK, tape=tmp_path / "t", cache=tmp_path / "c") as language:
                calls = [call(f"firm-{k}", text, model) for k, text in enumerate(prompts)]
                answers = language.ask(calls)
                shown = repr([answers, calls, language.counts, list(read_calls(tmp_path / "t"))])
        assert {arrival.key for arrival in server.arrivals} == {f"Bearer {KEY}"}
        assert [type(answer) for answer in answers] == [Reply, Failure, Reply]
        files = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
        captured = capfd.readouterr()
        for text in (shown, caplog.text, captured.out, captured.err, files.decode("utf-8", "replace")):
            assert KEY not in text
            assert KEY.removeprefix("sk-") not in text
        assert "(key)" in shown
        assert (captured.out, captured.err) == ("", "")

    def test_a_server_of_ones_own_does_not_get_the_keys_of_others(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("OPENAI_API_KEY", KEY)
        with Server() as server, Language(QUICK) as language:
            language.ask([call(model=self.model(server))])
        assert len(server.arrivals) == 1
        assert KEY not in server.arrivals[0].key

    def test_no_other_address_is_ever_asked(self, monkeypatch: pytest.MonkeyPatch) -> None:
        asked: list[str] = []
        connect, look_up = socket.socket.connect, socket.getaddrinfo

        def watched(self: socket.socket, address: object) -> None:
            if isinstance(address, tuple):
                asked.append(str(address[0]))
            connect(self, address)  # type: ignore[arg-type]

        def looked_up(host: object, *rest: object, **more: object) -> object:
            asked.append(host.decode() if isinstance(host, bytes) else str(host))
            return look_up(host, *rest, **more)  # type: ignore[arg-type]

        monkeypatch.setattr(socket.socket, "connect", watched)
        monkeypatch.setattr(socket, "getaddrinfo", looked_up)
        with Server() as server, Language(QUICK) as language:
            language.ask([call(f"firm-{k}", model=self.model(server)) for k in range(4)])
        assert len(server.arrivals) == 4
        assert set(asked) == {"127.0.0.1"}
