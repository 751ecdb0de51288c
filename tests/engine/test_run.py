"""Running, stopping, failing, resuming: whatever happens, the finished run is the same bytes."""

from __future__ import annotations

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.engine.conftest import same_files
from tests.engine.fake import FakeSociety
from wildsim.core.errors import BooksError, InputError, RunError
from wildsim.engine import files
from wildsim.engine.api import Run
from wildsim.engine.lock import locked
from wildsim.engine.plan import Plan
from wildsim.engine.run import StoppedError, resume, start
from wildsim.engine.watcher import Watcher

MakePlan = Callable[..., Plan]


def test_a_run_leaves_the_files_of_the_interface(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    folder = start(plan(policy=True), out=tmp_path / "r", jobs=1, command="wildsim run x").path
    names = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    seed = {f"arms/up/seed=2/{stem}.parquet" for stem in ("indicators", "flows", "stocks", "distributions")}
    assert seed | {"resolved.json", "manifest.json", "results.parquet", "summary.json", "policies/up.yaml"} <= names
    assert not any("tmp" in name or "lock" in name or "checkpoints" in name for name in names)
    manifest = json.loads((folder / "manifest.json").read_text())
    assert manifest["status"] == "done"
    assert manifest["command"] == "wildsim run x"
    assert set(manifest["files"]) <= names


def test_the_same_plan_gives_the_same_bytes(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    for name in ("a", "b"):
        start(plan(policy=True), out=tmp_path / name, jobs=1)
    same_files(tmp_path / "a", tmp_path / "b")


@pytest.mark.parametrize("at", [(1, -60), (1, -3), (2, 0), (2, 61), (3, 129)])
def test_ctrl_c_then_resume_is_the_uninterrupted_run(
    fake: type[FakeSociety], plan: MakePlan, tmp_path: Path, at: tuple[int, int]
) -> None:
    start(plan(policy=True), out=tmp_path / "whole", jobs=1)

    def stop(seed: int, month: int) -> None:
        if (seed, month) == at:
            raise KeyboardInterrupt

    fake.before = staticmethod(stop)
    with pytest.raises(StoppedError, match=f"Stopped at seed {at[0]} of 3. Continue: wildsim resume"):
        start(plan(policy=True), out=tmp_path / "cut", jobs=1)
    fake.before = staticmethod(lambda seed, month: None)
    assert json.loads((tmp_path / "cut" / "manifest.json").read_text())["status"] == "stopped"
    resume(tmp_path / "cut", jobs=1)
    same_files(tmp_path / "whole", tmp_path / "cut")
    assert not (tmp_path / "cut" / "checkpoints").exists()


def test_resume_lives_only_what_is_missing(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    def stop(seed: int, month: int) -> None:
        if (seed, month) == (2, 125):
            raise KeyboardInterrupt

    fake.before = staticmethod(stop)
    with pytest.raises(StoppedError):
        start(plan(), out=tmp_path / "r", jobs=1)
    lived: list[tuple[int, int]] = []
    fake.before = staticmethod(lambda seed, month: lived.append((seed, month)))
    resume(tmp_path / "r", jobs=1)
    assert min(month for seed, month in lived if seed == 2) == 120
    assert {seed for seed, _ in lived} == {2, 3}
    lived.clear()
    resume(tmp_path / "r", jobs=1)
    assert lived == []


def test_a_failing_seed_loses_no_other(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    def leak(seed: int, month: int) -> None:
        if (seed, month) == (2, 33):
            raise BooksError(33, "wages", 0.01)

    fake.before = staticmethod(leak)
    with pytest.raises(RunError) as failure:
        start(plan(policy=True), out=tmp_path / "r", jobs=1)
    text = str(failure.value)
    assert "Seed 2 failed in month 33 of arm 'baseline': Books do not close in month 33: wages" in text
    assert "2 of 3 seeds are done" in text
    assert f"wildsim resume {tmp_path / 'r'}" in text
    assert Run(tmp_path / "r").seeds == [1, 3]
    manifest = json.loads((tmp_path / "r" / "manifest.json").read_text())
    assert manifest["status"] == "failed"
    assert manifest["failures"][0]["seed"] == 2
    fake.before = staticmethod(lambda seed, month: None)
    resume(tmp_path / "r", jobs=1)
    start(plan(policy=True), out=tmp_path / "whole", jobs=1)
    same_files(tmp_path / "r", tmp_path / "whole")


def test_progress_ends_at_the_total(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    heard: list[tuple[int, int, str]] = []
    watcher = Watcher(progress=lambda *report: heard.append(report))
    start(plan(policy=True, seeds=2), out=tmp_path / "r", jobs=1, watcher=watcher)
    done = [months for months, _, _ in heard]
    assert done == sorted(done)
    assert done[-1] == heard[-1][1] == 2 * (70 + 2 * 130)


@pytest.mark.parametrize("writes", [0, 3, 7, 12, 20])
def test_a_full_disk_is_named_and_loses_nothing(
    fake: type[FakeSociety], plan: MakePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, writes: int
) -> None:
    start(plan(), out=tmp_path / "whole", jobs=1)
    put, left = files._put, [writes]

    def full(stream: object, data: bytes) -> None:
        left[0] -= 1
        if left[0] < 0:
            stream.write(data[: len(data) // 2])  # type: ignore[attr-defined]
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        put(stream, data)  # type: ignore[arg-type]

    monkeypatch.setattr(files, "_put", full)
    with pytest.raises((RunError, InputError), match="The disk is full") as failure:
        start(plan(), out=tmp_path / "r", jobs=1)
    monkeypatch.setattr(files, "_put", put)
    if isinstance(failure.value, InputError):
        return
    assert "wildsim resume" in str(failure.value)
    assert not list((tmp_path / "r").rglob("*.tmp"))
    resume(tmp_path / "r", jobs=1)
    same_files(tmp_path / "whole", tmp_path / "r")


@pytest.mark.parametrize("stem", ["indicators.parquet", "flows.parquet", "distributions.parquet"])
@pytest.mark.parametrize("keep", [0, 100])
def test_a_truncated_table_is_made_again(
    fake: type[FakeSociety], plan: MakePlan, tmp_path: Path, stem: str, keep: int
) -> None:
    start(plan(), out=tmp_path / "whole", jobs=1)
    start(plan(), out=tmp_path / "r", jobs=1)
    damaged = tmp_path / "r" / "arms" / "baseline" / "seed=2" / stem
    damaged.write_bytes(damaged.read_bytes()[:keep])
    assert Run(tmp_path / "r").seeds == [1, 3]
    resume(tmp_path / "r", jobs=1)
    same_files(tmp_path / "whole", tmp_path / "r")


def test_a_truncated_checkpoint_is_lived_again(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    def stop(seed: int, month: int) -> None:
        if month == 100:
            raise KeyboardInterrupt

    start(plan(seeds=1), out=tmp_path / "whole", jobs=1)
    fake.before = staticmethod(stop)
    with pytest.raises(StoppedError):
        start(plan(seeds=1), out=tmp_path / "r", jobs=1)
    fake.before = staticmethod(lambda seed, month: None)
    for path in (tmp_path / "r" / "checkpoints").rglob("*.npz"):
        path.write_bytes(path.read_bytes()[:-200])
    resume(tmp_path / "r", jobs=1)
    same_files(tmp_path / "whole", tmp_path / "r")


def test_a_damaged_manifest_is_named(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    start(plan(), out=tmp_path / "r", jobs=1)
    manifest = tmp_path / "r" / "manifest.json"
    whole = manifest.read_text()
    manifest.write_text(whole[:50])
    with pytest.raises(RunError, match=r"manifest.json' is damaged"):
        resume(tmp_path / "r")
    manifest.write_text(whole)
    resolved = tmp_path / "r" / "resolved.json"
    resolved.write_text(resolved.read_text().replace('"months": 130', '"months": 131'))
    with pytest.raises(RunError, match="was changed since the run began"):
        resume(tmp_path / "r")


def test_a_run_of_another_version_is_refused_and_untouched(
    fake: type[FakeSociety], plan: MakePlan, tmp_path: Path
) -> None:
    start(plan(), out=tmp_path / "r", jobs=1, command="wildsim run demo")
    path = tmp_path / "r" / "manifest.json"
    manifest = json.loads(path.read_text())
    path.write_text(json.dumps(manifest | {"code": "0"}))
    resume(tmp_path / "r")  # nothing is missing, so nothing is mixed
    (tmp_path / "r" / "arms" / "baseline" / "seed=2" / "flows.parquet").write_bytes(b"")
    before = path.read_bytes()
    with pytest.raises(InputError, match=r"other source code .* Nothing was changed. Run it again: wildsim run demo"):
        resume(tmp_path / "r")
    assert path.read_bytes() == before
    assert Run(tmp_path / "r").seeds == [1, 3]  # reading is fine
    path.write_text(json.dumps(manifest | {"format": 99, "wildsim": "9.0"}))
    with pytest.raises(InputError, match=r"was written by WildSim 9.0 \(format 99\)"):
        Run(tmp_path / "r")


def test_two_runs_do_not_share_a_folder(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    start(plan(), out=tmp_path / "r", jobs=1)
    with pytest.raises(InputError, match=r"already holds a run. Continue it: wildsim resume"):
        start(plan(), out=tmp_path / "r", jobs=1)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.txt").write_text("dear")
    with pytest.raises(InputError, match="is not empty"):
        start(plan(), out=tmp_path / "mine", jobs=1)
    (tmp_path / "r" / "arms" / "baseline" / "seed=2" / "flows.parquet").unlink()
    with locked(tmp_path / "r"), pytest.raises(RunError, match=rf"Another process \(process {os.getpid()}\)"):
        resume(tmp_path / "r", jobs=1)
    (tmp_path / "r" / ".lock").write_text("999999\n")  # left behind by a killed process
    resume(tmp_path / "r", jobs=1)


def test_out_must_be_a_place_for_a_folder(fake: type[FakeSociety], plan: MakePlan, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="a file stands where a folder is needed"):
        start(plan(), out=tmp_path / "file" / "r", jobs=1)
    with pytest.raises(InputError, match="a file stands where a folder is needed"):
        start(plan(), out=tmp_path / "file", jobs=1)


def test_a_read_only_folder_is_named(
    fake: type[FakeSociety], plan: MakePlan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(stream: object, data: bytes) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    monkeypatch.setattr(files, "_put", refuse)
    with pytest.raises(InputError, match="the folder is read-only"):
        start(plan(), out=tmp_path / "r", jobs=1)


def test_what_is_no_run_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="No folder"):
        Run(tmp_path / "none")
    with pytest.raises(InputError, match=r"is no run folder: it has no manifest.json"):
        Run(tmp_path)


@pytest.mark.parametrize("numbers", [{"jobs": 0}, {"threads": 0}, {"jobs": -1}])
def test_numbers_are_checked(plan: MakePlan, tmp_path: Path, numbers: dict[str, int]) -> None:
    with pytest.raises(InputError, match="must be 1 or more"):
        start(plan(), out=tmp_path / "r", **numbers)
    assert not (tmp_path / "r").exists()


def test_bad_seeds_are_named(plan: MakePlan) -> None:
    with pytest.raises(InputError, match="--seeds is 0; it must be 1"):
        plan(seeds=0)
