"""The record of processing says what rules and templates read, and which consent each place needs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from mailweave import Environment
from mailweave.data.consent.processing import ProcessingRecord, needed, processing_record
from mailweave.data.consent.processing_words import as_json, as_markdown
from mailweave.rules.compiler import checked_rules
from mailweave.source import Source
from tests.triggers.shop import campaign

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def winback() -> ProcessingRecord:
    return processing_record(Environment().compile(ROOT / "fixtures/campaigns/cdnow-winback"))


def uses(record: ProcessingRecord, field: str) -> dict[tuple[str, str], tuple[str, ...]]:
    (found,) = [one for one in record.fields if one.name == field]
    return {(use.by, use.name): use.consents for use in found.uses}


def test_every_field_is_in_it_once(winback: ProcessingRecord) -> None:
    schema = Environment().compile(ROOT / "fixtures/campaigns/cdnow-winback").schema
    names = [one.name for one in winback.fields]
    assert len(set(names)) == len(names)
    assert set(schema.profile) | set(schema.events) <= set(names)


def test_nobody_gets_a_mail_without(winback: ProcessingRecord) -> None:
    assert winback.every_mail == ("marketing",)
    assert all("marketing" in use for use in uses(winback, "orders").values())


def test_a_field_that_needs_a_consent(winback: ProcessingRecord) -> None:
    assert uses(winback, "interests")["segment", "jazz_fans"] == ("marketing", "profiling")


def test_blocks_that_hang_on_a_segment(winback: ProcessingRecord) -> None:
    (birthday,) = [one for one in winback.fields if one.name == "birthday"]
    assert birthday.uses[0].blocks == ("subject_birthday", "hero_birthday")


def test_what_the_language_reads_by_itself() -> None:
    """The zone of whose days count, caps, lists that a block shows."""
    shop = processing_record(Environment().compile(ROOT / "fixtures/docs/shop"))
    assert ("timezone", "timezone") in uses(shop, "zone_name")
    assert ("block", "picked") in uses(shop, "sent.block")
    assert ("block", "picked") in uses(shop, "lists.for_you")


CONDITIONS = {
    "consent.a": "a",
    "consent.a and consent.b": "a b",
    "consent.a or consent.b": "",
    "consent.a or (consent.a and consent.b)": "a",
    "not consent.a": "",
    "not (not consent.a)": "a",
    "not (not consent.a or x > 1)": "a",
    "not (not consent.a and x > 1)": "",
    "agreed": "a",
    "within_agreed": "a b",
    "not agreed": "",
    "yes": "b",
    "x > 1": "",
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_the_consents_of_a_condition(condition: str) -> None:
    """Held against trying it out: with each consent that is said, and without one of them, for both values of x."""
    text = f"""profile {{
  x : int = 0
}}
consent a, b
let yes = consent.b
segment agreed = consent.a
segment within_agreed within agreed = consent.b
segment asked = {condition}
"""
    rules = checked_rules(Source("x.rules", text))
    found = needed(rules.segments["asked"].condition, holds=True, rules=rules)
    assert found == frozenset(CONDITIONS[condition].split())
    from mailweave.rules import compile_rules

    program = compile_rules(text)
    holding = [
        {name for name, is_given in (("a", a), ("b", b)) if is_given}
        for a in (True, False)
        for b in (True, False)
        for x in (0, 2)
        if "asked"
        in program.evaluate({"x": x, "consent": {"a": a, "b": b}}, now="2026-11-22T09:00Z").segments
    ]
    assert found == frozenset(set.intersection(*holding) if holding else set())


def test_both_forms_say_the_same(winback: ProcessingRecord) -> None:
    told = json.loads(as_json(winback))
    page = as_markdown(winback)
    for field in told["fields"]:
        assert f"`{field['name']}`" in page
    assert told["kept"]["open"] == "400 days"
    assert "events `purchase` are seen for ever" in page


def test_experiments_on_waits(tmp_path: Path) -> None:
    """They read their unit, and what `only` asks for."""
    rules = 'trigger t on purchase wait 1 hour\nexperiment patience on wait of t {\n  unit id salt "p"\n'
    made = campaign(tmp_path, rules + "  only plan == gold\n  split control 50%, soon 50% -> 1 minute\n}")
    record = processing_record(Environment().compile(made))
    assert uses(record, "id")["experiment", "patience"] == ("marketing",)
    assert uses(record, "plan")["experiment", "patience"] == ("marketing",)
