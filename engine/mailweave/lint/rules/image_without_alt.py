"""# MW951 image-without-alt

A picture that says something needs an `alt` that says it in words; one that only decorates needs an empty one.
Without the attribute a screen reader reads the address of the picture aloud, and who reads with pictures off
(Outlook's default) sees nothing. WCAG 2.2, 1.1.1. Looked at are all branches: an `alt` that stands under a condition
is missing where the condition fails. So are the areas of an image map, and shapes for Outlook (`v:rect`,
`v:roundrect`, `v:image`) in conditional comments.

    blocks/note/block.html:2:1: warning MW951: `<img>` has no `alt`

An area of a map leads somewhere, so its `alt` needs words; and blanks alone are neither words nor an empty `alt`. Letters
that stand for a picture (`role="img"`) need an `aria-label`.

## What helps

`alt="Two blue running shoes"`, or `alt=""` for a line, a shadow, a pixel.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.blanks import may_be_blank
from mailweave.lint.elements import Tag, outlook_tags
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import NAMES, paths_at, surely_named
from mailweave.markup.pieces import without_liquid

_SHAPES = frozenset({"v:rect", "v:roundrect", "v:oval", "v:shape", "v:image"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    images = (tag for tag in reading.tags.values() if tag.name == "img" or _leads(tag))
    shapes = (tag for tag in outlook_tags(reading.prepared.page) if tag.name in _SHAPES)
    for tag in (*images, *shapes):
        if tag.may_lack("alt"):
            yield found_at(reading, tag.span, "MW951", tag=tag.name, what="`alt`")
        elif any(_is_all_blank(value, paths_at(reading, tag.span.start)) for value in tag.values("alt")):
            yield found_at(reading, tag.span, "MW951", tag=tag.name, what="more than a blank in its `alt`")
    for tag in reading.tags.values():
        paths = paths_at(reading, tag.span.start)
        if _leads(tag) and not tag.may_lack("alt") and not surely_named(tag, paths, "alt", *NAMES):
            yield found_at(reading, tag.span, "MW951", tag=tag.name, what="words in its `alt`")
        is_named = surely_named(tag, paths, *NAMES) or tag.writes("aria-labelledby")
        if tag.name != "img" and _is_picture(tag) and not is_named:
            yield found_at(reading, tag.span, "MW951", tag=tag.name, what="`aria-label`")


def _is_picture(tag: Tag) -> bool:
    return bool({"img", "image"} & {word for value in tag.plain("role") for word in value.lower().split()})


def _is_all_blank(value: str, paths: frozenset[str]) -> bool:
    """Whether an `alt` may come out as blanks, which say neither that it decorates nor what it shows."""
    return bool(value) and may_be_blank(value, paths) and any(map(str.isspace, without_liquid(value)))


def _leads(tag: Tag) -> bool:
    """Whether it is a part of an image map that leads somewhere."""
    return tag.name == "area" and any(True for _ in tag.values("href"))


RULE = PageRule("MW951", "accessibility", _judge)
