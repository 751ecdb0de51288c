"""Prompts in few bytes, and out again as they were."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from tests.minds.language.asking import FIELDS, Mine, asker
from wildsim.minds.block import field_block
from wildsim.minds.language.call import Call, Message, Model
from wildsim.minds.language.chain import Language
from wildsim.minds.language.packing import Packing
from wildsim.minds.language.settings import Settings
from wildsim.minds.language.store import read_calls

TEXTS = ["", "a", "é \x00 \U0001f600", "long " * 50_000, *(f"firm {k} sees {k * 7.3:.4g}" for k in range(50))]


def test_texts_come_out_as_they_went_in_also_after_reopening() -> None:
    connection = sqlite3.connect(":memory:")
    packing = Packing(connection)
    packed = [(role, packing.pack(text, role), text) for role in ("firm", "bank") for text in TEXTS]
    for reader in (packing, Packing(connection)):
        for role, (number, data), text in packed:
            assert reader.unpack(number, data) == text, role
    assert connection.execute("SELECT COUNT(*) FROM dictionaries").fetchone() == (2,)


def test_what_comes_again_is_kept_once() -> None:
    connection = sqlite3.connect(":memory:")
    packing = Packing(connection)
    numbers = [packing.number(text) for text in ("a", "b", "a", "")]
    assert numbers[0] == numbers[2] != numbers[1]
    assert Packing(connection).texts() == {numbers[0]: "a", numbers[1]: "b", numbers[3]: ""}


def test_a_tape_of_many_alike_prompts_is_small_and_the_cache_smaller(tmp_path: Path) -> None:
    prompts = [f"You are firm {k}. " + "All about your market. " * 100 + field_block(FIELDS) for k in range(500)]
    calls = [
        Call(Model("test", "mine"), (Message("user", text),), asker(f"firm-{k}")) for k, text in enumerate(prompts)
    ]
    with Language(Settings(), tape=tmp_path / "t", cache=tmp_path / "c", backends={"mine": Mine()}) as language:
        language.ask(calls)
    size = sum(len(text) for text in prompts)
    assert (tmp_path / "c").stat().st_size < (tmp_path / "t").stat().st_size < size / 5
    kept = {record.agent: record.messages for record in read_calls(tmp_path / "t")}
    assert kept == {f"firm-{k}": (("user", text),) for k, text in enumerate(prompts)}
