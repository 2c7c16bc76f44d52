"""# MW995 no-direction

Arabic, Hebrew, Persian and Urdu are read from right to left. Without `dir` on `<html>`, and on an element in the body
(webmail takes `<html>` off), such a mail begins at the wrong edge, its punctuation jumps, and who answers it in English
gets theirs turned round. The Email Markup Consortium's report counts it in every mail, as a mail is quoted into others.

    layout.html:2:1: warning MW995: the direction of writing is open: `<html>` has no `dir`

## What helps

`dir="{{ campaign.dir }}"` beside `lang`, on `<html>` and on one element around everything in the body.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.elements import Tag, first_of
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.words import speaking
from mailweave.markup.cascade.document import Element
from mailweave.source import Span

_DIRECTIONS = frozenset({"ltr", "rtl", "auto"})
_NOT_KEPT = frozenset({"html", "body"})
_IN_HEAD = frozenset({"title", "style", "script", "head"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        wrong = [value for value in tag.plain("dir") if value.strip().lower() not in _DIRECTIONS]
        if wrong:
            yield found_at(reading, tag.span, "MW995", what=f"`{wrong[0]}` is no direction")
        elif tag.name == "html" and tag.may_lack("dir"):
            behind = tag.span.start + len("<html")
            fix = None if tag.writes("dir") else Fix(Span(behind, behind), ' dir="{{ campaign.dir }}"')
            yield found_at(reading, tag.span, "MW995", fix=fix, what="`<html>` has no `dir`")
    yield from _in_body(reading)


def _in_body(reading: Reading) -> Iterator[Diagnostic]:
    words = speaking(reading.prepared.page)
    for number, tag in reading.tags.items():
        if number not in words or tag.name in _IN_HEAD or tag.element is None:
            continue
        if not any(_says(reading, one) for one in (tag.element, *tag.element.ancestors())):
            place: Tag = first_of(reading.tags, "body", "html") or tag
            what = "no element around the words says their direction, inside of `<body>`"
            yield found_at(reading, place.span, "MW995", what=what)
            return


def _says(reading: Reading, element: Element) -> bool:
    tag = reading.tags.get(-1 if element.number is None else element.number)
    return tag is not None and tag.name not in _NOT_KEPT and not tag.may_lack("dir")


RULE = PageRule("MW995", "accessibility", _judge)
