"""A fault in a branch that one recipient of a whole list reaches is found, with somebody who shows it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.lint.test_rules import FIXTURES, PAGES

from mailweave import Campaign, Environment, Skip, lint
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.diagnostics import Diagnostic
from mailweave.lint.rule import CampaignRule

WINBACK = FIXTURES / "campaigns" / "cdnow-winback"
RULES = """
segment alone within customers = orders == 173 and country == GB
block planted for extra
"""
ROW = "  alone | - | - | - | - | - | - | planted 90 |\n"
FIELDS = "".join(
    f"  {name}\n"
    for name in ("vip : bool = false", "elder : bool = false", "language : text?", "url : text?", "picture : text?",
                 "role : text?", "hide : text?", "name : text?", "things : set of text")
)  # fmt: skip
OF_PAGES = {
    "MW950",
    "MW953",
    "MW954",
    "MW956",
    "MW964",
    "MW975",
    "MW976",
    "MW987",
    "MW994",
    "MW931",
    "MW938",
    "MW939",
    "MW995",
}
"""Rules about the whole page, which is everybody's, and about style sheets; contrast has tests of its own."""


def planted() -> dict[str, str]:
    """The first faulty text of each rule that judges elements."""
    found: dict[str, str] = {}
    for case in PAGES:
        for code in {one.partition(" ")[0] for one in case["found"]} - OF_PAGES:
            if "body" in case and "css" not in case:
                found.setdefault(code, case["body"])
    return found


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("planted") / "winback"
    shutil.copytree(WINBACK, made)
    rules = (made / "winback.rules").read_text(encoding="utf-8")
    rules = rules.replace("\n# ---- the priority matrix", f"{RULES}\n# ---- the priority matrix")
    rules = rules.replace("  birthday_soon   |", f"{ROW}  birthday_soon   |", 1)
    rules = rules.replace("profile {\n", f"profile {{\n{FIELDS}", 1)
    (made / "winback.rules").write_text(rules, encoding="utf-8")
    block = made / "blocks" / "planted"
    block.mkdir(parents=True)
    (block / "block.toml").write_text('title = "Planted"\ndoc = "Faults."\n')
    inside = "\n".join(f"<div>{body}</div>" for body in planted().values())
    (block / "block.html").write_text(
        f"<div>Words</div>\n{{% if profile.lifetime_value > 4000 %}}<p>Planted</p>\n{inside}\n{{% endif %}}\n",
        encoding="utf-8",
    )
    return made


@pytest.fixture(scope="module")
def found(folder: Path) -> tuple[Diagnostic, ...]:
    return lint.check(folder)


@pytest.fixture(scope="module")
def compiled(folder: Path) -> Campaign:
    return Environment().compile(folder)


def html(campaign: Campaign, witness: Mapping[str, Any]) -> str:
    who = saved_recipient(campaign, dict(witness), "witness")
    made = campaign.render(who.profile, events=who.events, now=who.moment(), context=who.context)
    assert not isinstance(made, Skip)
    return made.html


def test_every_rule_over_elements_is_planted() -> None:
    over_pages = {rule.code for rule in lint.RULES if not isinstance(rule, CampaignRule)}
    assert over_pages - OF_PAGES == set(planted())


def test_each_is_found_and_some_with_somebody_who_gets_it(
    found: tuple[Diagnostic, ...], compiled: Campaign
) -> None:
    there = [d for d in found if d.location and d.location.name.endswith("planted/block.html")]
    assert {d.code for d in there} >= set(planted())
    shown = [d for d in there if d.witness is not None]
    assert shown
    for one in shown[:3]:
        assert isinstance(one.witness, Mapping)
        assert "Planted" in html(compiled, one.witness)


def test_a_sample_does_not_show_it(compiled: Campaign) -> None:
    for file in sorted((WINBACK / "recipients").glob("*.json")):
        who = saved_recipient(compiled, json.loads(file.read_text(encoding="utf-8")), file.name)
        made = compiled.render(who.profile, events=who.events, now=who.moment(), context=who.context)
        assert "Planted" not in str(getattr(made, "html", ""))


def test_what_everybody_gets_needs_no_witness(tmp_path: Path) -> None:
    shutil.copytree(FIXTURES / "campaigns" / "smallest", tmp_path / "smallest")
    assert [d.witness for d in lint.check(tmp_path / "smallest") if d.code == "MW981"] == [None]
