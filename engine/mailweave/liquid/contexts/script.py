"""Which part of JavaScript or JSON some text leads to. Code that a regular expression or a template
literal makes hard to follow is lost: no output may stand behind it."""

from __future__ import annotations

import re

from mailweave.liquid.contexts.model import Context, Kind, Part

_JS = re.compile(
    r"""(?P<DOUBLE>")|(?P<SINGLE>')|(?P<LINE>//)|(?P<BLOCK>/\*)|(?P<LOST>/(?!\Z)|`|<!--|-->|\\)"""
)
_JSON = re.compile(r"""(?P<DOUBLE>")|(?P<LOST>[/`'\\]|<!--|-->)""")
_ENDS = {
    Part.DOUBLE: re.compile(r'\\.|(?P<end>")|(?P<broken>[\n\r]|<!--)', re.DOTALL),
    Part.SINGLE: re.compile(r"\\.|(?P<end>')|(?P<broken>[\n\r]|<!--)", re.DOTALL),
    Part.LINE: re.compile("(?P<end>[\\n\\r\u2028\u2029])|(?P<broken><!--)"),
    Part.BLOCK: re.compile(r"(?P<end>\*/)|(?P<broken><!--)"),
}


def enter(context: Context) -> Context:
    """The start of code."""
    return context.but(part=Part.VALUE, tail="")


def advance(context: Context, text: str, offset: int) -> Context:
    """The context behind `text`, which stands at `offset`."""
    text, at = context.tail + text, 0
    context = context.but(tail="")
    opened = False
    while at < len(text) and context.part is not Part.LOST:
        is_code = context.part is Part.VALUE
        pattern = (_JSON if context.kind is Kind.JSON else _JS) if is_code else _ENDS[context.part]
        found = pattern.search(text, at)
        if found is None:
            opened = False
            break
        at, opened = found.end(), is_code
        if is_code:
            context = context.but(part=Part[found.lastgroup or "LOST"])
        elif found.lastgroup:
            context = context.but(part=Part.VALUE if found.lastgroup == "end" else Part.LOST)
    just_opened = opened and context.part is Part.BLOCK  # its `*` does not close it: `/*/`
    return context if just_opened else context.but(tail=_tail(context, text))


def _tail(context: Context, text: str) -> str:
    if context.part is Part.BLOCK:
        return "*" if text.endswith("*") else ""
    if context.part is Part.VALUE:
        return "/" if text.endswith("/") else ""
    return "\\" if (len(text) - len(text.rstrip("\\"))) % 2 else ""
