"""# MW973 image-format

GIF, PNG and JPEG are shown everywhere. SVG is dropped by Gmail and classic Outlook; classic Outlook shows neither
WebP nor AVIF, and Yahoo no AVIF. caniemail.com: "SVG image format", "WebP image format", "AVIF image format". The
format is read off the end of the address, where that holds no Liquid.

    blocks/hero/block.html:1:1: warning MW973: `.svg` is not shown by Gmail and classic Outlook

## What helps

A PNG, twice as wide as it is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from mailweave.diagnostics import Diagnostic
from mailweave.lint.addresses import pictures, split
from mailweave.lint.elements import holds_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_ENDING = re.compile(r"\.(svgz?|webp|avif|heic|tiff?|bmp|jxl)", re.I)
_LOSES = {
    "svg": "Gmail and classic Outlook",
    "svgz": "Gmail and classic Outlook",
    "webp": "classic Outlook",
    "avif": "classic Outlook and Yahoo",
}


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag, address in pictures(reading):
        parts = None if holds_liquid(address) else split(address)
        found = parts and _ENDING.fullmatch(PurePosixPath(parts.path).suffix)
        if found:
            kind = found[1].lower()
            clients = _LOSES.get(kind, "most mail clients")
            yield found_at(reading, tag.span, "MW973", kind=kind, clients=clients)


RULE = PageRule("MW973", "images", _judge)
