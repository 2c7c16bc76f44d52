"""Text and tree are two forms of one thing; and whatever the text is, nothing but diagnostics comes out."""

from __future__ import annotations

import re
from pathlib import Path
from random import Random

from hypothesis import event, given, settings
from hypothesis import strategies as st
from tests.properties.rule_trees import AT, expressions, operators, statements

from mailweave.diagnostics import RuleError
from mailweave.diagnostics.printers import print_text
from mailweave.rules import check, nodes, parse
from mailweave.rules.formatter import format_document, format_source
from mailweave.source import Source

WINBACK = (Path(__file__).resolve().parents[2] / "fixtures" / "rules" / "winback.rules").read_text("utf-8")
PIECES = re.findall(r"\w+|\s+|[^\w\s]", WINBACK)


def printed(found: list[nodes.Statement]) -> str:
    return format_document(nodes.Document(tuple(found), Source("", "")))


@given(st.lists(statements, max_size=3))
@settings(deadline=None, max_examples=150)
def test_what_is_printed_parses_to_the_same_tree(found: list[nodes.Statement]) -> None:
    for statement in found:
        for node in nodes.walk(statement):
            event(type(node).__name__)
    parsed = parse(Source("t.rules", printed(found)))
    assert parsed.diagnostics == ()
    assert parsed.document.statements == tuple(found)


@given(operators | expressions)
@settings(deadline=None, max_examples=400)
def test_brackets_stand_where_they_are_needed(found: nodes.Expression) -> None:
    event(type(found).__name__)
    segment = nodes.Segment(AT, nodes.Name(AT, "s"), None, None, (found,), braces=False)
    assert parse(Source("t.rules", printed([segment]))).document.statements == (segment,)


@given(st.lists(statements, min_size=1, max_size=4), st.randoms(use_true_random=False))
@settings(deadline=None, max_examples=80)
def test_formatting_keeps_tree_and_comments_and_is_done_once(
    found: list[nodes.Statement], random: Random
) -> None:
    text = roughened(printed(found), random)
    once = format_source(text)
    assert format_source(once) == once
    before, after = parse(Source("a", text)).document, parse(Source("b", once)).document
    assert after == before
    assert sorted(c.text for c in after.comments) == sorted(c.text for c in before.comments)


def roughened(text: str, random: Random) -> str:
    """The same rules with other spaces, blank lines and comments."""
    lines: list[str] = []
    for number, line in enumerate(text.splitlines()):
        roll = random.random()
        if roll < 0.2:
            lines.append(" " * random.randrange(4) + f"# lone {number}")
        if roll > 0.85:
            lines.append("")
        line = " " * random.randrange(3) * (not line[:1].isalpha()) + line
        lines.append(line + " " * random.randrange(3) + (f"# behind {number}" if 0.4 < roll < 0.6 else ""))
    return "\n".join(lines) + "\n"


@st.composite
def mangled(draw: st.DrawFn) -> str:
    """Pieces of real rules in some order, with strange ones between them."""
    start = draw(st.integers(0, len(PIECES) - 1))
    pieces = PIECES[start : start + draw(st.integers(1, 120))]
    for _ in range(draw(st.integers(0, 6))):
        at = draw(st.integers(0, len(pieces)))
        pieces[at : at + draw(st.integers(0, 2))] = [draw(st.sampled_from(PIECES) | st.text(max_size=3))]
    return "".join(pieces)


def anything_but_diagnostics(text: str) -> None:
    parsed = parse(Source("t.rules", text))
    checked = check(parsed.document)
    print_text((*parsed.diagnostics, *checked.diagnostics))
    event("sound" if checked.document is not None else "with findings")
    assert checked.document is None or not parsed.diagnostics
    try:
        format_source(text)
    except RuleError:
        assert parsed.diagnostics


@given(st.text(max_size=200))
@settings(deadline=None, max_examples=100)
def test_no_text_raises(text: str) -> None:
    anything_but_diagnostics(text)


@given(mangled())
@settings(deadline=None, max_examples=150)
def test_no_mangled_rules_raise(text: str) -> None:
    anything_but_diagnostics(text)


@given(st.lists(statements, max_size=4))
@settings(deadline=None, max_examples=150)
def test_no_tree_raises(found: list[nodes.Statement]) -> None:
    anything_but_diagnostics(printed(found))
