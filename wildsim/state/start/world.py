"""A new world from a scenario's numbers."""

from __future__ import annotations

from collections.abc import Callable, Collection

import numpy as np

from wildsim.core.clock import Clock
from wildsim.core.keys import Keys, start_ids
from wildsim.state.firms import Firms
from wildsim.state.households import Households
from wildsim.state.law import Law
from wildsim.state.people import People
from wildsim.state.start.books import start_books, start_orders, start_real_side
from wildsim.state.start.climate import start_climate
from wildsim.state.start.crime import start_crime
from wildsim.state.start.culture import start_culture
from wildsim.state.start.education import start_education
from wildsim.state.start.firms import firm_counts, give_jobs, give_shops, give_suppliers, start_firms
from wildsim.state.start.homes import start_homes
from wildsim.state.start.network import start_network
from wildsim.state.start.people import adults_working_share, group_sizes, start_people
from wildsim.state.start.population import plan_population, start_population, start_vital
from wildsim.state.start.science import start_science
from wildsim.state.tiles import starts_of
from wildsim.state.world import World

#: Capacity of a region's list of posts a person, and of its lists of sellers a firm and a person: technical, ample.
JOB_SLOTS, SHOP_SLOTS_A_FIRM, SHOP_SLOTS_A_PERSON = 0.06, 4.0, 0.2


#: How each social sector begins, in this order, once the economy stands: called with (world, law, keys).
BEGINNINGS: dict[str, Callable[[World, Law, Keys], None]] = {
    "demography": start_vital,
    "homes": start_homes,
    "science": start_science,
    "climate": start_climate,
    "education": start_education,
    "culture": start_culture,
    "network": start_network,
    "crime": start_crime,
}


def new_world(
    people: int,
    regions: int,
    law: Law,
    keys: Keys,
    clock: Clock,
    threads: int = 1,
    sectors: Collection[str] = (),
) -> World:
    """Return a world with `people` people in `regions` regions, its books balanced and its tiles placed.

    Args:
        sectors: Social sectors that are on. Tables of theirs that stand alongside no other table have one row here;
            the sector's beginning gives them the rows that they need (`Table.take`).
    """
    families = plan_population(people, keys, law) if "demography" in sectors else None
    sizes = group_sizes(keys, people, law("population.partnered_share"))
    homes = families.households if families else len(sizes)
    counts = firm_counts(people, regions, families.working_share if families else adults_working_share(law), law)
    banks = int(np.clip(people / law("banks.people_a_bank"), *law.array("banks.count_band")))
    rows = {"people": people, "households": homes, "firms": int(counts.sum()), "banks": banks, "regions": regions}
    world = World(rows, law, keys, clock, threads, sectors)
    persons, households, firms = (world.tables[n] for n in ("people", "households", "firms"))
    assert isinstance(persons, People)
    assert isinstance(households, Households)
    assert isinstance(firms, Firms)
    for table in world.tables.values():
        if "id" in table.columns:
            table.base("id")[:] = start_ids(table.code, len(table))
    if families:
        start_population(world, families, regions, keys, law)
    else:
        start_people(persons, households, sizes, regions, keys, law)
    start_firms(firms, counts, keys, law)
    firm_starts = starts_of(firms.base("region"), regions)
    world.place_tiles()
    give_jobs(persons, firms, firm_starts, world.tiles.people, keys, law)
    start_real_side(world, law)
    give_shops(households, firms, firm_starts, keys)
    give_suppliers(firms, firm_starts, keys)
    start_orders(firms, law)
    _start_regions(world, counts[:, :3])
    start_books(world, law, keys)
    for sector, begin in BEGINNINGS.items():
        if world.has(sector):
            begin(world, law, keys)
    return world


def _start_regions(world: World, counts: np.ndarray) -> None:
    """Fix the capacities of the lists that picks are drawn from."""
    regions = world.tables["regions"]
    regions.base("firms_norm")[:] = counts
    people = np.diff(world.tiles.people)
    regions.base("job_slots")[:] = _power_of_two(JOB_SLOTS * people)
    regions.base("shop_slots")[:] = _power_of_two(SHOP_SLOTS_A_FIRM * counts.sum(axis=1) + SHOP_SLOTS_A_PERSON * people)


def _power_of_two(wanted: np.ndarray) -> np.ndarray:
    exponents = np.ceil(np.log2(np.maximum(wanted, 16.0)))
    return np.asarray(2 ** exponents.astype(np.int64))
