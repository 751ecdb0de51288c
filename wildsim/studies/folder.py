"""The folder of a study: what it was begun with, so that the same command goes on and another one is refused."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from wildsim._version import __version__
from wildsim.core.errors import InputError
from wildsim.engine import files, store
from wildsim.engine.plan import digest_of, folder_name

FORMAT = 1
#: Files beside the engine that decide what a world of a study gives.
INVOLVED = ("facts/moments.py", "studies/moments.py", "studies/space.py", "studies/world.py")


@dataclass(frozen=True)
class Watcher:
    """Who wants to hear how a study is doing.

    Attributes:
        say: Called with a sentence. progress: Called with how many lives are done, of how many, and where it stands.
    """

    say: Callable[[str], None] = lambda text: None
    progress: Callable[[int, int, str], None] = lambda done, total, now: None


@dataclass
class StudyFolder:
    """A folder on disk.

    Attributes:
        path: The folder. facts: Content of study.json. resumed: Whether it was there before.
    """

    path: Path
    facts: dict[str, Any]
    resumed: bool = False
    _parts: dict[str, str] = field(default_factory=dict)

    def note(self, **facts: Any) -> None:
        """Change study.json."""
        self.facts.update(facts)
        files.write_json(self.path / "study.json", self.facts)


def digest(data: Any) -> str:
    """Return a hash of plain data."""
    return digest_of(files.without_nan(data))


def open_folder(kind: str, name: str, parts: Mapping[str, Any], out: Path | None, command: str) -> StudyFolder:
    """Return the folder of a study: a new one, or the one in which the same study was begun.

    Args:
        kind: "calibrate" or the like. name: Of the scenario. parts: What the study depends on, by a name for messages.
        out: The folder; where left out, the one of this study under runs/, or a new one there.

    Raises:
        InputError: The folder holds something else, or a study that was begun with something else.
    """
    parts = {**parts, "code": store.code_digest(*INVOLVED)}
    digests = {part: digest(content) for part, content in parts.items()}
    key = digest(digests)
    stem = f"{kind}-{folder_name(name, 'study')}-{key[:8]}"
    path = out if out is not None else _place(Path("runs"), stem)
    begun = path / "study.json"
    if begun.exists():
        facts = files.read_json(begun)
        _check_same(path, kind, digests, facts)
        return StudyFolder(path, facts, resumed=True)
    facts = {
        "format": FORMAT,
        "wildsim": __version__,
        "kind": kind,
        "name": name,
        "parts": digests,
        "settings": files.without_nan(dict(parts)),
        "command": command,
        "created": store.now(),
        "status": "running",
    }
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise InputError(f"'{path}' is not empty and holds no study. Choose another --out.")
    except OSError as error:
        raise InputError(f"{files.explain(path, error)} Choose another --out.") from error
    made = StudyFolder(path, facts)
    made.note()
    return made


def _place(root: Path, stem: str) -> Path:
    """Return where the study called `stem` was begun under `root`, or where it would begin today."""
    known = sorted(root.glob(f"*-{stem}/study.json")) if root.is_dir() else []
    return known[-1].parent if known else root / f"{datetime.now().astimezone():%Y-%m-%d}-{stem}"


def _check_same(path: Path, kind: str, digests: Mapping[str, str], facts: Any) -> None:
    if not isinstance(facts, dict) or facts.get("format") != FORMAT or not isinstance(facts.get("parts"), dict):
        raise InputError(f"'{path}' was written by another version of WildSim. Choose another --out.")
    if facts.get("kind") != kind:
        raise InputError(f"'{path}' holds another study ({facts.get('kind')}). Choose another --out.")
    changed = [part for part in {**digests, **facts["parts"]} if digests.get(part) != facts["parts"].get(part)]
    if changed:
        raise InputError(
            f"'{path}' was begun with other {', '.join(sorted(changed))}; going on would mix the two. "
            f"Choose another --out, or go on as it was begun: {facts.get('command')}"
        )
