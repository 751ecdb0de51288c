"""The frame that the pages of all studies share."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

from wildsim.reports import case_pages, forecast_page, study_page
from wildsim.reports.facts.page import _STYLE as FACTS_STYLE

STYLES = {
    "all": study_page._STYLE,
    "cases": case_pages._STYLE,
    "facts": FACTS_STYLE,
    "forecast": forecast_page._STYLE,
}


def test_title_and_heading_are_text_and_parts_are_html() -> None:
    page = study_page.render("a <b> & c", ["<p>one</p>", "<p>two</p>"], style="p{color:red}", heading="<i>")
    assert "<title>a &lt;b&gt; &amp; c</title>" in page
    assert "<h1>&lt;i&gt;</h1>\n<p>one</p>\n<p>two</p>\n</body></html>\n" in page
    assert "p{color:red}</style>" in page
    assert "<h1>a &lt;b&gt; &amp; c</h1>" in study_page.render("a <b> & c", [])


@pytest.mark.parametrize("name", STYLES)
def test_every_colour_that_a_page_names_is_light_and_dark(name: str) -> None:
    style = STYLES[name]
    assert style.count("{") == style.count("}")
    light, dark = STYLES["all"].split("@media (prefers-color-scheme:dark)")
    dark = dark[: dark.index("}}")]
    for colour in re.findall(r"var\((--\w+)\)", style):
        assert f"{colour}:" in light
        assert f"{colour}:" in dark


def test_a_picture_lies_in_the_page(tmp_path: Path) -> None:
    (tmp_path / "p.png").write_bytes(b"\x89PNG")
    assert study_page.image(tmp_path / "p.png", 'a "b"') == (
        '<img alt="a &quot;b&quot;" src="data:image/png;base64,iVBORw==">'
    )
    assert study_page.picture(tmp_path / "p.png", "x").startswith('<p><img alt="x"')


def test_there_is_one_frame(root: Path) -> None:
    written = [
        path.relative_to(root).as_posix()
        for path in (root / "wildsim").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "<!doctype" in node.value.lower()
    ]
    assert written == ["wildsim/reports/study_page.py"]
