"""# MW960 link-without-words

A link must hold words, or a picture whose `alt` says where it leads: a screen reader announces "link" and nothing
else. Looked at is each branch, and what is hidden in it is left out. A value counts as words where it cannot be blank:
an optional attribute, a text that may be empty, and an input that was given none do not. WCAG 2.2, 2.4.4 and 4.1.2.

    blocks/logo/block.html:1:1: warning MW960: this link has no words, and no picture with an `alt`

## What helps

`{{ profile.shop | default: "our shop" }}`; words between `<a>` and `</a>`, or the `alt` of the picture: what a link
leads to, such as `alt="To our shop"`."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import content
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import NAMES, is_hidden, is_silent, paths_at, surely_named


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for number, tag in reading.tags.items():
        if tag.name != "a" or not any(True for _ in tag.values("href")) or is_hidden(tag):
            continue
        if surely_named(tag, paths_at(reading, tag.span.start), *NAMES) or tag.writes("aria-labelledby"):
            continue
        if is_silent(reading, number):
            inside = content(reading.prepared.page, number, reading.tags)
            some = inside.words or inside.open
            what = "may come out without words, and without a picture that says where it leads"
            yield found_at(reading, tag.span, "MW960", what=what if some else _NOTHING)


_NOTHING = "has no words, and no picture with an `alt`"

RULE = PageRule("MW960", "accessibility", _judge)
