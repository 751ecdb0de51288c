"""Folders of studies: named by the day and what they depend on, found again on a later day, never somebody else's."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from wildsim.core.errors import InputError
from wildsim.engine import files

ROOT = Path("runs")


def today() -> str:
    """Return the date as it begins the name of a folder."""
    return f"{datetime.now().astimezone():%Y-%m-%d}"


def place(stem: str, out: Path | None, marker: str) -> Path:
    """Return the folder of a study: `out`, or the last one called `stem` under runs/, or where it would begin today.

    Args:
        stem: What it is and a hash of its settings. marker: A file that every folder of such a study holds.
    """
    if out is not None:
        return out
    known = sorted(ROOT.glob(f"*-{stem}/{marker}")) if ROOT.is_dir() else []
    return known[-1].parent if known else ROOT / f"{today()}-{stem}"


def claim(path: Path, lacks: str = "") -> Path:
    """Make the folder that the user asked for and return it; one that is there already must be empty.

    Args:
        lacks: What would have been welcome in it, for the message: "no study".

    Raises:
        InputError: It holds something already, or cannot be made.
    """
    try:
        if (path / "manifest.json").exists():
            raise InputError(
                f"'{path}' already holds a run. Continue it: wildsim resume {path}. Or choose another --out."
            )
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise InputError(f"'{path}' is not empty{lacks and f' and holds {lacks}'}. Choose another --out.")
    except OSError as error:
        raise InputError(f"{files.explain(path, error)} Choose another --out.") from error
    return path


def begin(path: Path, marker: str, content: Mapping[str, Any], lacks: str) -> dict[str, Any] | None:
    """Return what the marker says of the study begun in a folder; where there is none begin one and return None.

    Args:
        marker: Name of the JSON file. content: What it says of a new study, with its "kind". lacks: As in `claim`.

    Raises:
        InputError: The folder holds something else, a study of another kind too, or cannot be used.
    """
    try:
        with files.explained(path):
            begun = (path / marker).is_file() and not (path / "manifest.json").exists()
        if begun:
            return _of_kind(content["kind"], path, files.read_json(path / marker))
        files.write_json(claim(path, lacks) / marker, content)
    except files.DiskError as error:
        raise InputError(f"{error} Choose another --out.") from error
    return None


def _of_kind(kind: str, path: Path, found: Any) -> dict[str, Any]:
    if not isinstance(found, dict) or "kind" not in found:
        raise InputError(f"'{path}' was written by another version of WildSim. Choose another --out.")
    if found["kind"] != kind:
        raise InputError(f"'{path}' holds another study ({found['kind']}). Choose another --out.")
    return found
