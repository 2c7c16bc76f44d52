"""`mailweave prove` and `mailweave cover`, and their recipients as `explain` and `render` take them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli.cover import command as cover
from mailweave.cli.explain import command as explain
from mailweave.cli.prove import command as prove
from mailweave.cli.render import command as render
from mailweave.decisions import compile_decisions, reachable_selections
from mailweave.rules.prover.smt import has_smt

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = str(ROOT / "fixtures" / "campaigns" / "smallest")
GAP = str(ROOT / "fixtures" / "proved" / "MW900-engagement.rules")
needs_z3 = pytest.mark.skipif(not has_smt(), reason="z3 is not installed: the extra `prove` brings it")


@needs_z3
def test_findings_as_json() -> None:
    result = CliRunner().invoke(prove, [GAP, "--format", "json", "--now", "2026-11-22T09:00Z"])
    assert result.exit_code == 1, result.output
    (found,) = json.loads(result.stdout)
    assert found["code"] == "MW900"
    assert found["witness"]["now"] == "2026-11-22T09:00:00Z"
    assert [event["type"] for event in found["witness"]["events"]] == ["open"] * 3


@pytest.mark.parametrize("form", ["sarif", "github"])
@needs_z3
def test_findings_for_tools(form: str) -> None:
    result = CliRunner().invoke(prove, [GAP, "--format", form])
    assert result.exit_code == 1
    assert "MW900" in result.stdout


@needs_z3
def test_a_text_that_does_not_compile_is_not_proved(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.rules"
    wrong.write_text("segment a = nothing > 1\n", encoding="utf-8")
    result = CliRunner().invoke(prove, [str(wrong), "--format", "json"])
    assert result.exit_code == 1
    assert [found["code"] for found in json.loads(result.stdout)] == ["MW203"]


@needs_z3
def test_a_text_in_order_ends_with_0() -> None:
    assert CliRunner().invoke(prove, [CAMPAIGN]).exit_code == 0


@needs_z3
def test_a_covering_recipient_is_rendered_and_explained(tmp_path: Path) -> None:
    result = CliRunner().invoke(cover, [CAMPAIGN, "--out", str(tmp_path / "who")])
    assert result.exit_code == 0, result.output
    assert result.stdout == f"{tmp_path / 'who'}: 1 recipient\n"
    (who,) = (tmp_path / "who").glob("*.json")
    assert "welcome" in who.name
    done = CliRunner().invoke(render, [CAMPAIGN, "--profile", str(who), "--out", str(tmp_path / "mail")])
    assert done.exit_code == 0, done.output
    decision = json.loads((tmp_path / "mail" / "decision.json").read_text(encoding="utf-8"))
    assert decision["selection"]["hero"] == ["welcome"]
    assert decision["now"].startswith("2026-12-01T09:00:00")
    told = CliRunner().invoke(explain, [CAMPAIGN, "--profile", str(who), "--part", "hero"])
    assert told.exit_code == 0, told.output
    assert "welcome" in told.stdout


def test_what_nobody_may_be_shown_is_not_reachable() -> None:
    program = compile_decisions("""ruleset "x" version 1
profile { plan: enum(free < club < gold) }
segment members = plan >= club
slot hero max 1 fallback plain
block plain for hero
block one for hero requires plan == free
block two for hero requires plan == gold
matrix main policy first {
  tie order
            | hero  |
  members   | one   |
  members   | two   |
  otherwise | plain |
}
""")
    assert reachable_selections(program)["hero"].blocks == {"plain", "two"}
