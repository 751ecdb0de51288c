"""The register of seals: a block opens once, wherever the output goes, and nothing can be taken back unnoticed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from wildsim.core.errors import InputError, RunError
from wildsim.evaluation.seals import Seals, question, sealed_seeds, validation_seeds

SOCIETY = {"country": "us", "people": 1000, "regions": 2}
ASKED = question(SOCIETY, {"crime": True, "homes": False}, ["life_expectancy", "gini_wealth"])
OTHER = question(SOCIETY, {"crime": True}, ["gini_wealth"])


def test_a_second_opening_raises_and_a_fresh_block_opens(tmp_path: Path) -> None:
    seals = Seals(tmp_path)
    assert seals.fresh_block(ASKED, 1) == 0
    assert seals.open(ASKED, 1, 0, "2031-01-02", "runs/a") == 1
    with pytest.raises(InputError, match=r"opened on 2031-01-02 for runs/a; .* The fresh block is 1\."):
        Seals(tmp_path).open(ASKED, 1, 0, "2031-01-03", "elsewhere/b")
    assert Seals(tmp_path).open(ASKED, 1, 1, "2031-01-03", "elsewhere/b") == 2
    assert [opening.begin for opening in seals.openings(ASKED)] == [2_000_001, 2_001_001]


def test_questions_are_counted_apart(tmp_path: Path) -> None:
    seals = Seals(tmp_path)
    seals.open(ASKED, 1, 0, "t", "r")
    assert seals.open(OTHER, 1, 0, "t", "r") == 1
    assert len(seals.openings()) == 2


def test_equal_questions_are_one_whatever_their_order() -> None:
    again = question(dict(reversed(SOCIETY.items())), {"crime": True}, ["gini_wealth", "life_expectancy"])
    assert again == ASKED
    assert ASKED != OTHER


@pytest.mark.parametrize("harm", ["drop", "change", "swap", "junk"])
def test_a_register_that_was_changed_is_noticed(tmp_path: Path, harm: str) -> None:
    seals = Seals(tmp_path)
    for block in range(3):
        seals.open(ASKED, 1, block, "t", "r")
    lines = seals.path.read_text().splitlines()
    changed: dict[str, Any] = {
        "drop": lines[:1] + lines[2:],
        "change": [lines[0].replace('"r"', '"s"'), *lines[1:]],
        "swap": [lines[1], lines[0], lines[2]],
        "junk": [*lines, "{}"],
    }
    seals.path.write_text("\n".join(changed[harm]) + "\n")
    with pytest.raises(RunError, match="seals"):
        seals.openings()


def test_the_register_is_only_appended_to(tmp_path: Path) -> None:
    seals = Seals(tmp_path)
    seals.open(ASKED, 1, 0, "t", "r")
    before = seals.path.read_bytes()
    seals.open(ASKED, 1, 1, "t", "r")
    assert seals.path.read_bytes().startswith(before)
    assert json.loads(before)["before"] == ""


def test_seeds_of_the_splits_never_meet() -> None:
    splits = [range(1, 1000), validation_seeds(1, 1000), *(sealed_seeds(1, 1000, block) for block in range(4))]
    seen = [seed for split in splits for seed in split]
    assert len(seen) == len(set(seen))
    with pytest.raises(InputError, match="a block of sealed seeds holds 1,000"):
        sealed_seeds(1, 1001, 0)


def test_the_same_worlds_do_not_open_again_from_another_first_seed(tmp_path: Path) -> None:
    seals = Seals(tmp_path)
    seals.open(ASKED, 1001, 0, "t", "r")
    assert set(sealed_seeds(1001, 16, 0)) == set(sealed_seeds(1, 16, 1))
    with pytest.raises(InputError, match="seeds of block 1 of this question were opened"):
        seals.open(ASKED, 1, 1, "t", "r")
    with pytest.raises(InputError, match=r"The fresh block is 2\."):
        seals.open(ASKED, 501, 0, "t", "r")  # half of its seeds are those of the first
    assert seals.fresh_block(ASKED, 1) == 0


def test_an_entry_without_its_end_of_line_is_not_run_into(tmp_path: Path) -> None:
    seals = Seals(tmp_path)
    seals.open(ASKED, 1, 0, "t", "r")
    seals.path.write_bytes(seals.path.read_bytes().rstrip(b"\n"))
    assert seals.open(ASKED, 1, 1, "t", "r") == 2
    assert len(seals.openings()) == 2


def test_what_nothing_follows_is_not_protected(tmp_path: Path) -> None:
    """The limit that the page names: a change of the last line alone is not noticed."""
    seals = Seals(tmp_path)
    seals.open(ASKED, 1, 0, "t", "r")
    seals.path.write_text(seals.path.read_text().replace('"r"', '"s"'))
    assert seals.openings()[0].run == "s"
