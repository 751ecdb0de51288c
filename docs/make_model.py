"""Write the generated tables of docs/model.md and the pages in docs/model/ from the code, so that they cannot go stale.

    uv run python docs/make_model.py            # writes them
    uv run python docs/make_model.py --check    # says which are out of date, and ends with 1 if any is

In docs/model.md each table stands between `<!-- NAME -->` and `<!-- end of NAME -->`; the text around is by hand.
"""

from __future__ import annotations

import argparse
import inspect
import math
import re
import sys
from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from wildsim.core.parameters import Parameter, load_parameters, resolve
from wildsim.core.table import Column, Table
from wildsim.indicators import INDICATORS
from wildsim.month import MONTH
from wildsim.scenario.schema import SECTORS, Shocks
from wildsim.sectors.shocks import SHOCKS
from wildsim.state.accounts import ACCOUNTS
from wildsim.state.identities import ELSEWHERE, INSTRUMENTS, NET_WORTH
from wildsim.state.step import ALL, MovingStep, Step
from wildsim.state.world import DECISIONS, TABLES

DOCS = Path(__file__).resolve().parent
PACKAGE = DOCS.parent / "wildsim"
COUNTRY = "us"
NOTE = "<!-- Written by docs/make_model.py from the code: change the code, then run it. -->"
ECONOMY = "the economy"


