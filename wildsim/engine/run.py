"""Run a plan to its end: workers, progress, failures, resuming, and the tables over all seeds."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from time import monotonic
from typing import Any

from wildsim.core.errors import InputError, RunError
from wildsim.engine import files, minds, paired, summary
from wildsim.engine.lock import locked
from wildsim.engine.parallel import check_jobs, default_jobs
from wildsim.engine.plan import Plan
from wildsim.engine.pool import messages
from wildsim.engine.speech import TAPE, Speech
from wildsim.engine.store import RunFolder, now
from wildsim.engine.warm import compile_first
from wildsim.engine.watcher import Watcher
from wildsim.engine.work import Message, Progress, SeedError, SeedWork, failed, live_told


class StoppedError(RunError):
    """The user stopped the run; it can be resumed."""


def start(
    plan: Plan,
    *,
    out: Path | None = None,
    jobs: int | None = None,
    threads: int = 1,
    watcher: Watcher | None = None,
    command: str = "",
    speech: Speech | None = None,
) -> RunFolder:
    """Run a plan in a new folder.

    Raises:
        InputError: The folder cannot be used.
        RunError: A seed failed or the user stopped; the folder can be resumed.
    """
    _check_numbers(jobs, threads)
    folder = RunFolder.create(plan, out, command)
    carry_on(folder, jobs=jobs, threads=threads, watcher=watcher, speech=speech)
    return folder


def resume(
    path: Path,
    *,
    jobs: int | None = None,
    threads: int = 1,
    watcher: Watcher | None = None,
    speech: Speech | None = None,
    budget: Mapping[str, float] | None = None,
) -> RunFolder:
    """Finish a run that was interrupted; a finished one is only checked.

    Args:
        budget: `budget_usd`, `budget_tokens`, `budget_calls` of the whole run in place of those that it began with.

    Raises:
        InputError: It is no run folder, another version began it, or its budget cannot be raised any more.
        RunError: It is damaged beyond repair, somebody else works in it, or it fails again.
    """
    _check_numbers(jobs, threads)
    folder = RunFolder.open(path)
    check_tapes(folder)
    tables = [folder.path / name for name in ("summary.json", "results.parquet")]
    if folder.manifest["status"] == "done" and all(folder.is_as_written(path) for path in tables):
        if len(folder.done_seeds()) == len(folder.plan.seeds):
            return folder
    folder.check_code()
    if budget:
        _raise_budget(folder, budget)
    carry_on(folder, jobs=jobs, threads=threads, watcher=watcher, speech=speech)
    return folder


def _raise_budget(folder: RunFolder, budget: Mapping[str, float]) -> None:
    """Note a new budget in the manifest, from which every process takes it.

    Raises:
        InputError: Rules decided for want of money: with more of it the months before would be of another run. Or it
            is no larger than the budget that the run stopped with; nothing was changed.
    """
    if any(arm.scenario.llm.on_budget == "fallback" for arm in folder.plan.arms):
        raise InputError("llm.on_budget is fallback: rules have decided in place of calls. Run the scenario anew.")
    noted = folder.manifest.get("budget", {})
    for name, most in budget.items():
        begun = [getattr(arm.scenario.llm, name) for arm in folder.plan.arms if arm.scenario.minds]
        before = noted.get(name, max((had for had in begun if had is not None), default=None))
        if before is not None and most <= before:
            option = f"--{name.replace('_', '-')}"
            raise InputError(
                f"{option} is {most:g}; the run stopped with a budget of {before:g} in all. "
                f"Give more than {before:g}, what is spent included. Nothing was changed."
            )
    folder.note(budget={**noted, **budget})


def check_tapes(folder: RunFolder) -> None:
    """Check that the tapes of what is finished are those that were recorded: no answer is ever paid for twice.

    Raises:
        RunError: One was changed, or it is gone and what was lived from it must be lived again.
    """
    for arm in folder.plan.arms:
        for seed in folder.plan.seeds:
            tape = folder.seed_folder(arm.name, seed) / TAPE
            if folder.is_as_written(tape):
                continue
            if tape.exists() or not folder.is_done(arm.name, seed):
                how = "was changed since the run ended" if tape.exists() else "is gone"
                raise RunError(
                    f"'{tape}' {how}; it holds the answers that this run rests on, and nobody is asked for them again. "
                    "Restore the file, or run the scenario anew in another folder. Nothing was changed."
                )


def carry_on(
    folder: RunFolder, *, jobs: int | None, threads: int, watcher: Watcher | None, speech: Speech | None = None
) -> None:
    """Live every seed that is not on disk, then write the tables over all seeds.

    Raises:
        RunError: A seed failed, the disk is full, or the user stopped. The message says how to resume.
    """
    watcher = watcher or Watcher()
    begun = monotonic()
    try:
        with locked(folder.path):
            failures = _live_all(folder, jobs, threads, watcher, speech or Speech())
            done = folder.done_seeds()
            failures += _unexplained(folder, done, failures)
            if done:
                _write_tables(folder, done)
            seconds = folder.manifest.get("seconds", 0.0) + round(monotonic() - begun, 1)
            status = "failed" if failures else "done"
            digests = _digests(folder, done)
            told = minds.report(folder, done)
            folder.note(status=status, failures=failures, finished=now(), seconds=seconds, files=digests, **told)
    except files.DiskError as error:
        raise RunError(f"{error}\nContinue: wildsim resume {folder.path}") from error
    if failures:
        ended = RunError(_what_failed(folder, failures))
        ended.add_note(failures[0]["traceback"])  # shown with --debug
        raise ended


def _check_numbers(jobs: int | None, threads: int) -> None:
    check_jobs(jobs)
    if not 1 <= threads <= 1024:
        raise InputError(f"--threads is {threads}; it must be 1 or more.")


def _live_all(
    folder: RunFolder, jobs: int | None, threads: int, watcher: Watcher, speech: Speech
) -> list[dict[str, Any]]:
    """Live the seeds that are missing; return what failed."""
    done = folder.done_seeds()
    for seed in done:
        folder.drop_checkpoints(seed)
    missing = [seed for seed in folder.plan.seeds if seed not in done]
    if not missing:
        return []
    folder.note(status="running", failures=[])
    failures: list[Message] = []
    heard = _Ear(failures, watcher, folder.plan.months_per_seed * len(missing))
    try:
        compile_first((arm.scenario for arm in folder.plan.arms), watcher.say)
        _work(folder, missing, jobs or default_jobs(len(missing)), threads, heard, speech)
    except KeyboardInterrupt:
        folder.note(status="stopped")
        total = len(folder.plan.seeds)
        at = min(len(done) + len(heard.lived) + len(failures) + 1, total)
        raise StoppedError(f"Stopped at seed {at} of {total}. Continue: wildsim resume {folder.path}") from None
    for seed in heard.lived:
        folder.forget_files(seed)  # what was noted is of the files before they were made again
    return failures


def _unexplained(folder: RunFolder, done: list[int], failures: list[Message]) -> list[Message]:
    """Return a failure for every seed that is neither done nor said to have failed, so that none is lost in silence."""
    told = {failure["seed"] for failure in failures}
    lost = [seed for seed in folder.plan.seeds if seed not in done and seed not in told]
    why = "not begun, because of the failure above." if failures else "its files are not complete."
    return [{key: value for key, value in failed(seed, why).items() if key != "kind"} for seed in lost]


class _Ear:
    """Hears what workers say: adds up months and passes them on, collects seeds that are lived and failures."""

    def __init__(self, failures: list[Message], watcher: Watcher, total: int):
        self.failures, self.watcher, self.total = failures, watcher, total
        self.lived: list[int] = []
        self._months: dict[int, int] = {}

    def progress(self, report: Progress) -> None:
        """Take how far one seed is."""
        self._months[report.seed] = report.done
        phase = "burn-in" if report.month < 0 else f"{report.arm}, month {report.month}"
        self.watcher.progress(sum(self._months.values()), self.total, f"seed {report.seed}: {phase}")

    def hear(self, message: Message) -> bool:
        """Take one message; return whether the other seeds are worth trying."""
        facts = {key: value for key, value in message.items() if key != "kind"}
        if message["kind"] == "progress":
            self.progress(Progress(**facts))
        elif message["kind"] == "failed":
            self.failures.append(facts)
            if not facts["fatal"]:
                self.watcher.say(f"Seed {facts['seed']} failed.")
            return not facts["fatal"]
        else:
            self.lived.append(facts["seed"])
        return True


def _work(folder: RunFolder, seeds: list[int], jobs: int, threads: int, ear: _Ear, speech: Speech) -> None:
    """Live the seeds, in this process (one job, or a person to be asked) or in worker processes."""
    if jobs > 1 and len(seeds) > 1 and speech.ask is None and speech.tapes is None:
        heard = messages(folder.path, seeds, jobs, threads)
        try:
            for message in heard:
                if not ear.hear(message):
                    break
        finally:
            heard.close()
        return
    for seed in seeds:
        work = SeedWork(folder, seed, threads, ear.progress, speech)
        if not ear.hear(live_told(work)):
            break


def _line(failure: Message) -> str:
    """Return one failure as a sentence."""
    if failure["arm"] is None:
        return f"Seed {failure['seed']} failed: {failure['reason']}"
    return str(SeedError(failure["seed"], failure["arm"], failure["month"], failure["reason"]))


def _write_tables(folder: RunFolder, seeds: list[int]) -> None:
    """Write the tables over all seeds that are done."""
    frames = {arm.name: summary.indicators(folder, arm.name, seeds) for arm in folder.plan.arms}
    files.write_json(folder.path / "summary.json", summary.summarise(folder, frames))
    if len(frames) > 1:
        results = paired.differences(frames, {arm.name: arm.start for arm in folder.plan.arms})
        columns = {str(name): results[name].to_numpy() for name in results}
        files.write(folder.path / "results.parquet", files.parquet_bytes(columns))


def _digests(folder: RunFolder, done: list[int]) -> dict[str, str]:
    """Return the hash of every file that two identical runs share; of what is damaged, the hash that it should have."""
    found = [path for path in (folder.path / "summary.json", folder.path / "results.parquet") if path.is_file()]
    kept: dict[str, str] = {}
    for arm in folder.plan.arms:
        for seed in folder.plan.seeds:
            place = folder.seed_folder(arm.name, seed)
            if seed in done or folder.is_done(arm.name, seed):
                found += [path for path in sorted(place.rglob("*.*")) if path.is_file()]
            else:
                start = place.relative_to(folder.path).as_posix() + "/"
                kept |= {name: hashed for name, hashed in folder.noted_files.items() if name.startswith(start)}
    digests = {p.relative_to(folder.path).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest() for p in found}
    return kept | digests


def _what_failed(folder: RunFolder, failures: list[dict[str, Any]]) -> str:
    lines = [_line(failure) for failure in failures[:5]]
    if len(failures) > 5:
        lines.append(f"... and {len(failures) - 5} more seeds.")
    kept = len(folder.done_seeds())
    lines.append(f"{kept} of {len(folder.plan.seeds)} seeds are done and kept. Continue: wildsim resume {folder.path}")
    return "\n".join(lines)
