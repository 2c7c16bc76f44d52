"""The grammar, the trees it yields, and what a reader of mistakes sees first."""

from __future__ import annotations

from pathlib import Path

import pytest
from lark import Tree

from mailweave.rules import nodes as n
from mailweave.rules import parse, tables
from mailweave.rules.reserved import reserved
from mailweave.source import Source, Span

WINBACK = Path(__file__).resolve().parents[2] / "fixtures" / "rules" / "winback.rules"


def tree(text: str) -> n.Document:
    parsed = parse(Source("t.rules", text))
    assert parsed.diagnostics == ()
    return parsed.document


def expression(text: str) -> n.Expression:
    (segment,) = tree(f"segment s = {text}").statements
    assert isinstance(segment, n.Segment)
    return segment.conditions[0]


def codes(text: str) -> list[tuple[int, str]]:
    found = parse(Source("t.rules", text)).diagnostics
    return [(d.location.line, d.code) for d in found if d.location]


def test_the_grammar_has_no_conflict() -> None:
    pytest.importorskip("interegular", reason="Lark needs it to look for clashes of terminals")
    tables.build(tables.grammar_text(), strict=True)


def test_the_tables_are_those_of_the_grammar() -> None:
    stored = tables.stored()
    assert stored is not None
    assert stored["digest"] == tables.digest(tables.grammar_text()), "run `make docs`"


def test_tables_read_and_tables_built_parse_alike() -> None:
    text = WINBACK.read_text(encoding="utf-8")
    built = tables.build(tables.grammar_text())
    assert tables.parser().parse(text, start="document") == built.parse(text, start="document")


def test_tables_of_another_grammar_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "digest", lambda grammar: "another")
    tables.parser.cache_clear()
    try:
        assert tables.parser().parse("segment a = b", start="alone")
    finally:
        monkeypatch.undo()
        tables.parser.cache_clear()


def test_statement_by_statement_is_the_same_as_at_once() -> None:
    text = WINBACK.read_text(encoding="utf-8")
    at_once = tables.parser().parse(text, start="document").children
    document = tree(text)
    assert len(document.statements) == len(at_once)
    for statement, whole in zip(document.statements, at_once, strict=True):
        assert isinstance(whole, Tree)
        assert statement.span == Span(whole.meta.start_pos, whole.meta.end_pos)


def test_spans_hold_what_was_written() -> None:
    text = WINBACK.read_text(encoding="utf-8")
    document = tree(text)
    for statement in document.statements:
        for node in n.walk(statement):
            assert 0 <= node.span.start < node.span.stop <= len(text)
            if isinstance(node, n.Name | n.Reference):
                assert text[node.span.start : node.span.stop] == node.id
            for child in n.children(node):
                assert node.span.start <= child.span.start
                assert child.span.stop <= node.span.stop


def test_comments_are_kept() -> None:
    document = tree('# one\nsegment a = x # two\n  and y # "three"\n# four')
    assert [c.text for c in document.comments] == ["# one", "# two", '# "three"', "# four"]


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("not x or y and z", "(not x) or (y and z)"),
        ("not x == y", "not (x == y)"),
        ("a between 1 and 2 and b", "(a between 1 and 2) and b"),
        ("-a * b + c > 1", "(((-a) * b) + c) > 1"),
        ("a - b - c > 1", "((a - b) - c) > 1"),
        ("a in last 7 days and b", "(a in last 7 days) and b"),
        ("time since last(p) > 2 days", "(time since (last(p))) > (2 days)"),
        ("count(o where not m and k) > 1 or c", "((count(o where (not m) and k)) > 1) or c"),
        ("not a in (x, y)", "not (a in (x, y))"),
        ("a\n  and b\n  # why\n  or c", "(a and b) or c"),
        ("a and\n\n b", "a and b"),
    ],
)  # fmt: skip
def test_what_binds_stronger(text: str, same: str) -> None:
    assert expression(text) == expression(same)


def test_lines_of_braces_stand_alone() -> None:
    (segment,) = tree("segment s {\n  a or b\n  c\n  and d\n}").statements
    assert isinstance(segment, n.Segment)
    assert [type(each) for each in segment.conditions] == [n.Or, n.And]


def test_words_of_the_language_are_reserved() -> None:
    assert {"segment", "not", "first", "otherwise", "text"} <= reserved()
    assert "sent" not in reserved()
    assert codes("event sent { block: text } keep 9 days") == []
    assert codes("segment never = x") == [(1, "MW113")]


def test_every_mistake_of_a_text_is_reported() -> None:
    text = "segment a = x = 1\nsegment b {\n  y && z\n  fine\n  w ==\n}\nlet c = (d\nslot hero max 1\n"
    assert codes(text) == [(1, "MW120"), (3, "MW122"), (6, "MW110"), (7, "MW107"), (8, "MW111")]


def test_a_mistake_keeps_what_stands_around_it() -> None:
    parsed = parse(Source("t.rules", "profile {\n  a : int\n  b int\n  c : int\n}\nsegment s = x"))
    profile, segment = parsed.document.statements
    assert isinstance(profile, n.Profile)
    assert [field.name.id for field in profile.fields] == ["a", "c"]
    assert isinstance(segment, n.Segment)


def test_what_a_mistake_would_have_declared_is_remembered() -> None:
    parsed = parse(Source("t.rules", "segment a = = b\nconsent x y\nprofile {\n  c int\n  d : int\n}"))
    assert {"a", "x", "y"} <= parsed.document.broken


def test_fixes_replace_what_they_span() -> None:
    text = "segment a = x && y == 'z'\nsegment b = count(c in last 7d) > 1\n"
    fixes = [d.fix for d in parse(Source("t.rules", text)).diagnostics]
    assert [(text[f.span.start : f.span.stop], f.text) for f in fixes if f] == [
        ("&&", "and"),
        ("7d", "7 days"),
    ]


def test_line_ends_of_windows_and_a_mark_at_the_start() -> None:
    document = tree("\ufeffsegment a = x # c\r\nsegment b {\r\n  y\r\n}\r\n")
    assert len(document.statements) == 2


def test_an_empty_text_is_no_mistake() -> None:
    assert tree("").statements == ()
    assert tree("\n# only a comment\n").statements == ()
