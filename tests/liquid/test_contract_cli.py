"""mailweave contract: the data a campaign reads, as a table and as a JSON Schema."""

from __future__ import annotations

import json
from pathlib import Path

from click.testing import CliRunner, Result

from mailweave.cli import group

ROOT = Path(__file__).resolve().parents[2]
CAMPAIGN = ROOT / "fixtures" / "campaigns" / "cdnow-winback"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(group, ["contract", *arguments])


def test_a_table() -> None:
    result = run(str(CAMPAIGN))
    assert result.exit_code == 0
    rows = [line.split(maxsplit=2) for line in result.stdout.splitlines()]
    paths = [row[0] for row in rows]
    assert len(set(paths)) == len(paths)
    assert "profile.email" in paths
    assert all(len(row) == 3 for row in rows)


def test_a_json_schema() -> None:
    result = run(str(CAMPAIGN), "--format", "json-schema")
    assert result.exit_code == 0
    schema = json.loads(result.stdout)
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    assert "email" in schema["properties"]["profile"]["properties"]


def test_a_campaign_that_does_not_compile() -> None:
    result = run(str(ROOT / "fixtures" / "nowhere"))
    assert result.exit_code == 1
    assert "error[" in result.stderr


def test_usage() -> None:
    assert run(str(CAMPAIGN), "--format", "xml").exit_code == 2
