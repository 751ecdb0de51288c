"""Sensors: what is measured of a society, as against what is true of it. Adding one is one file here.

Minds, planners and rewards read indicators through sensors alone. A sensor sees closed months only (`Past`), so that
nothing of the month being lived, or of a later one, can be reached through it.
"""

from __future__ import annotations

from wildsim.core.registry import Registry
from wildsim.sensors.reading import Sensor

_OTHERS = (
    *("agreement", "manipulation", "parts", "basket"),
    *("aggregates", "estimates", "literature", "nowcast", "own", "questions", "reading", "revisions", "three_sources"),
    "world_sensor",
)
SENSORS: Registry[type[Sensor]] = Registry("sensor", __name__, without=_OTHERS)
