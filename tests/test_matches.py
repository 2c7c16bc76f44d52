"""A match over nodes names every node: mypy tells which is forgotten, unless a `case _` swallows it."""

from __future__ import annotations

from pathlib import Path

import pytest

ENGINE = Path(__file__).resolve().parents[1] / "engine" / "mailweave"


@pytest.mark.parametrize(
    "package", sorted(path.name for path in ENGINE.iterdir() if (path / "__init__.py").exists())
)
def test_an_open_case_says_why_it_is_open(package: str) -> None:
    modules = sorted((ENGINE / package).rglob("*.py"))
    lines = [(file.name, line.strip()) for file in modules for line in file.read_text("utf-8").splitlines()]
    assert [name for name, line in lines if line == "case _:"] == []
