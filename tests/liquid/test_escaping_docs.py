"""The table of docs/escaping.md is true."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailweave.liquid import Template

PAGE = Path(__file__).resolve().parents[2] / "docs" / "escaping.md"
ROWS = [
    [cell.strip().strip("`").replace("\\|", "|") for cell in line.replace("\\|", "\0").strip("|").split("|")]
    for line in PAGE.read_text(encoding="utf-8").splitlines()
    if line.startswith("| `") and line.count(" | `") == 2
]


@pytest.mark.parametrize(("template", "value", "result"), ROWS)
def test_row(template: str, value: str, result: str) -> None:
    made = Template.from_string(template.replace("\0", "|"))
    assert made.render({"x": value.replace("\0", "|")}) == result


def test_the_table_is_found() -> None:
    assert len(ROWS) >= 20
