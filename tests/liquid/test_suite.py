"""Shopify's own specs of Liquid, thousands of cases recorded from Ruby; only where a checkout of them is."""

from __future__ import annotations

import json
import os
import re
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from tests.liquid import corpus
from tests.liquid.differences import ROWS, agrees, outcome, reason
from tests.liquid.test_ruby import LIBRARY, needs_ruby

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

NOW = "2027-03-05T10:20:30+00:00"
SUITE = os.environ.get("LIQUID_SPEC", "")
needs_suite = pytest.mark.skipif(not SUITE, reason="LIQUID_SPEC names no checkout of Shopify's liquid-spec")
OPEN = {"comment-121"}  # Ruby reads `{{` in a comment as the start of an output, which is never closed


def _cases() -> list[corpus.Case]:
    script = Path(__file__).with_name("suite.rb")
    made = subprocess.run(["ruby", str(script)], capture_output=True, text=True, check=True)
    return [json.loads(line) | _clock(line) for line in made.stdout.splitlines()]


def _clock(line: str) -> corpus.Case:
    """The moment that both are given, for what asks for it."""
    return {"now": NOW} if re.search(r"\b(now|today)\b", line, re.I) else {}


@pytest.mark.deep
@needs_ruby
@needs_suite
def test_shopifys_specs_are_answered_as_in_ruby_or_for_a_reason() -> None:
    cases = [case for case in _cases() if not case["refused2"]]
    count: Counter[str] = Counter()
    left = []
    for case in corpus.judged(cases, LIBRARY):
        ours = outcome(case)
        row = "as in Ruby" if agrees(case, ours) else reason(case, ours)
        count[row] += 1
        left += [] if row else [(case["id"], case["template"], ours)]
    print(*(f"\n{number} {row}" for row, number in count.most_common()))
    assert left == []
    assert count["as in Ruby"] > 4_500
    assert count["as in Ruby"] + count[ROWS[0]["what"]] > 4_670  # where both report an error


@pytest.mark.deep
@needs_suite
def test_strict2_refuses_what_shopifys_specs_refuse() -> None:
    cases = [case for case in _cases() if case["refused2"] and case["id"] not in OPEN]
    assert len(cases) > 1_900
    assert [case["id"] for case in cases if not _refused(case)] == []


def _refused(case: corpus.Case) -> bool:
    try:
        Template.from_string(case["template"], mode="strict2", escape="none", partials=case["partials"])
    except TemplateError:
        return True
    return False
