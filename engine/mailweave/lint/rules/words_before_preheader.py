"""# MW931 words-before-preheader

Behind the subject an inbox shows the first words of the body, and so does what mail clients sum up (Apple's summaries,
Gmail's cards). Words or an `alt` before the preheader are shown in its place: "View in browser", the name of a logo.

    layout.html:9:1: warning MW931: these words stand before the preheader, and are shown in its place

## What helps

`{% slot "preheader" %}` as the first thing in the element around all words.
"""

from __future__ import annotations

import html
from collections.abc import Iterator

from mailweave.campaign.assembly import spoken
from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import BLANK
from mailweave.lint.lines import PREHEADER
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import is_hidden
from mailweave.markup.pieces import Kind
from mailweave.markup.tokens import LiquidToken, StartTag, Text


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    page = reading.prepared.page
    start = next(
        (part.start for part in reading.run.parts if part.key in (spoken(PREHEADER), PREHEADER)), None
    )
    if start is None:
        return
    body = next((at for at, tag in page.start_tags if tag.name == "body"), -1)
    for at, token in enumerate(page.tokens):
        if token.span.start >= start:
            return
        if at > body >= 0 and _says(reading, at):
            yield found_at(reading, token.span, "MW931")
            return


def _says(reading: Reading, at: int) -> bool:
    """Whether a token is read out: a word, a value, the words of a picture."""
    token = reading.prepared.page.tokens[at]
    if isinstance(token, Text):
        return bool(BLANK.sub("", html.unescape(reading.prepared.page.text(token.span))))
    if isinstance(token, LiquidToken):
        return token.piece.kind is Kind.OUTPUT
    tag = reading.tags.get(at) if isinstance(token, StartTag) else None
    return (
        tag is not None
        and tag.name == "img"
        and not is_hidden(tag)
        and any(v.strip() for v in tag.values("alt"))
    )


RULE = PageRule("MW931", "subject", _judge)
