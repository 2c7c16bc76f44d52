"""Generated code: what it shares, what it never holds, how deep it goes."""

from __future__ import annotations

from datetime import datetime

import pytest

from mailweave.rules import Program, check, compile_rules, parse
from mailweave.rules.globs import code_of, glob
from mailweave.rules.reference_evaluator import interpret
from mailweave.rules.statements import Statement, factored
from mailweave.source import Source

NOW = "2026-11-22T09:00Z"
NOW_MOMENT = datetime.fromisoformat(NOW)
HEAD = """ruleset "code" version 1
profile {
  a : int
  b : int?
  t : text?
}
event open { n: int } keep 30 days
consent c
"""


def program(rules: str) -> Program:
    return compile_rules(HEAD + rules, name="code.rules")


def statement(name: str, *terms: str) -> Statement:
    return Statement(name, tuple((term, 1) for term in terms), (f"{name}()",), (), (), ())


def test_what_conditions_share_guards_them_once() -> None:
    lines = factored([statement("x", "g", "a"), statement("y", "b"), statement("z", "c", "g")])
    assert lines == ["if g:", " if a:", "  x()", " if c:", "  z()", "if b:", " y()"]


def test_a_window_is_asked_once() -> None:
    often = "count(open in last 3 days) > 2"
    source = program(f"segment x = {often} or a > 1\nsegment y = {often} or a > 2\n").generated.source
    assert source.count("def log") == 1
    assert "c0 = None" in source


def test_logs_are_built_when_first_asked_for() -> None:
    made = program("segment x = a > 5 and open in last 3 days\n")
    events = [{"type": "open", "at": NOW}]
    few, many = (made.admit({"a": a}, events, now=NOW) for a in (1, 9))
    assert (made.mask(few), len(few.moment)) == (0, 0)
    assert (made.mask(many), len(many.moment)) == (1, 1)


def test_a_hostile_text_stays_a_literal() -> None:
    evil = "')\\n__import__('os').abort() #\\u0000 {0} %s \\N{BULLET} \\x00\"\"\""
    for value in (evil, "\0" + "0" + "\0", "\x00" * 3, "'" * 9, "\\", "{x}"):
        written = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\0", "")
        made = program(f'segment x = t == "{written}"\nsegment y = t matches "*{written}"\n')
        plain = value.replace("\0", "")
        assert made.evaluate({"a": 1, "t": plain}, now=NOW).segments >= {"x"}


def test_generated_code_reaches_no_builtin() -> None:
    made = program("segment x = a > 1\n")
    builtins = vars(made)["mask"].__globals__["__builtins__"]
    assert set(builtins) == {"frozenset", "len", "max", "min", "set", "sum"}


@pytest.mark.parametrize("depth", [5, 24, 49])
def test_deep_conditions(depth: int) -> None:
    """Python nests at most 200 brackets; lets multiply what an author may write."""
    chain = "\n".join(
        f"let d{n} = ({'(' * depth}d{n - 1}{')' * depth} {word} (a > {n}))"
        for n, word in zip(range(1, 40), ["and", "or"] * 20, strict=False)
    )
    text = f"{HEAD}let d0 = b > 1\n{chain}\nsegment x = d39\nsegment y = not d39\n"
    parsed = parse(Source("deep.rules", text))
    document = check(parsed.document).document
    if document is None:  # deeper than the language allows: a finding, not a crash
        assert depth > 24
        return
    made = compile_rules(text)
    for profile in ({"a": 20, "b": 3}, {"a": 20}, {"a": 1, "b": 0}, {"a": 100, "b": 2}):
        wanted = interpret(document, profile, now=NOW_MOMENT)
        assert made.evaluate(profile, now=NOW).segments == wanted.segments


def test_deep_arithmetic() -> None:
    sums = "\n".join(f"let n{at} = n{at - 1} + (a - (b * {at}))" for at in range(1, 45))
    text = f"{HEAD}let n0 = a + 1\n{sums}\nsegment x = n44 > 3\n"
    document = check(parse(Source("deep.rules", text)).document).document
    assert document is not None
    for profile in ({"a": 20, "b": 0}, {"a": 20}, {"a": 1, "b": 1}):
        wanted = interpret(document, profile, now=NOW_MOMENT)
        assert compile_rules(text).evaluate(profile, now=NOW).segments == wanted.segments


def test_many_segments() -> None:
    rules = "".join(f"segment s{at} = a > {at} and consent.c\n" for at in range(700))
    made = program(rules)
    assert len(made.evaluate({"a": 650, "consent": {"c": True}}, now=NOW).segments) == 650


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("*", "", True),
        ("**", "anything", True),
        ("", "", True),
        ("?", "é", True),
        ("?", "", False),
        ("a*b*c", "a--b--c", True),
        ("a*b*c", "a--c--b", False),
        ("*.x", "a\n.x", True),
        ("[ab]", "a", False),
        ("\\*", "\\x", True),
        ("a.c", "abc", False),
        ("(a+)+$", "(a+)+$", True),
        ("*a*a*a*a*a*a*a*a*b", "a" * 5000, False),
    ],
)
def test_globs(pattern: str, text: str, matches: bool) -> None:
    assert glob(pattern)(text) is matches
    code = code_of(pattern, "t")
    if code is not None:
        assert eval(code, {"t": text}) is matches
