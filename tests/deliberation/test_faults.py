"""Everything that can go wrong with a model, in a society: no decision is lost, none invented, the books close."""

from __future__ import annotations

import hashlib
import json
import random

import numpy as np

from tests.deliberation.conftest import Make
from tests.llm_server.server import TEXTS, TRANSPORT, Server
from wildsim.minds.language.backends.base import Backend
from wildsim.minds.language.call import Call, Model, Reply
from wildsim.minds.language.chain import Language
from wildsim.minds.language.settings import Settings

#: Faults met, one or another by each agent; those left out last beyond patience or need a key.
KINDS = sorted({*TEXTS, *TRANSPORT} - {"rate limit for a day", "five megabytes", "no key"})


class Faulty(Server):
    """A server that meets every agent with the fault that its prompt draws, always."""

    def _fault(self, prompt: str) -> str:
        if "Answer once more" in prompt and "[well]" in prompt:
            return ""
        first = prompt.split("```json decide")[0]
        draw = int.from_bytes(hashlib.sha256(first.encode()).digest()[:8], "big")
        return KINDS[draw // 3 % len(KINDS)] if draw % 3 else ""


def test_twenty_kinds_of_faults_in_one_society(make: Make) -> None:
    with Faulty() as server, Language(Settings(backoff_s=0.001, tries=2)) as language:
        entry = {
            "role": "household_member",
            "mind": "llm",
            "model": "test",
            "backend": "openai_http",
            "api_base": server.address,
            "timeout_s": 0.7,
            "count": 150,
        }
        society = make(entry, people=300, language=language)
        seen: set[str] = set()
        for _ in range(2):
            society.step()
            tally = society.world.council.tally
            asked = sum(len(party.questions) for party in society.world.council.sitting.parties)
            assert sum(tally.month.values()) == asked == 150
            record = society.decisions()
            for name in ("proposed", "guarded", "executed"):
                assert np.isfinite(record[name]).all()
            fell = record["source"] == "fallback"
            np.testing.assert_allclose(record["guarded"][fell], record["rule"][fell], rtol=1e-6, atol=1e-6)
            assert all(record["reason"][fell])
        seen |= {server._fault(arrival.prompt) for arrival in server.arrivals}
    assert len(seen - {""}) >= 12
    report = society.minds_report()
    total = sum(report["decisions"].values())
    assert total == 300
    assert 0 < report["decisions"]["household_member/fallback"] < total
    assert report["decisions"]["household_member/llm"] > 0
    assert sum(report["reasons"].values()) == report["decisions"]["household_member/fallback"]
    assert report["outside"]["household_member"] > 0
    assert society.largest_error <= 1e-9


class Babble(Backend):
    """Answers with whatever a keyed fuzzer makes: pieces of JSON, numbers, words, bytes."""

    async def answer(self, call: Call) -> Reply:
        """Return nonsense that depends on the call alone."""
        luck = random.Random(call.key)
        names = ["consumption", "hours", "participate", "search", "reservation_wage"]
        values = [
            "1e308",
            "-1e400",
            "NaN",
            "Infinity",
            "0",
            "1",
            "-7",
            '"12 %"',
            "null",
            "[1]",
            "{}",
            "true",
            '"yes"',
            "1e-320",
        ]
        pieces = ["{", "}", ",", ":", '"', "//", "\\", "\x00", "\u202e", "\ud83d", "<script>", "```json", "\n", "'"]
        if luck.random() < 0.5:
            body = {name: luck.choice(values) for name in names if luck.random() < 0.8}
            text = "{" + ", ".join(f'"{name}": {value}' for name, value in body.items()) + "}"
        else:
            text = "".join(luck.choice([*pieces, *values, *(json.dumps(n) for n in names)]) for _ in range(60))
        cut = luck.randrange(len(text) + 1) if luck.random() < 0.3 else len(text)
        return Reply(text[:cut])

    def check(self, model: Model) -> None:
        """Take any model."""


def test_ten_thousand_fuzzed_answers_reach_nothing_unguarded(make: Make) -> None:
    """Every number that is executed lies in its legal range and every month's books close."""
    with Language(Settings(), backends={"openai_http": Babble()}) as language:
        entry = {"role": "household_member", "mind": "llm", "model": "fuzz", "backend": "openai_http"}
        society = make(entry, people=1400, language=language)
        answers = 0
        for _ in range(5):
            society.step()
            (party,) = society.world.council.sitting.parties
            limits = {f.name: (f.low, f.high) for question in party.questions for f in question.fields}
            record = society.decisions()
            for name, (low, high) in limits.items():
                guarded = record["guarded"][record["field"] == name]
                slack = 1e-6 * (high - low)
                assert (guarded >= low - slack).all()
                assert (guarded <= high + slack).all()
            answers += len(party.questions)
            assert all(np.isfinite(value) or np.isnan(value) for value in society.indicators.values())
        counted = society.minds_report()["decisions"]
    assert language.counts.asked >= 10_000
    assert sum(counted.values()) == answers
    assert min(counted.values()) > 100
    assert society.largest_error <= 1e-9
