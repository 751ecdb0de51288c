"""Tables of columns: contiguous arrays that say their unit and meaning, handed out as write-protected views."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from wildsim.core.errors import RunError, WriteProtectionError, did_you_mean

F64 = NDArray[np.float64]
F32 = NDArray[np.float32]
I64 = NDArray[np.int64]
I32 = NDArray[np.int32]
I16 = NDArray[np.int16]
I8 = NDArray[np.int8]
U64 = NDArray[np.uint64]
U8 = NDArray[np.uint8]

#: Row number that stands for "no row" in every column that refers to another table.
NO_ROW = -1

_DTYPES: dict[str, type[np.generic]] = {
    "F64": np.float64,
    "F32": np.float32,
    "I64": np.int64,
    "I32": np.int32,
    "I16": np.int16,
    "I8": np.int8,
    "U64": np.uint64,
}


@dataclass(frozen=True)
class Column:
    """What is known about one column.

    Attributes:
        default: Value of a new row. unit: As printed, e.g. "USD/month". doc: Meaning.
        kind: "state", "flow" (reset or recomputed every month), "money" (written by the ledger alone) or "decision".
        ref: Name of the table whose rows the values are, or "".
        width: Entries a row; 1 gives a vector, more a matrix of shape (rows, width).
        lower, upper: Legal range of a decision, in multiples of `scale`.
        scale: Column of the macro table that `lower` and `upper` multiply, or "" for plain numbers.
        source: Whose definition it follows, where it is a notion of statistics or of a paper.
    """

    default: float
    unit: str
    doc: str
    kind: str = "state"
    ref: str = ""
    width: int = 1
    lower: float = -np.inf
    upper: float = np.inf
    scale: str = ""
    source: str = ""
    name: str = ""
    dtype: type[np.generic] = np.float64


def column(
    default: float, *, unit: str, doc: str, kind: str = "state", ref: str = "", width: int = 1, source: str = ""
) -> Any:
    """Declare a column in the body of a `Table` class; the annotation (F64, I32, ...) gives its dtype."""
    return Column(default, unit, doc, kind=kind, ref=ref, width=width, source=source)


def money(doc: str, *, source: str = "") -> Any:
    """Declare a column of money or claims, in USD, that only the ledger may write."""
    return Column(0.0, "USD", doc, kind="money", source=source)


def decision(default: float, *, unit: str, lower: float, upper: float, doc: str, scale: str = "") -> Any:
    """Declare a decision with its legal range `lower` to `upper`, in multiples of the macro column `scale`."""
    return Column(default, unit, doc, kind="decision", lower=lower, upper=upper, scale=scale)


class Table:
    """Rows of one kind of thing; row i of every column is the same thing.

    Subclasses declare columns in their body. Arrays live in `_base`. Through `base` they are written by the ledger,
    `reorganise`, the start of a society, the guard, and what saves or restates a whole world, and by faces (Mesa
    agents) for decisions. Sectors, rules and policies see views alone (tests/test_architecture.py).
    """

    #: Name of the table in a world, and the prefix of its start ids (`code << 56`).
    name: ClassVar[str] = ""
    code: ClassVar[int] = 0
    #: What one row is called in messages: "person", "firm".
    row_name: ClassVar[str] = ""
    #: Social sector that the table belongs to; a world in which it is off has no such table.
    sector: ClassVar[str] = ""
    #: Table whose rows it shares: row i of both is the same thing, and they move together.
    alongside: ClassVar[str] = ""
    #: Role that decides its columns; such a table stands alongside that of the deciders.
    role: ClassVar[str] = ""
    #: Column by which rows are sorted when they move; "" keeps their order and puts new ones at the end.
    sorted_by: ClassVar[str] = ""
    columns: ClassVar[Mapping[str, Column]] = {}

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Collect the columns declared in the class body, those of base classes first."""
        super().__init_subclass__(**kwargs)
        found = dict(cls.columns)
        for name, kind in inspect.get_annotations(cls).items():
            declared = cls.__dict__.get(name)
            if isinstance(declared, Column):
                found[name] = replace(declared, name=name, dtype=_DTYPES[str(kind)])
        cls.columns = found

    def __init__(self, rows: int):
        """Allocate `rows` rows filled with the columns' defaults."""
        self._base: dict[str, NDArray[Any]] = {name: _filled(c, rows) for name, c in self.columns.items()}
        self._rows = rows

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows

    def view(self, writes: Iterable[str] = ()) -> Any:
        """Return a fresh view whose columns are read-only except those named in `writes`.

        Raises:
            WriteProtectionError: `writes` names an unknown column, or a money column.
        """
        allowed = frozenset(writes)
        for name in allowed:
            if name not in self.columns:
                raise WriteProtectionError(f"table '{self.name}' has no column '{name}'")
            if self.columns[name].kind == "money":
                raise WriteProtectionError(f"'{self.name}.{name}' is money: only the ledger writes it")
        return TableView(self._base, allowed, self._rows, self.name)

    def base(self, name: str) -> NDArray[Any]:
        """Return the writable array of a column: for those named in the class's docstring, nobody else."""
        return self._base[name]

    def rearrange(self, source: I64, copy: Callable[[NDArray[Any], NDArray[Any]], None]) -> None:
        """Let row i be what was row `source[i]`, or a new default row where that is NO_ROW. Called by `reorganise`.

        Args:
            copy: Fills a new column with those rows of the old one that `source` names.
        """
        fresh = np.flatnonzero(source == NO_ROW)
        for name, old in self._base.items():
            made = np.empty((len(source), *old.shape[1:]), dtype=old.dtype)
            copy(old, made)
            made[fresh] = self.columns[name].default
            self._base[name] = made
        self._rows = len(source)

    def take(self, order: I64, added: int) -> None:
        """Keep the rows in `order`, then append `added` default rows. Called by starts and groups of the law."""
        for name, kept in self._base.items():
            fresh = _filled(self.columns[name], added)
            self._base[name] = np.concatenate([kept[order], fresh])
        self._rows = len(order) + added

    def state(self) -> dict[str, NDArray[Any]]:
        """Return copies of all columns, the whole state of the table."""
        return {name: values.copy() for name, values in self._base.items()}

    def load(self, state: Mapping[str, NDArray[Any]]) -> None:
        """Take over columns saved by `state`.

        Raises:
            RunError: Columns are missing, unknown, or of unequal length.
        """
        if set(state) != set(self.columns):
            odd = sorted(set(state) ^ set(self.columns))
            raise RunError(f"saved table '{self.name}' does not fit this version: columns {odd} differ")
        if len({len(values) for values in state.values()}) > 1:
            raise RunError(f"saved table '{self.name}' is damaged: columns differ in length")
        self._base = {n: np.array(state[n], dtype=self.columns[n].dtype, order="C") for n in self.columns}
        self._rows = len(next(iter(self._base.values())))

    @classmethod
    def schema(cls) -> list[Column]:
        """Return the columns with unit, kind, meaning and, where it is one of statistics, the source of the definition.

        Sources of numbers are in the parameter files.
        """
        return list(cls.columns.values())


