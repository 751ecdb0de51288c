"""A currency reform without consequences: all amounts are multiplied by one number.

Burn-in inflates prices threefold. Before month 0 amounts are restated so that consumer prices are those of the start,
the year of the country's data: the dollars of a run look like dollars.
"""

from __future__ import annotations

from collections.abc import Collection

from wildsim.state.world import World

#: Amounts in units of the start are what others are compared with; they stay.
_OF_THE_START = "of the start"


def is_money(unit: str) -> bool:
    """Return whether a column or indicator of that unit is an amount of today's money."""
    return unit.startswith("USD") and _OF_THE_START not in unit


def redenominate(world: World, factor: float, series: Collection[str]) -> None:
    """Multiply every amount of `world` by `factor`: columns in USD, the booked totals, and `series` of the history."""
    for table in world.tables.values():
        for column in table.columns.values():
            if is_money(column.unit):
                values = table.base(column.name)
                values *= factor
    for name, column_name in world.ledger.booked:
        world.ledger.booked[name, column_name] = world.ledger.total(name, column_name)
    world.history.rescale(series, factor)
