"""The page of the cases: one self-contained file that a stranger can read, light and dark."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

from wildsim.engine.units import number
from wildsim.reports.cases import changed, interval, summary, yes
from wildsim.reports.study_page import picture, render

Row = Mapping[str, Any]

_STYLE = """
table{width:100%;font-size:.88rem}th,td{padding:.35rem .6rem;color:inherit}td.n{white-space:nowrap}
td.good{color:var(--good);font-weight:600}td.bad{color:var(--bad);font-weight:600}td.soft{color:var(--soft)}
section{margin:2.2rem 0}h2{margin-bottom:.2rem}
"""


def page(rows: Sequence[Row], seeds: Sequence[int], changes: Mapping[str, str], drawn: Path) -> str:
    """Return the page as HTML; the picture lies inside it."""
    parts = [
        f"<p><strong>{escape(summary(rows))}</strong></p>",
        *([f"<p><strong>{escape(changed(changes))}</strong></p>"] if changes else []),
        f"<p>{escape(_method(seeds))}</p>",
        picture(drawn, "Estimates beside published ranges"),
        _table(rows),
        *(_section(row) for row in rows),
    ]
    return render("Policies whose effect is known", parts, style=_STYLE)


def _method(seeds: Sequence[int]) -> str:
    return (
        f"Each policy was put into {len(seeds)} simulated societies (seeds {seeds[0]} to {seeds[-1]}), each beside the "
        "same society without it: same people, same luck. The number that the paper estimated is computed from both. A "
        "case passes when the mean over seeds lies in the published range, its standard error is at most a quarter of "
        "the range's width, and every bite holds. A bite is something that must be seen if the policy did anything at "
        "all; without it a dead policy would pass where the published effect is about zero. The placebo is the same "
        "comparison with the policy at size zero and other luck from its date on: it must fail."
    )


def _table(rows: Sequence[Row]) -> str:
    heads = (
        "case|published range|estimate ± standard error|in range|precise|bites|verdict|placebo|why the placebo fails"
    )
    body = "".join(f"<tr>{''.join(_cells(row))}</tr>" for row in rows)
    top = "".join(f"<th>{escape(head)}</th>" for head in heads.split("|"))
    return f"<section class='wide'><table><tr>{top}</tr>{body}</table></section>"


def _cells(row: Row) -> list[str]:
    arm, placebo = row["policy_arm"], row["placebo_arm"]
    held = sum(bite["holds"] for bite in arm["bites"])
    bites = f"{held} of {len(arm['bites'])}" if arm["bites"] else "none"
    cells = [
        f"<td><a href='#{escape(row['name'])}'>{escape(row['title'])}</a></td>",
        f"<td class='n'>{interval(*row['range'])} {escape(row['unit'])}</td>",
        f"<td class='n'>{_value(arm)}</td>",
        _word(yes(arm["in_range"]), arm["in_range"]),
        _word(yes(arm["precise"]), arm["precise"]),
        _word(bites, all(bite["holds"] for bite in arm["bites"])),
        _word("pass" if arm["passed"] else "fail", arm["passed"]),
    ]
    if placebo is None:
        return [*cells, "<td>not run</td>", "<td></td>"]
    why = "; ".join(placebo["why_not"]) or "it passes: the case proves nothing"
    return [*cells, f"<td class='n'>{_value(placebo)}</td>", f"<td>{escape(why)}</td>"]


def _value(arm: Row) -> str:
    return f"{number(arm['value'])} ± {number(arm['error'], 2)}"


def _word(text: str, good: bool) -> str:
    return f"<td class='{'good' if good else 'bad'}'>{escape(text)}</td>"


def _section(row: Row) -> str:
    facts = (
        ("Policy", row["policy"]),
        ("Published", row["published"]),
        ("Source", row["source"]),
        ("Measured here", row["measured"]),
        ("Society", _society(row)),
        ("Overlay", "; ".join(_overlay(policy) for policy in row["policies"])),
    )
    lines = "".join(f"<tr><th>{escape(name)}</th><td>{escape(str(text))}</td></tr>" for name, text in facts)
    return (
        f"<section id='{escape(row['name'])}'><h2>{escape(row['title'])}</h2>"
        f"<table>{lines}</table>{_numbers(row)}</section>"
    )


def _society(row: Row) -> str:
    settings = row["settings"]
    people, regions = settings["society"]["people"], settings["society"]["regions"]
    sectors = ", ".join(settings.get("sectors", {})) or "the economy alone"
    return (
        f"{people:,} people in {regions} regions, {sectors}; {settings['burn_in']} months of burn-in, then "
        f"{row['months']} months from the policy on"
    )


def _overlay(policy: Row) -> str:
    """Return a policy as it stands in a policy file."""
    import json

    return json.dumps({n: round(v, 4) if isinstance(v, float) else v for n, v in policy.items()}).replace('"', "")


def _numbers(row: Row) -> str:
    """Return the table of everything that the estimator returned, for both arms."""
    arm, placebo = row["policy_arm"], row["placebo_arm"]
    names = {bite["name"]: f"bite: {bite['about']} ({bite['unit']})" for bite in arm["bites"]}
    names = {"estimate": f"estimate ({row['unit']})", **names, **row["notes_meaning"]}
    held = {bite["name"]: bite["holds"] for bite in arm["bites"]} | {"estimate": arm["in_range"]}
    body = []
    for name, about in names.items():
        verdict = _word(yes(held[name]), held[name]) if name in held else "<td class='soft'>for information</td>"
        other = _value(placebo["found"][name]) if placebo is not None else "-"
        cells = f"<td class='n'>{_value(arm['found'][name])}</td>{verdict}<td class='n'>{other}</td>"
        body.append(f"<tr><td>{escape(about)}</td>{cells}</tr>")
    heads = "<tr><th>number</th><th>policy ± standard error</th><th>as it should be</th><th>placebo</th></tr>"
    return f"<div class='wide'><table>{heads}{''.join(body)}</table></div>"
