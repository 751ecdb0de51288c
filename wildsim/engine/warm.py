"""Compile once, in one process, before many processes need the same machine code."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Collection, Iterable

import numpy as np

from wildsim.scenario.schema import Scenario

COMPILING = "Compiling the hot loops to machine code: once, about 20 s, more with social sectors, then cached."


def compile_first(stories: Iterable[Scenario], say: Callable[[str], None]) -> None:
    """Compile every kernel that `stories` need unless the cache holds them; announce it before."""
    sectors = sorted({sector for story in stories for sector in story.sectors_on})
    importlib.import_module("wildsim.society")  # registers the kernels
    compiled = importlib.import_module("wildsim.kernels.compiled")
    if compiled.all_cached(sectors):
        return
    say(COMPILING)
    _live_a_little(sectors)
    _call_what_is_rare(sectors)


def _live_a_little(sectors: Collection[str]) -> None:
    size = {"people": 400, "regions": 2}
    switches = dict.fromkeys(sectors, True)
    tiny = Scenario.model_validate({"name": "compile", "months": 2, "burn_in": 0, "society": size, "sectors": switches})
    society = importlib.import_module("wildsim.society").Society(tiny, seed=1)
    try:
        # As if each market had lost many firms: new ones are founded at once, and rows are put in order again.
        society.world.tables["regions"].base("firms_norm")[:] += 1_000
        society.run_for(2)
    finally:
        society.close()


def _call_what_is_rare(sectors: Collection[str]) -> None:
    """Call kernels that a small society does not need in two months."""
    distribution = importlib.import_module("wildsim.state.distribution")
    distribution.groups(np.ones(distribution.MANY))
    if "network" in sectors:
        friends = importlib.import_module("wildsim.state.friends")
        nobody = np.zeros(0, dtype=np.int64)
        friends.clustering(np.zeros(1, dtype=np.int64), nobody.astype(np.int32), nobody)
