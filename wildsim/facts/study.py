"""Live every variant on every seed, once: what is stored is not lived again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wildsim.core.errors import RunError
from wildsim.engine import files
from wildsim.engine.parallel import spread
from wildsim.engine.plan import digest_of, folder_name
from wildsim.engine.store import code_digest
from wildsim.engine.study_folder import begin, place
from wildsim.engine.warm import compile_first
from wildsim.facts import evidence as stored
from wildsim.facts.evidence import Evidence
from wildsim.facts.societies import Variant
from wildsim.scenario.schema import Scenario

#: Files of this package on which evidence depends; how facts are estimated may change and it stands.
INVOLVED = ("facts/evidence.py", "facts/observers.py")
LABEL = "resolved.json"


@dataclass(frozen=True)
class Task:
    """One society to live.

    Attributes:
        scenario: Resolved settings, as plain data. seed: World seed. path, key: Where evidence goes, and its key.
    """

    scenario: dict[str, Any]
    seed: int
    path: Path
    key: str


def settings_digest(variants: Sequence[Variant], seeds: Sequence[int]) -> str:
    """Return a hash of all settings of a study."""
    societies = [[name, _settings(scenario)] for name, scenario in _societies(variants).items()]
    return digest_of([societies, list(seeds)])


def tasks(variants: Sequence[Variant], seeds: Sequence[int], folder: Path) -> list[tuple[str, int, Task]]:
    """Return what has to be lived: (name of the variant or "variant, reform", seed, task), seed by seed."""
    found, code = [], code_digest(*INVOLVED)
    for seed in seeds:
        for name, scenario in _societies(variants).items():
            settings = _settings(scenario)
            path = folder / "evidence" / folder_name(name) / f"seed={seed}.npz"
            found.append((name, seed, Task(settings, seed, path, digest_of([settings, seed, code]))))
    return found


def _societies(variants: Sequence[Variant]) -> dict[str, Scenario]:
    """Return everything to live on each seed: variants, each followed by its reforms."""
    found = {}
    for variant in variants:
        found[variant.name] = variant.scenario
        found |= {f"{variant.name}, {name}": scenario for name, scenario in variant.reforms.items()}
    return found


def gather(
    variants: Sequence[Variant],
    seeds: Sequence[int],
    folder: Path,
    *,
    jobs: int | None = None,
    progress: Callable[[int, int], None] = lambda done, total: None,
    say: Callable[[str], None] = lambda text: None,
) -> dict[str, list[Evidence]]:
    """Return the evidence of every variant, in the order of the seeds; what is missing is lived and stored.

    Args:
        progress: Called with how many societies are there and how many it takes. say: Called with a sentence.

    Raises:
        RunError: Evidence could not be written, or read again.
    """
    wanted = tasks(variants, seeds, folder)
    missing = [task for _, _, task in wanted if stored.read(task.path, task.key) is None]
    done = len(wanted) - len(missing)
    progress(done, len(wanted))
    if missing:
        compile_first(_societies(variants).values(), say)
    for _ in spread(live_and_store, missing, jobs):
        done += 1
        progress(done, len(wanted))
    there = {(name, seed): _there(task) for name, seed, task in wanted}
    return {
        variant.name: [
            replace(
                there[variant.name, seed],
                reforms={name: there[f"{variant.name}, {name}", seed] for name in variant.reforms},
            )
            for seed in seeds
        ]
        for variant in variants
    }


def live_and_store(task: Task) -> None:
    """Live one society and store its evidence (called in another process)."""
    scenario = Scenario.model_validate(task.scenario)
    stored.save(task.path, stored.live(scenario, task.seed), task.key)


def _there(task: Task) -> Evidence:
    found = stored.read(task.path, task.key)
    if found is None:
        raise RunError(f"'{task.path}' vanished or was damaged while the facts were computed. Start the command again.")
    return found


def _settings(scenario: Scenario) -> dict[str, Any]:
    """Return what decides what a society lives: not its name, nor its first seed."""
    settings = scenario.resolved()
    settings.pop("seed", None)
    for text in ("name", "about"):
        settings.pop(text, None)
    return settings


def open_folder(name: str, variants: Sequence[Variant], seeds: Sequence[int], out: Path | None) -> Path:
    """Return the folder of a study and write what it consists of as resolved.json; the same settings go on in the same.

    Args:
        name: Of the scenario. out: The folder; where left out, runs/DATE-facts-NAME-HASH.

    Raises:
        InputError: It holds something else, or cannot be used.
    """
    digest = settings_digest(variants, seeds)[:8]
    folder = place(f"facts-{folder_name(name, 'run')}-{digest}", out, LABEL)
    settings = {name: scenario.resolved() for name, scenario in _societies(variants).items()}
    data = {"kind": "facts", "societies": settings, "seeds": list(seeds)}
    if begin(folder, LABEL, data, "no study of facts") is not None:
        files.write_json(folder / LABEL, data)
    return folder
