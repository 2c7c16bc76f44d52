"""Lint and axe-core in Chromium: no mail of a document that passes lint has a serious fault.

axe-core judges each rendered mail, so every way through the conditions is rendered. Where lint says something, it may be
right about a mail that was not rendered; that is not asked here.
"""

from __future__ import annotations

import itertools
from typing import Any

import pytest
from tests.lint.authored import FIELDS, authored
from tests.lint.test_rules import LAYOUT

from mailweave import lint
from mailweave.campaign.stages import Templates
from mailweave.diagnostics import Severity
from mailweave.lint.pages import Pages
from mailweave.lint.rule import CampaignRule
from mailweave.liquid import Template
from mailweave.source import Source

FEW, MANY = range(100), range(1000, 3000)
PART = 20  # documents a test: a page of Chromium takes longer to open than to judge
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(v => ["serious", "critical"].includes(v.impact)).flatMap(
    v => v.nodes.map(n => v.id + " " + n.html.slice(0, 120)));
}"""
DATA = {"name": "Ada", "things": ["bread", "rolls"], "language": "en", "role": "note"}


def passes(html: str, css: str) -> bool:
    given = Templates(Source("layout", html), Source("none.css", ""), {}, lambda _href: css)
    pages = Pages(given)
    found = (d for rule in lint.RULES if not isinstance(rule, CampaignRule) for d in rule.check(pages))
    return all(d.severity is Severity.NOTE for d in found)


def mails(html: str) -> list[str]:
    template = Template.from_string(html, escape="html")
    ways = itertools.product((True, False), repeat=len(FIELDS))
    return list(
        dict.fromkeys(
            template.render({"profile": {**DATA, **dict(zip(FIELDS, way, strict=True))}}) for way in ways
        )
    )


def faults(viewer: Any, axe: str, seeds: range) -> tuple[list[str], int]:
    wrong, judged = [], 0
    for seed in seeds:
        one = authored(seed)
        html = LAYOUT.replace("{% slot 'main' %}", "").replace("BODY", one.html)
        html = html.replace('<link rel="stylesheet" href="style.css">', f"<style>{one.css}</style>")
        if not passes(html, one.css):
            continue
        for mail in mails(html):
            judged += 1
            for dark in (False, True) if "prefers-color-scheme" in one.css else (False,):
                said = viewer.look(mail, f"{axe}; ({AXE})()", width=600, dark=dark)
                wrong += [f"{seed} {'dark' if dark else 'light'} {each}" for each in said]
    return wrong, judged


@pytest.mark.parametrize("part", range(0, len(FEW), PART))
def test_what_passes_has_no_serious_fault(viewer: Any, axe: str, part: int) -> None:
    wrong, judged = faults(viewer, axe, FEW[part : part + PART])
    assert wrong == []
    assert judged


@pytest.mark.deep
@pytest.mark.parametrize("part", range(0, len(MANY), PART))
def test_what_passes_has_no_serious_fault_of_many(viewer: Any, axe: str, part: int) -> None:
    assert faults(viewer, axe, MANY[part : part + PART])[0] == []
