"""Which part of CSS some text leads to: names, values, strings, url(), comments."""

from __future__ import annotations

import re
from collections.abc import Callable

from mailweave.liquid.contexts import url
from mailweave.liquid.contexts.model import Context, Kind, Part, Url

_TOKEN = re.compile(
    r"""(?P<comment>/\*) | (?P<double>") | (?P<single>') | (?P<escape>\\.)
      | (?P<url>(?<![\w-])url\(\s*(?P<quote>["']?))
      | (?P<lost>(?<![\w-])(?:(?:-\w+-)?image-set|src|expression)\(
          | behavior\b | -moz-binding\b | <!-- | --> | </?[a-z])
      | (?P<at>@[\w-]+) | (?P<mark>[{};:])""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_ENDS = {
    Part.DOUBLE: re.compile(r'\\.|(?P<end>")|(?P<broken>\n)', re.DOTALL),
    Part.SINGLE: re.compile(r"\\.|(?P<end>')|(?P<broken>\n)", re.DOTALL),
    Part.URL: re.compile(r"""\\.|(?P<end>\))|(?P<broken>["'(\n])""", re.DOTALL),
    Part.URL_DOUBLE: re.compile(r'\\.|(?P<end>")|(?P<broken>\n)', re.DOTALL),
    Part.URL_SINGLE: re.compile(r"\\.|(?P<end>')|(?P<broken>\n)", re.DOTALL),
    Part.BLOCK: re.compile(r"(?P<end>\*/)"),
}
_WORD_END = re.compile(r"[\w-]\Z")
_URLS = {"": Part.URL, '"': Part.URL_DOUBLE, "'": Part.URL_SINGLE}
_GROUPS = ("@media", "@supports", "@layer", "@container", "@document", "@-moz-document", "@scope")
URL_PARTS = (Part.URL, Part.URL_DOUBLE, Part.URL_SINGLE)
_WORD = "x"  # stands for the last character of a word: `url(` right behind it is none
MAYBE_WORD = "\0"  # an output, or branches of which one ends in a word


def enter(context: Context) -> Context:
    """The start of CSS: a style attribute holds declarations, a <style> element holds rules."""
    blocks = "" if context.element == "style" and not context.attribute else "d"
    return context.but(part=Part.NAME, blocks=blocks, rule="", url=Url.START, literal="", tail="")


def enter_value(context: Context) -> Context:
    """The start of one value in CSS: what an attribute of SVG holds."""
    return enter(context).but(part=Part.VALUE, kind=Kind.CSS)


def advance(context: Context, text: str, offset: int) -> Context:
    """The context behind `text`, which stands at `offset`."""
    text, offset, at = context.tail + text, offset - len(context.tail), 0
    context = context.but(tail="")
    step: Callable[..., tuple[Context, int]] = _within
    while at < len(text):
        step = _code if context.part in (Part.NAME, Part.VALUE) else _within
        context, at = step(context, text, at, offset)
    just_opened = step is _code and context.part is Part.BLOCK  # its `*` does not close it: `/*/`
    return context if just_opened else context.but(tail=_tail(context, text))


def _tail(context: Context, text: str) -> str:
    """The last character, where it may begin a mark that the next text ends."""
    if context.part is Part.BLOCK:
        return text[-1:] if text.endswith("*") else ""
    if text.endswith("\\"):
        return "\\" if (len(text) - len(text.rstrip("\\"))) % 2 else ""
    if context.part not in (Part.NAME, Part.VALUE):
        return ""
    if text.endswith(("/", MAYBE_WORD)):
        return text[-1]
    return _WORD if _WORD_END.search(text) else ""


def join_tails(one: str, other: str) -> str | None:
    """The last characters behind two branches; None where they cannot be told apart later."""
    if one == other:
        return one
    return MAYBE_WORD if {one, other} <= {"", _WORD, MAYBE_WORD} else None


def _code(context: Context, text: str, at: int, offset: int) -> tuple[Context, int]:
    found = _TOKEN.search(text, at)
    if found is None:
        return context, len(text)
    end, kind = found.end(), found.lastgroup
    if found["url"] and text[: found.start()].endswith(MAYBE_WORD):
        return context.but(part=Part.LOST), end
    if found["url"]:
        entered = context.but(part=_URLS[found["quote"]], resume=context.part)
        return entered.but(url=Url.START, literal=""), end
    if kind == "at":
        is_first = context.part is Part.NAME and not context.rule
        return context.but(rule=found.group().lower()) if is_first else context, end
    if kind == "mark":
        return _mark(context, found.group()), end
    parts = {"comment": Part.BLOCK, "double": Part.DOUBLE, "single": Part.SINGLE, "lost": Part.LOST}
    if kind not in parts:
        return context, end
    return context.but(part=parts[kind], resume=context.part), end


def _mark(context: Context, mark: str) -> Context:
    blocks = context.blocks
    if mark == ":":
        in_declaration = blocks.endswith("d") and not context.rule
        return context.but(part=Part.VALUE) if in_declaration else context
    if mark == ";":
        return context.but(part=Part.NAME, rule="")
    if mark == "{":
        if blocks.endswith("d"):
            return context.but(part=Part.LOST)  # nested rules look like declarations
        inner = "r" if context.rule in _GROUPS else "d"
        return context.but(part=Part.NAME, blocks=blocks + inner, rule="")
    if not blocks or context.element != "style" or context.attribute:
        return context.but(part=Part.LOST)
    return context.but(part=Part.NAME, blocks=blocks[:-1], rule="")


def _within(context: Context, text: str, at: int, offset: int) -> tuple[Context, int]:
    part = context.part
    if part not in _ENDS:
        return context, len(text)
    begin = at
    while True:
        found = _ENDS[part].search(text, at)
        stop = found.start() if found else len(text)
        if found is not None and found.lastgroup is None:
            at = found.end()
            continue
        if part in URL_PARTS:
            context = url.advance(context, text[begin:stop], offset + begin)
        if found is None:
            return context, len(text)
        if found.lastgroup == "broken":
            return context.but(part=Part.LOST), found.end()
        return context.but(part=context.resume, url=Url.START, literal=""), found.end()
