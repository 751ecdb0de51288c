"""Where a calibration looks next: optuna's tree-structured Parzen estimator, in batches, on a study that is on disk."""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import Any

import numpy as np

from wildsim.engine import files
from wildsim.studies.extra import library
from wildsim.studies.space import Dimension, Point

#: Trials asked for at once. Fixed, so that what is tried does not depend on the number of processes.
BATCH = 8
#: Trials before the estimator has anything to learn from: the start, then points around it.
FIRST = 16
#: Standard deviation of the points around the start, relative to each range. The scenario is a better guess than
#: chance: on a mock of 18 noisy moments of 22 parameters, 200 trials end at a loss of .41 so, and of .47 with first
#: points from the whole space (10 problems, standard error .02).
AROUND = 0.15


class Search:
    """A study of optuna: the same answers give the same questions, in one go or after a break, whatever the processes.

    Each trial has a sampler of its own, seeded by the study's seed and its number; answers come in order of numbers.
    """

    def __init__(self, dimensions: Sequence[Dimension], seed: int, path: Path | None = None):
        """Open the study in the journal at `path` (in memory where left out); a new one begins at the start values.

        Raises:
            InputError: optuna is not installed. DamagedError: The journal cannot be read.
        """
        self.dimensions, self.seed = tuple(dimensions), seed
        self._optuna = library("optuna", "A calibration")
        with self._silent():
            self._study = self._open(path)

    def _open(self, path: Path | None) -> Any:
        storage = None
        if path is not None:
            _cut_torn_line(path)
            journal = library("optuna.storages.journal", "A calibration")
            try:
                storage = self._optuna.storages.JournalStorage(journal.JournalFileBackend(str(path)))
            except ValueError:  # no JSON, or no text at all
                raise files.DamagedError(
                    f"'{path}' is damaged. Remove it: the search begins anew, and what was lived is kept."
                ) from None
        study = self._optuna.create_study(storage=storage, study_name="calibration", load_if_exists=True)
        # A stop may have left fewer than all first points.
        for point in islice(self._first(), len(study.get_trials(deepcopy=False)), None):
            study.enqueue_trial(point)
        return study

    def _first(self) -> Iterator[Point]:
        """Yield the start and points around it."""
        start = {d.name: d.clip(d.start) for d in self.dimensions}
        yield start
        luck = np.random.Generator(np.random.Philox(self.seed))
        for _ in range(FIRST - 1):
            steps = AROUND * luck.standard_normal(len(self.dimensions))
            places = [d.place(start[d.name]) + step for d, step in zip(self.dimensions, steps, strict=True)]
            yield {d.name: d.at(min(max(p, 0.0), 1.0)) for d, p in zip(self.dimensions, places, strict=True)}

    @contextmanager
    def _silent(self) -> Iterator[None]:
        """Keep optuna's notes off the terminal: warnings of its experimental parts, a line a trial."""
        logging = self._optuna.logging
        before = logging.get_verbosity()
        logging.set_verbosity(logging.ERROR)
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore", category=self._optuna.exceptions.ExperimentalWarning)
                yield
        finally:
            logging.set_verbosity(before)

    def answered(self) -> list[tuple[int, Point]]:
        """Return (number, point) of the trials that have their loss, in order of numbers."""
        return self._trials(self._optuna.trial.TrialState.COMPLETE)

    def ask(self, trials: int) -> list[tuple[int, Point]]:
        """Return the next batch as (number, point), no more than `trials` in all; what was asked before comes first."""
        waiting = self._trials(self._optuna.trial.TrialState.RUNNING)
        answered = len(self.answered())
        last = min((answered // BATCH + 1) * BATCH, trials)
        with self._silent():
            for order in range(answered + len(waiting), last):
                waiting.append(self._ask_one(order))
        return waiting[: max(last - answered, 0)]

    def _ask_one(self, order: int) -> tuple[int, Point]:
        word = hashlib.sha256(f"{self.seed}.{order}".encode()).digest()
        self._study.sampler = self._optuna.samplers.TPESampler(
            seed=int.from_bytes(word[:4], "big"), multivariate=True, constant_liar=True, n_startup_trials=FIRST
        )
        trial = self._half_asked() or self._study.ask()
        for d in self.dimensions:
            trial.suggest_float(d.name, d.low, d.high, log=d.log)
        return trial.number, self._point(trial.params)

    def _half_asked(self) -> Any:
        """Return the trial that a stop left without its whole point, None where there is none."""
        for found in self._found(self._optuna.trial.TrialState.RUNNING):
            if not self._whole(found):
                return self._optuna.trial.Trial(self._study, found._trial_id)
        return None

    def tell(self, number: int, loss: float) -> None:
        """Answer one trial."""
        with self._silent():
            self._study.tell(number, loss)

    def _found(self, state: Any) -> list[Any]:
        return list(self._study.get_trials(deepcopy=False, states=(state,)))

    def _whole(self, trial: Any) -> bool:
        return bool(trial.params.keys() == {d.name for d in self.dimensions})

    def _trials(self, state: Any) -> list[tuple[int, Point]]:
        whole = [trial for trial in self._found(state) if self._whole(trial)]
        return sorted((trial.number, self._point(trial.params)) for trial in whole)

    def _point(self, params: dict[str, float]) -> Point:
        return {d.name: d.clip(params[d.name]) for d in self.dimensions}


def _cut_torn_line(path: Path) -> None:
    """Take from the journal a last line that was cut off: the next record would be written behind it."""
    if not path.exists():
        return
    with files.explained(path):
        data = path.read_bytes()
    torn = data.rpartition(b"\n")[2]
    if torn:
        files.write(path, data.removesuffix(torn))
