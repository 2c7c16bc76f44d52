"""# MW993 hidden-link

`aria-hidden="true"` takes an element away from who listens, but a link in it, or what has a `tabindex`, is still
reached by the keyboard: it is announced as nothing. WCAG 2.2, 4.1.2.

    blocks/hero/block.html:3:1: warning MW993: `<a>` is hidden from who listens, and still reached by the keyboard

## What helps

Take `aria-hidden` off, or give the link `tabindex="-1"` as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import Tag
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.rules.control_in_control import is_control
from mailweave.markup.cascade.document import Element


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.element is not None and is_control(tag):
            path = (tag.element, *tag.element.ancestors())
            if any(_hides(reading, one) for one in path) and not _is_out_of_reach(tag):
                yield found_at(reading, tag.span, "MW993", tag=tag.name)


def _is_out_of_reach(tag: Tag) -> bool:
    """Whether the keyboard reaches an element in no way."""
    return tag.ways is None or all(way.get("tabindex", "").strip().startswith("-") for way in tag.ways)


def _hides(reading: Reading, element: Element) -> bool:
    tag = reading.tags.get(-1 if element.number is None else element.number)
    return tag is not None and "true" in {value.strip().lower() for value in tag.plain("aria-hidden")}


RULE = PageRule("MW993", "accessibility", _judge)
