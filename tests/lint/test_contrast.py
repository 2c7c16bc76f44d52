"""MW950 over the cases of fixtures/lint/contrast.toml, and in `mailweave check`."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave import lint
from mailweave.campaign.stages import Templates
from mailweave.lint.pages import Pages
from mailweave.lint.rules.contrast import findings
from mailweave.source import Source, stacked

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CASES = tomllib.loads((FIXTURES / "lint" / "contrast.toml").read_text(encoding="utf-8"))["case"]
_SAID = re.compile(r"of `<(\w+)>`.* in the (\w+) scheme.*: (#\w+), by .*, on (#\w+), by ")


def whole(case: dict[str, Any]) -> str:
    return f"<!doctype html><html><head><title>x</title></head><body>{case['layout']}</body></html>"


def templates(html: str, blocks: dict[str, str] | None = None, css: Source | None = None) -> Templates:
    slots = {"main": {name: Source(f"{name}.html", text) for name, text in (blocks or {}).items()}}
    return Templates(Source("layout.html", html), css or Source("none.css", ""), slots, lambda _href: None)


def said(message: str) -> str:
    found = _SAID.search(message)
    assert found is not None, message
    return f"{found[2]} {found[1]} {found[3]} {found[4]}"


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    found = findings(Pages(templates(whole(case), case.get("blocks"))))
    assert sorted(said(one.message) for one in found) == sorted(case["found"])


def test_a_finding_stands_in_its_author_s_file_and_line() -> None:
    given = templates(
        "<!doctype html>\n<body>{% slot 'main' %}", {"note": '\n\n  <p style="color:#999">x</p>'}
    )
    (found,) = findings(Pages(given))
    assert str(found.location) == "note.html:3:3"
    assert "by its style attribute" in found.message


def by(text: str, css: Source | None = None, **blocks: str) -> str:
    """Who says the colour that is hard to read."""
    (found,) = findings(Pages(templates(text, blocks, css)))
    (said,) = re.findall(r"#999999, by ([^)]*\)), on", found.message)
    return str(said)


LAYOUT = "<!doctype html>\n<head>{head}</head><body><p class=note>x</p>{% slot 'main' %}{% endslot %}</body>"


def test_a_rule_is_named_where_it_was_written() -> None:
    bare, rule = LAYOUT.replace("{head}", ""), ".note { color: #999 }"
    sheets = stacked([Source("one.css", "p { margin: 0 }\n"), Source("two.css", f"\n\n{rule}")])
    assert by(bare, sheets) == "`.note` (two.css:3:1)"
    of_block = f"<i>y</i>\n<style>\n{rule}</style>"
    assert (
        by(bare.replace("class=note", ""), None, note=f"{of_block}<b class=note>z</b>")
        == "`.note` (note.html:3:1)"
    )
    head = f"<style>\ni {{ margin: 0 }}\n{{% if x %}}\nb {{ margin: 0 }}\n{{% endif %}}\n{rule}\n</style>"
    assert by(LAYOUT.replace("{head}", head)) == "`.note` (layout.html:7:1)", (
        "behind a branch that is not taken"
    )


def test_check_names_the_style_sheet_of_a_rule(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "campaigns" / "smallest", tmp_path / "own")
    settings = tmp_path / "own" / "campaign.toml"
    head = 'css = ["a.css", "b.css"]\n'
    settings.write_text(head + settings.read_text(encoding="utf-8"), encoding="utf-8")
    (tmp_path / "own" / "a.css").write_text("i { color: var(--mw-text) }\n", encoding="utf-8")
    (tmp_path / "own" / "b.css").write_text("\n\nh1 { color: #ccc; background: #fff }\n", encoding="utf-8")
    found = [d for d in lint.check(tmp_path / "own") if d.code == "MW950"]
    assert found
    assert all(f"`h1` ({tmp_path.as_posix()}/own/b.css:3:1)" in d.message for d in found)


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
