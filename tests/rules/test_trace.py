"""Why a condition holds or not: the atoms that decide, the values they saw, the places of the author's words."""

from __future__ import annotations

import pytest

from mailweave.rules import Program, TraceNode, compile_rules

TEXT = """ruleset "traced" version 1
profile {
  orders  : int?
  city    : text? pii
  paid    : money(USD)?
  joined  : instant?
}
event open keep 30 days
consent mail
let busy = orders > 3
segment mailed = consent.mail
segment good within mailed = busy and (city == "Paris" or paid > 10 USD)
segment idle = not (count(open in last 7 days) >= 2) and not busy
segment recent = joined in last 3 days
tier level {
  high = paid >= 100 USD
  low  = paid < 100 USD
}
segment is_high = level == high
skip stop "why" when not consent.mail
"""
NOW = "2026-11-22T09:00Z"


@pytest.fixture(scope="module")
def program() -> Program:
    return compile_rules(TEXT, name="traced.rules")


def words(nodes: tuple[TraceNode, ...]) -> list[tuple[str, bool | None]]:
    return [(node.text, node.truth) for node in nodes]


def test_the_atoms_that_decide(program: Program) -> None:
    profile = {"orders": 5, "city": "Rome", "paid": "7", "consent": {"mail": True}}
    node = program.trace(program.admit(profile, now=NOW)).segment("good")
    assert node.truth is False
    assert node.word == "and"
    assert words(node.decisive()) == [('city == "Paris"', False), ("paid > 10 USD", False)]
    assert [atom.text for atom in node.atoms()][1:] == ["orders > 3", 'city == "Paris"', "paid > 10 USD"]
    assert next(node.atoms()).segment == "mailed"


def test_values_and_places(program: Program) -> None:
    admitted = program.admit({"orders": 5, "city": "Rome", "paid": "7.5"}, now=NOW)
    city, paid = list(program.trace(admitted).segment("good").atoms())[2:]
    assert [(each.text, each.value, each.personal) for each in city.operands] == [
        ("city", "(personal)", True)
    ]
    assert [(each.text, str(each.value)) for each in paid.operands] == [("paid", "7.50")]
    assert str(paid.source.locate(paid.span.start)) == "traced.rules:12:59"
    shown = list(program.trace(admitted, reveal=True).segment("good").atoms())[2]
    assert [(each.value, each.personal) for each in shown.operands] == [("Rome", True)]


def test_what_is_missing_makes_it_unknown(program: Program) -> None:
    node = program.trace(program.admit({}, now=NOW)).segment("idle")
    assert node.truth is None
    assert words(node.decisive()) == [("orders > 3", None)]
    assert node.decisive()[0].operands[0].value is None


def test_windows_show_what_they_counted(program: Program) -> None:
    events = [{"type": "open", "at": "2026-11-20T09:00Z"}, {"type": "open", "at": "2026-10-30T09:00Z"}]
    node = program.trace(program.admit({"orders": 1}, events, now=NOW)).segment("idle")
    counted = next(node.atoms())
    assert (node.truth, counted.truth) == (True, False)
    assert [(each.text, each.value) for each in counted.operands] == [("count(open in last 7 days)", 1)]


def test_tiers_and_skips(program: Program) -> None:
    trace = program.trace(program.admit({"paid": 100}, now=NOW))
    assert trace.member("level", "high").truth is True
    assert trace.member("level", "low").truth is False
    assert trace.segment("is_high").decisive()[0].operands[0].value == "high"
    assert trace.skip("stop").truth is True
    assert words(trace.skip("stop").decisive()) == [("consent.mail", False)]


def test_instants_are_shown_as_text(program: Program) -> None:
    trace = program.trace(program.admit({"joined": "2026-11-21T10:00:00+01:00"}, now=NOW))
    assert trace.segment("recent").operands[0].value == "2026-11-21T09:00:00Z"


def test_an_aggregate_that_is_a_condition_looks_at_itself() -> None:
    text = (
        'ruleset "r" version 1\nprofile { x: int? }\nevent buy { gift: bool, weight: number } keep forever\n'
    )
    rule = "last(buy.gift where weight == 2)"
    program = compile_rules(f"{text}segment gifted = {rule}\n", name="r.rules")
    for gift in (True, False):
        events = [{"type": "buy", "at": "2026-11-20T09:00Z", "gift": gift, "weight": 2}]
        node = program.trace(program.admit({}, events, now=NOW)).segment("gifted")
        assert node.truth is gift
        assert [(each.text, each.value) for each in node.operands] == [(rule, gift)]
