"""# MW954 language-not-in-body

Webmail takes `<html>` and `<body>` off a mail and puts the rest into its own page, which has the language of the
reader's mailbox. So an element inside `<body>`, around all words, must say the language as well. WCAG 2.2, 3.1.1, as
the Email Markup Consortium's report reads it for mails. Looked at is the first
element with words of its own; told is it at `<body>`, where what is missing belongs.

    layout.html:12:1: warning MW954: no element around the words says their language, inside of `<body>`

## What helps

One `<div lang="{{ campaign.locale | replace: '_', '-' }}" dir="{{ campaign.dir }}">` directly in the body, around
everything, the preheader included. Not a `<td>`: Yahoo drops `lang` there.
"""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import first_of
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.words import speaking
from mailweave.markup.cascade.document import Element

_NOT_KEPT = frozenset({"html", "body", "td"})
_IN_HEAD = frozenset({"title", "style", "script", "head"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    words = speaking(reading.prepared.page)
    for number, tag in reading.tags.items():
        if number not in words or tag.name in _IN_HEAD or tag.element is None:
            continue
        if not any(_says(reading, one) for one in (tag.element, *tag.element.ancestors())):
            place = (
                first_of(reading.tags, "body", "html") or tag
            )  # what is missing there belongs to the layout
            yield found_at(reading, place.span, "MW954")
            return


def _says(reading: Reading, element: Element) -> bool:
    tag = reading.tags.get(-1 if element.number is None else element.number)
    return tag is not None and tag.name not in _NOT_KEPT and not tag.may_lack("lang")


RULE = PageRule("MW954", "accessibility", _judge)
