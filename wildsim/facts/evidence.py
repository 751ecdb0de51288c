"""The evidence of one seed: monthly indicators and what observers noted; stored, so that nobody lives twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from wildsim.core.errors import WildSimError
from wildsim.engine import files
from wildsim.engine.export import NEEDED, quarterly_table
from wildsim.facts.moments import COLUMNS, hp_cycle, macro_moments
from wildsim.facts.observers import LEAD_IN, OBSERVERS
from wildsim.scenario.schema import Scenario
from wildsim.society import Society

Array = NDArray[Any]


@dataclass(frozen=True)
class Evidence:
    """What is kept of one seed.

    Attributes:
        months: Indicators, one row a recorded month. noted: What observers found, by name.
        sectors: Social sectors that were on. ended: Why the society broke down before its last month; "": it did not.
        reforms: Evidence of the same seed under reforms (wildsim.facts.societies), by name; not stored with it.
    """

    months: pd.DataFrame = field(default_factory=pd.DataFrame)
    noted: Mapping[str, Array] = field(default_factory=dict)
    sectors: frozenset[str] = frozenset()
    ended: str = ""
    reforms: Mapping[str, Evidence] = field(default_factory=dict)

    def has(self, sector: str) -> bool:
        """Return whether a social sector was on; "" stands for the economy."""
        return not sector or sector in self.sectors

    def array(self, name: str) -> Array:
        """Return what an observer noted as numbers; empty where it noted nothing."""
        found = self.noted.get(name)
        if found is None:
            return np.empty(0)
        return found if found.dtype == np.uint64 else np.asarray(found, dtype=np.float64)

    def series(self, indicator: str) -> Array:
        """Return an indicator by month; empty where it was not measured."""
        return self.months[indicator].to_numpy(dtype=np.float64) if indicator in self.months else np.empty(0)

    def quarterly(self, indicator: str) -> Array:
        """Return the quarterly means of an indicator; months beyond whole quarters drop out."""
        values = self.series(indicator)
        means: Array = values[: len(values) // 3 * 3].reshape(-1, 3).mean(axis=1)
        return means

    @cached_property
    def quarters(self) -> pd.DataFrame:
        """The quarterly national accounts (wildsim.engine.export), NaN where one is missing."""
        if not all(name in self.months for name in NEEDED):
            return pd.DataFrame(columns=list(COLUMNS), dtype=np.float64)
        with np.errstate(divide="ignore", invalid="ignore", over="ignore"):  # a control may make nothing at all
            return quarterly_table(self.months).replace([np.inf, -np.inf], np.nan)

    @cached_property
    def moments(self) -> dict[str, float]:
        """Every macro moment by name."""
        return macro_moments(self.quarters)

    @cached_property
    def output_cycle(self) -> Array:
        """Cycle of real GDP by quarter, percent of trend."""
        real = self.quarters["realgdp"].to_numpy(dtype=np.float64)
        return hp_cycle(100.0 * np.log(np.where(real > 0.0, real, np.nan)))


def live(scenario: Scenario, seed: int) -> Evidence:
    """Live a society from burn-in to its last month and return the evidence.

    One that breaks down (a control may) leaves the months that it had.
    """
    society = Society(scenario, seed=seed)
    watching = [made() for made in OBSERVERS if society.world.has(made.sector)]
    months: list[dict[str, float]] = []
    ended = ""
    try:
        while society.month < scenario.months:
            month = society.month
            society.step()
            if month >= -LEAD_IN:
                view = society.world.view()
                for observer in watching:
                    observer.look(view, month)
            if month >= 0:
                months.append(dict(society.indicators))
    except WildSimError as error:
        ended = f"month {society.month}: {error}"
    finally:
        society.close()
    noted = {name: values for observer in watching for name, values in observer.found().items()}
    return Evidence(pd.DataFrame(months), noted, scenario.sectors_on, ended)


def save(path: Path, evidence: Evidence, key: str) -> None:
    """Write evidence as one file, whole or not at all.

    Args:
        key: Hash of all that the evidence depends on.
    """
    arrays: dict[str, Array] = {"key": np.array(key), "ended": np.array(evidence.ended)}
    arrays["sectors"] = np.array(sorted(evidence.sectors), dtype=np.str_)
    for name in evidence.months:
        arrays[f"month.{name}"] = evidence.months[name].to_numpy(dtype=np.float64)
    files.write_arrays(path, arrays | {f"noted.{name}": values for name, values in evidence.noted.items()})


def read(path: Path, key: str) -> Evidence | None:
    """Return the evidence in a file; None where it is missing, damaged or depends on something else than `key`."""
    arrays = files.read_arrays(path)
    if arrays is None or "key" not in arrays or str(arrays["key"]) != key:
        return None
    parts: dict[str, dict[str, Array]] = {"month": {}, "noted": {}}
    for name, values in arrays.items():
        kind, _, rest = name.partition(".")
        if kind in parts:
            parts[kind][rest] = values
    sectors = frozenset(str(name) for name in arrays["sectors"])
    return Evidence(pd.DataFrame(parts["month"]), parts["noted"], sectors, str(arrays["ended"]))
