"""# MW977 ground-only-in-picture

Words over a background picture need a colour below it: with pictures off, and in classic Outlook, which shows no CSS
background, white words stand on white. Looked at are `background` attributes, style attributes and rules that name a
picture and no colour.

    blocks/hero/block.html:1:1: warning MW977: this ground is a picture without a colour below it

## What helps

`bgcolor="#123456"` on the cell, or `background: #123456 url(..)`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic
from mailweave.lint.elements import Tag, Way
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.markup.stylesheet import parse_declarations

_PICTURE = re.compile(r"\b(?:url|image-set)\s*\(", re.I)
_COLOURED = re.compile(r"#[\da-f]{3,8}\b|\brgba?\(|\bhsla?\(|\{\{", re.I)


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.ways is not None and any(map(_bare, tag.ways)) and not _coloured_by_rule(reading, tag):
            yield found_at(reading, tag.span, "MW977")


def _bare(way: Way) -> bool:
    """Whether a start tag names a picture as its ground, and no colour."""
    said = parse_declarations(way.get("style", ""))
    grounds = [one for one in said if one.name in ("background", "background-image")]
    pictured = any(_PICTURE.search(one.value) for one in grounds) or bool(way.get("background"))
    coloured = bool(way.get("bgcolor")) or any(one.name == "background-color" for one in said)
    return pictured and not coloured and not any(map(_has_colour, (one.value for one in grounds)))


def _has_colour(value: str) -> bool:
    """A colour by number, or a word that is none of the words for pictures."""
    rest = re.sub(r"(?:url|image-set)\s*\([^)]*\)", " ", value, flags=re.I)
    words = set(re.findall(r"[a-z-]+", rest.lower())) - _PLACING
    return bool(_COLOURED.search(rest)) or bool(words)


_PLACING = frozenset(
    "no-repeat repeat repeat-x repeat-y round space center top bottom left right cover contain auto fixed scroll "
    "local px em border-box padding-box content-box none important".split()
)


def _coloured_by_rule(reading: Reading, tag: Tag) -> bool:
    """Whether some rule may give the element a colour: it is looked for by class and name alone, so that nothing is
    said where one could."""
    classes = {word for value in tag.values("class") for word in value.split()}
    for sheets in reading.prepared.sheets:
        for sheet in sheets:
            for one in sheet.selected:
                subject = one.selector.subject
                meets = set(subject.classes) <= classes and subject.type in ("", "*", tag.name)
                if meets and any(d.name in ("background-color", "background") for d in one.declarations):
                    return True
    return False


RULE = PageRule("MW977", "images", _judge)
