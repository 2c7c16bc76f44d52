"""Hover, definition and references at places of the examples: fixtures/lsp/places.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as t

from mailweave.lsp import answers, changes
from mailweave.lsp.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads((ROOT / "fixtures" / "lsp" / "places.toml").read_text(encoding="utf-8"))["case"]


def asked(case: dict[str, Any]) -> tuple[Desk, str, t.Position]:
    """A desk that holds the file of a case, and the place of its caret."""
    desk, path = Desk(), str(ROOT / "examples" / case["file"])
    text, line = Path(path).read_text(encoding="utf-8"), case["line"].replace("‸", "")
    text = f"{line}\n{text}" if case.get("added") else text
    desk.open(path, text)
    number = text.split("\n").index(line)
    return desk, path, t.Position(number, case.get("caret", case["line"].find("‸")))


@pytest.mark.parametrize("case", CASES, ids=[case["line"].strip()[:40] for case in CASES])
def test_a_place_is_known(case: dict[str, Any]) -> None:
    desk, path, place = asked(case)
    told = answers.hover(desk, path, place)
    said = told.contents.value if told and isinstance(told.contents, t.MarkupContent) else ""
    assert [words for words in case["hover"] if words not in said] == []
    found = answers.definition(desk, path, place)
    leads = [(Path(one.uri).name, _line(one)) for one in found]
    assert leads == ([] if case["leads"] == ["-"] else [tuple(case["leads"])])
    if "stands" in case:
        assert len(answers.references(desk, path, place, declaration=True)) == case["stands"]


def _line(one: t.Location) -> str:
    path = Path(one.uri.removeprefix("file://"))
    return path.read_text(encoding="utf-8").split("\n")[one.range.start.line]


def test_types_of_lets_are_those_that_the_engine_found() -> None:
    desk, path, place = asked(
        {"file": "newsletter/newsletter.rules", "line": "  keen  = ope‸ns >= 3 or click in last 30 days"}
    )
    desk.types[desk.unit(path)] = {"opens": "int"}
    told = answers.hover(desk, path, place)
    assert told is not None
    assert isinstance(told.contents, t.MarkupContent)
    assert "type: `int`" in told.contents.value


def test_an_experiment_on_a_wait_leads_to_the_mail() -> None:
    """And the outline of a trigger holds the mails behind it that have a name."""
    path = str(ROOT / "examples" / "cart" / "cart.rules")
    desk, text = Desk(), Path(path).read_text(encoding="utf-8")
    experiment = 'experiment patience on wait of last_call {\n  unit id salt "p"\n}'
    text = text.replace("\nquiet hours", f"\n  then last_call after 9 days\n{experiment}\nquiet hours", 1)
    desk.open(path, text)
    number = text.split("\n").index("  then last_call after 9 days")
    (found,) = answers.definition(desk, path, t.Position(number + 1, 32))
    assert found.range.start.line == number
    told = answers.symbols(desk, path)
    (trigger,) = (one for one in told if one.name == "cart_left")
    assert [one.name for one in trigger.children or ()] == ["last_call"]
    assert [one.detail for one in told if one.name == "patience"] == ["experiment"]


def test_the_outline_names_statements_tables_and_slots() -> None:
    desk = Desk()
    rules = answers.symbols(desk, str(ROOT / "examples/newsletter/newsletter.rules"))
    assert [one.name for one in rules if one.detail == "segment"] == [
        "newcomers",
        "members",
        "silent",
        "keen_buyers",
    ]
    tier = next(one for one in rules if one.name == "attention")
    assert [one.name for one in tier.children or ()] == ["keen", "mild", "quiet"]
    settings = answers.symbols(desk, str(ROOT / "examples/start/campaign.toml"))
    assert "blocks.hero_news.inputs" in [one.name for one in settings]


def test_formatting_touches_only_lines_that_differ() -> None:
    desk, path = Desk(), str(ROOT / "examples/start/start.rules")
    text = Path(path).read_text(encoding="utf-8")
    desk.open(path, text.replace("event click keep 90 days", "event   click keep 90 days"))
    (edit,) = changes.formatted(desk, path)
    assert edit.new_text == "event click keep 90 days\n"
    assert edit.range.start.line == edit.range.end.line - 1
    desk.open(path, text + "segment\n")
    assert changes.formatted(desk, path) == []
