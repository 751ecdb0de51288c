"""What a run consists of: arms x seeds, and the resolved settings from which any process can carry it on."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from wildsim.core.document import KeyPath
from wildsim.core.errors import InputError
from wildsim.scenario.minds import MindEntry
from wildsim.scenario.overlay import Overlay
from wildsim.scenario.schema import MAX_MONTHS, MAX_SEED, Scenario
from wildsim.scenario.series import with_series

BASELINE = "baseline"
MAX_SEEDS = 100_000


@dataclass(frozen=True)
class Arm:
    """One variant of the story.

    Attributes:
        name: Also the name of its folder. scenario: What it runs.
        start: First month in which it may differ from the baseline. source: Text of its policy file.
    """

    name: str
    scenario: Scenario
    start: int = 0
    source: str = ""


@dataclass(frozen=True)
class Plan:
    """Arms x seeds. The baseline comes first."""

    arms: tuple[Arm, ...]
    seeds: tuple[int, ...]

    @property
    def scenario(self) -> Scenario:
        """The baseline's scenario."""
        return self.arms[0].scenario

    @property
    def months(self) -> int:
        """Recorded months of each arm."""
        return self.scenario.months

    @property
    def months_per_seed(self) -> int:
        """Months to live for one seed: one burn-in and every arm."""
        return self.scenario.burn_in + len(self.arms) * self.months

    @cached_property
    def resolved(self) -> dict[str, Any]:
        """Every setting of every arm with its default, as plain data."""
        arms = [{"name": a.name, "start": a.start, "scenario": a.scenario.resolved()} for a in self.arms]
        data: dict[str, Any] = json.loads(json.dumps({"arms": arms, "seeds": list(self.seeds)}))
        return data

    @property
    def digest(self) -> str:
        """Hash of the resolved settings."""
        return digest_of(self.resolved)


def digest_of(resolved: Any) -> str:
    """Return the hash of resolved settings."""
    return hashlib.sha256(json.dumps(resolved, sort_keys=True).encode()).hexdigest()


def from_resolved(resolved: dict[str, Any]) -> Plan:
    """Return the plan that wrote `resolved`."""
    arms = tuple(Arm(a["name"], Scenario.model_validate(a["scenario"]), a["start"]) for a in resolved["arms"])
    return Plan(arms, tuple(resolved["seeds"]))


def make_plan(
    scenario: Scenario,
    overlays: Sequence[Overlay] = (),
    *,
    seeds: int = 8,
    seed: int | None = None,
    months: int | None = None,
) -> Plan:
    """Return the plan of a scenario beside its variants.

    Args:
        scenario: The baseline. overlays: One arm each.
        seeds: How many seeds. seed: The first; the scenario's own where left out. months: Recorded months instead
            of the scenario's.

    Raises:
        InputError: A number is out of range, or two arms have one name.
    """
    first = scenario.seed if seed is None else seed
    check_seeds(seeds, first)
    if months is not None and not 1 <= months <= MAX_MONTHS:
        raise InputError(f"--months is {months}; it must be 1 to {MAX_MONTHS:,}.")
    changes = {"seed": first} | ({"months": months} if months is not None else {})
    arms = [Arm(BASELINE, _carrying(scenario.model_copy(update=changes)))]
    for overlay in overlays:
        name = folder_name(overlay.name)
        if name in [arm.name for arm in arms]:
            why = "the arm without policies has it" if name == BASELINE else "one policy was given twice"
            raise InputError(f"Two arms are called '{name}': {why}. Set another name in {overlay.file}.")
        changed = _carrying(scenario.with_overlay(overlay).model_copy(update=changes))
        begins = _start(overlay)
        if begins >= arms[0].scenario.months:
            raise InputError(
                f"{overlay.file}: its first policy starts in month {begins}, after the run's last month "
                f"{arms[0].scenario.months - 1}: it would change nothing. "
                f"Use --months {begins + 12} or more, or an earlier `from`."
            )
        arms.append(Arm(name, changed, begins, overlay.source))
    _check_months(arms)
    return Plan(tuple(arms), tuple(range(first, first + seeds)))


