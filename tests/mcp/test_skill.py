"""The page for agents: its campaign compiles without a finding, its conditions parse, it is the page in docs."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave import lint
from mailweave.cli import group
from mailweave.decisions import compile_decisions
from mailweave.decisions.testing import run_tests
from mailweave.mcp_server.skill import CONDITIONS, page
from mailweave.rules.parser import parse
from mailweave.source import Source

ROOT = Path(__file__).resolve().parents[2]


def test_the_whole_campaign_is_one(tmp_path: Path) -> None:
    for name, file in (("campaign.toml", "example.toml"), ("main.rules", "example.rules")):
        text = (files("mailweave.mcp_server") / file).read_text(encoding="utf-8")
        assert text.strip() in page()
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert [d.code for d in lint.check(tmp_path) if d.severity.value != "note"] == []
    program = compile_decisions((tmp_path / "main.rules").read_text(encoding="utf-8"))
    assert [one.passed for one in run_tests(program)] == [True]


@pytest.mark.parametrize("written", [written for written, _ in CONDITIONS])
def test_a_condition_parses(written: str) -> None:
    assert parse(Source("a", f"segment a = {written}")).diagnostics == ()


def test_the_verb_prints_what_docs_hold() -> None:
    printed = CliRunner().invoke(group, ["mcp", "--skill"])
    assert printed.exit_code == 0
    assert printed.output == (ROOT / "docs" / "skill.md").read_text(encoding="utf-8") == page()


def test_a_folder_that_is_none_is_refused(tmp_path: Path) -> None:
    told = CliRunner().invoke(group, ["mcp", str(tmp_path / "none")])
    assert told.exit_code == 1
    assert "MW001" in told.output
