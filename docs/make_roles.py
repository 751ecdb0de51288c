"""Write docs/roles.md from the code: what each role sees and decides, and one prompt of a real society.

    uv run python docs/make_roles.py            # lives 264 months and writes the page
    uv run python docs/make_roles.py --check    # says whether the tables are out of date, and ends with 1 if they are

Between `<!-- catalogue -->` and `<!-- examples -->` stand tables from the code alone; below, prompts with numbers.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from wildsim.core.keys import label
from wildsim.deliberation.observation import fields_of, observe
from wildsim.deliberation.persona import personas
from wildsim.minds.mind import Question
from wildsim.minds.prompt import messages_of
from wildsim.minds.roles import ROLES
from wildsim.minds.roles.role import Item, Role, decision_table
from wildsim.scenario.schema import SECTORS, Scenario
from wildsim.sensors.own import permitted
from wildsim.society import Society

PAGE = Path(__file__).resolve().parent / "roles.md"
CATALOGUE, EXAMPLES = "<!-- catalogue -->", "<!-- examples -->"
BURN_IN, MONTHS, PEOPLE = 240, 24, 20_000
INTRODUCTION = """# Roles: who decides what, knowing what

Written by `docs/make_roles.py` from the code. An agent that is led by another mind than the rules gets one question a
month: what it sees, and the fields that it decides, each with its legal range and what the rule of thumb would do. It
sees what its role lists: its own books (`own`, `home`, `firm`, `person`), its region, the law (`rule`, `law`), and
published statistics (`sensed`, a month late; a number behind the name: so many months before). What belongs to a
sector that is off, or does not apply to an agent, is left out. Templates of the prompts stand in
`wildsim/minds/roles/prompts`; a scenario may use its own.
"""


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    return "\n".join(lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows])


def catalogue() -> str:
    """Return what each role sees and decides."""
    return "\n\n".join(_role(role) for _, role in ROLES.items())


def _role(role: Role) -> str:
    sees = table(("sees", "unit", "from", "sector"), [_item(item, role) for item in role.sees])
    decides = table(("decides", "range", "unit", "sector", "meaning"), [_field(name, role) for name in role.decides])
    return f"## {role.name}\n\n{role.title} {role.goal} Rows of `{role.deciders}`.\n\n{decides}\n\n{sees}"


def _item(item: Item, role: Role) -> tuple[str, ...]:
    ways = [permitted(path, role.deciders) for path in item.paths]
    unit = "in words" if item.words else item.unit or ways[0].unit
    sectors = sorted({way.sector for way in ways} - {""})
    return item.name, unit, ", ".join(f"`{path}`" for path in item.paths), ", ".join(sectors)


def _field(name: str, role: Role) -> tuple[str, ...]:
    found = decision_table(role, name)
    column = found.columns[name]
    scale = f" times `macro.{column.scale}`" if column.scale else ""
    unit, meant = role.units.get(name, column.unit), role.about.get(name, column.doc)
    return f"`{name}`", f"{column.lower:g} to {column.upper:g}{scale}", unit, found.sector, meant


def examples() -> str:
    """Return one prompt a role, from a society with every sector after two years."""
    size, sectors = {"people": PEOPLE}, dict.fromkeys(SECTORS, True)
    scenario = Scenario(burn_in=BURN_IN, months=MONTHS, society=size, sectors=sectors)
    society = Society(scenario)
    society.burn_in()
    society.run_for(MONTHS)
    parts = [_example(society, role) for _, role in ROLES.items()]
    society.close()
    when = f"month {MONTHS}, after a burn-in of {BURN_IN}"
    start = f"# One prompt of each\n\nAll sectors, {PEOPLE:,} people, seed 1, {when}."
    return "\n\n".join([start, *parts])


def _example(society: Society, role: Role) -> str:
    world = society.world
    rows = np.arange(len(world.tables[role.deciders]))
    asked = fields_of(world, role, rows)
    row = next(i for i in rows[len(rows) // 2 :] if len(asked[i]) == max(map(len, asked[len(rows) // 2 :])))
    kind = world.tables[role.deciders]
    who = label(kind.row_name, int(kind.view().id[row])) if "id" in kind.columns else kind.row_name
    seen, said = observe(world, role, [row])[0], personas(world, role, [row])[0]
    question = Question(society.scenario.seed, who, society.month, role.name, seen, asked[row], persona=said)
    text = "\n\n--- the user's message ---\n\n".join(message.content for message in messages_of(question, role))
    return f"## A prompt of {role.name}\n\n````text\n{text}\n````"


def stale() -> bool:
    """Return whether the tables of the page differ from the code."""
    text = PAGE.read_text(encoding="utf-8") if PAGE.exists() else ""
    return text.partition(EXAMPLES)[0] != f"{INTRODUCTION}\n{CATALOGUE}\n\n{catalogue()}\n\n"


def main() -> None:
    """Write the page, or check its tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    if parser.parse_args().check:
        print("docs/roles.md is out of date" if stale() else "docs/roles.md is up to date")
        sys.exit(int(stale()))
    page = f"{INTRODUCTION}\n{CATALOGUE}\n\n{catalogue()}\n\n{EXAMPLES}\n\n{examples()}\n"
    PAGE.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
