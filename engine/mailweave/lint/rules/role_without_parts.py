"""# MW944 role-without-its-parts

A role is a promise: `role="list"` that list items stand in it, `role="row"` that a table stands around it,
`role="heading"` that it has a level, `role="button"` that it has words. Where the promise is not kept a screen reader
announces an empty list, or nothing. Roles of controls (`checkbox`, `tab`, `slider`) promise a script, and a mail has
none. WAI-ARIA 1.2, 5.2; WCAG 2.2, 1.3.1 and 4.1.2.

    blocks/news/block.html:2:1: warning MW944: `role="list"` needs elements with `role="listitem"` in it

## What helps

Elements that have the role by themselves: `<ul>` and `<li>`, `<table>`, `<h2>`, `<a href>`. And a role that is written
out, not taken from data.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.aria import AROUND, INSIDE, NAMED, OF_PROGRAMS, ROLES, implicit
from mailweave.lint.elements import Way, holds_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import NAMES, is_silent, paths_at, surely_named
from mailweave.markup.cascade.document import Element

_SEEN_THROUGH = frozenset({"", "generic", "none", "presentation"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for number, tag in reading.tags.items():
        told: set[str] = set()
        for way in tag.ways or ():
            if "role" in way:
                told |= set(_lacks(reading, number, way))
        for what in sorted(told):
            yield found_at(reading, tag.span, "MW944", what=what)


def _lacks(reading: Reading, number: int, way: Way) -> Iterator[str]:
    if holds_liquid(way["role"]):
        yield "a role that data writes may be any text; it"
        return
    role = role_of(way, "")
    tag = reading.tags[number]
    if role in OF_PROGRAMS:
        yield f'`role="{role}"` promises a control, which needs a script; a mail'
    if role == "heading" and not way.get("aria-level", "").strip():
        yield '`role="heading"` without `aria-level`, or an empty one,'
    named = surely_named(tag, paths_at(reading, tag.span.start), *NAMES)
    if role in NAMED and tag.name not in ("a", "area") and not named and is_silent(reading, number):
        yield f'`role="{role}"` without words'
    if tag.element is not None and role in INSIDE and not INSIDE[role] & set(_above(reading, tag.element)):
        yield f'`role="{role}"` outside of `role="{min(INSIDE[role], key=_first)}"`'
    if (
        tag.element is not None
        and role in AROUND
        and not AROUND[role] >= set(_below(reading, tag.element)) > set()
    ):
        yield f'`role="{role}"` with anything else than `role="{min(AROUND[role], key=_first)}"` in it, or nothing,'


def _first(role: str) -> tuple[bool, str]:
    return role == "directory", role


def role_of(way: Way, tag: str) -> str:
    """The role of an element in one way: the first known one that it is given, else its own."""
    given = next((word for word in way.get("role", "").lower().split() if word in ROLES), "")
    return given or implicit(tag, way)


def _roles(reading: Reading, element: Element) -> set[str]:
    tag = reading.tags.get(-1 if element.number is None else element.number)
    ways = ({},) if tag is None or tag.ways is None else tag.ways
    return {role_of(way, element.tag) for way in ways}


def _above(reading: Reading, element: Element) -> Iterator[str]:
    """The roles of the nearest element around that has one."""
    for one in element.ancestors():
        found = _roles(reading, one) - _SEEN_THROUGH
        if found:
            yield from found
            return


def _below(reading: Reading, element: Element) -> Iterator[str]:
    """The roles of the nearest elements inside that have one."""
    for one in element.children:
        found = _roles(reading, one)
        yield from found - _SEEN_THROUGH
        if found & _SEEN_THROUGH:
            yield from _below(reading, one)


RULE = PageRule("MW944", "accessibility", _judge)
