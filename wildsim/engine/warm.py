"""Compile once, in one process, before many processes need the same machine code."""

from __future__ import annotations

import importlib
from collections.abc import Callable, Iterable

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
    size = {"people": 400, "regions": 2}
    switches = dict.fromkeys(sectors, True)
    tiny = Scenario.model_validate({"name": "compile", "months": 2, "burn_in": 0, "society": size, "sectors": switches})
    society = importlib.import_module("wildsim.society").Society(tiny, seed=1)
    try:
        society.run_for(2)
    finally:
        society.close()