def _check_months(arms: Sequence[Arm]) -> None:
    """Check that every mind begins within the run.

    Raises:
        InputError: One does not, and would decide nothing.
    """
    problems = []
    for arm in arms:
        last = arm.scenario.months - 1
        for number, entry in enumerate(arm.scenario.minds):
            if entry.from_ > last:
                told = f"from is {entry.from_}, after the last month, {last}: the mind would decide nothing."
                problems.append(_placed(arm.scenario, ("minds", number, "from"), f"{told} Use more --months."))
    if problems:
        raise InputError("\n".join(dict.fromkeys(problems)))


def _carrying(scenario: Scenario) -> Scenario:
    """Return the scenario with the texts of its prompt templates and its real series.

    A resume or replay must not read another file.

    Raises:
        InputError: A template or a series cannot be read or used, or a run to be repeated is none.
    """
    unread: list[str] = []
    read = with_series(
        scenario.sensors, scenario._document, scenario.months, lambda path, told: unread.append(f"{path[1]}: {told}")
    )
    if unread:
        raise InputError("\n".join(unread))
    scenario = scenario.model_copy(update={"sensors": read})
    if not any(entry.prompt or entry.mind == "replay" for entry in scenario.minds):
        return scenario
    problems: list[str] = []
    minds = []
    for number, entry in enumerate(scenario.minds):
        key = "run" if entry.mind == "replay" else "prompt"
        try:
            minds.append(_ready(entry))
        except InputError as error:
            problems.append(_placed(scenario, ("minds", number, key), str(error)))
    if problems:
        raise InputError("\n".join(dict.fromkeys(problems)))
    return scenario.model_copy(update={"minds": tuple(minds)})


def _ready(entry: MindEntry) -> MindEntry:
    """Return an entry with the text of its template.

    Raises:
        InputError: It cannot be read or used, or the run that it repeats is none.
    """
    if entry.mind == "replay":
        try:
            there = (Path(entry.run) / "manifest.json").is_file()
        except ValueError:  # a name that no file can have
            there = False
        if not there:
            raise InputError(f"run is {entry.run!a}, which is no run folder; name that of an earlier run.")
    if not entry.prompt:
        return entry
    from wildsim.minds.prompt import check_template

    carrying = entry.with_template()
    problems = check_template(carrying.prompt)
    if problems:
        raise InputError(f"the prompt template cannot be used: {' '.join(problems)}")
    return carrying


def _placed(scenario: Scenario, path: KeyPath, problem: str) -> str:
    """Return a problem with the place of its entry, where the scenario came from a file."""
    document = scenario._document
    return f"minds[{path[1]}]: {problem}" if document is None else str(document.place(path).error(problem))


def keeps_decisions(scenario: Scenario) -> bool:
    """Return whether decisions are recorded: those of minds, or those that the scenario asks for."""
    return bool(scenario.minds) or scenario.record.decisions != "minds"


def check_seeds(seeds: int, first: int, *, least: int = 1, why: str = "", further: int = 0) -> None:
    """Check how many seeds are lived and which is the first.

    Args:
        least: Fewest that make sense, with the reason in `why`. further: Seeds that are used after these.

    Raises:
        InputError: One is out of range.
    """
    if not least <= seeds <= MAX_SEEDS:
        reason = why if why and seeds < least else f"it must be {least} to {MAX_SEEDS:,}."
        raise InputError(f"--seeds is {seeds}; {reason}")
    if not 0 <= first <= MAX_SEED - seeds - further:
        raise InputError(f"--seed is {first}; it must be 0 to {MAX_SEED - seeds - further}.")


def folder_name(text: str, default: str = "policy") -> str:
    """Return a name that is safe as a folder on any system."""
    return re.sub(r"[^A-Za-z0-9_+-]+", "-", text).strip("-")[:60] or default


def _start(overlay: Overlay) -> int:
    """Return the first month in which an overlay acts; 0 when it changes more than policies."""
    sections = overlay.sections
    dated = [*(policy.from_ for policy in overlay.policies), *(entry.from_ for entry in sections.minds)]
    others = sections.parameters or sections.sectors or sections.shocks
    return 0 if others or not dated else min(dated)
