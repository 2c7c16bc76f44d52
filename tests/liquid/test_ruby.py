"""Ours is Ruby's Liquid, but for the differences that docs/liquid.md names and explains."""

from __future__ import annotations

import json
import os
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from tests.liquid import corpus
from tests.liquid.differences import ROWS, agrees, explained, outcome

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "liquid"
CASES: list[dict[str, Any]] = tomllib.loads((FIXTURES / "ruby_cases.toml").read_text("utf-8"))["case"]
PARTIALS = {
    "p": "{{ a }}-{{ b }}",
    "b": "{% for i in (1..1) %}{% endfor %}1{% break %}",
    "deep": "{% if true %}" * 80 + "x" + "{% endif %}" * 80,
}
LIBRARY = os.environ.get("RUBY_LIQUID", "")
needs_ruby = pytest.mark.skipif(not LIBRARY, reason="RUBY_LIQUID names no sources of Ruby's Liquid")


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_a_case_that_was_wrong(case: dict[str, Any]) -> None:
    assert _ours(case) == ("text", case["right"])


def _ours(case: dict[str, Any]) -> tuple[str, str]:
    return outcome({"partials": PARTIALS, **case, "data": json.loads(case.get("data", "{}"))})


def test_the_corpus_is_answered_as_in_ruby_or_for_a_reason() -> None:
    cases = corpus.read()
    found = [(case, outcome(case)) for case in cases]
    unlike = [(case, ours) for case, ours in found if not agrees(case, ours)]
    assert [(case["id"], case["template"], ours) for case, ours in unlike if not explained(case, ours)] == []
    assert len(cases) > 4_000
    assert len([case for case, _ in unlike if not case.get("errors")]) < 170


def test_both_runners_answer_the_corpus_alike() -> None:
    for case in corpus.read():
        assert outcome(case) == outcome(case, interpreted=True), case


def test_strict2_refuses_what_ruby_refuses() -> None:
    for case in corpus.read():
        lenient, strict = (_refused(case, mode) for mode in ("lenient", "strict2"))
        if "strict2" not in case:
            assert not strict or lenient, case  # what we always refuse, we refuse there
        elif not re.search(r"'%\}'", case["template"]):
            assert strict, case


def _refused(case: dict[str, Any], mode: Any) -> bool:
    try:
        Template.from_string(case["template"], mode=mode, escape="none", partials=case.get("partials", {}))
    except TemplateError:
        return True
    return False


@pytest.mark.parametrize("row", ROWS, ids=[row["what"] for row in ROWS])
def test_a_difference_is_as_the_table_says(row: dict[str, Any]) -> None:
    kind, text = _ours(row)
    assert ("error" if kind == "error" else text) == row["ours"]


@pytest.mark.deep
@needs_ruby
def test_ruby_is_as_the_table_says() -> None:
    rows = [row for row in ROWS if "ruby" in row]
    asked = [
        {"template": row["template"], "data": json.loads(row.get("data", "{}")), "partials": PARTIALS}
        for row in rows
    ]
    for row, case in zip(rows, corpus.judged(asked, LIBRARY, plain=True), strict=True):
        answer = "error" if "refused" in case else case["right"].replace(" (line 1)", "")
        assert answer == row["ruby"], row["what"]


@pytest.mark.deep
@needs_ruby
def test_the_corpus_is_what_ruby_says() -> None:
    assert corpus.version(LIBRARY) == corpus.VERSION
    assert corpus.written(corpus.judged(corpus.drawn(), LIBRARY)) == corpus.FIXTURE.read_text("utf-8")


@pytest.mark.deep
@needs_ruby
@pytest.mark.parametrize("seed", range(101, 105))
def test_another_drawing_is_answered_as_in_ruby_or_for_a_reason(seed: int) -> None:
    for case in corpus.judged(corpus.drawn(seed), LIBRARY):
        ours = outcome(case)
        assert outcome(case, interpreted=True) == ours, case
        assert agrees(case, ours) or explained(case, ours), (case, ours)
