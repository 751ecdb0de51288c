"""The run folder: where everything lies, what it must hold, and how to tell a damaged or foreign one."""

from __future__ import annotations

import hashlib
import itertools
import os
import platform
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

from wildsim._version import __version__
from wildsim.core.errors import InputError
from wildsim.engine import files, sealing
from wildsim.engine.plan import Plan, digest_of, folder_name, from_resolved, keeps_decisions
from wildsim.engine.study_folder import claim, today

FORMAT = 1
#: Parts of the package that study and show runs and never make them.
UNINVOLVED = ("cases", "cli", "facts", "reports", "studies")
PACKAGES = ("mesa", "numba", "numpy", "pandas", "pyarrow", "pydantic", "scipy")


def now() -> str:
    """Return the time as text."""
    return datetime.now(UTC).isoformat(timespec="seconds")


def code_digest(*also: str) -> str:
    """Return a hash of the sources and parameter files that decide what a run contains.

    Args:
        also: Files ("facts/observers.py") and folders ("cases/") of uninvolved parts that decide what a study keeps.
    """
    package = Path(__file__).resolve().parent.parent
    digest = hashlib.sha256()
    for path in sorted([*package.rglob("*.py"), *package.rglob("*.yaml")]):
        name = path.relative_to(package).as_posix()
        if name.partition("/")[0] not in UNINVOLVED or name.startswith(also):
            digest.update(name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


class RunFolder:
    """A run folder on disk.

    Attributes:
        path: The folder. plan: Arms x seeds, from resolved.json. manifest: Wall-clock facts and status.
    """

    def __init__(self, path: Path, plan: Plan, manifest: dict[str, Any]):
        """Use `create` or `open`."""
        self.path, self.plan, self.manifest = path, plan, manifest

    @classmethod
    def create(cls, plan: Plan, out: Path | None, command: str) -> RunFolder:
        """Make a new folder for `plan`, at `out` or under runs/.

        Raises:
            InputError: `out` holds something already, or cannot be written.
        """
        path = claim(out) if out is not None else _free(Path("runs"), plan)
        manifest = {
            "format": FORMAT,
            "wildsim": __version__,
            "code": code_digest(),
            "settings": plan.digest,
            "name": plan.scenario.name,
            "about": plan.scenario.about,
            "scenario": plan.scenario.file,
            "status": "running",
            "command": command,
            "created": now(),
            "seeds": list(plan.seeds),
            "arms": [arm.name for arm in plan.arms],
            "months": plan.months,
            "burn_in": plan.scenario.burn_in,
            "python": platform.python_version(),
            "platform": platform.platform(terse=True),
            "cpus": os.cpu_count(),
            "packages": {name: _installed(name) for name in PACKAGES},
            "cost_usd": 0.0,
            "failures": [],
        }
        folder = cls(path, plan, manifest)
        try:
            if plan.scenario.source:
                files.write(path / "scenario.yaml", plan.scenario.source.encode())
            for arm in plan.arms[1:]:
                files.write(path / "policies" / f"{arm.name}.yaml", arm.source.encode())
            files.write_json(path / "resolved.json", plan.resolved)
            folder.save()
        except files.DiskError as error:
            raise InputError(f"{error} Choose another --out.") from error
        return folder

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open a run folder.

        Raises:
            InputError: It is no run folder, or one of another version.
            DamagedError: Its settings or manifest are damaged.
        """
        if not path.exists():
            raise InputError(f"No folder '{path}'.{_latest(path)}")
        if not (path / "manifest.json").is_file():
            raise InputError(f"'{path}' is no run folder: it has no manifest.json.{_latest(path)}")
        manifest = files.read_json(path / "manifest.json")
        if not isinstance(manifest, dict) or "format" not in manifest:
            raise files.DamagedError(f"'{path / 'manifest.json'}' is damaged: it names no format.")
        if manifest["format"] != FORMAT:
            raise InputError(
                f"'{path}' was written by WildSim {manifest.get('wildsim', '?')} (format {manifest['format']}); "
                f"this is WildSim {__version__} (format {FORMAT}). Open it with that version, or run again: "
                f"{manifest.get('command', 'wildsim run')}"
            )
        resolved = files.read_json(path / "resolved.json")
        if digest_of(resolved) != manifest.get("settings"):
            raise files.DamagedError(f"'{path / 'resolved.json'}' was changed since the run began, or is damaged.")
        return cls(path, from_resolved(resolved), manifest)

    def save(self) -> None:
        """Write the manifest."""
        files.write_json(self.path / "manifest.json", self.manifest)

    def note(self, **facts: Any) -> None:
        """Change the manifest."""
        self.manifest.update(facts)
        self.save()

    def check_code(self) -> None:
        """Raise unless this program is the one that began the run.

        Raises:
            InputError: Another version began it; carrying on would mix two programs in one run.
        """
        if self.manifest.get("code") != code_digest():
            raise InputError(
                f"'{self.path}' was begun by WildSim {self.manifest.get('wildsim')} with other source code than this "
                f"one ({__version__}); carrying on would mix the two. Nothing was changed. "
                f"Run it again: {self.manifest.get('command')}"
            )

    def seed_folder(self, arm: str, seed: int) -> Path:
        """Return where the files of one arm and seed lie."""
        return self.path / "arms" / arm / f"seed={seed}"

    def checkpoints(self, seed: int) -> Path:
        """Return where the checkpoints of one seed lie: among what is sealed where anything is, since they hold it."""
        sealed = any(arm.scenario.evaluation.sealed for arm in self.plan.arms)
        return (self.path / sealing.FOLDER if sealed else self.path) / "checkpoints" / f"seed={seed}"

    def is_done(self, arm: str, seed: int) -> bool:
        """Return whether everything of one arm and seed is there and can be read."""
        folder = self.seed_folder(arm, seed)
        if files.rows_of(folder / "indicators.parquet") != self.plan.months:
            return False
        scenario = next(one.scenario for one in self.plan.arms if one.name == arm)
        record = scenario.record
        extra = ["panel"] * (record.panel > 0) + ["decisions"] * keeps_decisions(scenario)
        extra += ["sensed"] * bool(scenario.sensors) + ["rewards"] * bool(scenario.reward)
        try:
            files.read_json(folder / "end.json")
        except files.DamagedError:
            return False
        if scenario.evaluation.sealed and files.rows_of(sealing.place(self.path, arm, seed)) != self.plan.months:
            return False
        whole = all(files.rows_of(folder / f"{stem}.parquet") >= 0 for stem in expected_files(extra))
        return whole and all(self.is_as_written(path) for path in folder.iterdir())

    def is_as_written(self, path: Path) -> bool:
        """Return whether a file of this run still has the bytes that the manifest noted; True where it noted none."""
        noted = self.noted_files.get(path.relative_to(self.path).as_posix())
        if noted is None:
            return True
        return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == noted

    @property
    def noted_files(self) -> dict[str, str]:
        """The hashes that the manifest notes, by path in the folder."""
        found: dict[str, str] = self.manifest.get("files", {})
        return found

    def forget_files(self, seed: int) -> None:
        """Forget the hashes of a seed that was lived again, until the manifest is written with new ones."""
        places = tuple(f"arms/{arm.name}/seed={seed}/" for arm in self.plan.arms)
        kept = {name: noted for name, noted in self.noted_files.items() if not name.startswith(places)}
        self.manifest["files"] = kept

    def done_seeds(self) -> list[int]:
        """Return the seeds of which every arm is there."""
        arms = [arm.name for arm in self.plan.arms]
        return [seed for seed in self.plan.seeds if all(self.is_done(arm, seed) for arm in arms)]

    def write_seed(
        self, arm: str, seed: int, content: Mapping[str, bytes], moved: Mapping[str, Path] | None = None
    ) -> None:
        """Let the folder of one arm and seed appear with all its files; those in `moved` are taken from elsewhere."""
        staging = self.checkpoints(seed) / f"{arm}.files"
        with files.explained(staging):
            shutil.rmtree(staging, ignore_errors=True)
        for name, data in content.items():
            files.write(staging / name, data)
        for name, source in (moved or {}).items():
            with files.explained(source):
                os.replace(source, staging / name)
        files.move_folder(staging, self.seed_folder(arm, seed))

    def drop_checkpoints(self, seed: int) -> None:
        """Remove the checkpoints of a seed that is done."""
        shutil.rmtree(self.checkpoints(seed), ignore_errors=True)
        with suppress(OSError):
            self.checkpoints(seed).parent.rmdir()


def expected_files(extra: list[str]) -> list[str]:
    """Return the stems of the parquet files of one arm and seed, `extra` included."""
    return ["indicators", "flows", "stocks", "distributions", *extra]


def _installed(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


def _free(root: Path, plan: Plan) -> Path:
    """Make runs/DATE-NAME-HASH, numbered when that folder exists (another run of the day, or one that starts now)."""
    name = folder_name(plan.scenario.name, "run")
    stem = f"{today()}-{name}-{plan.digest[:8]}"
    for number in itertools.count(1):
        path = root / (stem if number == 1 else f"{stem}-{number}")
        try:
            path.mkdir(parents=True)
        except FileExistsError:
            if not root.is_dir():
                raise InputError(f"'{root}' is a file; a folder is needed there. Choose another --out.") from None
        except OSError as error:
            raise InputError(f"{files.explain(path, error)} Choose another --out.") from error
        else:
            break
    return path


def _latest(path: Path) -> str:
    """Return " Latest run: ..." when there is one nearby."""
    root = Path("runs")
    try:
        found = [p for p in root.iterdir() if (p / "manifest.json").is_file() and p != path]
        newest = max(found, key=lambda p: p.stat().st_mtime, default=None)
    except OSError:
        return ""
    return f" Latest run: {newest}" if newest else ""


def command_line() -> str:
    """Return the command that was typed, as text that a shell understands."""
    import shlex

    return shlex.join(["wildsim", *sys.argv[1:]])
