"""Where households outnumber homes, large homes are divided: the stock of housing stays, the number of homes grows."""

from __future__ import annotations

import numpy as np

from wildsim.core.keys import new_id
from wildsim.core.table import I64
from wildsim.state.homes import Homes
from wildsim.state.reorganise import reorganise
from wildsim.state.step import ALL, MovingStep
from wildsim.state.world import World, WorldView

#: Columns of which each half gets half.
_HALVED = ("quality", "rent", "base_rent")
#: Columns that both halves share.
_SHARED = ("owner", "lender")


def divide_homes(world: World) -> None:
    """Divide the largest homes without a mortgage in two while fewer stand empty than is normal for a region.

    Part of the gap is closed each month. The occupant keeps one half, the other one is put up for sale; the values of
    the halves add up to that of the home, so that nothing is produced and nobody pays.
    """
    view = world.view({"homes": _HALVED})
    rows = _largest(view)
    if not len(rows):
        return
    homes = view.homes
    ids = np.array([new_id(Homes.code, int(homes.id[row]), world.clock.month, 0) for row in rows], dtype=np.uint64)
    for name in _HALVED:
        getattr(homes, name)[rows] *= 0.5
    kept = {name: getattr(homes, name)[rows].copy() for name in (*_HALVED, *_SHARED)}
    none = np.zeros(len(homes), dtype=bool)
    made = reorganise(world, "homes", none, ids, homes.region[rows].copy())
    columns = world.view({"homes": (*_HALVED, *_SHARED, "asked")}).homes
    for name, values in kept.items():
        getattr(columns, name)[made] = values
    view = world.view()
    price = view.home_markets.price[columns.region[made]]
    columns.asked[made] = columns.quality[made] * price
    world.ledger.revalue_homes("home_gains", view.homes.quality * view.home_markets.price[view.homes.region])


def _largest(view: WorldView) -> I64:
    """Return the homes to divide this month: by region, as many as part of the lack of empty homes, the largest."""
    homes, law = view.homes, view.law
    households = np.bincount(view.households.region, minlength=len(view.regions))
    stock = np.bincount(homes.region, minlength=len(view.regions))
    lack = households / (1.0 - law("homes.vacancy")) - stock
    wanted = np.floor(np.maximum(law("homes.division_speed") * lack, 0.0) + view.uniform("division", "regions")[0])
    wanted = np.where(lack >= 1.0, wanted, 0.0)
    if not wanted.any():
        return np.empty(0, dtype=np.int64)
    able = np.flatnonzero((homes.mortgage == 0.0) & (homes.asked == 0.0))
    able = able[np.lexsort((homes.id[able], -homes.quality[able]))]
    found = [able[homes.region[able] == r][: int(wanted[r])] for r in np.flatnonzero(wanted > 0.0)]
    return np.concatenate(found)


divide = MovingStep("sectors.housing_stock.divide_homes", divide_homes, {"homes": ALL, "tenures": ("home",)}, "homes")
