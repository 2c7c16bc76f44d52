"""A slot may be called as any word of the language: in rules, tests, layouts, and all that is told of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from mailweave import Email, Environment
from mailweave.decisions import compile_decisions
from mailweave.decisions.testing import run_tests
from mailweave.rules.formatter import format_source
from mailweave.rules.reserved import keywords
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
WORDS = sorted({*(word for word in keywords().values() if word.isalpha()), "true", "nil", "forloop"})
RULES = """ruleset "names" version 1
profile {{
  id    : key
  email : text pii
}}
segment all_ = id is known
slot subject text max 1 fallback hello
slot {0}          max 1 fallback plain
block hello for subject says "Hello"
block plain for {0}
block other for {0} expires 2027-01-31
matrix main policy first {{
  tie order
            | {0}   |
  all_      | other |
  otherwise | plain |
}}
test "named" {{
  profile {{ id: "1" }}
  now 2026-11-22T09:00Z
  expect all_, {0} is other, {0} is (other)
}}
"""
SETTINGS = """name = "names"
from = "a@example.com"
unsubscribe_url = "https://example.com/u?{{ profile.id }}"
postal_address = "1 Street, Town"
[blocks.other]
use = "text"
inputs = { text = "Other words" }
[blocks.plain]
use = "text"
inputs = { text = "Plain words" }
"""
LAYOUT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>x</title></head><body>{%% slot "%s" %%}
<p>{{ campaign.postal_address }} <a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a></p></body></html>
"""


@pytest.mark.parametrize("word", WORDS)
def test_rules_read_it(word: str) -> None:
    program = compile_decisions(RULES.format(word))
    assert [outcome.failure for outcome in run_tests(program)] == [""]
    told = program.explain({"id": "1", "email": "a@example.com"}, now=NOW).to_text(part=word)
    assert f"{word}: other (from the matrix)" in told  # `skip` tells why somebody is not skipped, too


@pytest.mark.parametrize("word", WORDS)
def test_the_canonical_form_keeps_it(word: str) -> None:
    once = format_source(Source("a.rules", RULES.format(word)))
    assert once == format_source(Source("a.rules", once))
    assert f"block plain for {word}\n" in once


@pytest.mark.parametrize("word", ["events", "offer", "for", "and", "true", "nil", "empty", "skip", "forloop"])
def test_layouts_place_it(word: str, tmp_path: Path) -> None:
    rules = RULES.format(word)
    for name, text in (("campaign.toml", SETTINGS), ("a.rules", rules), ("layout.html", LAYOUT % word)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    email = Environment().compile(tmp_path).render({"id": "1", "email": "a@example.com"}, now=NOW)
    assert isinstance(email, Email)
    assert "Other words" in email.html
    assert "Other words" in email.text
