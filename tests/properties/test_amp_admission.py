"""AMP parts of random blocks with random inputs: valid, or absent with a reason.

The judge is the whole validator; what is judged are the cheap looks of `admit` and the proof behind them.
"""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from functools import cache
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.inliner import inline_campaign
from mailweave.content.inputs import FieldSpec, InputSpec
from mailweave.content.preview import Setting
from mailweave.content.theme import themed
from mailweave.liquid import Template
from mailweave.message.amp import EXTENSIONS_SLOT, AmpWoven, admit, validate_by_rules, weave
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CATALOG = Catalog()
SETTING = Setting()
NAMES = [name for name in CATALOG.names() if name != "preheader"]
HOSTILE = (
    "{{x}}",
    "{{{x}}}",
    "{%raw%}",
    '"><script>alert(1)</script>',
    "</template>{{y}}",
    "i-amphtml-x",
    "__amp_source_origin",
    "}} {{#a}}",
    "&#123;&#123;z}}",
    "\u2028é⚡",
    "' onload=x",
)
ADDRESSES = (
    "https://shop.example.com/x",
    "https://shop.example.com",
    "http://shop.example.com/x.png",
    "javascript:alert(1)",
    "/relative",
    "//shop.example.com/x",
    "https://",
    "https://a..b/x",
    "https://user@host/x",
    "https://e.com/?__amp_source_origin=1",
    "https://e.com/{{x}}",
    "mailto:a@example.com",
    "",
)


@cache
def block(name: str) -> Block:
    found, _ = CATALOG.block(name)
    assert found is not None
    return found


def _themed(source: Source) -> Source:
    return Source(source.name, themed(source, SETTING.theme, direction="ltr")[0])


@cache
def woven() -> tuple[AmpWoven, Template, dict[str, Template]]:
    """All stock blocks in the newsletter's place for products, as AMP."""
    layout, _ = CATALOG.layout("newsletter")
    assert layout is not None
    own = {name: block(name).amp or block(name).html for name in NAMES}
    slots = {"products": {name: _themed(source) for name, source in own.items()}}
    inlined = inline_campaign(_themed(layout.html), _themed(layout.css).text, slots)
    made = weave(
        Source("newsletter", inlined.layout),
        {"products": {name: Source(name, text) for name, text in inlined.blocks.items()}},
    )
    assert made.layout is not None
    known = {"campaign": SETTING.campaign()}
    frame = Template.from_string(made.layout.source, constants=known, slots=(*layout.slots, EXTENSIONS_SLOT))
    parts = {name: Template.from_string(part.source, constants=known) for name, part in made.blocks.items()}
    return made, frame, parts


def _value(spec: InputSpec | FieldSpec) -> st.SearchStrategy[Any]:
    if spec.type in ("url", "image"):
        return st.sampled_from(ADDRESSES)
    if spec.type in ("int", "number"):
        return st.integers(int(spec.min or 0), int(spec.max or 9))
    if spec.type == "bool":
        return st.booleans()
    if spec.type == "enum":
        return st.sampled_from(spec.values)
    if isinstance(spec, InputSpec) and spec.type == "list":
        record = st.fixed_dictionaries({name: _value(field) for name, field in spec.fields.items()})
        return st.lists(record, max_size=3)
    return st.one_of(st.sampled_from(HOSTILE), st.text(max_size=20), st.just(""))


@st.composite
def shown(draw: st.DrawFn) -> tuple[str, dict[str, Any]]:
    name = draw(st.sampled_from(NAMES))
    spec = block(name).spec
    return name, {key: draw(_value(one)) for key, one in spec.inputs.items()}


def rendered(name: str, inputs: dict[str, Any]) -> tuple[str, bool, str]:
    """The document, whether it was proved, and the block's own part."""
    made, frame, parts = woven()
    data = {"campaign": SETTING.campaign(), "block": inputs, "profile": {}, "lists": {}, "context": {}}
    part = parts[name].render(data, now=NOW)
    slots = {"products": part, EXTENSIONS_SLOT: made.extensions([name], [part])}
    document = frame.render({**data, "slots": slots}, now=NOW)
    assert made.layout is not None
    return document, made.layout.exact and made.blocks[name].exact, part


def test_every_stock_block_has_a_proved_amp_form() -> None:
    made, _, _ = woven()
    assert sorted(made.blocks) == sorted(NAMES)
    assert [name for name, part in made.blocks.items() if not part.exact] == []


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(shown())
def test_what_is_sent_is_valid_and_what_is_not_has_a_reason(case: tuple[str, dict[str, Any]]) -> None:
    document, exact, _ = rendered(*case)
    admission = admit(document, exact=exact)
    verdict = validate_by_rules(document)
    assert admission.sent == verdict.passed
    if not admission.sent:
        code = next(error.code for error in verdict.errors if error.severity != "WARNING")
        assert admission.reason == f"invalid: {code}"


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.sampled_from(["live_offer", "rating"]), st.sampled_from(HOSTILE), st.text("{}#/ax ", max_size=12))
def test_no_value_becomes_a_mustache_of_the_reader(name: str, hostile: str, braces: str) -> None:
    source = block(name).amp
    assert source is not None
    own = set(re.findall(r"\{\{.*?\}\}", source.text))
    inputs: dict[str, Any] = dict.fromkeys(block(name).spec.inputs, hostile + braces)
    inputs |= dict.fromkeys(("url", "source", "action"), "https://shop.example.com/x")
    part = rendered(name, inputs)[2]
    for template in re.findall(r"<template\b[^>]*>(.*?)</template>", part, re.S):
        live = re.findall(r"\{\{.*?\}\}", html.unescape(template))
        assert set(live) <= own