def table(headers: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a table in Markdown."""
    lines = ["| " + " | ".join(headers) + " |", "|" + "---|" * len(headers)]
    lines += ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def _cell(value: object) -> str:
    return str(value).replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")


def number(value: Any) -> str:
    """Return a number, a truth value or a list of them as text."""
    if isinstance(value, list):
        return "[" + ", ".join(number(item) for item in value) + "]"
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,.15g}" if abs(value) >= 1000 else f"{value:g}"


def said(thing: object) -> str:
    """Return the first sentence or line of a docstring."""
    return (inspect.getdoc(thing) or "").partition("\n")[0]


def sector_of(name: str) -> str:
    """Return a sector with a link to its page, or the words for the economy."""
    return f"[{name}](sectors/{name}.md)" if name else ECONOMY


# -- what happens when ------------------------------------------------------------------------------------------------


def steps() -> list[Step | MovingStep]:
    """Return the steps of a month in order."""
    return [step for step in MONTH if isinstance(step, Step | MovingStep)]


def source_of(step: Step | MovingStep) -> str:
    """Return the file of a step from the root of the source tree."""
    return Path(inspect.getfile(step.run)).resolve().relative_to(DOCS.parent).as_posix()


def schedule() -> str:
    """Return the steps of a month with what each does."""
    rows = [
        (place, f"[`{step.name}`](../{source_of(step)})", sector_of(step.sector), said(step.run))
        for place, step in enumerate(steps(), start=1)
    ]
    return table(["", "step", "of", "what it does"], rows)


def writes_of(step: Step | MovingStep) -> str:
    """Return what a step may write, by table."""
    parts = []
    for name, columns in step.writes.items():
        parts.append(f"`{name}`: {'all' if tuple(columns) == ALL or len(columns) > 24 else ', '.join(columns)}")
    return "; ".join(parts) or "no column; money moves through the ledger"


def schedule_page() -> str:
    """Return the page of the schedule: what each step may write."""
    rows = [(place, f"`{step.name}`", writes_of(step)) for place, step in enumerate(steps(), start=1)]
    text = (
        "The steps of a month in their order (`wildsim/month.py`) and the columns that each may write; all other "
        "columns are read-only for it. Columns of money are written by the ledger alone."
    )
    return f"# Schedule\n\n{NOTE}\n\n{text}\n\n{table(['', 'step', 'may write'], rows)}\n"


# -- who and what -----------------------------------------------------------------------------------------------------


def plain(kind: type[Table]) -> bool:
    """Return whether a table holds state rather than decisions."""
    return not kind.role


def entities() -> str:
    """Return the tables of state: what a row is and how many columns it has."""
    rows = [
        (f"[`{kind.name}`](model/state.md#{kind.name})", said(kind), len(kind.columns), sector_of(kind.sector))
        for kind in TABLES
        if plain(kind)
    ]
    return table(["table", "rows", "columns", "of"], rows)


def state_page() -> str:
    """Return the page of all state variables."""
    text = (
        "Every column of every table, from `Table.schema()`. Kinds: *state* lasts, *flow* is set anew every month, "
        "*money* is written by the ledger alone. `row of x` is a row number of the table x."
    )
    parts = [f"# State variables\n\n{NOTE}\n\n{text}\n"]
    for kind in TABLES:
        if plain(kind):
            owner = f" Sector: {kind.sector}." if kind.sector else ""
            beside = f" Its rows are those of `{kind.alongside}`." if kind.alongside else ""
            head = f"## {kind.name}\n\n{said(kind)}{beside}{owner}\n\n"
            headers = ["column", "unit", "kind", "at first", "meaning", "definition after"]
            parts.append(head + table(headers, [_column(c) for c in kind.schema()]) + "\n")
    return "\n".join(parts)


def _column(item: Column) -> tuple[object, ...]:
    unit = f"row of {item.ref}" if item.ref else item.unit
    name = f"`{item.name}`" + (f" ({item.width} entries)" if item.width > 1 else "")
    return name, unit, item.kind, number(item.default), item.doc, item.source


def decisions() -> str:
    """Return every decision with its legal range."""
    rows = []
    for kind in DECISIONS:
        for item in kind.schema():
            rows.append(
                (kind.role, kind.alongside, f"`{item.name}`", item.unit, _range(item), item.doc, sector_of(kind.sector))
            )
    return table(["role", "decided for each of", "decision", "unit", "legal range", "meaning", "of"], rows)


def _range(item: Column) -> str:
    low, high = (number(side) if math.isfinite(side) else "any" for side in (item.lower, item.upper))
    return f"{low} to {high}" + (f" x `macro.{item.scale}`" if item.scale else "")


def shocks() -> str:
    """Return the aggregate shocks: persistence, spread, whether they are on."""
    rows = []
    for name, field in Shocks.model_fields.items():
        group, column = ("shocks", f"`macro.{SHOCKS[name]}`") if name in SHOCKS else ("climate", "climate sector")
        persistence, spread = resolve(COUNTRY, {})[f"{group}.{name}"]
        rows.append((name, column, persistence, spread, "on" if field.default else "off", field.description))
    return table(["shock", "column", "persistence a month", "sd of news", "by default", "what it moves"], rows)


# -- numbers, accounts, indicators ------------------------------------------------------------------------------------


@cache
def sources() -> dict[str, str]:
    """Return the text of every module, by name."""
    return {
        path.relative_to(PACKAGE).with_suffix("").as_posix().replace("/", "."): path.read_text(encoding="utf-8")
        for path in sorted(PACKAGE.rglob("*.py"))
    }


def used_in(name: str) -> str:
    """Return the modules whose source names a parameter; those that build names from parts are found by their start."""
    found = [module for module, text in sources().items() if f'"{name}"' in text]
    if not found:
        starts = re.compile(r'f"(' + name.partition(".")[0] + r"\.[a-z_]*)\{")
        found = [m for m, text in sources().items() if any(name.startswith(part) for part in starts.findall(text))]
    return ", ".join(f"`{module}`" for module in found)


def parameters_page() -> str:
    """Return the page of all parameters."""
    known = load_parameters(COUNTRY)
    text = (
        f"All {len(known)} numbers of the model (`wildsim/parameters/{COUNTRY}`), also `wildsim list parameters`. A "
        "scenario changes any of them: `parameters: {firms.mark_up: 1.5}`. *Range*: what a scenario may set."
    )
    parts = [f"# Parameters\n\n{NOTE}\n\n{text}\n"]
    for group in dict.fromkeys(name.partition(".")[0] for name in known):
        rows = [_parameter(item) for name, item in known.items() if name.partition(".")[0] == group]
        headers = ["parameter", "value", "unit", "year", "range", "meaning", "source", "used in"]
        parts.append(f"## {group}\n\n{table(headers, rows)}\n")
    return "\n".join(parts)


def _parameter(item: Parameter) -> tuple[object, ...]:
    low, high = ("" if side is None else number(side) for side in (item.low, item.high))
    span = f"{low} to {high}" if low or high else ""
    year = item.year or ""
    return f"`{item.name}`", number(item.value), item.unit, year, span, item.doc, item.source, used_in(item.name)


def accounts_page() -> str:
    """Return the page of the books: balance sheet and flow matrix."""
    flows = [(f"`{a.name}`", a.kind, a.role.replace("_", " "), a.doc) for a in ACCOUNTS.values()]
    instruments = []
    for name, (holders, debtors) in INSTRUMENTS.items():
        sides = [", ".join(f"`{t}.{c}`" for t, c in side) for side in (holders, debtors)]
        instruments.append((name.replace("_", " "), *sides))
    worth = [
        (sector.replace("_", " "), _signed(columns, 1), _signed(columns, -1), _elsewhere(sector))
        for sector, columns in NET_WORTH.items()
    ]
    return (
        f"# Accounts\n\n{NOTE}\n\n## What each sector owns and owes\n\nNet worth is what is owned less what is owed; "
        "equity of firms and banks is what is left, and belongs to households.\n\n"
        f"{table(['sector', 'owns', 'owes', 'with the homes sector'], worth)}\n\n"
        "## Claims and the debts behind them\n\nThe two sides are equal at the end of every month.\n\n"
        f"{table(['instrument', 'held in', 'owed in'], instruments)}\n\n"
        "## Flow matrix\n\nEvery row sums to zero over the sectors, but for real accounts (goods that enter or leave a "
        "balance sheet) and revaluations. *Part of GDP*: what the account is in the three measures of GDP.\n\n"
        f"{table(['account', 'kind', 'part of GDP', 'meaning'], flows)}\n"
    )


def _signed(columns: dict[str, int], sign: int) -> str:
    return ", ".join(name.replace("_", " ") for name, side in columns.items() if side == sign)


def _elsewhere(sector: str) -> str:
    held = ELSEWHERE.get(sector, {})
    return ", ".join(f"{'+' if sign > 0 else '-'} `{t}.{c}`" for (t, c), sign in held.items())


def indicators_page() -> str:
    """Return the page of all indicators."""
    better = {1: "more", -1: "less", 0: ""}
    rows = [
        (f"`{name}`", i.unit, better[i.direction], i.doc, i.source, i.sector or ECONOMY)
        for name, i in INDICATORS.items()
    ]
    text = "What is measured of the true state at the end of every month, one number each; NaN where it is undefined."
    headers = ["indicator", "unit", "better", "meaning", "definition after", "of"]
    return f"# Indicators\n\n{NOTE}\n\n{text}\n\n{table(headers, rows)}\n"


# -- pages ------------------------------------------------------------------------------------------------------------

BLOCKS: dict[str, Callable[[], str]] = {
    "entities": entities,
    "schedule": schedule,
    "decisions": decisions,
    "shocks": shocks,
    "sectors": lambda: table(["sector", "what it adds"], [(sector_of(name), doc) for name, doc in SECTORS.items()]),
}
PAGES: dict[str, Callable[[], str]] = {
    "schedule": schedule_page,
    "state": state_page,
    "parameters": parameters_page,
    "accounts": accounts_page,
    "indicators": indicators_page,
}


def with_blocks(text: str) -> str:
    """Return the page with every generated table put in anew.

    Raises:
        SystemExit: The page lacks a marker.
    """
    for name, make in BLOCKS.items():
        begin, end = f"<!-- {name} -->", f"<!-- end of {name} -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            raise SystemExit(f"docs/model.md needs the markers '{begin}' and '{end}', once each")
        before, rest = text.split(begin)
        text = f"{before}{begin}\n{make()}\n{end}{rest.split(end)[1]}"
    return text


def wanted() -> dict[Path, str]:
    """Return every page as it should be."""
    page = DOCS / "model.md"
    made = {DOCS / "model" / f"{name}.md": make() for name, make in PAGES.items()}
    return {page: with_blocks(page.read_text(encoding="utf-8"))} | made


def stale() -> list[Path]:
    """Return the pages that are not as they should be."""
    return [path for path, text in wanted().items() if not path.exists() or path.read_text(encoding="utf-8") != text]


def main() -> None:
    """Write the pages, or check them."""
    parser = argparse.ArgumentParser(description="Generated tables of docs/model.md.")
    parser.add_argument("--check", action="store_true", help="say what is out of date, write nothing")
    old = stale()
    if parser.parse_args().check:
        for path in old:
            print(f"{path.relative_to(DOCS.parent)} is out of date: python docs/make_model.py", file=sys.stderr)
        sys.exit(1 if old else 0)
    for path in old:
        path.parent.mkdir(exist_ok=True)
        path.write_text(wanted()[path], encoding="utf-8")
        print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
