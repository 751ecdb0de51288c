"""The verdicts on policies whose effect is known: JSON, HTML and a picture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from wildsim.cases.verdict import count
from wildsim.engine import files
from wildsim.engine.units import number

Row = Mapping[str, Any]


def write(folder: Path, rows: Sequence[Row], seeds: Sequence[int], changes: Mapping[str, str]) -> dict[str, Any]:
    """Write cases.json, .png, .html and .md into `folder`; return what the JSON holds.

    Args:
        changes: Settings that differ from those of the cases, by dotted path.
    """
    from wildsim.reports.case_pages import page
    from wildsim.reports.case_pictures import picture
    from wildsim.reports.style import save, styled

    found = {"seeds": list(seeds), "changes": dict(changes), "count": count(rows), "cases": list(rows)}
    document: dict[str, Any] = files.without_nan(found)
    files.write_json(folder / "cases.json", document)
    with styled():
        drawn = save(picture(rows), folder / "cases.png")
    files.write(folder / "cases.html", page(rows, seeds, changes, drawn).encode())
    files.write(folder / "cases.md", markdown(rows, seeds, changes).encode())
    return document


def markdown(rows: Sequence[Row], seeds: Sequence[int], changes: Mapping[str, str]) -> str:
    """Return the verdicts as a table for documents."""
    heads: tuple[str, ...] = ("case", "published", "range", "estimate (standard error)", "verdict")
    heads = (*heads, "placebo (standard error)", "why the placebo fails")
    begin = " ".join(text for text in (summary(rows), f"Seeds {seeds[0]} to {seeds[-1]}.", changed(changes)) if text)
    lines = [begin, "", f"| {' | '.join(heads)} |"]
    lines.append("|" + "---|" * len(heads))
    for row in rows:
        _, unit, span, value, error, *_, verdict, placebo, _, why = cells(row)
        verdict = verdict if verdict == "pass" else f"**fails**: {'; '.join(row['policy_arm']['why_not'])}"
        texts = (row["title"], row["published"], f"{span} {unit}", f"{value} ({error})", verdict, placebo, why)
        lines.append(f"| {' | '.join(text.replace('|', '/') for text in texts)} |")
    return "\n".join(lines) + "\n"


def cells(row: Row) -> list[str]:
    """Return the cells of a case in the table."""
    arm, placebo = row["policy_arm"], row["placebo_arm"]
    held = sum(bite["holds"] for bite in arm["bites"])
    bites = f"{held} of {len(arm['bites'])}" if arm["bites"] else "-"
    shown = [
        row["name"],
        row["unit"],
        interval(*row["range"]),
        number(arm["value"]),
        number(arm["error"], 2),
        yes(arm["in_range"]),
        yes(arm["precise"]),
        bites,
        "pass" if arm["passed"] else "FAIL",
    ]
    if placebo is None:
        return [*shown, "-", "-", "-"]
    verdict = "PASS" if placebo["passed"] else "fails"
    return [
        *shown,
        f"{number(placebo['value'])} ({number(placebo['error'], 2)})",
        verdict,
        "; ".join(placebo["why_not"]),
    ]


def interval(low: float, high: float) -> str:
    """Return a range for people."""
    return f"{low:.4g} to {high:.4g}"


def yes(value: bool) -> str:
    """Return a truth value in a word."""
    return "yes" if value else "NO"


def changed(changes: Mapping[str, str]) -> str:
    """Return in a sentence which settings differ from those of the cases; nothing if none does."""
    listed = ", ".join(f"{path}={value}" for path, value in changes.items())
    return f"Not the cases as they are: lived with {listed}." if listed else ""


def summary(rows: Sequence[Row]) -> str:
    """Return the score in a sentence."""
    found = count(rows)
    text = f"{found['passed']} of {found['cases']} cases pass, {found['passed_without_zero']} of them with a range "
    text += "without zero (the exact one not counted)"
    if found["placebos"]:
        text += f"; {found['placebos_failed']} of {found['placebos']} placebos fail, as they must"
    return text + "."
