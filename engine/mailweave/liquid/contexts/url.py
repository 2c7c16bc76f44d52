"""How far into a URL some text leads. The scheme must be settled by the template or by one output."""

from __future__ import annotations

import re

from mailweave.liquid.contexts.model import Context, Unsafe, Url

SCHEMES = ("https", "http", "mailto", "tel", "sms", "cid")
_STOP = re.compile(r"[:/?#]")
_QUERY = re.compile(r"[?#]|&[\w.-]+=")
_IGNORED = re.compile(r"[\t\n\r]|\A[\x00-\x20]+")  # what a browser takes out of a URL


def advance(context: Context, text: str, offset: int) -> Context:
    """The context behind `text`, which stands at `offset`."""
    if context.url in (Url.START, Url.OPEN, Url.MIXED):
        return _settle(context, text, offset)
    if context.url in (Url.PATH, Url.UNCLEAR) and _QUERY.search(text):
        return context.but(url=Url.QUERY)
    return context


def advance_list(context: Context, text: str, offset: int) -> Context:
    """The same for a list of URLs: behind a comma, the next one starts."""
    comma = text.rfind(",") + 1
    if not comma:
        return advance(context, text, offset)
    rest = text[comma:].lstrip(" \t\n\f\r")
    fresh = context.but(url=Url.START, literal="")
    return advance(fresh, rest, offset + comma) if rest else fresh


def _settle(context: Context, text: str, offset: int) -> Context:
    stop = _STOP.search(text)
    literal = _IGNORED.sub("", context.literal + text[: stop.start() if stop else None])
    if stop is None:
        if context.url is Url.MIXED:
            return context.but(url=Url.QUERY) if _QUERY.search(text) else context
        return context.but(url=Url.OPEN, literal=literal) if literal else context
    if stop.group() == ":":
        if context.url is Url.MIXED:
            raise Unsafe("MW458", offset + stop.start())
        settled = Url.PATH if literal.lower() in SCHEMES else Url.REFUSED
        context = context.but(url=settled, literal="")
        return advance(context, text[stop.end() :], offset + stop.end())
    rest = text[stop.start() :]
    return context.but(url=Url.QUERY if _QUERY.search(rest) else Url.PATH, literal="")


def behind_output(context: Context) -> Context:
    """The context behind an output that stands in a URL."""
    if context.url in (Url.START, Url.OPEN):
        return context.but(url=Url.MIXED, literal="")
    return context


def join(a: Url, b: Url) -> Url:
    """The part of a URL behind two branches."""
    if a is b:
        return a
    both = {a, b}
    if Url.REFUSED in both:
        return Url.REFUSED
    if both <= {Url.START, Url.OPEN, Url.MIXED}:
        return Url.MIXED if Url.MIXED in both else Url.START
    if both <= {Url.START, Url.OPEN, Url.MIXED, Url.PATH}:
        return Url.MIXED
    return Url.UNCLEAR
