"""Tags with more attributes than any mail has: what follows them is looked at with all of them in mind."""

from __future__ import annotations

import re
from typing import Final

from mailweave.source import Span

ATTRIBUTES: Final = 500  # of one tag
TAG: Final = re.compile(r"""<[A-Za-z](?:[^<>"']|"[^"]*"|'[^']*')*+""")
_ATTRIBUTE = re.compile(r"""[^\s"'>/=]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?+""")


def crowded(html: str) -> tuple[Span, int] | None:
    """The first tag with too many attributes, and how many it has.

    >>> crowded("<p>x</p>"), crowded("<p " + "a=1 " * 501 + ">")
    (None, (Span(start=0, stop=1), 501))
    """
    for tag in TAG.finditer(html) if len(html) > ATTRIBUTES else ():
        count = len(_ATTRIBUTE.findall(tag[0])) - 1 if tag.end() - tag.start() > ATTRIBUTES else 0
        if count > ATTRIBUTES:
            return Span(tag.start(), tag.start() + 1), count
    return None
