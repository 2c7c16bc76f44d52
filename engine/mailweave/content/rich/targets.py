"""Where the links of a rich text may lead."""

from __future__ import annotations

import re

from mailweave.content.rich.cover import Covered, Held

_LITERAL = re.compile(
    r"https?://[^\s/?#]|https?://\Z|mailto:[^\s?]|mailto:\Z|tel:[+0-9(]|tel:\Z", re.IGNORECASE
)
_BROKEN = re.compile(r"[\s\x00-\x1f\x7f<>\"\\^`]")


def wrong_target(target: str, covered: Covered) -> str | None:
    """What is wrong with the covered target of a link, or nothing.

    A target begins with a scheme that the author wrote, or with a value, whose scheme the escaper of addresses proves
    for each recipient.
    """
    parts = list(covered.split(target))
    if not parts:
        return "leads nowhere"
    if any(isinstance(part, Held) and part.kind != "output" for part in parts):
        return "holds a tag of Liquid"
    if any(isinstance(part, str) and _BROKEN.search(part) for part in parts):
        return "holds a blank or a sign that no address holds"
    first = parts[0]
    if isinstance(first, Held):
        return None
    found = _LITERAL.match(first)
    if found is None or (found.end() == len(first) and first.endswith(("/", ":")) and len(parts) == 1):
        return "does not begin with https://, http://, mailto: or tel:"
    return None
