"""The cascade, module by module: fixtures/inline/cascade.toml, whose right answers are Chromium's."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.inlining.cascade_cases import FIXPOINTS, PAGE, RANKS, colored, fixed, ranked

from mailweave.markup.cascade.document import Element, document
from mailweave.markup.cascade.importance import Case, Importance
from mailweave.markup.cascade.layers import Layers
from mailweave.markup.cascade.matching import Matcher
from mailweave.markup.cascade.ranks import Declared, Selected, own_declarations, select
from mailweave.markup.cascade.selectors import Unknown, parse_selectors
from mailweave.markup.cascade.shorthands import overlap
from mailweave.markup.cascade.stylesheet import Named, StyleRule, read_stylesheet
from mailweave.markup.stylesheet import parse_declarations
from mailweave.markup.tree import page
from mailweave.source import Source

FILE = Path(__file__).parents[2] / "fixtures" / "inline" / "cascade.toml"
TABLE = tomllib.loads(FILE.read_text(encoding="utf-8"))
NONCE = "nothing"


def elements(html: str) -> Iterator[Element]:
    return (one for one in document(page(Source("x", html))).elements if "id" in one.attributes)


def sheet(css: str) -> list[Selected]:
    """The selectors of a sheet, in order, their declarations ranked."""
    reading = read_stylesheet(colored(css), NONCE)
    layers = Layers.ordered([[item.layer for item in reading.items if isinstance(item, Named)]])
    rules = [item for item in reading.items if isinstance(item, StyleRule)]
    found = [
        s for n, rule in enumerate(rules) for s in select(rule, (float(n),), conditional=False, nonce=NONCE)
    ]
    for one in found:
        layers.rank(one)
    return found


@pytest.mark.parametrize("text", TABLE["selectors"])
def test_a_selector_matches(text: str) -> None:
    wanted = parse_selectors(text)
    found = [e.attributes["id"] for e in elements(PAGE) if any(Matcher().surely(e, one) for one in wanted)]
    open_ = [e.attributes["id"] for e in elements(PAGE) if any(Matcher().perhaps(e, one) for one in wanted)]
    assert set(found) <= set(TABLE["selectors"][text]) <= set(open_)
    assert found == TABLE["selectors"][text] or "empty" in text  # what is empty may be filled by Liquid


@pytest.mark.parametrize(
    "text", ["p::nothing", "p:nothing", "p,", "> p", "p > > b", "[a=b s x]", "p:nth-child(x)"]
)
def test_what_no_browser_knows(text: str) -> None:
    with pytest.raises(Unknown):
        parse_selectors(text)


@pytest.mark.parametrize("text", TABLE["shorthands"])
def test_a_shorthand_sets(text: str) -> None:
    name = text.partition(":")[0]
    assert [one for one in TABLE["shorthands"][text] if not overlap(name, one)] == []


@pytest.mark.parametrize("name", TABLE["ranks"])
def test_a_declaration_wins(name: str) -> None:
    (element,) = (e for e in elements(ranked(RANKS[name])) if e.attributes["id"] == "t")
    matched = [s for s in sheet(RANKS[name]) if Matcher().surely(element, s.selector)]
    said = [d for s in matched for d in s.declarations if d.name == "color"]
    assert max(said, key=lambda one: one.rank).declaration.value == TABLE["ranks"][name]


@pytest.mark.parametrize("name", TABLE["fixpoints"])
def test_what_wins_with_style_attributes_is_what_won_without(name: str) -> None:
    css, style = FIXPOINTS[name]
    (element,) = (e for e in elements(fixed(css, style)) if e.attributes["id"] == "t")
    matched = [s for s in sheet(css) if Matcher().perhaps(element, s.selector)]
    said = [d for s in matched for d in s.declarations]
    own = own_declarations(parse_declarations(colored(style)), NONCE)
    inlined = sorted((*(d for d in said if d.of and d.of.inlined), *own), key=lambda one: one.rank)
    case = Case(tuple(inlined), tuple(d for d in said if d.of and not d.of.inlined))
    importance = Importance((case,))
    importance.settle()
    assert importance.conflicts == []
    assert [
        shown(importance, case, hovered, narrow).declaration.value
        for hovered in (False, True)
        for narrow in (False, True)
    ] == TABLE["fixpoints"][name]


def shown(importance: Importance, case: Case, hovered: bool, narrow: bool) -> Declared:
    """What a browser shows of style attribute and kept sheet."""
    wanted = importance.wanted(case)
    listed = list(case.shown)
    attribute = [((one in wanted, 1, listed.index(one)), one) for one in listed]
    kept = [one for one in case.kept if _holds(one, hovered, narrow)] + [*importance.also]
    order = sorted(kept, key=lambda one: one.rank)
    said = [((one in importance.important, 0, order.index(one)), one) for one in order]
    return max((*attribute, *said), key=lambda pair: pair[0])[1]


def _holds(one: Declared, hovered: bool, narrow: bool) -> bool:
    rule = one.of
    assert rule is not None
    return (hovered or "hover" not in rule.selector.pseudos) and (narrow or not rule.rule.conditions)
