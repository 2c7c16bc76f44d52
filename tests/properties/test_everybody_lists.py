"""Lists that a catalogue fills for whoever has none: what they hold, who is shown them, and what is proved of them."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import product
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.decisions import DecisionProgram, Selection, check_rules, compile_decisions
from mailweave.prove.bucketing import selected
from mailweave.prove.cover import cover
from mailweave.rules.prover.columns import Columns
from mailweave.rules.prover.prover import Found, Nobody, Prover
from mailweave.rules.prover.questions import NotSo
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
FALLBACKS = ("catalog things", "catalog others", '"best"')
KEYS = ("a", "b", "c", "nowhere")

items = st.sampled_from(KEYS).map(lambda key: key if key != "c" else {"sku": "whole"})
given_lists = st.dictionaries(st.sampled_from(["picks", "cf", "best"]), st.lists(items, max_size=3))
catalogs = st.dictionaries(
    st.sampled_from(["things", "others"]),
    st.lists(st.sampled_from(["a", "b", "x", "y", "z"]).map(lambda key: {"sku": key, "more": 1}), max_size=4),
)


def rules(fallback: str, requires: str) -> Source:
    text = f"""ruleset "lists" version 1
profile {{
  id: key
  n: int = 0 min 0 max 9
}}
catalog things {{ sku: text }}
catalog others {{ sku: text, more: int = 0 }}
list picks of things by "cf" max 2 else {fallback}
segment some = n >= 5
segment all_of_them = n >= 0
slot subject text max 1 fallback hello
slot hero max 1 fallback plain
block hello for subject says "Hello"
block plain for hero
block shelf for hero shows picks{requires}
matrix main policy first {{
  tie order
  | subject | hero |
  all_of_them | - | shelf |
  otherwise | hello | plain |
}}
"""
    return Source("lists.rules", text)


def held(
    given_: dict[str, list[Any]], catalogs_: dict[str, list[dict[str, Any]]], fallback: str
) -> list[str]:
    """The keys of the items of a list, by the words of the page."""
    names = ["picks", "cf", *(["best"] if fallback == '"best"' else [])]
    chosen: list[Any] = next((given_[name] for name in names if given_.get(name)), [])
    known = {item["sku"] for item in catalogs_.get("things", [])}
    keys = [one if isinstance(one, str) else one["sku"] for one in chosen]
    kept = [key for key in keys if key in known or key == "whole"][:2]
    if kept or fallback == '"best"':
        return kept
    of_all = dict.fromkeys(item["sku"] for item in catalogs_.get(fallback.removeprefix("catalog "), []))
    return list(of_all)[:2]


@settings(deadline=None, max_examples=200)
@given(given_lists, catalogs, st.sampled_from(FALLBACKS), st.integers(0, 9))
def test_what_a_list_holds(
    given_: dict[str, list[Any]], catalogs_: dict[str, list[dict[str, Any]]], fallback: str, n: int
) -> None:
    program, context = compile_decisions(rules(fallback, " requires some")), {"catalogs": catalogs_}
    profile = {"id": "1", "n": n, "lists": given_}
    admitted = program.admit(profile, (), NOW, context)
    wanted = held(given_, catalogs_, fallback)
    assert [item["sku"] for item in admitted.lists["picks"]] == wanted
    chosen = program.knowing(context).select(profile, now=NOW, context=context)
    assert isinstance(chosen, Selection)
    assert chosen["hero"] == (("shelf",) if wanted and n >= 5 else ("plain",))


@settings(deadline=None, max_examples=40)
@given(catalogs, st.sampled_from(FALLBACKS), st.sampled_from(["", " requires some"]), st.booleans())
def test_what_is_proved(
    catalogs_: dict[str, list[dict[str, Any]]], fallback: str, requires: str, with_smt: bool
) -> None:
    context = {"catalogs": catalogs_}
    program = compile_decisions(rules(fallback, requires)).knowing(context)
    prover, columns = Prover(program.document, with_smt=with_smt), Columns(program.document)
    given_: list[dict[str, list[Any]]] = [{}, {"picks": [{"sku": "whole"}]}, {"cf": ["nowhere"]}]
    shown = {
        has
        for lists, n in product(given_, (0, 9))
        for has in [_gets(program, {"id": "1", "n": n, "lists": lists}, context)]
    }
    for question, block in ((columns.eligible("shelf"), True), (NotSo(columns.eligible("shelf")), False)):
        answer = prover.ask(question)
        if isinstance(answer, Nobody):
            assert block not in shown
        if isinstance(answer, Found):
            who = {**answer.recipient.profile}
            assert _gets(program, who, context) is block
    if with_smt:
        assert isinstance(prover.ask(NotSo(columns.eligible("shelf"))), Nobody) is (shown == {True})
        reached = {
            block for one in cover(program, prover).recipients for block in _blocks(program, one.recipient)
        }
        assert reached == ({"shelf"} if True in shown else set()) | ({"plain"} if False in shown else set())


def _gets(program: DecisionProgram, profile: dict[str, Any], context: dict[str, Any]) -> bool:
    found = program.select(profile, now=NOW, context=context)
    assert isinstance(found, Selection)
    return found["hero"] == ("shelf",)


def _blocks(program: DecisionProgram, who: Any) -> tuple[str, ...]:
    found = selected(program, who)
    assert isinstance(found, Selection)
    return found["hero"]


def test_a_catalogue_of_other_fields_is_refused() -> None:
    for fields, code in (
        ("sku: text", []),
        ("sku: int", ["MW239"]),
        ("id: text", ["MW239"]),
        ("sku: text?", ["MW239"]),
    ):
        text = rules("catalog others", "").text.replace(
            "others { sku: text, more: int = 0 }", f"others {{ {fields} }}"
        )
        assert [d.code for d in check_rules(Source("x.rules", text)) if d.severity.value == "error"] == code
    text = rules("catalog no_such", "").text
    assert [d.code for d in check_rules(Source("x.rules", text)) if d.severity.value == "error"] == ["MW203"]
