"""How the minds of a run are asked: one tape an arm and seed, one cache a seed, one part of the budget a seed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from wildsim.core.errors import InputError
from wildsim.engine import files
from wildsim.engine.plan import Arm
from wildsim.minds.language.call import SCRIPTED, Model
from wildsim.scenario.schema import Scenario

if TYPE_CHECKING:
    from wildsim.engine.store import RunFolder

#: Minds whose answers are on a tape.
TAPED = ("llm", "human")


@dataclass(frozen=True)
class Speech:
    """How minds are asked.

    Attributes:
        processes: Processes that share the limits of calls under way. ask: Puts a question to the person there.
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

        limits = arm.scenario.llm.model_copy(update=folder.manifest.get("budget", {}))
        settings = settings_of(limits, len(folder.plan.seeds), self.processes)
        ask = self.ask
        if self.tapes is not None:
            recorded = self._recorded(self.tapes, arm, seed)
            # where nobody was asked there is no tape, and whoever asked now would reach no model either
            language = Language(settings, tape=recorded, replay=recorded is not None, backends=NOBODY)
            ask = _nobody
        elif finished := self._finished(folder, arm, seed):
            # the arm was finished once and is made again: everything has been answered, nobody is paid twice
            language, ask = Language(settings, tape=finished, replay=True, backends=NOBODY), _nobody
        else:
            several = sum(bool(one.scenario.minds) for one in folder.plan.arms) > 1
            cache = folder.checkpoints(seed) / "cache.sqlite" if several else None
            language = Language(settings, tape=self.tape(folder, arm, seed), cache=cache)
        with language:
            yield {"language": language, "ask": ask}

    @staticmethod
    def _recorded(tapes: Path, arm: Arm, seed: int) -> Path | None:
        """Return the tape of an arm and seed of an earlier run; None where nobody was asked.

        Raises:
            InputError: Somebody was, and the tape is gone: models are not asked in its place.
        """
        if not is_taped(arm.scenario):
            return None
        recorded = tapes / "arms" / arm.name / f"seed={seed}" / TAPE
        if not recorded.is_file():
            raise InputError(
                f"'{recorded}' is gone: without it nothing answers. Restore it, or run the scenario again."
            )
        return recorded

    def _finished(self, folder: RunFolder, arm: Arm, seed: int) -> Path | None:
        """Return a copy, among the checkpoints, of the tape of an arm that was finished before; None where none is."""
        tape, source = self.tape(folder, arm, seed), folder.seed_folder(arm.name, seed) / TAPE
        if tape is None or not source.is_file():
            return None
        with files.explained(tape):
            tape.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, tape)
        return tape

    def tape(self, folder: RunFolder, arm: Arm, seed: int) -> Path | None:
        """Return where the tape of an arm and seed is written; None where nobody is asked."""
        return (
            folder.checkpoints(seed) / f"{arm.name}.sqlite" if self.tapes is None and is_taped(arm.scenario) else None
        )


class _Nobody:
    """Stands in for every backend where no model may be asked."""

    def check(self, model: Any) -> None:
        """Refuse.

        Raises:
            InputError: Always.
        """
        raise InputError(f"'{model.name}' would have to be asked, and a replay asks nobody.")

    async def answer(self, call: Any) -> Any:
        """Refuse.

        Raises:
            InputError: Always.
        """
        self.check(call.model)

    async def close(self) -> None:
        """Nothing to close."""


#: Backends of a replay.
NOBODY = dict.fromkeys(("litellm", "openai_http", "scripted"), _Nobody())


def _nobody(question: Any) -> Mapping[str, float] | None:
    """Stand in for the person at the terminal, whose answers are on the tape.

    Raises:
        InputError: Always: the tape has been asked before.
    """
    raise InputError(f"The tape holds no answer for {question.agent} in month {question.month}.")


#: Name of the tape in the folder of an arm and seed.
TAPE = "tape.sqlite"


def is_taped(scenario: Scenario) -> bool:
    """Return whether a scenario seats anybody whose answers are kept on a tape."""
    return any(entry.mind in TAPED and not entry.auto for entry in scenario.minds)


def scripted(scenarios: Iterable[Scenario]) -> str:
    """Return SCRIPTED where agents of any of the scenarios are answered by the script, "" elsewhere."""
    entries = (entry for scenario in scenarios for entry in scenario.minds if entry.mind == "llm")
    found = any(Model(name, entry.backend).scripted for entry in entries for name in entry.models)
    return SCRIPTED if found else ""


def titled(scenario: Scenario) -> str:
    """Return the name of a scenario as pages head it, with SCRIPTED where that is what it rests on."""
    note = scripted([scenario])
    return f"{scenario.name} ({note})" if note else scenario.name
