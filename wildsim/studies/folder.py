"""The folder of a study: what it was begun with, so that the same command goes on and another one is refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from wildsim._version import __version__
from wildsim.core.errors import InputError
from wildsim.engine import files, store
from wildsim.engine.plan import digest_of, folder_name
from wildsim.engine.study_folder import begin, place

FORMAT = 1
LABEL = "study.json"
#: Files beside the engine that decide what a world of a calibration or a sensitivity gives.
INVOLVED = ("facts/moments.py", "studies/lives.py", "studies/moments.py", "studies/space.py", "studies/world.py")


@dataclass
class StudyFolder:
    """A folder on disk.

    Attributes:
        path: The folder. facts: Content of study.json. resumed: Whether it was there before.
    """

    path: Path
    facts: dict[str, Any]
    resumed: bool = False

    def note(self, **facts: Any) -> None:
        """Change study.json."""
        self.facts.update(facts)
        files.write_json(self.path / LABEL, self.facts)

    def finish(self, name: str, document: Mapping[str, Any], **facts: Any) -> dict[str, Any]:
        """Write what was found as NAME.json, note that the study is done, and return it with the folder's name."""
        files.write_json(self.path / f"{name}.json", document)
        self.note(status="done", finished=store.now(), **facts)
        return {**document, "folder": str(self.path)}


def digest(data: Any) -> str:
    """Return a hash of plain data."""
    return digest_of(files.without_nan(data))


def open_folder(
    kind: str,
    name: str,
    parts: Mapping[str, Any],
    out: Path | None,
    command: str,
    involved: tuple[str, ...] = INVOLVED,
) -> StudyFolder:
    """Return the folder of a study: a new one, or the one in which the same study was begun.

    Args:
        kind: "calibrate" or the like. name: Of the scenario. parts: What the study depends on, by a name for messages.
        out: The folder; where left out, the one of this study under runs/, or a new one there. involved: Files and
            folders beside the engine whose code decides what is found.

    Raises:
        InputError: The folder holds something else, or a study that was begun with something else.
    """
    parts = {**parts, "code": store.code_digest(*involved)}
    digests = {part: digest(content) for part, content in parts.items()}
    key = digest(digests)
    path = place(f"{kind}-{folder_name(name, 'study')}-{key[:8]}", out, LABEL)
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
    begun = begin(path, LABEL, facts, "no study")
    if begun is None:
        return StudyFolder(path, facts)
    _check_same(path, digests, begun)
    return StudyFolder(path, begun, resumed=True)


def _check_same(path: Path, digests: Mapping[str, str], facts: dict[str, Any]) -> None:
    if facts.get("format") != FORMAT or not isinstance(facts.get("parts"), dict):
        raise InputError(f"'{path}' was written by another version of WildSim. Choose another --out.")
    changed = [part for part in {**digests, **facts["parts"]} if digests.get(part) != facts["parts"].get(part)]
    if changed:
        raise InputError(
            f"'{path}' was begun with other {', '.join(sorted(changed))}; going on would mix the two. "
            f"Choose another --out, or go on as it was begun: {facts.get('command')}"
        )
