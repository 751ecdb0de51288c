"""WildSim: an agent-based society in which LLM-backed agents and simulated humans share one economy.

The public names load lazily, so that `import wildsim` stays light.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from wildsim._version import __version__

if TYPE_CHECKING:
    from wildsim.core.errors import BooksError, InputError, RunError, WildSimError
    from wildsim.engine.api import Run, compare, run
    from wildsim.scenario.load import Overlay, load, load_overlay
    from wildsim.scenario.schema import Scenario
    from wildsim.society import Society

_HOMES = {
    "BooksError": "wildsim.core.errors",
    "InputError": "wildsim.core.errors",
    "Overlay": "wildsim.scenario.load",
    "Run": "wildsim.engine.api",
    "RunError": "wildsim.core.errors",
    "Scenario": "wildsim.scenario.schema",
    "Society": "wildsim.society",
    "WildSimError": "wildsim.core.errors",
    "compare": "wildsim.engine.api",
    "load": "wildsim.scenario.load",
    "load_overlay": "wildsim.scenario.load",
    "run": "wildsim.engine.api",
}

__all__ = [
    "BooksError",
    "InputError",
    "Overlay",
    "Run",
    "RunError",
    "Scenario",
    "Society",
    "WildSimError",
    "__version__",
    "compare",
    "load",
    "load_overlay",
    "run",
]


def __getattr__(name: str) -> Any:
    """Return a public name, importing its module on first use."""
    home = _HOMES.get(name)
    if home is None:
        raise AttributeError(f"module 'wildsim' has no attribute '{name}'")
    value = getattr(import_module(home), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """Return the public names."""
    return sorted(__all__)
