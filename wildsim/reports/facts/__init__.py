"""Pictures and page of the stylised facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from matplotlib.figure import Figure

from wildsim.engine import files
from wildsim.facts.evidence import Evidence
from wildsim.facts.table import Table, document
from wildsim.reports.facts import distribution, firms, labour, macro, overview, people
from wildsim.reports.facts.common import Study
from wildsim.reports.facts.page import page
from wildsim.reports.style import save, styled

#: File stem -> what draws it: first all facts together, then one picture a family.
PICTURES: dict[str, Callable[[Study], Figure]] = {
    "overview": overview.picture,
    "macro": macro.picture,
    "labour": labour.picture,
    "distribution": distribution.picture,
    "firms": firms.picture,
    "people": people.picture,
}


def write_report(
    folder: Path, name: str, table: Table, gathered: Mapping[str, Sequence[Evidence]], command: str
) -> list[Path]:
    """Write facts.json, a PNG a family and facts.html into a folder; return the paths, the page first.

    Args:
        name: Of the scenario. command: What makes all of it again, as text.

    Raises:
        DiskError: The disk is full or the like.
    """
    study = Study(name, table, gathered)
    files.write_json(folder / "facts.json", {"scenario": name, "command": command, **document(table)})
    pictures = {}
    with styled():
        for stem, paint in PICTURES.items():
            if stem == "people" and not any(row.counted for row in table.family("people")):
                continue
            pictures[stem] = save(paint(study), folder / "figures" / f"{stem}.png")
    files.write(folder / "facts.html", page(study, pictures, command).encode())
    return [folder / "facts.html", folder / "facts.json", *pictures.values()]
