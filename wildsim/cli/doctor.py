"""`wildsim doctor`: what is installed, and what could stop a run here."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Annotated, Any

import typer

from wildsim._version import __version__
from wildsim.cli import output
from wildsim.core.errors import RunError

PACKAGES = (
    "numpy",
    "numba",
    "pandas",
    "pyarrow",
    "scipy",
    "mesa",
    "networkx",
    "matplotlib",
    "pydantic",
    "ruamel.yaml",
    "typer",
    "rich",
)
CALLERS = ("litellm", "aiohttp")
"""Packages that carry calls of language models; scripted minds and the rules need none."""

LEAST_DISK_GB = 1.0


def register(app: typer.Typer) -> None:
    """Add the verb to the application."""
    app.command(name="doctor")(doctor)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print one JSON document.")] = False) -> None:
    """Show versions, cores, disk, caches, and which API keys are set (names only)."""
    report = examine()
    if as_json:
        output.emit(report)
    else:
        _show(report)
    if report["problems"]:
        raise RunError("\n".join(report["problems"]))


def examine() -> dict[str, Any]:
    """Return what this machine offers, as plain data; `problems` says what would stop a run."""
    from wildsim.engine.parallel import cores
    from wildsim.engine.readiness import present

    packages = {name: _installed(name) for name in PACKAGES}
    kernels = _kernel_cache()
    free = shutil.disk_usage(Path.cwd()).free / 1e9
    problems = [f"{name} is not installed. Run: uv sync" for name, found in packages.items() if found is None]
    if free < LEAST_DISK_GB:
        problems.append(f"{free:.1f} GB of disk are free here; a run folder may need {LEAST_DISK_GB:g} GB.")
    if not _writable(Path.cwd()):
        problems.append(f"{Path.cwd()} is not writable; give run folders elsewhere with --out.")
    notes = []
    if not kernels["writable"]:
        notes.append("The kernel cache is not writable: every run compiles anew. Set NUMBA_CACHE_DIR.")
    return {
        "wildsim": __version__,
        "python": ".".join(map(str, sys.version_info[:3])),
        "packages": packages,
        "cores": cores(),
        "disk_free_gb": round(free, 1),
        "kernel_cache": kernels,
        "keys_present": present(),
        "language_models": {name: _installed(name) for name in CALLERS},
        "notes": notes,
        "problems": problems,
    }


def _show(report: dict[str, Any]) -> None:
    print(f"wildsim {report['wildsim']} on Python {report['python']}, {report['cores']} cores")
    for name, found in report["packages"].items():
        print(f"  {name:<12} {found or 'missing'}")
    print(f"disk free here: {report['disk_free_gb']} GB")
    cache = report["kernel_cache"]
    print(f"kernel cache: {cache['folder']} ({'writable' if cache['writable'] else 'not writable'})")
    for name, found in report["language_models"].items():
        print(f"  {name:<12} {found or 'missing: no calls through it. Run: uv sync'}")
    print(f"API keys set: {', '.join(report['keys_present']) or 'none (none is needed)'}")
    for note in report["notes"]:
        print(f"Note: {note}")
    if not report["problems"]:
        print("All well.")


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _kernel_cache() -> dict[str, Any]:
    """Return where numba keeps compiled kernels: beside their source, unless the user says otherwise."""
    chosen = os.environ.get("NUMBA_CACHE_DIR")
    folder = Path(chosen) if chosen else Path(__file__).resolve().parent.parent / "kernels"
    return {"folder": str(folder), "writable": _writable(folder)}


def _writable(folder: Path) -> bool:
    existing = next((place for place in (folder, *folder.parents) if place.is_dir()), None)
    if existing is None:
        return False
    try:
        with tempfile.TemporaryFile(dir=existing):
            return True
    except OSError:
        return False
