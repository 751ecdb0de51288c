"""Societies in which science alone lives: quick enough for decades of papers."""

from __future__ import annotations

from typing import Any

from tests.worlds import small_world
from wildsim.behaviour import scientist
from wildsim.sectors import science, science_careers, science_grants, science_practice
from wildsim.state.functions import function_norm
from wildsim.state.world import World

STEPS = (science_careers.careers, scientist.decide, science_grants.fund, science.research, science_practice.use)


def college(people: int = 20_000, seed: int = 1, **parameters: Any) -> World:
    """Return a society at its start with science on; parameters of the group `science` by their short name."""
    named = {f"science.{name}": value for name, value in parameters.items()}
    return small_world(people, max(1, people // 2500), seed, sectors=["science"], parameters=named)


def think(world: World, months: int) -> list[tuple[float, float]]:
    """Live months of science while the economy stands still; return papers and discoveries of each month."""
    lived = []
    for _ in range(months):
        for step in STEPS:
            step(world)
        world.clock.tick()
        knowledge = world.tables["knowledge"]
        lived.append((float(knowledge.base("papers")[0]), float(knowledge.base("found")[0, -1])))
    return lived


def spend(world: World, change: float) -> None:
    """Spend a relative `change` more on research from now on."""
    world.law.spend("research", change * function_norm(world.view(), "research"))


def column(world: World, table: str, name: str) -> Any:
    return world.tables[table].base(name)
