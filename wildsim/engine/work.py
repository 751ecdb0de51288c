"""One seed: burn in once, then live every arm from that snapshot, saving checkpoints on the way."""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from wildsim.core.errors import WildSimError
from wildsim.engine import fallbacks, files, sealing
from wildsim.engine.plan import Arm, keeps_decisions
from wildsim.engine.record import Arrays, Livable, Recorder, distribution_columns
from wildsim.engine.speech import TAPE, Speech
from wildsim.engine.store import RunFolder
from wildsim.scenario.schema import Scenario

CHECKPOINT_MONTHS = 60
Message = dict[str, Any]
_STATE, _RECORD = "state/", "record/"


@dataclass(frozen=True)
class Progress:
    """How far a seed is. `done` and `total` count months, burn-in and all arms together."""

    seed: int
    arm: str
    month: int
    done: int
    total: int


class SeedError(WildSimError):
    """A seed failed; says where.

    Attributes:
        seed: World seed. arm: Arm. month: Month that could not be lived (negative: burn-in).
    """

    def __init__(self, seed: int, arm: str, month: int, reason: str):
        """Name seed, arm, month and reason."""
        self.seed, self.arm, self.month, self.reason = seed, arm, month, reason
        super().__init__(f"Seed {seed} failed in month {month} of arm '{arm}': {reason}")

    def __reduce__(self) -> tuple[type[SeedError], tuple[int, str, int, str]]:
        """Rebuild from the fields, so that the error crosses a process boundary."""
        return type(self), (self.seed, self.arm, self.month, self.reason)


def make_society(scenario: Scenario, seed: int, threads: int, **minds: Any) -> Livable:
    """Return a society at the start of its burn-in; `minds` says through what language models and people are asked."""
    society: Livable = importlib.import_module("wildsim.society").Society(scenario, seed=seed, threads=threads, **minds)
    return society


