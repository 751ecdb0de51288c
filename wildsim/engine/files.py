"""Files that are whole or absent: write, fsync, rename; parquet and npz with reproducible bytes; failures in words."""

from __future__ import annotations

import errno
import io
import json
import math
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from wildsim.core.errors import RunError

if TYPE_CHECKING:
    import pandas as pd

_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_CLOSED = {errno.EROFS, errno.EACCES, errno.EPERM}


class DiskError(RunError):
    """A file of the run could not be written or read."""


class DamagedError(DiskError):
    """A file of the run is cut off or changed."""


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn an operating-system error about `path` into a DiskError that says what to do."""
    try:
        yield
    except OSError as error:
        raise DiskError(explain(path, error)) from error


def explain(path: Path, error: OSError) -> str:
    """Return in words why `path` could not be used."""
    if error.errno in _FULL:
        return f"The disk is full: '{path}' could not be written. Everything finished before is kept; free some space."
    if error.errno in _CLOSED:
        return f"'{path}' cannot be written: the folder is read-only or belongs to somebody else."
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        return f"'{path}' cannot be made: a file stands where a folder is needed."
    return f"'{path}' cannot be used: {error.strerror or error}."


def _put(stream: io.BufferedWriter, data: bytes) -> None:
    """Write and force to disk (one place, so that tests can fill the disk)."""
    stream.write(data)
    stream.flush()
    os.fsync(stream.fileno())


def write(path: Path, data: bytes) -> None:
    """Write a file so that a reader finds it whole or not at all.

    Raises:
        DiskError: The disk is full, the folder is read-only, or the like; an older file is untouched.
    """
    with writing(path) as stream:
        _put(stream, data)


@contextmanager
def writing(path: Path) -> Iterator[io.BufferedWriter]:
    """Open a temporary file that takes the place of `path` when the block ends well, and vanishes otherwise.

    Raises:
        DiskError: As `write`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        with explained(path):
            path.parent.mkdir(parents=True, exist_ok=True)
            with open(temporary, "wb") as stream:
                yield stream
            os.replace(temporary, path)
            sync_folder(path.parent)
    finally:
        with suppress(OSError):
            temporary.unlink()


def sync_folder(folder: Path) -> None:
    """Force the names in a folder to disk, where the system can."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def move_folder(source: Path, target: Path) -> None:
    """Let a complete folder appear at `target` in one step, in place of a damaged one."""
    with explained(target):
        if target.exists():
            shutil.rmtree(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        os.rename(source, target)
        sync_folder(target.parent)


def without_nan(value: Any) -> Any:
    """Return plain data in which numbers that JSON cannot write are None, and numpy's are Python's."""
    if isinstance(value, Mapping):
        return {str(key): without_nan(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [without_nan(item) for item in value]
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value


def json_text(data: Any) -> str:
    """Return data as JSON with sorted keys; NaN becomes null."""
    return json.dumps(without_nan(data), indent=1, sort_keys=True, allow_nan=False, ensure_ascii=False) + "\n"


def write_json(path: Path, data: Any) -> None:
    """Write data as JSON with sorted keys."""
    write(path, json_text(data).encode())


def read_json(path: Path) -> Any:
    """Read a JSON file of a run.

    Raises:
        DamagedError: It is missing, cut off or no JSON.
    """
    try:
        return json.loads(path.read_bytes())
    except FileNotFoundError:
        raise DamagedError(f"'{path}' is missing: the run folder is damaged or no run folder.") from None
    except OSError as error:
        raise DiskError(f"'{path}' cannot be read: {error.strerror or error}.") from error
    except ValueError:
        raise DamagedError(f"'{path}' is damaged: it is no JSON document.") from None


def parquet_bytes(columns: Mapping[str, Sequence[Any] | np.ndarray[Any, Any]]) -> bytes:
    """Return a parquet file; equal columns give equal bytes."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sink = pa.BufferOutputStream()
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    pq.write_table(table, sink, compression="zstd", version="2.6", row_group_size=1 << 20)
    return bytes(sink.getvalue())


def read_parquet(path: Path) -> pd.DataFrame:
    """Read a parquet file of a run.

    Raises:
        DamagedError: It is missing or cut off.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        frame: pd.DataFrame = pq.read_table(path, partitioning=None).to_pandas()
    except FileNotFoundError:
        raise DamagedError(f"'{path}' is missing.") from None
    except (pa.ArrowException, OSError) as error:
        raise DamagedError(f"'{path}' is damaged ({str(error).splitlines()[0][:120]}).") from None
    return frame


def rows_of(path: Path) -> int:
    """Return the number of rows of a parquet file, or -1 when it is missing or damaged."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_table(path, partitioning=None).num_rows)
    except (pa.ArrowException, OSError):
        return -1


def write_arrays(path: Path, arrays: Mapping[str, np.ndarray[Any, Any]]) -> None:
    """Write arrays as npz without pickled objects.

    Raises:
        DiskError: The disk is full or the like; an older file is untouched.
    """
    with writing(path) as stream:
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
            for name, values in arrays.items():
                with archive.open(zipfile.ZipInfo(name + ".npy"), "w", force_zip64=True) as member:
                    np.lib.format.write_array(member, np.asanyarray(values), allow_pickle=False)
        _put(stream, b"")


def read_arrays(path: Path) -> dict[str, np.ndarray[Any, Any]] | None:
    """Read arrays written by `write_arrays`; None when the file is missing or damaged."""
    try:
        with zipfile.ZipFile(path) as archive:
            found = {}
            for name in archive.namelist():
                with archive.open(name) as member:
                    found[name.removesuffix(".npy")] = np.lib.format.read_array(member, allow_pickle=False)
            return found
    except (OSError, ValueError, EOFError, zipfile.BadZipFile):
        return None
