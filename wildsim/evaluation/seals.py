"""Seals: a question may be judged once with each block of seeds, and how often it was asked is counted for good.

The register (`wildsim.evaluation.register`) lies beside the scenario, whatever the output folder.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

from wildsim.core.errors import InputError
from wildsim.evaluation.register import FOLDER, Register

#: Seeds above the first: of validation, and of each block of the sealed part.
VALIDATION, SEALED, BLOCK = 1_000_000, 2_000_000, 1_000
NAME = "seals.jsonl"


def validation_seeds(first: int, count: int) -> range:
    """Return the seeds that may stop an optimisation early."""
    return range(first + VALIDATION, first + VALIDATION + count)


def sealed_seeds(first: int, count: int, block: int) -> range:
    """Return the seeds of one opening.

    Raises:
        InputError: More than a block holds.
    """
    if not 1 <= count <= BLOCK:
        raise InputError(f"a block of sealed seeds holds {BLOCK:,}; {count:,} are asked for.")
    begin = first + SEALED + BLOCK * block
    return range(begin, begin + count)


def question(society: Mapping[str, Any], sectors: Mapping[str, bool], sealed: list[str]) -> str:
    """Return the name of a question: equal society, sectors and sealed indicators are one question."""
    on = sorted(name for name, is_on in sectors.items() if is_on)
    asked = {"society": dict(society), "sectors": on, "sealed": sorted(sealed)}
    return hashlib.sha256(json.dumps(asked, sort_keys=True).encode()).hexdigest()


@dataclass(frozen=True)
class Opening:
    """One opening of a seal: which question, which block of seeds, when, for which run."""

    question: str
    block: int
    when: str
    run: str


class Seals:
    """The register of one folder of scenarios."""

    def __init__(self, beside: Path):
        """Take the register in the folder `beside`, that of the scenario; it need not be there yet."""
        self._register = Register(
            beside / FOLDER / NAME,
            [field.name for field in fields(Opening)],
            "seals",
            "without it nobody can say how often a question was asked.",
        )
        self.path = self._register.path

    def openings(self, asked: str | None = None) -> list[Opening]:
        """Return the openings so far, those of one question where it is named.

        Raises:
            RunError: A line was changed or taken out.
        """
        found = [Opening(**entry) for entry in self._register.entries()]
        return [opening for opening in found if asked in (None, opening.question)]

    def fresh_block(self, asked: str) -> int:
        """Return the first block of seeds on which a question was not judged yet."""
        return max((opening.block + 1 for opening in self.openings(asked)), default=0)

    def open(self, asked: str, block: int, when: str, run: str) -> int:
        """Note that a seal is opened, before anything of it is read; return how often the question was opened so far.

        Raises:
            InputError: This block was opened before; names when, and the fresh one.
        """
        with self._register.held():
            before = self.openings(asked)
            for opening in before:
                if opening.block == block:
                    raise InputError(
                        f"block {block} of this question was opened on {opening.when} for {opening.run}; what was seen "
                        f"cannot judge again. The fresh block is {self.fresh_block(asked)}."
                    )
            self._register.append([asdict(Opening(asked, block, when, run))])
        return len(before) + 1
