"""Rule of those who may offend: the chance of a property and of a violent offence this month (Becker 1968)."""

from __future__ import annotations

import numpy as np

from wildsim.core.table import F64
from wildsim.kernels.crime import TERMS, weigh
from wildsim.state.step import step
from wildsim.state.world import WorldView


@step(sector="crime", crime_decisions="property_crime violent_crime")
def decide(world: WorldView) -> None:
    """Fill the chance of each kind of offence of every person.

    log odds = c + s z + m male + e schooling + w ln(skill / regional mean) + y ln(income / regional mean) + u jobless
    + n peers + g(age) - a ln(perceived arrest / normal) - b ln(sentence / normal), coefficients by kind; z is the
    lasting propensity, g a gamma curve that peaks at 0. For rare offences a and b are elasticities, as in Ehrlich
    (1973), whose equation is linear in logs. Those in prison and children below `crime.youngest` do not offend. Minors
    are reckoned to finish `crime.schooling_ahead` years of school and to earn the mean: they are not through yet.
    """
    people, households, offending = world.people, world.households, world.offending
    law, out, tiles = world.law, world.crime_decisions, world.tiles
    tiles.run(
        weigh,
        tiles.people,
        people.household,
        people.age,
        people.female,
        people.schooling,
        people.skill,
        people.employer,
        people.participates,
        people.away,
        offending.known,
        offending.propensity,
        offending.peers,
        households.income_12m,
        households.members,
        deterrence(world),
        np.column_stack([law.array(f"crime.{name}") for name in TERMS]),
        law("crime.age_from"),
        law.array("crime.age_peak"),
        law.array("crime.age_shape"),
        law("crime.youngest"),
        law("crime.schooling_ahead"),
        law("crime.income_band"),
        out.property_crime,
        out.violent_crime,
    )


def deterrence(world: WorldView) -> F64:
    """Return what perceived arrest and the sentence add to the log odds, by region and kind; 0 where normal."""
    law = world.law
    start = {name: np.asarray(law.start[f"crime.{name}"]) for name in ("reported", "clearance", "sentence")}
    normal = start["reported"] * start["clearance"]
    arrest = np.log(np.maximum(world.policing.perceived, law("crime.least_chance")) / np.maximum(normal, 1e-300))
    sentence = np.log(law.array("crime.sentence") / start["sentence"])
    return np.asarray(-law.array("crime.certainty") * arrest - law.array("crime.severity") * sentence)
