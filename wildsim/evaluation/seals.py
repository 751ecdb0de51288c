"""Seals: a question may be judged once with each block of seeds, and how often it was asked is counted for good.

The register (`wildsim.evaluation.register`) lies beside the scenario, whatever the output folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from wildsim.core.errors import InputError
from wildsim.evaluation.register import FOLDER, Register

#: Seeds above the first: of validation, and of each block of the sealed part.
VALIDATION, SEALED, BLOCK = 1_000_000, 2_000_000, 1_000
NAME = "seals.jsonl"


def validation_seeds(first: int, seeds: int) -> range:
    """Return the seeds that may stop an optimisation early."""
    return range(first + VALIDATION, first + VALIDATION + seeds)


def sealed_seeds(first: int, seeds: int, block: int) -> range:
    """Return the seeds of one opening.

    Raises:
        InputError: More than a block holds.
    """
    if not 1 <= seeds <= BLOCK:
        raise InputError(f"a block of sealed seeds holds {BLOCK:,}; {seeds:,} are asked for.")
    return range(_begin(first, block), _begin(first, block) + seeds)


def _begin(first: int, block: int) -> int:
    """Return the first seed of a block."""
    return first + SEALED + BLOCK * block


def question(society: Mapping[str, Any], sectors: Mapping[str, bool], sealed: list[str]) -> str:
    """Return the name of a question: equal society, sectors and sealed indicators are one question."""
    on = sorted(name for name, is_on in sectors.items() if is_on)
    asked = {"society": dict(society), "sectors": on, "sealed": sorted(sealed)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Opening:
    """One opening of a seal.

    Attributes:
        question: Its name. begin: First seed of the block, which holds BLOCK. when, run: When, and for which run.
    """

    question: str
    begin: int
    when: str
    run: str


class Seals:
    """The register of one folder of scenarios."""

    def __init__(self, beside: Path):
        """Take the register in the folder `beside`, that of the scenario; it need not be there yet."""
        why = "without it nobody can say how often a question was asked."
        self._register = Register(beside / FOLDER / NAME, Opening, "seals", why)
        self.path = self._register.path

    def openings(self, asked: str | None = None) -> list[Opening]:
        """Return the openings so far, those of one question where it is named.

        Raises:
            RunError: A line was changed or taken out.
        """
        found = [Opening(**entry) for entry in self._register.entries()]
        return [opening for opening in found if asked in (None, opening.question)]

    def fresh_block(self, asked: str, first: int) -> int:
        """Return the first block above `first` of whose seeds none has judged a question yet."""
        used = [opening.begin for opening in self.openings(asked)]
        return next(block for block in count() if not any(_meet(_begin(first, block), begin) for begin in used))

    def open(self, asked: str, first: int, block: int, when: str, run: str) -> int:
        """Note that a seal is opened, before anything of it is read; return how often the question was opened so far.

        Raises:
            InputError: Seeds of this block were opened before, from whatever first seed; names when, and the fresh one.
        """
        begin = _begin(first, block)
        with self._register.held():
            before = self.openings(asked)
            for opening in before:
                if _meet(begin, opening.begin):
                    raise InputError(
                        f"seeds of block {block} of this question were opened on {opening.when} for {opening.run}; "
                        f"what was seen cannot judge again. The fresh block is {self.fresh_block(asked, first)}."
                    )
            self._register.append([Opening(asked, begin, when, run)])
        return len(before) + 1


def _meet(one: int, other: int) -> bool:
    """Return whether the blocks that begin at two seeds share any."""
    return abs(one - other) < BLOCK
