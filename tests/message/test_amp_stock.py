"""The stock blocks as AMP: valid by our rules and by the official ones, and they say what the HTML says."""

from __future__ import annotations

import html
import os
import re
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.inliner import inline_campaign
from mailweave.content.preview import Setting
from mailweave.content.theme import themed
from mailweave.liquid import Template
from mailweave.message.amp import EXTENSIONS_SLOT, admit, validate_by_rules, weave
from mailweave.message.amp.official import VARIABLE, validate_officially
from mailweave.source import Source

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
CATALOG = Catalog()
SETTING = Setting()
NAMES = CATALOG.names()


@cache
def block(name: str) -> Block:
    found, _ = CATALOG.block(name)
    assert found is not None
    return found


def _themed(source: Source) -> Source:
    return Source(source.name, themed(source, SETTING.theme, direction="ltr")[0])


def _inlined(form: str) -> Any:
    layout, _ = CATALOG.layout("newsletter")
    assert layout is not None
    own = {name: (block(name).amp if form == "amp" else None) or block(name).html for name in NAMES}
    slots = {"main": {name: _themed(source) for name, source in own.items()}}
    return inline_campaign(_themed(layout.html), _themed(layout.css).text, slots), layout.slots


@cache
def woven() -> Any:
    inlined, slots = _inlined("amp")
    blocks = {name: Source(name, text) for name, text in inlined.blocks.items()}
    return weave(Source("newsletter", inlined.layout), {"main": blocks}), slots


@cache
def inlined_html() -> Any:
    return _inlined("html")[0]


def data(name: str) -> dict[str, Any]:
    sample = block(name).spec.sample
    inputs, _ = block(name).sample()
    values = {**inputs.values}
    known = {"profile": sample.profile, "lists": sample.lists, "scores": sample.scores}
    for path, source in inputs.templates.items():
        if len(path) == 1:
            values[str(path[0])] = Template.from_string(source.text, escape="none").render(known, now=NOW)
    return {**known, "context": sample.context, "campaign": SETTING.campaign(), "block": values, "let": {}}


def amp_part(name: str) -> str:
    return Template.from_string(woven()[0].blocks[name].source).render(data(name), now=NOW)


def amp_document(name: str) -> str:
    made, slots = woven()
    part = amp_part(name)
    filled = {"main": part, EXTENSIONS_SLOT: made.extensions([name], [part])}
    frame = Template.from_string(made.layout.source, slots=(*slots, EXTENSIONS_SLOT))
    return frame.render({**data(name), "slots": filled}, now=NOW)


def html_part(name: str) -> str:
    return Template.from_string(inlined_html().blocks[name]).render(data(name), now=NOW)


@pytest.mark.parametrize("name", NAMES)
def test_valid(name: str) -> None:
    document = amp_document(name)
    assert woven()[0].blocks[name].exact
    admission = admit(document, exact=True)
    assert (admission.sent, admission.validated) == (True, False)
    assert validate_by_rules(document).errors == ()


def test_valid_officially() -> None:
    path = os.environ.get(VARIABLE)
    if not path:
        pytest.skip(f"needs {VARIABLE}: the official validator_wasm.js of npm's next@15.1.0")
    for name in NAMES:
        verdict = validate_officially(amp_document(name), Path(path))
        assert verdict.errors == (), name


def links(part: str) -> set[str]:
    shown = re.sub(r"<!--\[if mso\]>.*?<!\[endif\]-->", "", part, flags=re.S)
    return {html.unescape(link) for link in re.findall(r'<a\b[^>]*\shref="([^"]*)"', shown)}


def words(part: str) -> set[str]:
    shown = re.sub(r"<!--.*?-->|<script\b.*?</script>|<template\b.*?</template>", " ", part, flags=re.S)
    return set(html.unescape(re.sub(r"<[^>]*>", " ", shown)).split())


@pytest.mark.parametrize("name", NAMES)
def test_the_same_links_words_and_prices(name: str) -> None:
    amp, plain = amp_part(name), html_part(name)
    missing = words(plain) - words(amp)
    if name == "rating":  # the links are a form there
        assert not missing
        return
    assert links(amp) == links(plain)
    assert not missing
