"""Which outputs of a plain text stand within an address, and in which part of it.

A reader's program takes an address to be over at a blank or at `>`, and what separates its parts must not come from
a value: there it is encoded as in a link of HTML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.liquid.contexts import url
from mailweave.liquid.contexts.model import WHOLE_URL, Unsafe, Url

WHOLE = "whole"
"""The label of a value that is an address, if it says so itself: behind `<`, which may hold a name as well."""

_LIQUID = r"\{\{.*?\}\}|\{%.*?%\}"
_SIGN = r"[^\s<>{]|\{(?![{%])"
_NAMED = re.compile(
    rf"(?<![A-Za-z0-9])(?:https?://|mailto:|tel:|sms:)(?:{_LIQUID}|{_SIGN})*+", re.IGNORECASE | re.DOTALL
)
_BRACKETED = re.compile(rf"<(?P<inside>(?:{_LIQUID}|{_SIGN})++)>", re.DOTALL)
_PART = re.compile(rf"(?P<output>\{{\{{.*?\}}\}})|(?P<tag>\{{%.*?%\}})|(?P<text>(?:{_SIGN})+)", re.DOTALL)
_UNSETTLED = (Url.START, Url.OPEN, Url.MIXED)


def in_addresses(text: str) -> dict[int, str]:
    """The labels of the outputs of a text template that stand in addresses, by where these outputs begin.

    >>> sorted(in_addresses("See https://shop.example/{{ a }}?q={{ b }} or <{{ c }}>, {{ d }}").items())
    [(25, 'path'), (35, 'query'), (47, 'whole')]
    """
    found: dict[int, str] = {}
    for match in _BRACKETED.finditer(text):
        found |= _labels(match["inside"], match.start("inside"))
    for match in _NAMED.finditer(text):
        found |= _labels(match[0], match.start())
    return found


def _labels(address: str, start: int) -> Iterator[tuple[int, str]]:
    context = WHOLE_URL
    for part in _PART.finditer(address):
        try:
            if part["text"]:
                context = url.advance(context, part["text"], 0)
        except Unsafe:
            return
        if part["output"]:
            label = WHOLE if context.url in _UNSETTLED else url.label(context)
            if label is None:
                return
            yield start + part.start(), label
            context = url.behind_output(context)
