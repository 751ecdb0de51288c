"""Faces: rows of tables as mesa.Agent objects, for those who think in agents. For thousands of rows, never millions."""

from __future__ import annotations

from typing import Any

import mesa
import numpy as np

from wildsim.core.errors import WriteProtectionError, did_you_mean
from wildsim.core.keys import label
from wildsim.core.table import NO_ROW


class Face(mesa.Agent):  # type: ignore[misc]
    """One row of a table. Columns are attributes: `person.wage` is a plain Python number, `person.age = 40` writes it.

    Attributes:
        unique_id: The row's id, which never changes and is never reused.
    """

    table = ""

    def __init__(self, model: Any, row: int):
        """Give the row a face in `model`."""
        super().__init__(model)
        self.unique_id = int(model.world.tables[self.table].base("id")[row])
        object.__setattr__(self, "_row", row)

    @property
    def row(self) -> int:
        """The current row, or NO_ROW when the thing is gone."""
        ids = self.model.world.tables[self.table].base("id")
        known: int = self._row
        if known == NO_ROW or known >= len(ids) or int(ids[known]) != self.unique_id:
            found = np.flatnonzero(ids == np.uint64(self.unique_id))
            known = int(found[0]) if len(found) else NO_ROW
            object.__setattr__(self, "_row", known)
        return known

    @property
    def name(self) -> str:
        """The id as messages show it: `person-17`."""
        return label(self.model.world.tables[self.table].row_name, self.unique_id)

    def __getattr__(self, name: str) -> Any:
        """Return a column's value of this row as a plain Python number (or list).

        Raises:
            AttributeError: No such column, or the thing is gone.
        """
        if name.startswith("_") or name in ("model", "unique_id", "pos"):
            raise AttributeError(name)
        what = self.model.world.tables[self.table]
        if name not in what.columns:
            hint = did_you_mean(name, what.columns)
            raise AttributeError(f"{type(self).__name__} has no column '{name}'.{hint}")
        row = self.row
        if row == NO_ROW:
            raise AttributeError(f"{self.name} is gone")
        value = what.base(name)[row]
        return value.tolist() if isinstance(value, np.ndarray) else value.item()

    def __setattr__(self, name: str, value: Any) -> None:
        """Write a column of this row; other names become plain attributes.

        Raises:
            WriteProtectionError: The column is money, which only the ledger moves.
        """
        column = type(self).columns().get(name)
        if column is None:
            object.__setattr__(self, name, value)
        elif column.kind == "money":
            raise WriteProtectionError(f"'{self.table}.{name}' is money: only the ledger writes it")
        elif name != "id":
            self.model.world.tables[self.table].base(name)[self.row] = value

    def __repr__(self) -> str:
        """Return kind and id: `Person person-17`."""
        return f"{type(self).__name__} {self.name}"

    def __dir__(self) -> list[str]:
        """Return the attributes, the columns among them, for completion."""
        return sorted({*super().__dir__(), *type(self).columns()})

    @classmethod
    def columns(cls) -> dict[str, Any]:
        """Return the columns of the face's table by name."""
        from wildsim.state.world import TABLES

        return next((dict(t.columns) for t in TABLES if t.name == cls.table), {})


class Person(Face):
    """A simulated human."""

    table = "people"


class Household(Face):
    """People who share deposits and spending."""

    table = "households"


class FirmManager(Face):
    """The manager of a firm or public agency."""

    table = "firms"


class BankOfficer(Face):
    """The officer of a bank."""

    table = "banks"


class Government(Face):
    """The government."""

    table = "government"


class CentralBanker(Face):
    """The central banker."""

    table = "central_bank"


FACES: dict[str, type[Face]] = {
    f.table: f for f in (Person, Household, FirmManager, BankOfficer, Government, CentralBanker)
}
