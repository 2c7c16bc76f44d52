"""# MW964 zoom-forbidden

`user-scalable=no`, or a `maximum-scale` below 2, keeps who sees little from making the mail larger. WCAG 2.2, 1.4.4.

    layout.html:5:1: warning MW964: this forbids to zoom: `maximum-scale=1`

## What helps

`<meta name="viewport" content="width=device-width, initial-scale=1">`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at

_PROPERTY = re.compile(r"([\w-]+)\s*=\s*([^\s,;]+)")
_LEAST = 2


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        if tag.name == "meta" and "viewport" in {name.strip().lower() for name in tag.plain("name")}:
            for value in tag.values("content"):
                for fixed in (
                    one for one in _PROPERTY.finditer(value) if _forbids(one[1].lower(), one[2].lower())
                ):
                    spans = [inner for _, inner in tag.spans("content")]
                    fix = Fix(spans[0], "width=device-width, initial-scale=1") if len(spans) == 1 else None
                    yield found_at(reading, tag.span, "MW964", fix=fix, text=fixed.group())
                    break


def _forbids(name: str, value: str) -> bool:
    """Whether a property of the viewport keeps a reader from making the mail twice as large; words count as browsers
    read them."""
    number = re.match(r"-?\d*\.?\d+", value)
    if name == "user-scalable":
        return value == "no" if number is None else abs(float(number[0])) < 1
    if name != "maximum-scale":
        return False
    if number is None:
        return value not in ("device-width", "device-height")
    return 0 <= float(number[0]) < _LEAST


RULE = PageRule("MW964", "accessibility", _judge, "safe")
