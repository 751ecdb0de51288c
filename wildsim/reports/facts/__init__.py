"""Pictures and page of the stylised facts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from wildsim.engine import files
from wildsim.facts.evidence import Evidence
from wildsim.facts.table import Table, document
from wildsim.scenario.schema import Scenario


def write_report(
    folder: Path, scenario: Scenario, table: Table, gathered: Mapping[str, Sequence[Evidence]]
) -> list[Path]:
    """Write facts.json and return the paths of all that was written.

    Raises:
        DiskError: The disk is full or the like.
    """
    target = folder / "facts.json"
    files.write_json(target, {"scenario": scenario.name, **document(table)})
    return [target]
