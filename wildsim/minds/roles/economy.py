"""What several roles see of the economy, as the World Sensor has it."""

from __future__ import annotations

from wildsim.minds.roles.role import Item
from wildsim.minds.roles.sums import growth

INFLATION = Item("inflation over 12 months", "sensed.inflation", "share a year")
UNEMPLOYMENT = Item("unemployment rate", "sensed.unemployment_rate", "share of the labour force")
POLICY_RATE = Item("policy rate of the central bank", "sensed.policy_rate", "share a year")
FAILURES = Item("firms that fail", "sensed.bankruptcy_rate", "of all firms a year")


def grown(name: str, indicator: str) -> Item:
    """Return how much an indicator, called `name`, has grown over 12 months."""
    of = f"sensed.{indicator}"
    return Item(f"growth of {name} over 12 months", of, "share a year", also=(f"{of}.12",), work=growth)


GROWTH = grown("real GDP", "gdp_real")