class TableView:
    """A table as one sector sees it: columns as attributes, read-only unless declared."""

    __slots__ = ("_base", "_columns", "_name", "_rows", "_writes")
    _base: dict[str, NDArray[Any]]
    _columns: dict[str, NDArray[Any]]
    _name: str
    _rows: int
    _writes: frozenset[str]

    def __init__(self, base: dict[str, NDArray[Any]], writes: frozenset[str], rows: int, name: str):
        """Hold the arrays; a column's view is made when it is first asked for."""
        object.__setattr__(self, "_base", base)
        object.__setattr__(self, "_writes", writes)
        object.__setattr__(self, "_rows", rows)
        object.__setattr__(self, "_name", name)
        object.__setattr__(self, "_columns", {})

    def __getattr__(self, name: str) -> NDArray[Any]:
        """Return the column `name` as a view of its own."""
        made = self._columns
        found = made.get(name)
        if found is None:
            try:
                found = self._base[name].view()
            except KeyError:
                hint = did_you_mean(name, self._base)
                raise AttributeError(f"table '{self._name}' has no column '{name}'.{hint}") from None
            if name not in self._writes:
                found.flags.writeable = False
            made[name] = found
        return found

    def __setattr__(self, name: str, value: object) -> None:
        """Refuse: a column is written in place, `table.column[:] = values`."""
        raise WriteProtectionError(f"write into '{self._name}.{name}[:]', do not replace the column")

    def __dir__(self) -> list[str]:
        """Return the columns, for completion."""
        return sorted(self._base)

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._rows


def sum_by(rows: NDArray[Any], amounts: NDArray[Any], count: int) -> F64:
    """Return the sum of the `amounts` that belong to each of `count` rows, e.g. interest by bank."""
    return np.bincount(rows, weights=amounts, minlength=count).astype(np.float64, copy=False)


def rows_of(ids: NDArray[Any], wanted: NDArray[Any]) -> I64:
    """Return the row of each id of `wanted` among `ids`, which are in any order; NO_ROW for those not there."""
    if not len(ids):
        return np.full(len(wanted), NO_ROW)
    order = np.argsort(ids, kind="stable")
    place = np.minimum(np.searchsorted(ids, wanted, sorter=order), len(ids) - 1)
    rows = order[place]
    return np.where(ids[rows] == wanted, rows, NO_ROW)


def _filled(column_: Column, rows: int) -> NDArray[Any]:
    shape = (rows,) if column_.width == 1 else (rows, column_.width)
    return np.full(shape, column_.default, dtype=column_.dtype)
