"""What verbs print: results on standard output, everything else on standard error."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Iterable, Sequence
from typing import Any


def emit(document: Any) -> None:
    """Print one JSON document on standard output; what is not a finite number becomes null."""
    text = json.dumps(_plain(document), indent=2, ensure_ascii=False, allow_nan=False)
    # what models wrote may hold marks that a terminal obeys and JSON lets pass
    text = "".join(c if c == "\n" or c.isprintable() else json.dumps(c)[1:-1] for c in text)
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """Print a line for the user on standard error."""
    sys.stderr.write(text.rstrip() + "\n")
    sys.stderr.flush()


def table(headers: Sequence[str], rows: Iterable[Sequence[str]], title: str = "") -> None:
    """Print a table on standard output: as wide as the terminal, plain and unbroken where there is none."""
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    console = Console() if sys.stdout.isatty() else Console(width=200)
    shown = Table(*headers, title=title or None, title_justify="left", box=None, pad_edge=False, header_style="bold")
    for row in rows:
        shown.add_row(*(escape(cell) for cell in row))
    console.print(shown)


def safe(text: str, longest: int | None = None) -> str:
    """Return text of models, agents or files as a terminal may print it: what is not printable is shown, not obeyed.

    Line breaks stay; escapes, other control characters and marks that turn the direction of writing appear as their
    codes in hexadecimal.

    Args:
        longest: Characters after which it is cut, saying how much is missing.
    """
    cut = text if longest is None or len(text) <= longest else text[:longest]
    shown = "".join(c if c == "\n" or c.isprintable() else c.encode("unicode_escape").decode() for c in cut)
    missing = len(text) - len(cut)
    return f"{shown} ... ({missing:,} more characters: --whole)" if missing else shown


def line(text: str, longest: int | None = None) -> str:
    """Return text as `safe` does, on one line; what is longer than `longest` ends with dots."""
    flat = safe(" ".join(text.split()))
    return flat if longest is None or len(flat) <= longest else flat[: longest - 3] + "..."


def _plain(value: Any) -> Any:
    """Return `value` as JSON types; numpy scalars give their item."""
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(item) for item in value]
    if hasattr(value, "item") and not hasattr(value, "__len__"):
        value = value.item()
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if value is None or isinstance(value, bool | int | str):
        return value
    return str(value)
