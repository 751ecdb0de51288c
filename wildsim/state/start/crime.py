"""How crime begins: propensities, lists of victims, and beliefs that fit the police."""

from __future__ import annotations

import math

import numpy as np
from scipy.special import ndtri

from wildsim.core.keys import Keys
from wildsim.core.table import F64, U64
from wildsim.kernels.philox import fill_uniform
from wildsim.state.law import Law
from wildsim.state.tiles import starts_of
from wildsim.state.world import World

#: Traits are drawn in this month, whenever somebody enters the society: they depend on the id alone.
ALWAYS = -(2**30)


def start_crime(world: World, law: Law, keys: Keys) -> None:
    """Give everybody a propensity, and regions police and people who judge it rightly."""
    offending, policing = world.tables["offending"], world.tables["policing"]
    offending.base("propensity")[:] = propensities(keys, world.tables["people"].base("id"))
    offending.base("known")[:] = 1
    homes = np.diff(starts_of(world.tables["households"].base("region"), len(policing)))
    slots = [2 ** math.ceil(math.log2(max(int(count), 1))) for count in homes]
    policing.base("slots")[:] = slots
    policing.base("perceived")[:] = law.array("crime.reported") * law.array("crime.clearance")


def propensities(keys: Keys, ids: U64) -> F64:
    """Return the propensity of people by id: a standard normal number each."""
    frozen = np.ascontiguousarray(ids)
    if frozen.flags.writeable:
        frozen = frozen.view()
        frozen.flags.writeable = False
    out = np.empty((len(frozen), 1))
    fill_uniform(keys.stream("crime.propensity", "people", ALWAYS), ALWAYS, frozen, out)
    return np.asarray(ndtri(out[:, 0]))
