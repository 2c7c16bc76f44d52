"""# MW990 broken-list

A screen reader announces "list, 4 items" where `<li>` stand directly in `<ul>` or `<ol>`, and nothing else does; so with
`<dt>` and `<dd>` in `<dl>`. What stands elsewhere is announced as no list, or as an empty one,
and words between the items belong to none. A `<dl>` needs both: terms, and what is said of them. HTML, 4.4; WCAG 2.2, 1.3.1.

    blocks/news/block.html:2:1: warning MW990: `<li>` stands in `<div>`, not in `<ul>` or `<ol>`

## What helps

`<ul><li>..</li><li>..</li></ul>`, with whatever else there is inside of the `<li>`.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import Tag
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.words import speaking
from mailweave.markup.cascade.document import Element

_LISTS = frozenset({"ul", "ol", "menu"})
_AROUND = {"li": _LISTS, "dt": frozenset({"dl"}), "dd": frozenset({"dl"})}
_OUTSIDE = {"li": "not in `<ul>` or `<ol>`"}
_ITEMS = "where only its items can stand"
_INSIDE = {
    **dict.fromkeys(_LISTS, frozenset({"li", "script", "template", "style"})),
    "dl": frozenset({"dt", "dd", "div", "script", "template", "style"}),
}


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    words = speaking(reading.prepared.page)
    for number, tag in reading.tags.items():
        if tag.element is not None:
            for shown, around, wanted in _wrong(reading, tag, tag.element, number in words):
                yield found_at(reading, tag.span, "MW990", tag=shown, around=around, wanted=wanted)


def _wrong(reading: Reading, tag: Tag, element: Element, speaks: bool) -> Iterator[tuple[str, str, str]]:
    """What stands where it should not, in what, and what would be right."""
    around = element.parent
    if around is not None and tag.name in ("dt", "dd") and around.tag == "div":
        around = around.parent  # a `<div>` may hold a term and what is said of it
    if around is not None and tag.name in _AROUND and around.tag not in _AROUND[tag.name]:
        yield f"`<{tag.name}>`", around.tag, _OUTSIDE.get(tag.name, "not in a `<dl>`")
    elif around is not None and _is_between(reading, tag, around):
        yield f"`<{tag.name}>`", around.tag, _ITEMS
    if tag.name == "li" and _roles(tag) - {"listitem"}:
        yield "an item with another `role`", getattr(around, "tag", "li"), _ITEMS
    if tag.name in _INSIDE and not _presented(reading, element.number):
        if speaks:
            yield "a text", tag.name, _ITEMS
        if _roles(tag) - {"list", "directory"}:
            yield "a `role` that makes it no list", tag.name, "which its items then stand outside of"
    if tag.name == "dl" and {"dt", "dd"} & {e.tag for e in _items(element)} in ({"dt"}, {"dd"}):
        yield "one kind of item alone", "dl", "which needs terms (`<dt>`) and what is said of them (`<dd>`)"


def _is_between(reading: Reading, tag: Tag, around: Element) -> bool:
    """Whether an element stands directly in a list, and is none of its items."""
    return tag.name not in _INSIDE.get(around.tag, {tag.name}) and not _presented(reading, around.number)


def _items(element: Element) -> Iterator[Element]:
    for one in element.children:
        yield from one.children if one.tag == "div" else (one,)


def _roles(tag: Tag) -> set[str]:
    return {word for value in tag.plain("role") for word in value.lower().split()}


def _presented(reading: Reading, number: int | None) -> bool:
    tag = reading.tags.get(-1 if number is None else number)
    return tag is not None and bool({"presentation", "none"} & set(tag.plain("role")))


RULE = PageRule("MW990", "accessibility", _judge)
