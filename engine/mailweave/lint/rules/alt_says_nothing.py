"""# MW952 alt-says-nothing

An `alt` that holds the name of a file, or only says that there is a picture, is read aloud and tells nothing. WCAG
2.2, 1.1.1 (failure F30).

    layout.html:9:1: warning MW952: the `alt` of this picture says nothing: `IMG_2041.jpg`

## What helps

Say what the picture shows or what it is for; write `alt=""` where it only decorates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_FILE = re.compile(r"\S+\.(?:png|jpe?g|gif|webp|svg|avif|bmp)", re.I)
_NUMBERED = re.compile(r"(?:img|dsc|image|picture|photo|pic|screenshot|untitled|bild|foto)[\s_-]*\d*", re.I)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        for alt in tag.plain("alt") if tag.name == "img" else ():
            if _FILE.fullmatch(alt.strip()) or _NUMBERED.fullmatch(alt.strip()):
                yield found_at(reading, tag.span, "MW952", alt=alt.strip())


RULE = PageRule("MW952", "accessibility", _judge)
