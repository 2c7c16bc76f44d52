"""What MJML comes out as, and what its author is told of it: cases as data."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.diagnostics import TABLE, Diagnostic
from mailweave.mjml import Frame, block_of, layout_of
from mailweave.mjml.compiled import Compiled
from mailweave.mjml.tree import MOST_DEEP
from mailweave.source import Source
from tests.mjml.templates import reads

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "mjml"
CASES = tomllib.loads((FOLDER / "cases.toml").read_text(encoding="utf-8"))["case"]
FINDINGS = tomllib.loads((FOLDER / "findings.toml").read_text(encoding="utf-8"))["case"]
ELSEWHERE = {"MW652", "MW653", "MW657"}
DEEP = "<mj-wrapper>" * 100 + "</mj-wrapper>" * 100


def run(case: dict[str, Any]) -> tuple[Compiled | None, tuple[Diagnostic, ...]]:
    read = reads(case.get("files", {}))
    body = case.get("layout", case.get("mjml", "")).replace("@deep", DEEP)
    page = case.get(
        "page", f"<mjml><mj-head>{case.get('head', '')}</mj-head><mj-body>{body}</mj-body></mjml>"
    )
    if "block" not in case:
        made, _, found = layout_of(Source("layout.mjml", plain(case, page)), "layout.mjml", read)
        return made, found
    frame = layout_of(Source("layout.mjml", page), "layout.mjml", read)[1] if "layout" in case else Frame()
    return block_of(Source("block.mjml", case["block"]), "block.mjml", read, frame, "main")


def plain(case: dict[str, Any], page: str) -> str:
    """A page whose lines and columns are those of the body that a case gives."""
    return page.replace("<mj-head></mj-head>", "") if "page" not in case else page


@pytest.mark.parametrize("case", CASES, ids=lambda case: str(case["name"]))
def test_mjml_comes_out(case: dict[str, Any]) -> None:
    made, found = run(case)
    assert made is not None, found
    html, at = made.html.text, 0
    for text in case["has"]:
        assert text in html[at:], (text, html[at:])
        at = html.index(text, at) + len(text)
    for text in case.get("lacks", ()):
        assert text not in html
    for text, place in case.get("at", {}).items():
        assert str(made.html.locate(html.index(text))) == place, text
    for text, line in case.get("lines", {}).items():
        assert html.count("\n", 0, html.index(text)) + 1 == line, text


@pytest.mark.parametrize("case", FINDINGS, ids=lambda case: str(case["name"]))
def test_an_author_is_told(case: dict[str, Any]) -> None:
    made, found = run(case)
    assert (made is not None) == case.get("compiles", False)
    assert sorted(map(placed, found)) == sorted(shifted(case, one) for one in case["found"])
    if "help" in case:
        assert any(case["help"] in one.help for one in found)


def placed(one: Diagnostic) -> str:
    place = str(one.location)
    name, line, column = place.rsplit(":", 2)
    if one.code == "MW642" and "deep" in one.message:
        column = "*"
    return f"{one.code} {'' if name in ('layout.mjml', 'block.mjml') else f'{name}:'}{line}:{column}"


def shifted(case: dict[str, Any], found: str) -> str:
    """A place in a body as one in its page: what stands before it is on the first line."""
    code, place = found.split(" ")
    *name, line, column = place.split(":")
    if "mjml" in case and line == "1" and column != "*" and not name:
        column = str(int(column) + len("<mjml><mj-body>"))
    return f"{code} {':'.join([*name, line, column])}"


def test_each_code_has_a_case() -> None:
    told = {one.split(" ")[0] for case in FINDINGS for one in case["found"]}
    assert told | ELSEWHERE == {code for code in TABLE if "MW640" <= code <= "MW659"}
    assert len(DEEP) > MOST_DEEP
