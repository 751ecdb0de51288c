"""The page of a study: one self-contained HTML file, light and dark, readable on paper."""

from __future__ import annotations

import base64
import html
from collections.abc import Iterable, Sequence
from pathlib import Path

#: Colours of good and bad differ in lightness too, for those who see no red.
_STYLE = """
:root{color-scheme:light dark;--ink:#1b1b1b;--paper:#fff;--line:#ddd;--soft:#666;--band:#f5f5f5;--good:#00734f}
:root{--bad:#b34a00}
@media (prefers-color-scheme:dark){:root{--ink:#e6e6e6;--paper:#161616;--line:#383838;--soft:#a0a0a0;--band:#202020}
:root{--good:#3fc796;--bad:#ff9a4d}}
body{font:15px/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
body{max-width:76rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.6rem}h2{font-size:1.2rem;margin-top:2rem}.soft{color:var(--soft)}
table{border-collapse:collapse;font-variant-numeric:tabular-nums;font-size:.86rem}
.wide{overflow-x:auto}th,td{padding:.25rem .7rem .25rem 0;border-bottom:1px solid var(--line)}
th,td{text-align:left;vertical-align:top}
th{color:var(--soft);font-weight:600}img{max-width:100%;background:#fff;border-radius:4px}
pre{overflow-x:auto;color:var(--soft)}footer{color:var(--soft);margin-top:2rem;font-size:.85rem}
"""


def render(title: str, parts: Iterable[str], *, style: str = "", heading: str = "") -> str:
    """Return a page of parts that are HTML already; title and heading (the title where left out) are text.

    Args:
        style: What this page looks like beside what all pages do, as CSS.
    """
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><style>{_STYLE}{style}</style></head>'
        f"<body><h1>{html.escape(heading or title)}</h1>\n" + "\n".join(parts) + "\n</body></html>\n"
    )


def table(headers: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of text."""
    head = "".join(f"<th>{html.escape(header)}</th>" for header in headers)
    body = "".join("<tr>" + "".join(f"<td>{html.escape(str(cell))}</td>" for cell in row) + "</tr>" for row in rows)
    return f'<div class="wide"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def picture(path: Path, words: str) -> str:
    """Return a picture as a paragraph, held inside the page."""
    return f"<p>{image(path, words)}</p>"


def image(path: Path, words: str) -> str:
    """Return a picture, held inside the page."""
    data = base64.b64encode(path.read_bytes()).decode()
    return f'<img alt="{html.escape(words)}" src="data:image/png;base64,{data}">'
