"""How far into a URL some text leads. The scheme must be settled by the template or by one output."""

from __future__ import annotations

import re

from mailweave.liquid.contexts.model import Context, Unsafe, Url
from mailweave.liquid.escapers.urls import SCHEMES

_WEB = ("https", "http")
_HOST_END = re.compile(r"[/\\?#]")
_SLASHES = "/\\"  # a browser takes one for the other
_STOP = re.compile(r"[:/?#]")
_QUERY = re.compile(r"[?#]|&[\w.-]+=")
_IGNORED = re.compile(r"[\t\n\r]|\A[\x00-\x20]+")  # what a browser takes out of a URL


_SETTLED = {**dict.fromkeys(_WEB, Url.HOST), "mailto": Url.ADDRESS}
_VALUE = "v"  # a host that ends with a value
_LABELS = {
    Url.START: "url",
    Url.OPEN: "url_rest",
    Url.MIXED: "url_open",
    Url.ADDRESS: "mailto",
    Url.ROOT: "rooted",
    Url.PATH: "path",
    Url.QUERY: "query",
}
_IN_HOST = {"": "path", ":": "port", ".": "host", "-": "host"}  # by the last sign before


def advance(context: Context, text: str, offset: int) -> Context:
    """The context behind `text`, which stands at `offset`."""
    if context.url in (Url.START, Url.OPEN, Url.MIXED):
        return _settle(context, text, offset)
    if context.url is Url.HOST:
        return _host(context, text)
    if context.url is Url.ROOT:
        return _root(context, _IGNORED.sub("", text))
    if context.url in (Url.PATH, Url.ADDRESS, Url.UNCLEAR) and _QUERY.search(text):
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
        settled = _SETTLED.get(literal.lower(), Url.PATH) if literal.lower() in SCHEMES else Url.REFUSED
        context = context.but(url=settled, literal="")
        return advance(context, text[stop.end() :], offset + stop.end())
    rest = text[stop.start() :]
    if not literal and stop.group() == "/" and context.url is not Url.MIXED:
        return _root(context, _IGNORED.sub("", rest[1:]))
    return context.but(url=Url.QUERY if _QUERY.search(rest) else Url.PATH, literal="")


def _root(context: Context, text: str) -> Context:
    """Behind the `/` that begins an address: a second one begins a host."""
    if not text:
        return context.but(url=Url.ROOT, literal="")
    if text[0] in _SLASHES:
        return _host(context.but(url=Url.HOST, literal=""), text)
    return context.but(url=Url.QUERY if _QUERY.search(text) else Url.PATH, literal="")


def _host(context: Context, text: str) -> Context:
    """Behind more of a host: all slashes before it count as one beginning."""
    text = _IGNORED.sub("", text)
    text = text if context.literal else text.lstrip(_SLASHES)
    end = _HOST_END.search(text)
    if end is None and not _QUERY.search(text):
        return context.but(literal=text[-1:] or context.literal)
    rest = text[end.start() :] if end else text
    return context.but(url=Url.QUERY if _QUERY.search(rest) else Url.PATH, literal="")


def label(context: Context) -> str | None:
    """The name of the escaper of an output in a URL; None, where none is safe."""
    if context.url is Url.HOST:
        return _IN_HOST.get(context.literal, "tail")
    return _LABELS.get(context.url)


def behind_output(context: Context) -> Context:
    """The context behind an output that stands in a URL."""
    if context.url in (Url.START, Url.OPEN):
        return context.but(url=Url.MIXED, literal="")
    if context.url is Url.ROOT:
        return context.but(url=Url.PATH)
    if context.url is Url.HOST and context.literal in ("", ".", "-"):
        return context.but(literal=_VALUE)
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
    if both == {Url.HOST, Url.PATH}:
        return Url.HOST
    if both <= {Url.START, Url.OPEN, Url.MIXED, Url.ROOT, Url.PATH}:
        return Url.MIXED
    return Url.UNCLEAR


def join_hosts(a: Context, b: Context) -> str:
    """How a host ends behind two branches: as both do, or in the way that leaves a value the least."""
    ends = {context.literal for context in (a, b) if context.url is Url.HOST}
    return ends.pop() if len(ends) == 1 else _VALUE
