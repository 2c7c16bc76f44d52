"""What the law asks of every mail: a link to unsubscribe and a postal address, whatever is selected."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave import Email, Environment
from mailweave.cli import group
from mailweave.decisions import compile_decisions, reachable_selections

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures"
CASES: dict[str, dict[str, Any]] = tomllib.loads(
    (FIXTURES / "law" / "cases.toml").read_text(encoding="utf-8")
)
LAYOUT = (
    '<!doctype html><html lang="en"><head><title>x</title></head>'
    '<body>{% slot "hero" %}{% slot "footer" %}</body></html>'
)


def made(case: dict[str, Any], folder: Path) -> Path:
    """The smallest campaign with the footer of the case."""
    shutil.copytree(FIXTURES / "campaigns" / "smallest", folder)
    block = folder / "blocks" / "mine"
    block.mkdir(parents=True)
    (block / "block.html").write_text(case["html"])
    (block / "block.toml").write_text(f'title = "Mine"\ndoc = "A footer."\n{case.get("declares", "")}\n')
    if "text" in case:
        (block / "block.txt").write_text(case["text"])
    (folder / "layout.html").write_text(case.get("layout", LAYOUT))
    (folder / "own.css").write_text(case.get("css", ""))
    settings = folder / "campaign.toml"
    inputs = f"\ninputs = {case['inputs']}" if "inputs" in case else ""
    text = settings.read_text().replace('use = "footer"', f'use = "mine"{inputs}')
    text = text.replace('layout = "newsletter"', 'layout = "layout.html"\ncss = ["own.css"]')
    settings.write_text(text + '\n[blocks.shorter]\nuse = "text"\ninputs = { text = "Bye" }\n')
    rules = folder / "main.rules"
    rules.write_text(rules.read_text() + case.get("rules", ""))
    return folder


@pytest.mark.parametrize("name", CASES)
def test_every_mail_must_show_them(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    folder = made(case, tmp_path / "campaign")
    found = [d for d in Environment().check(folder) if d.code in ("MW015", "MW054")]
    said = [
        f"{d.code} {re.split(' for slot | of any ', d.message.partition('in the ')[2])[0]}" for d in found
    ]
    assert said == case["lacks"], [d.message for d in found]
    assert all(case.get("example", "") in d.message for d in found)
    result = CliRunner().invoke(group, ["check", str(folder)])
    shown = [code for code in ("MW015", "MW054") if f"[{code}]" in result.output]
    assert bool(shown) == bool(case["lacks"]), result.output
    assert result.exit_code == 1 or not case["lacks"]


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if not case["lacks"]])
def test_what_passes_does_show_them(name: str, tmp_path: Path) -> None:
    """Judged by a mail that is rendered, for somebody who has as little as can be."""
    campaign = Environment().compile(made(CASES[name], tmp_path / "campaign"))
    for first in ({}, {"first_name": "Ann"}):
        email = campaign.render(
            {"id": "7", "email": "a@example.com", "consent": {"marketing": True}, **first}
        )
        assert isinstance(email, Email)
        for part in (email.html, email.text):
            assert "https://example.com/unsubscribe?who=7" in part
            assert "High Street" in part


@pytest.mark.parametrize("campaign", ["smallest", "cdnow-winback"])
def test_our_own_campaigns_pass(campaign: str) -> None:
    found = Environment().check(FIXTURES / "campaigns" / campaign)
    assert not [d for d in found if d.code in ("MW015", "MW054")]


RULES = """ruleset "r" version 1
profile {
  id     : key
  orders : int
}
segment buyers = orders >= 1
segment many   = orders >= 9
slot hero   max 2 fallback a
slot footer max 1 fallback f
block a for hero
block b for hero
block c for hero
block d for hero
block e for hero
block f for footer
matrix main policy first {
  tie order
            | hero |
  many      | b    |
  buyers    | c    |
  otherwise | d    |
}
experiment x on c {
  unit id salt "x"
  split same 50%, other 50% -> e
}
"""


def test_what_can_occur_is_never_too_little() -> None:
    program = compile_decisions(RULES)
    can = reachable_selections(program)
    assert can["hero"].blocks == {"a", "b", "c", "d", "e"}
    assert can["hero"].most == 2
    assert can["footer"].blocks == {"f"}
    seen: set[str] = set()
    for orders in (0, 1, 9):
        for who in range(20):
            chosen = program.select({"id": str(who), "orders": orders}, now="2026-11-22T09:00Z")
            for slot, blocks in chosen.items():  # type: ignore[union-attr]
                assert 1 <= len(blocks) <= can[slot].most
                assert set(blocks) <= can[slot].blocks
                seen |= set(blocks)
    assert seen == {"b", "c", "d", "e", "f"}
