"""Faults that were found, each of them a kind, in real Chromium: fixtures/inline/browser_cases.toml."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.content import inline_once
from tests.inlining.oracle import Judge

FILE = Path(__file__).parents[2] / "fixtures" / "inline" / "browser_cases.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]


def of_kind(name: str) -> pytest.MarkDecorator:
    cases = [case for case in CASES if name in case]
    return pytest.mark.parametrize("case", cases, ids=[case["id"] for case in cases])


def after(case: dict[str, Any]) -> str:
    return "<!doctype html>" + inline_once(case["html"]).source


def squeezed(text: str) -> str:
    return re.sub(r"\s+", "", text).lower()


def test_each_case_is_of_a_kind_that_is_judged() -> None:
    assert all({"property", "attribute", "holds", "lacks"} & case.keys() for case in CASES)


@of_kind("property")
def test_a_computed_value(judge: Judge, case: dict[str, Any]) -> None:
    when = {name: case[name] for name in ("width", "scheme", "media") if name in case}
    for html in ("<!doctype html>" + case["html"], after(case)):
        assert judge.computed(html, case["selector"], case["property"], **when) == case["right"]


@of_kind("html")
def test_nothing_else_differs(judge: Judge, case: dict[str, Any]) -> None:
    widths = (375, 800, case.get("width", 600))
    found = judge.differences("<!doctype html>" + case["html"], after(case), widths)
    assert [str(one) for one in found] == []


@of_kind("attribute")
def test_an_attribute(judge: Judge, case: dict[str, Any]) -> None:
    assert judge.attribute(after(case), case["selector"], case["attribute"]) in case["right"]


@of_kind("holds")
def test_what_the_result_holds_in_this_order(case: dict[str, Any]) -> None:
    rest = squeezed(after(case))
    for piece in map(squeezed, case["holds"]):
        assert piece in rest
        rest = rest[rest.index(piece) + len(piece) :]


@of_kind("lacks")
def test_what_the_result_lacks(case: dict[str, Any]) -> None:
    assert [piece for piece in case["lacks"] if piece in after(case)] == []
