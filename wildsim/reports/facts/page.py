"""One self-contained HTML page: the table of facts, what its marks mean, and the pictures."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from html import escape
from pathlib import Path

from wildsim.facts import FAMILIES
from wildsim.facts.table import FAILS, OFF, PASSES, SAYS_NOTHING, SHOWN, Row
from wildsim.reports.facts.common import Study
from wildsim.reports.facts.text import MEANINGS, cells, headers, summary

_CLASSES = {PASSES: "pass", FAILS: "fail", SAYS_NOTHING: "silent", SHOWN: "", OFF: "off"}
_STYLE = """
:root { color-scheme: light dark; --ink: #222; --soft: #666; --line: #ddd; --paper: #fff; --band: #f5f5f5;
        --pass: #00734f; --fail: #b34a00; --silent: #666; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e6e6e6; --soft: #a0a0a0; --line: #3a3a3a; --paper: #161616; --band: #202020;
          --pass: #3fc796; --fail: #ff9a4d; --silent: #a0a0a0; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 2rem auto;
       max-width: 1180px; padding: 0 1rem; }
h1 { font-size: 1.6rem; margin-bottom: .2rem; } h2 { font-size: 1.2rem; margin-top: 2.4rem; }
.soft { color: var(--soft); } .lines { white-space: pre-wrap; background: var(--band); padding: .8rem 1rem; }
.wide { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; width: 100%; }
th, td { text-align: right; padding: .28rem .5rem; border-bottom: 1px solid var(--line); vertical-align: top;
         font-variant-numeric: tabular-nums; white-space: nowrap; }
th:first-child, td:first-child, th:nth-child(2), td:nth-child(2), th:last-child, td:last-child { text-align: left; }
td:first-child { white-space: normal; min-width: 15rem; } td:first-child small { color: var(--soft); }
td:last-child { white-space: normal; min-width: 9rem; color: var(--soft); }
.pass { color: var(--pass); } .fail { color: var(--fail); font-weight: 600; } .silent, .off { color: var(--silent); }
img { width: 100%; height: auto; background: #fff; border-radius: 4px; margin-top: 1rem; }
code { background: var(--band); padding: .1rem .3rem; overflow-wrap: anywhere; } dt { font-weight: 600; }
"""


def page(study: Study, pictures: Mapping[str, Path], command: str) -> str:
    """Return the page.

    Args:
        pictures: PNG by stem: "overview" and families. command: What makes the page again.
    """
    table, scenario = study.table, study.table.variants[0].scenario
    name = escape(study.name)
    parts = [
        '<!doctype html><html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f"<title>{name}: stylised facts</title><style>{_STYLE}</style></head><body>",
        f"<h1>{name}: does the society behave like a real one?</h1>",
        f'<p class="soft">{escape(scenario.about)} {escape(study.about)} of burn-in. Ranges of the country '
        f"<b>{escape(table.country.name)}</b>.</p>",
        f'<div class="lines">{escape(chr(10).join(summary(table)))}</div>',
        _image(pictures.get("overview"), "All facts with a range"),
        _meanings(study),
    ]
    for family, title in FAMILIES.items():
        rows = table.family(family)
        if rows:
            parts += [f"<h2>{escape(title)}</h2>", _table(study, rows), _image(pictures.get(family), title)]
    parts += [
        "<h2>Where it comes from</h2>",
        f"<p>{escape(table.country.about)}</p>",
        f"<p>Every number by seed: <code>facts.json</code>. Made by <code>{escape(command)}</code></p>",
        "</body></html>",
    ]
    return "\n".join(part for part in parts if part) + "\n"


def _meanings(study: Study) -> str:
    names = [variant.name for variant in study.table.variants]
    words = {mark: text for mark, text in MEANINGS.items() if mark != SAYS_NOTHING or len(names) > 1}
    words |= {f"{variant.name} (column)": variant.about for variant in study.table.variants}
    words |= {
        "s.e.": "standard error of the mean over seeds",
        "inside": "share of seeds that lie in the range, each by itself",
        "country": "the country's own figure over its whole series; facts without a range are shown, not counted",
    }
    items = "".join(f"<dt>{escape(mark)}</dt><dd>{escape(text)}</dd>" for mark, text in words.items())
    return f"<details><summary>What marks and columns mean</summary><dl>{items}</dl></details>"


def _table(study: Study, rows: list[Row]) -> str:
    names = [variant.name for variant in study.table.variants]
    head = "".join(f"<th>{escape(text)}</th>" for text in headers(names))
    body = "\n".join(_row(row, names) for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>\n{body}\n</tbody></table></div>'


def _row(row: Row, names: list[str]) -> str:
    first, *rest = cells(row, names)
    verdict = headers(names).index("verdict")
    what = f"{escape(first)}<br><small>{escape(row.fact.doc)}<br>{escape(row.fact.source)}</small>"
    filled = []
    for place, text in enumerate(rest, start=1):
        look = f' class="{_CLASSES[row.verdict]}"' if place == verdict and _CLASSES[row.verdict] else ""
        why = f"<br><small>{escape(row.why)}</small>" if place == verdict and row.why else ""
        filled.append(f"<td{look}>{escape(text)}{why}</td>")
    return f"<tr><td>{what}</td>{''.join(filled)}</tr>"


def _image(path: Path | None, title: str) -> str:
    if path is None:
        return ""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{escape(title)}" src="data:image/png;base64,{data}">'
