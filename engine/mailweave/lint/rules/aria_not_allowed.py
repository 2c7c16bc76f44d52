"""# MW945 aria-not-allowed

An `aria-` attribute counts on some elements and roles only, and with some values only. `aria-label` on a `<div>` or `<p>`
is ignored or takes the place of the words, `aria-hidden="yes"` hides nothing, `aria-checked` on a paragraph says
nothing, and `aria-labelledby` must name an `id` of the mail. WAI-ARIA 1.2; ARIA in HTML; WCAG 2.2, 4.1.2.

    blocks/hero/block.html:3:1: warning MW945: this is not heard as it is meant: `aria-label` has no
    place on `<div>`

## What helps

Words in the element itself. `aria-hidden="true"` or no attribute.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.aria import OF_PROGRAMS, OF_WORDS, POINTERS, STATES, is_value, may_have
from mailweave.lint.elements import Tag, Way, holds_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.rules.role_without_parts import role_of


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    ids = {word for tag in reading.tags.values() for word in tag.values("id")}
    for tag in reading.tags.values():
        told = {what for way in tag.ways or () for what in _wrong(tag, way, ids)}
        for what in sorted(told):
            yield found_at(reading, tag.span, "MW945", what=what)


def _wrong(tag: Tag, way: Way, ids: set[str]) -> Iterator[str]:
    role = role_of(way, tag.name)
    for name, value in way.items():
        state = name.removeprefix("aria-")
        if not name.startswith("aria-") or state not in STATES:
            continue
        if role not in OF_PROGRAMS and not may_have(state, tag.name, role, "role" in way):
            yield f"`{name}` has no place on `{_shown(tag, way)}`"
        elif state not in OF_WORDS and holds_liquid(value):
            yield f"`{name}` is written by data, which may be any text"
        elif state in POINTERS and any(word not in ids for word in value.split()):
            yield f"`{name}` names an `id` that there is not"
        elif not is_value(state, value):
            yield f'`{name}="{value}"` is no value of it'
    if tag.name == "body" and way.get("aria-hidden", "").strip().lower() == "true":
        yield "`aria-hidden` on `<body>` hides the whole mail"
    if {"aria-braillelabel", "aria-brailleroledescription"} & set(way) and not way.get(
        "aria-label", ""
    ).strip():
        yield "an attribute for braille without `aria-label`"


def _shown(tag: Tag, way: Way) -> str:
    return f'<{tag.name} role="{way["role"]}">' if "role" in way else f"<{tag.name}>"


RULE = PageRule("MW945", "accessibility", _judge)
