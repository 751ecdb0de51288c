"""The door to scenarios: `load` and `load_overlay`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from wildsim.core.document import read
from wildsim.scenario.catalogue import find_scenario
from wildsim.scenario.check import build
from wildsim.scenario.merge import override
from wildsim.scenario.overlay import Overlay, load_overlay
from wildsim.scenario.schema import Scenario

__all__ = ["Overlay", "load", "load_overlay"]


def load(path: str | Path, overrides: Sequence[str] = ()) -> Scenario:
    """Read and check a scenario file.

    Args:
        path: A path, or the bare name of a file in `scenarios`.
        overrides: `dotted.path=value` texts, values read as YAML, applied in order.

    Raises:
        InputError: The file is missing or wrong; the message names file, line and remedy of each mistake.
    """
    file = find_scenario(str(path))
    document = override(read(file), overrides)
    scenario = build(Scenario, document)
    if not scenario.name:
        scenario = scenario.model_copy(update={"name": Path(file).stem})
    scenario._document, scenario._file = document, file
    return scenario
