"""One self-contained HTML page: the table of facts, what its marks mean, and the pictures."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape
from pathlib import Path

from wildsim.facts import FAMILIES
from wildsim.facts.table import FAILS, OFF, PASSES, SAYS_NOTHING, SHOWN, Row
from wildsim.reports.facts.common import Study
from wildsim.reports.facts.text import MEANINGS, cells, headers, summary
from wildsim.reports.study_page import image, render

_CLASSES = {PASSES: "pass", FAILS: "fail", SAYS_NOTHING: "silent", SHOWN: "", OFF: "off"}
_STYLE = """
.lines{white-space:pre-wrap;background:var(--band);padding:.8rem 1rem}table{font-size:13px;width:100%}
th,td{text-align:right;padding:.28rem .5rem;white-space:nowrap;color:inherit}
th:first-child,td:first-child,th:nth-child(2),td:nth-child(2),th:last-child,td:last-child{text-align:left}
td:first-child{white-space:normal;min-width:15rem}td:first-child small{color:var(--soft)}
td:last-child{white-space:normal;min-width:9rem;color:var(--soft)}
td.pass{color:var(--good)}td.fail{color:var(--bad);font-weight:600}td.silent,td.off{color:var(--soft)}
img{width:100%;height:auto;margin-top:1rem}
code{background:var(--band);padding:.1rem .3rem;overflow-wrap:anywhere}dt{font-weight:600}
"""


def page(study: Study, pictures: Mapping[str, Path], command: str) -> str:
    """Return the page.

    Args:
        pictures: PNG by stem: "overview" and families. command: What makes the page again.
    """
    table, scenario = study.table, study.table.variants[0].scenario
    parts = [
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
    ]
    heading = f"{study.name}: does the society behave like a real one?"
    return render(f"{study.name}: stylised facts", filter(None, parts), style=_STYLE, heading=heading)


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
        told = place != verdict or row.verdict == SAYS_NOTHING  # the cell itself says why
        why = f"<br><small>{escape(row.why)}</small>" if row.why and not told else ""
        filled.append(f"<td{look}>{escape(text)}{why}</td>")
    return f"<tr><td>{what}</td>{''.join(filled)}</tr>"


def _image(path: Path | None, title: str) -> str:
    return "" if path is None else image(path, title)
