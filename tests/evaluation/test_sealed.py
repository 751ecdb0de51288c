"""What is sealed is found nowhere else, and is read once."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from wildsim.core.errors import InputError
from wildsim.engine import run
from wildsim.engine.api import Run
from wildsim.engine.plan import make_plan
from wildsim.evaluation.sealed import open_sealed
from wildsim.evaluation.seals import Seals
from wildsim.reports.figures import draw
from wildsim.scenario.schema import Scenario

SEALED = ("employment_rate", "wellbeing", "gini_wealth")
STORY = {
    "name": "sealed",
    "months": 5,
    "burn_in": 3,
    "society": {"people": 300, "regions": 1},
    "sectors": {"crime": True},
    "sensors": {"unemployment_rate": {"survey": 100}},
    "reward": {"crime_recorded_rate": -1},
}


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    story = Scenario.model_validate({**STORY, "evaluation": {"validation": ["gini_income"], "sealed": list(SEALED)}})
    return run.start(make_plan(story, seeds=2), out=tmp_path_factory.mktemp("run") / "r", jobs=1).path


def sealed_values(folder: Path, names: Sequence[str] = SEALED) -> np.ndarray:
    tables = [pd.read_parquet(path) for path in (folder / "sealed").rglob("indicators.parquet")]
    values = pd.concat(tables)[list(names)].to_numpy().ravel()
    return values[np.isfinite(values) & (values != 0.0)]


def numbers_of(path: Path) -> Iterator[float]:
    """Yield every number that a file of tables or arrays holds."""
    if path.suffix == ".parquet":
        for column in pd.read_parquet(path).select_dtypes("number"):
            yield from pd.read_parquet(path)[column].to_numpy(dtype=np.float64)
    elif path.suffix == ".npz":
        with np.load(path) as arrays:
            for values in arrays.values():
                if values.dtype.kind in "fiu":
                    yield from values.ravel().astype(np.float64)


def leaks(folder: Path, values: np.ndarray) -> list[str]:
    """Return the files outside `sealed/` that hold one of the values, as a number or as text."""
    found = []
    texts = [repr(float(value))[:12] for value in values]
    for path in folder.rglob("*"):
        if not path.is_file() or "sealed" in path.relative_to(folder).parts:
            continue
        plain = path.read_bytes().decode("latin-1")
        if any(text in plain for text in texts) or np.isin(values, list(numbers_of(path))).any():
            found.append(path.relative_to(folder).as_posix())
    return found


def test_sealed_values_are_in_no_other_file(lived: Path) -> None:
    draw(Run(lived))
    values = sealed_values(lived)
    assert len(values) == 2 * 5 * len(SEALED)
    assert leaks(lived, values) == []


def test_without_a_seal_the_same_search_finds_them(lived: Path, tmp_path: Path) -> None:
    open_ = run.start(make_plan(Scenario.model_validate(STORY), seeds=2), out=tmp_path / "r", jobs=1).path
    assert not (open_ / "sealed").exists()
    found = leaks(open_, sealed_values(lived))
    assert "arms/baseline/seed=1/indicators.parquet" in found
    assert "summary.json" in found


def test_tables_say_nan(lived: Path) -> None:
    shown = Run(lived).indicators
    assert shown[list(SEALED)].isna().all(axis=None)
    assert shown["unemployment_rate"].notna().all()


def test_checkpoints_lie_among_what_is_sealed(lived: Path) -> None:
    folder = run.RunFolder.open(lived)
    assert "sealed" in folder.checkpoints(1).relative_to(lived).parts


def test_a_sealed_table_that_is_gone_is_made_again(lived: Path) -> None:
    path = lived / "sealed" / "baseline" / "seed=2" / "indicators.parquet"
    before = path.read_bytes()
    path.unlink()
    run.resume(lived, jobs=1)
    assert path.read_bytes() == before


def test_it_is_opened_once_and_counted_first(lived: Path, tmp_path: Path) -> None:
    folder, seals = run.RunFolder.open(lived), Seals(tmp_path)
    frames, times = open_sealed(folder, seals, "question", 1, 0, "today", "mine")
    assert times == 1
    assert set(frames["baseline"].columns) == set(SEALED)
    with pytest.raises(InputError, match=r"seeds of block 0 of this question were opened on today"):
        open_sealed(folder, seals, "question", 1, 0, "tomorrow", "mine")
    assert [json.loads(line)["when"] for line in seals.path.read_text().splitlines()] == ["today"]


def test_a_run_that_seals_nothing_has_nothing_to_open(tmp_path: Path) -> None:
    plan = make_plan(Scenario.model_validate({**STORY, "months": 1, "burn_in": 0}), seeds=1)
    folder = run.start(plan, out=tmp_path / "r", jobs=1)
    with pytest.raises(InputError, match="seals nothing"):
        open_sealed(folder, Seals(tmp_path), "question", 1, 0, "today", "mine")


def test_samples_that_show_what_is_sealed_are_not_written(lived: Path) -> None:
    names = set(Run(lived).distributions()["distribution"])
    assert "wealth" not in names  # its Gini is sealed
    assert "firm_size" in names
    assert not (lived / "figures" / "distributions.png").exists()
