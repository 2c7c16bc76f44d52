"""Every rule over the cases of fixtures/lint, and what all rules have in common."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave import lint
from mailweave.campaign.stages import Templates
from mailweave.diagnostics import TABLE, Diagnostic
from mailweave.lint.pages import Pages
from mailweave.lint.rule import CampaignRule
from mailweave.lint.rules import page_of
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
PAGES = tomllib.loads((FIXTURES / "lint" / "pages.toml").read_text(encoding="utf-8"))["case"]
CAMPAIGNS = tomllib.loads((FIXTURES / "lint" / "campaigns.toml").read_text(encoding="utf-8"))["case"]
LAYOUT = """<!doctype html>
<html lang="en" dir="ltr"><head><title>x</title>
<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light">
<link rel="stylesheet" href="style.css">
</head><body><div lang="en" dir="ltr">
{% slot 'main' %}
BODY
</div></body></html>"""
OURS = re.compile(r"MW9(?:3[1-9]|[4-9]\d)")


def judged(case: dict[str, Any]) -> list[Diagnostic]:
    layout = case.get("html") or LAYOUT.replace("BODY", case.get("body", ""))
    css, blocks = case.get("css", ""), case.get("blocks", {})
    slots = {"main": {name: Source(name, text) for name, text in blocks.items()}}
    sheet = "" if "stylesheet" in layout else css
    if sheet:
        layout = layout.replace("<title>", f"<style>{css}</style><title>")
    given = Templates(Source("layout", layout), Source("none.css", ""), slots, lambda _href: css)
    pages = Pages(given, clients=tuple(case.get("clients", ())))
    return [d for rule in lint.RULES if not isinstance(rule, CampaignRule) for d in rule.check(pages)]


@pytest.mark.parametrize("case", PAGES, ids=[case["name"] for case in PAGES])
def test_page(case: dict[str, Any]) -> None:
    unique = {(d.code, str(d.location), d.span, d.message): d for d in judged(case)}.values()
    found = [
        f"{d.code} {d.location.name.removesuffix('.css')}:{d.location.line}" for d in unique if d.location
    ]
    assert sorted(found) == sorted(case["found"])


def campaign(folder: Path, case: dict[str, Any]) -> Path:
    rules = (FIXTURES / "campaigns" / "smallest" / "main.rules").read_text(encoding="utf-8")
    settings = (FIXTURES / "campaigns" / "smallest" / "campaign.toml").read_text(encoding="utf-8")
    for old, new in case.get("change", ()):
        assert old in settings
        settings = settings.replace(old, new)
    says = case.get("says", ["Hello"])
    lines = "".join(f'block line{n} for subject says "{text}"\n' for n, text in enumerate(says))
    rules = re.sub(r"block hello.*\n", lines, rules).replace("fallback hello", "fallback line0")
    preheader = case.get("preheader", "What is new this week")
    if preheader:
        rules += f'slot preheader text max 1 fallback line_p\nblock line_p for preheader says "{preheader}"\n'
    folder.mkdir()
    (folder / "main.rules").write_text(f"{rules}{case.get('rules', '')}\n", encoding="utf-8")
    (folder / "campaign.toml").write_text(
        settings.replace("layout =", f"{case.get('settings', '')}\nlayout =", 1), encoding="utf-8"
    )
    for name, text in case.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("case", CAMPAIGNS, ids=[case["name"] for case in CAMPAIGNS])
def test_campaign(case: dict[str, Any], tmp_path: Path) -> None:
    found = lint.check(campaign(tmp_path / "campaign", case))
    assert [d for d in found if d.severity.value == "error"] == []
    assert sorted(d.code for d in found if OURS.fullmatch(d.code)) == sorted(case["found"])


def test_every_rule_finds_something_in_a_case_and_has_a_case_without() -> None:
    found = {one.partition(" ")[0] for case in (*PAGES, *CAMPAIGNS) for one in case["found"]}
    assert [rule.code for rule in lint.RULES if rule.code not in found | {"MW950"}] == []


def test_every_rule_has_a_page_that_begins_with_its_code_and_name() -> None:
    for rule in lint.RULES:
        name = page_of(rule)
        page = (ROOT / "docs" / "lint" / f"{name}.md").read_text(encoding="utf-8")
        assert page.startswith(f"# {rule.code} {TABLE[rule.code].name}\n"), name
        assert "## What helps" in page
        assert re.search(rf"(?:warning|note) {rule.code}:", page), name
        assert f"lint/{name}.md" in TABLE[rule.code].why
