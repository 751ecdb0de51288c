"""What a society leaves behind month by month, as columns that can be saved half-way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from wildsim.engine.decisions import Decisions

if TYPE_CHECKING:
    import pandas as pd

Arrays = dict[str, np.ndarray[Any, Any]]

#: Values of a distribution kept at most, and how many of the largest are always among them.
KEPT, KEPT_TOP = 10_000, 1_000


class Livable(Protocol):
    """What the engine needs of a society."""

    @property
    def month(self) -> int:
        """Month to be lived next."""

    @property
    def indicators(self) -> Mapping[str, float]:
        """Indicators of the month just lived."""

    @property
    def largest_error(self) -> float:
        """Largest relative identity error so far."""

    def step(self) -> None:
        """Live one month."""

    def flows(self) -> Iterable[tuple[str, str, str, float]]:
        """Account, payer, payee, amount."""

    def balance_sheet(self) -> Mapping[str, Mapping[str, float]]:
        """Sector -> instrument -> USD."""

    def snapshot(self) -> Arrays:
        """All state."""

    def restore(self, snapshot: Arrays) -> None:
        """Take over all state."""

    def distributions(self) -> Mapping[str, np.ndarray[Any, Any]]:
        """Samples for figures."""

    def panel(self) -> pd.DataFrame:
        """Sampled people of this month."""

    def decisions(self) -> Arrays:
        """Recorded decisions of this month, as columns."""

    def sensed(self) -> Iterable[Any]:
        """Readings that the scenario's sensors publish after the month just lived."""

    def rewarded(self) -> Iterable[Any]:
        """Rewards that are known after the month just lived."""

    def minds_report(self) -> Mapping[str, Any]:
        """Decisions of minds, counted; empty where the rules decide everything."""

    def close(self) -> None:
        """Release what the society holds."""


#: Columns of sensed.parquet.
READING = ("indicator", "period", "vintage", "value", "se", "source", "quality", "score")


class Columns:
    """A growing table: lists by name, all of one length."""

    def __init__(self, *names: str):
        """Start with the columns `names`."""
        self.lists: dict[str, list[Any]] = {name: [] for name in names}

    def __len__(self) -> int:
        return len(next(iter(self.lists.values()), []))

    def add(self, row: Mapping[str, Any]) -> None:
        """Append one row; columns that are new or missing hold NaN where nothing was said."""
        length = len(self)
        for name in row:
            if name not in self.lists:
                self.lists[name] = [float("nan")] * length
        for name, values in self.lists.items():
            values.append(row.get(name, float("nan")))

    def columns(self) -> Arrays:
        """Return the table as columns, for a file."""
        return self.state()

    def state(self) -> Arrays:
        """Return the columns as arrays."""
        return {name: np.array(values) for name, values in self.lists.items()}

    def load(self, state: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Take over columns saved by `state`."""
        self.lists = {name: values.tolist() for name, values in state.items()}


class Recorder:
    """Indicators, flows, stocks, panel and decisions of one arm of one seed.

    Attributes:
        largest_error: Largest relative identity error of the recorded months.
    """

    def __init__(self, panel: bool = False, decisions: bool = False, sensed: bool = False, rewards: bool = False):
        """Start empty; follow the panel, keep decisions, what is measured, and rewards, where that is asked for."""
        self.largest_error = 0.0
        self._monthly = {
            "indicators": Columns("month"),
            "flows": Columns("month", "account", "payer", "payee", "amount"),
            "stocks": Columns("month", "instrument", "sector", "amount"),
        }
        if panel:
            self._monthly["panel"] = Columns("month")
        if sensed:
            self._monthly["sensed"] = Columns(*READING)
        if rewards:
            self._monthly["rewards"] = Columns("period", "known_in", "value")
        self._decisions = Decisions() if decisions else None

    @property
    def tables(self) -> dict[str, Columns | Decisions]:
        """Growing tables by file stem."""
        return {**self._monthly, **({"decisions": self._decisions} if self._decisions is not None else {})}

    def add(self, month: int, society: Livable) -> None:
        """Record the month that `society` just lived."""
        self._monthly["indicators"].add({"month": month, **{k: float(v) for k, v in society.indicators.items()}})
        for account, payer, payee, amount in society.flows():
            row = {"month": month, "account": account, "payer": payer, "payee": payee, "amount": float(amount)}
            self._monthly["flows"].add(row)
        for sector, instruments in society.balance_sheet().items():
            for instrument, amount in instruments.items():
                row = {"month": month, "instrument": instrument, "sector": sector, "amount": float(amount)}
                self._monthly["stocks"].add(row)
        self.largest_error = max(self.largest_error, float(society.largest_error))
        if "panel" in self._monthly:
            for person in society.panel().to_dict("records"):
                self._monthly["panel"].add({"month": month, **{str(k): v for k, v in person.items()}})

        if "sensed" in self._monthly:
            for reading in society.sensed():
                self._monthly["sensed"].add({name: getattr(reading, name) for name in READING})
        if "rewards" in self._monthly:
            for reward in society.rewarded():
                row = {"period": reward.period, "known_in": reward.known_in, "value": reward.value, **reward.parts}
                self._monthly["rewards"].add(row)
        if self._decisions is not None:
            self._decisions.extend(month, society.decisions())

    def state(self) -> Arrays:
        """Return everything recorded so far as arrays by dotted name."""
        state = {f"{t}.{name}": a for t, columns in self.tables.items() for name, a in columns.state().items()}
        return state | {"largest_error": np.array(self.largest_error)}

    def load(self, state: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Take over what `state` returned."""
        self.largest_error = float(state["largest_error"])
        for stem, columns in self.tables.items():
            prefix = stem + "."
            columns.load({n.removeprefix(prefix): a for n, a in state.items() if n.startswith(prefix)})


def thinned(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    """Return the values sorted; of very many, evenly spaced ones and all of the largest."""
    ordered = np.sort(np.asarray(values, dtype=np.float64))
    if len(ordered) <= KEPT:
        return ordered
    body, top = ordered[:-KEPT_TOP], ordered[-KEPT_TOP:]
    spaced = np.linspace(0, len(body) - 1, KEPT - KEPT_TOP).round().astype(np.int64)
    return np.concatenate([body[spaced], top])


def distribution_columns(samples: Mapping[str, np.ndarray[Any, Any]]) -> Arrays:
    """Return the samples as one long table: which distribution, its true number of values, value.

    A thinned sample also says which share of all values lies at or below each value.
    """
    names, shares, values = [], [], []
    for name in sorted(samples):
        full = np.asarray(samples[name])
        kept = thinned(full)
        names += [name] * len(kept)
        values.append(kept)
        below = np.searchsorted(np.sort(full), kept, side="right") / max(len(full), 1)
        shares.append(below if len(full) > KEPT else np.arange(1, len(kept) + 1) / max(len(kept), 1))
    empty = np.empty(0)
    return {
        "distribution": np.array(names, dtype=np.str_),
        "share_below": np.concatenate(shares) if shares else empty,
        "value": np.concatenate(values) if values else empty,
    }