class SeedWork:
    """Lives one seed of a run."""

    def __init__(
        self,
        folder: RunFolder,
        seed: int,
        threads: int,
        tell: Callable[[Progress], None],
        speech: Speech | None = None,
    ):
        """Work on `seed` of the run in `folder`; `tell` hears of every month, `speech` says how minds are asked."""
        self.speech = speech or Speech()
        self.folder, self.seed, self.threads, self.tell = folder, seed, threads, tell
        self.plan = folder.plan
        self.place = folder.checkpoints(seed)
        self._arm, self._month, self._done = self.plan.arms[0].name, -self.plan.scenario.burn_in, 0

    def live(self) -> None:
        """Live every arm that is not on disk yet, then remove the checkpoints.

        Raises:
            SeedError: A month could not be lived.
            DiskError: A file could not be written.
        """
        burned: Arrays | None = None
        for number, arm in enumerate(self.plan.arms):
            self._arm, self._done = arm.name, self.plan.scenario.burn_in + number * self.plan.months
            if self.folder.is_done(arm.name, self.seed):
                self._say(self.plan.months)
                continue
            saved = self._saved(arm)
            if saved is None:
                burned = self._burned() if burned is None else burned
                saved = {_STATE + name: values for name, values in burned.items()}
            self._live_arm(arm, saved)
        self.folder.drop_checkpoints(self.seed)

    def _say(self, month: int) -> None:
        """Report the months lived so far."""
        burn_in = self.plan.scenario.burn_in
        done = burn_in + month if month < 0 else self._done + month
        self.tell(Progress(self.seed, self._arm, month, done, self.plan.months_per_seed))

    def _burned(self) -> Arrays:
        """Return the state at the start of month 0, from disk or by living the burn-in."""
        path = self.place / "burn_in.npz"
        saved = files.read_arrays(path)
        self._arm = self.plan.arms[0].name
        society = make_society(self.plan.scenario.model_copy(update={"minds": ()}), self.seed, self.threads)
        try:
            if saved is not None:
                society.restore(_part(saved, _STATE))
            while society.month < 0:
                self._step(society)
                if society.month % CHECKPOINT_MONTHS == 0:
                    files.write_arrays(path, _prefixed(_STATE, society.snapshot()))
            if self.plan.scenario.burn_in == 0:
                files.write_arrays(path, _prefixed(_STATE, society.snapshot()))
            return society.snapshot()
        finally:
            society.close()

    def _saved(self, arm: Arm) -> Arrays | None:
        return files.read_arrays(self.place / f"arm-{arm.name}.npz")

    def _live_arm(self, arm: Arm, saved: Arrays) -> None:
        self._arm = arm.name
        record = arm.scenario.record
        told, sensed, rewards = keeps_decisions(arm.scenario), bool(arm.scenario.sensors), bool(arm.scenario.reward)
        recorder = Recorder(panel=record.panel > 0, decisions=told, sensed=sensed, rewards=rewards)
        with self.speech.of(self.folder, arm, self.seed) as minds:
            society = make_society(arm.scenario, self.seed, self.threads, **minds)
            try:
                society.restore(_part(saved, _STATE))
                if any(name.startswith(_RECORD) for name in saved):
                    recorder.load(_part(saved, _RECORD))
                while society.month < self.plan.months:
                    month = society.month
                    self._step(society)
                    recorder.add(month, society)
                    if society.month % CHECKPOINT_MONTHS == 0 and society.month < self.plan.months:
                        state = _prefixed(_STATE, society.snapshot()) | _prefixed(_RECORD, recorder.state())
                        files.write_arrays(self.place / f"arm-{arm.name}.npz", state)
                content = self._content(arm, society, recorder)
            finally:
                society.close()
        content |= self._fallbacks(arm, recorder)
        tape = self.speech.tape(self.folder, arm, self.seed)
        self.folder.write_seed(arm.name, self.seed, content, {TAPE: tape} if tape else {})

    def _fallbacks(self, arm: Arm, recorder: Recorder) -> dict[str, bytes]:
        """Return the file that tells what fallbacks did; nothing where there were none."""
        decisions = recorder.tables["decisions"].columns() if "decisions" in recorder.tables else {}
        if not arm.scenario.minds or "fallback" not in set(decisions["source"]):
            return {}
        rows = fallbacks.relive(arm.scenario, self.seed, self.threads, self._burned(), self.plan.months, decisions)
        shown, _ = sealing.apart(rows, arm.scenario.evaluation.hidden)
        return {f"{fallbacks.STEM}.parquet": files.parquet_bytes(shown)}

    def _step(self, society: Livable) -> None:
        """Live one month and report it.

        Raises:
            SeedError: The month could not be lived.
        """
        month = society.month
        try:
            society.step()
        except MemoryError as error:
            raise SeedError(
                self.seed, self._arm, month, "not enough memory. Lower society.people or --jobs."
            ) from error
        except Exception as error:
            reason = str(error) if isinstance(error, WildSimError) else f"{type(error).__name__}: {error}"
            raise SeedError(self.seed, self._arm, month, reason) from error
        self._say(society.month)

    def _content(self, arm: Arm, society: Livable, recorder: Recorder) -> dict[str, bytes]:
        """Return the files of the finished arm; what is sealed is written to its own folder first."""
        hidden = arm.scenario.evaluation.hidden
        tables = {stem: table.columns() for stem, table in recorder.tables.items()}
        tables["indicators"], sealed = sealing.apart(tables["indicators"], hidden)
        if hidden:
            files.write(sealing.place(self.folder.path, arm.name, self.seed), files.parquet_bytes(sealed))
        content = {f"{stem}.parquet": files.parquet_bytes(columns) for stem, columns in tables.items()}
        samples = {name: values for name, values in society.distributions().items() if not sealing.shows(name, hidden)}
        content["distributions.parquet"] = files.parquet_bytes(distribution_columns(samples))
        facts: dict[str, Any] = {"largest_error": recorder.largest_error}
        told = society.minds_report()
        if told:
            facts["minds"] = told
        content["end.json"] = files.json_text(facts).encode()
        return content


def _prefixed(prefix: str, arrays: Arrays) -> Arrays:
    return {prefix + name: values for name, values in arrays.items()}


def _part(arrays: Arrays, prefix: str) -> Arrays:
    return {name.removeprefix(prefix): values for name, values in arrays.items() if name.startswith(prefix)}


def failed(seed: int, reason: str, *, arm: str | None = None, month: int | None = None, fatal: bool = False) -> Message:
    """Return the message that a seed failed; `fatal` when other seeds would fail the same way (a full disk)."""
    trace = traceback.format_exc() if sys.exc_info()[0] else ""
    facts = {"seed": seed, "arm": arm, "month": month, "reason": reason, "fatal": fatal, "traceback": trace}
    return {"kind": "failed", **facts}


def live_told(work: SeedWork) -> Message:
    """Live a seed and return how it went, whatever happens."""
    try:
        work.live()
    except SeedError as error:
        return failed(work.seed, error.reason, arm=error.arm, month=error.month)
    except WildSimError as error:
        return failed(work.seed, str(error), fatal=isinstance(error, files.DiskError))
    except Exception as error:
        return failed(work.seed, f"{type(error).__name__}: {error}")
    return {"kind": "done", "seed": work.seed}
