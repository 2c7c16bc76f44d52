"""Every example of docs/language.md runs."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailweave.diagnostics import Diagnostic, Severity
from mailweave.rules import check, compile_rules, parse
from mailweave.source import Source

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "language.md").read_text(encoding="utf-8")
FENCES = re.findall(r"^```(\w+)(?: (\w+))?(?: (\w+))?\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
SCHEMA = next(body for kind, what, _, body in FENCES if (kind, what) == ("rules", "schema"))
SOUND = [body for kind, what, _, body in FENCES if kind == "rules" and what == ""]
REFUSED = [(code, body) for kind, what, code, body in FENCES if kind == "rules" and what == "error"]
TABLES = [body for kind, *_, body in FENCES if kind == "cases"]
CASES = [tuple(map(str.strip, line.rsplit(" | ", 2))) for body in TABLES for line in body.splitlines()]
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)


def findings(body: str) -> tuple[Diagnostic, ...]:
    head, rest = (SCHEMA, body) if not body.startswith("ruleset") else body.split("\n", 1)
    text = f"{head}\n{rest}" if head == SCHEMA else f"{head}\n{SCHEMA}\n{rest}"
    parsed = parse(Source("language.md", text))
    return (*parsed.diagnostics, *check(parsed.document).diagnostics)


@pytest.mark.parametrize("body", SOUND)
def test_what_the_page_shows_is_sound(body: str) -> None:
    assert [d for d in findings(body) if d.severity is Severity.ERROR] == []


@pytest.mark.parametrize(("code", "body"), REFUSED, ids=[code for code, _ in REFUSED])
def test_what_the_page_refuses_is_refused(code: str, body: str) -> None:
    assert code in {d.code for d in findings(body) if d.severity is Severity.ERROR}


@pytest.mark.parametrize(("condition", "profile", "answer"), CASES)
def test_what_the_page_says_holds(condition: str, profile: str, answer: str) -> None:
    program = compile_rules(f"{SCHEMA}\nsegment it = {condition}")
    data = {"id": "1", "plan": "free"} | json.loads(profile)
    assert ("it" in program.evaluate(data, now=NOW).segments) == (answer == "in")


def test_the_page_has_examples() -> None:
    assert len(SOUND) >= 5
    assert len(REFUSED) >= 7
    assert len(CASES) >= 40
