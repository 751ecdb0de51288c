"""Where scenario and policy files are found: by path, or by bare name in the folders of scenarios."""

from __future__ import annotations

import difflib
from pathlib import Path

from wildsim.core.errors import InputError

SUFFIXES = (".yaml", ".yml")
POLICY_FOLDER = "policies"


def folders() -> list[Path]:
    """Return the folders of scenarios: of the working directory, and of the source tree."""
    tree = Path(__file__).resolve().parents[2]
    found: list[Path] = []
    for folder in (Path("scenarios"), tree / "scenarios"):
        if folder.is_dir() and not any(folder.resolve() == other.resolve() for other in found):
            found.append(folder)
    return found


def scenario_files() -> list[Path]:
    """Return every scenario file of the catalogue."""
    return [file for folder in folders() for file in _files(folder)]


def overlay_files() -> list[Path]:
    """Return every policy file of the catalogue."""
    return [file for folder in folders() for file in _files(folder / POLICY_FOLDER)]


def find_scenario(name: str) -> str:
    """Return the path of the scenario called `name`, a path or a bare name.

    Raises:
        InputError: There is none; the message holds the nearest one.
    """
    return _find(name, scenario_files(), "scenarios")


def find_overlay(name: str, *, kind: bool = False) -> str:
    """Return the path of the policy file called `name`.

    Args:
        name: A path or a bare name.
        kind: Whether `name` is also a policy kind, one that needs parameters.

    Raises:
        InputError: There is none; the message holds the nearest one.
    """
    try:
        return _find(name, overlay_files(), "policies")
    except InputError:
        if not kind:
            raise
        raise InputError(
            f"--policy {name}  the policy '{name}' needs parameters: write them to a file and give the file. "
            f"Fields: wildsim list policies"
        ) from None


def _files(folder: Path) -> list[Path]:
    if not folder.is_dir():
        return []
    return sorted(file for file in folder.iterdir() if file.suffix in SUFFIXES and file.is_file())


def _find(name: str, known: list[Path], catalogue: str) -> str:
    if not name or "\0" in name:
        raise InputError(f"No file '{name!r}'. List them: wildsim list {catalogue}")
    try:
        path = Path(name)
        if path.exists():
            return name
    except OSError:
        raise InputError(f"No file '{name[:80]}'. List them: wildsim list {catalogue}") from None
    if path.parent == Path(".") and path.suffix in ("", *SUFFIXES):
        for file in known:
            if name in (file.stem, file.name):
                return str(file)
    raise InputError(f"No file '{name}'.{_near(name, known)} List them: wildsim list {catalogue}")


def _near(name: str, known: list[Path]) -> str:
    """Return " Near: ..." with up to three files whose names resemble `name`."""
    by_stem: dict[str, str] = {}
    for file in [*known, *_beside(Path(name))]:
        by_stem.setdefault(file.stem, str(file))
    stems = difflib.get_close_matches(Path(name).stem, by_stem, n=3, cutoff=0.6)
    return f" Near: {', '.join(by_stem[stem] for stem in stems)}." if stems else ""


def _beside(path: Path) -> list[Path]:
    try:
        return _files(path.parent)[:1000]
    except OSError:
        return []
