"""What `mailweave diff` says of declared data."""

from __future__ import annotations

from pathlib import Path

import pytest

from mailweave.diff.declarations import declaration_changes
from mailweave.rules import check, parse
from mailweave.schema.model import Schema
from mailweave.source import Source

SHOP = (Path(__file__).resolve().parents[2] / "fixtures" / "diff" / "shop.rules").read_text(encoding="utf-8")

CHANGES = [
    ("  id      : key", "  id      : key\n  vip : bool", "vip", "added", ""),
    ("free < club < gold)", "free < club < gold) sensitive", "plan", "changed", "sensitive"),
    ("  signup  : instant?", "  signup  : instant", "signup", "changed", ""),
    ("birthday: date?         pii", "birthday: date?", "birthday", "changed", ""),
    ("min 18 max 120", "min 16 max 120", "age", "changed", "min 16"),
    ("{ machine: bool = false }", "{ machine: bool = true }", "event open.machine", "changed", "= true"),
    ("keep 400 days", "keep 30 days", "event open", "changed", "keep 30 days"),
    ("ttl 7 days", "ttl 3 days", "score churn", "changed", "3 days"),
    ('else "Europe/Paris"', 'else "Europe/Rome"', "timezone", "changed", "Europe/Rome"),
    ("consent marketing, profiling", "consent marketing, profiling, surveys", "consent surveys", "added", ""),
]  # fmt: skip


def schema(text: str) -> Schema:
    document = check(parse(Source("shop.rules", text)).document, proofs=False).document
    assert document is not None
    return document.schema


@pytest.mark.parametrize(("find", "put", "name", "status", "said"), CHANGES, ids=[row[2] for row in CHANGES])
def test_a_changed_declaration(find: str, put: str, name: str, status: str, said: str) -> None:
    assert SHOP.count(find) == 1
    (found,) = declaration_changes(schema(SHOP), schema(SHOP.replace(find, put)))
    assert (found.name, found.status) == (name, status)
    assert said in found.new


def test_what_is_taken_out_is_added_the_other_way_round() -> None:
    more = SHOP.replace("  id      : key", "  id      : key\n  vip : bool")
    (found,) = declaration_changes(schema(more), schema(SHOP))
    assert (found.name, found.status, found.new) == ("vip", "removed", "")


def test_what_ranks_the_population() -> None:
    line = "score r : int by rfm(buy.total in last 9 days) ttl 7 days else 1\n"
    head = 'ruleset "x" version 1\nprofile { id: key }\nevent buy { total: money(EUR) } keep forever\n'
    for over in ("recency(buy in last 9 days)", "frequency(buy)", "monetary(buy.total)"):
        text = head + line.replace("rfm(buy.total in last 9 days)", over)
        (found,) = declaration_changes(schema(head + line), schema(text))
        assert (found.name, found.status) == ("score r", "changed")
        assert f"int by {over} ttl 7 days else 1" in found.new


def test_what_fills_a_list() -> None:
    head = 'ruleset "x" version 1\nprofile { id: key }\ncatalog discs { sku: text }\n'
    line = 'list picks of discs by "cf" max 4 else "best"\n'
    (found,) = declaration_changes(
        schema(head + line), schema(head + line.replace('"best"', "catalog discs"))
    )
    assert found.name == "list picks"
    assert found.new.endswith('by "cf" max 4 else catalog discs')
