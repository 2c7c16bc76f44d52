"""The pieces that random campaigns are made of: of the right ones nothing is said, of each wrong one something."""

from __future__ import annotations

import pytest
from tests.lint.awkward_pieces import RIGHT, SHEET, WRONG
from tests.lint.test_rules import LAYOUT

from mailweave import lint
from mailweave.campaign.stages import Templates
from mailweave.diagnostics import Severity
from mailweave.lint.blanks import Blanks
from mailweave.lint.pages import Pages
from mailweave.lint.rule import CampaignRule
from mailweave.source import Source

BLANKS = Blanks(frozenset({"profile.name", "profile.city", "profile.role"}), {"": frozenset({"block.label"})})


def warned(piece: str) -> set[str]:
    html = LAYOUT.replace("{% slot 'main' %}", "").replace("BODY", piece)
    html = html.replace('<link rel="stylesheet" href="style.css">', f"<style>{SHEET}</style>")
    pages = Pages(Templates(Source("layout", html), Source("none.css", ""), {}, lambda _: ""), blanks=BLANKS)
    rules = (rule for rule in lint.RULES if not isinstance(rule, CampaignRule))
    return {d.code for rule in rules for d in rule.check(pages) if d.severity is not Severity.NOTE}


@pytest.mark.parametrize("piece", RIGHT)
def test_nothing_is_said_of_what_is_right(piece: str) -> None:
    assert warned(piece) == set()


@pytest.mark.parametrize("piece", WRONG)
def test_something_is_said_of_what_is_wrong(piece: str) -> None:
    assert warned(piece)
