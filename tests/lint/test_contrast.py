"""MW950 over the cases of fixtures/lint/contrast.toml, and in `mailweave check`."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave import lint
from mailweave.campaign.assembly import Templates
from mailweave.lint.rules.contrast import of_templates
from mailweave.source import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CASES = tomllib.loads((FIXTURES / "lint" / "contrast.toml").read_text(encoding="utf-8"))["case"]
_SAID = re.compile(r"of `<(\w+)>`.* in the (\w+) scheme.*: (#\w+), by .*, on (#\w+), by ")


def whole(case: dict[str, Any]) -> str:
    return f"<!doctype html><html><head><title>x</title></head><body>{case['layout']}</body></html>"


def templates(html: str, blocks: dict[str, str] | None = None) -> Templates:
    slots = {"main": {name: Source(f"{name}.html", text) for name, text in (blocks or {}).items()}}
    return Templates(Source("layout.html", html), "", slots, lambda _href: None)


def said(message: str) -> str:
    found = _SAID.search(message)
    assert found is not None, message
    return f"{found[2]} {found[1]} {found[3]} {found[4]}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = of_templates(templates(whole(case), case.get("blocks")))
    assert sorted(said(one.message) for one in found) == sorted(case["found"])


def test_a_finding_stands_in_its_author_s_file_and_line() -> None:
    given = templates(
        "<!doctype html>\n<body>{% slot 'main' %}", {"note": '\n\n  <p style="color:#999">x</p>'}
    )
    (found,) = of_templates(given)
    assert str(found.location) == "note.html:3:3"
    assert "by its style attribute" in found.message


def test_check_finds_it(tmp_path: Path) -> None:
    for path in (FIXTURES / "campaigns" / "smallest").rglob("*"):
        if path.is_file():
            target = tmp_path / path.relative_to(FIXTURES / "campaigns" / "smallest")
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    settings = (tmp_path / "campaign.toml").read_text(encoding="utf-8")
    (tmp_path / "campaign.toml").write_text(
        "\n".join(line for line in settings.splitlines() if not line.startswith("layout")), encoding="utf-8"
    )
    assert [d for d in lint.check(FIXTURES / "campaigns" / "smallest") if d.code == "MW950"] == []
    words = '<div style="color:#ccc">Plain words {% slot "hero" %}{% slot "footer" %}</div>'
    (tmp_path / "layout.html").write_text(
        f"<!doctype html><html lang=en><head><title>x</title></head><body>\n{words}</body></html>"
    )
    found = [d for d in lint.check(tmp_path) if d.code == "MW950"]
    assert [d.location.line for d in found if d.location and d.source and "layout" in d.source.name] == [2]
