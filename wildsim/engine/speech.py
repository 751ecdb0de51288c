"""How the minds of a run are asked: one tape an arm and seed, one cache a seed, one part of the budget a seed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.engine.plan import Arm
from wildsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from wildsim.engine.store import RunFolder

#: Minds whose answers are on a tape.
TAPED = ("llm", "human")


@dataclass(frozen=True)
class Speech:
    """How minds are asked.

    Attributes:
        processes: Processes that share the limits of calls under way. ask: Puts a question to the person seated.
        tapes: Run folder whose tapes answer instead of models (a replay); None asks the models.
    """

    processes: int = 1
    ask: Callable[[Any], Mapping[str, float] | None] | None = None
    tapes: Path | None = None

    @contextmanager
    def of(self, folder: RunFolder, arm: Arm, seed: int) -> Iterator[dict[str, Any]]:
        """Yield what a society of one arm and seed is made with: nothing where the rules decide everything."""
        if not arm.scenario.minds:
            yield {}
            return
        from wildsim.deliberation.minds import settings_of
        from wildsim.minds.language.chain import Language

        settings = settings_of(arm.scenario.llm, len(folder.plan.seeds), self.processes)
        if self.tapes is not None:
            recorded = self.tapes / "arms" / arm.name / f"seed={seed}" / TAPE
            language = Language(settings, tape=recorded if recorded.is_file() else None, replay=recorded.is_file())
        else:
            several = sum(bool(one.scenario.minds) for one in folder.plan.arms) > 1
            cache = folder.checkpoints(seed) / "cache.sqlite" if several else None
            language = Language(settings, tape=self.tape(folder, arm, seed), cache=cache)
        with language:
            yield {"language": language, "ask": self.ask}

    def tape(self, folder: RunFolder, arm: Arm, seed: int) -> Path | None:
        """Return where the tape of an arm and seed is written; None where nobody is asked."""
        return (
            folder.checkpoints(seed) / f"{arm.name}.sqlite" if self.tapes is None and is_taped(arm.scenario) else None
        )


#: Name of the tape in the folder of an arm and seed.
TAPE = "tape.sqlite"


def is_taped(scenario: Scenario) -> bool:
    """Return whether a scenario seats anybody whose answers are kept on a tape."""
    return any(entry.mind in TAPED and not entry.auto for entry in scenario.minds)
