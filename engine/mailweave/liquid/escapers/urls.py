"""Escaping for URLs: schemes by list, percent-encoding by part."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

BLOCKED = "#blocked"
"""Stands in the place of a URL whose scheme is not allowed."""

_SCHEME = re.compile(r"[^/?#:]*:")
SCHEMES = ("https", "http", "mailto", "tel", "sms", "cid")
_ALLOWED = re.compile(rf"(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)
_SETTLED = re.compile(r"[/?#]")
# kept are the signs of a URL, as in Go; quotes and parentheses would end url() in CSS
_NORMALISE = re.compile(r"%(?![0-9a-fA-F]{2})|[^%A-Za-z0-9\-._~!#$&*+,/:;=?@\[\]]+|\[(?=\[|\Z)")
_NO_ADDRESS = re.compile(r"%(?![0-9a-fA-F]{2})|[^%A-Za-z0-9\-._~!$*+@]+")
_CANDIDATE = re.compile(r"[A-Za-z0-9 \t.]*\Z")


def encode(text: str) -> str:
    """A value inside the query or fragment: nothing in it separates."""
    return quote(text, safe="", errors="replace")


def normalise(text: str) -> str:
    """A value inside the path: a URL's own signs stay, what is encoded already stays."""
    return _NORMALISE.sub(lambda found: encode(found.group()), text)


def segment(text: str) -> str:
    """A value inside one segment of the path: nothing in it ends the segment, or was encoded before.

    >>> segment("x?who=9&a/b")
    'x%3Fwho=9&a%2Fb'
    """
    return quote(text, safe="!$&*+,;=:", errors="replace")


def start(text: str) -> str:
    """A whole URL, or the start of one."""
    text = text.strip(" \t\n\r\f")
    is_blocked = _SCHEME.match(text) is not None and _ALLOWED.match(text) is None
    return BLOCKED if is_blocked else normalise(text)


def is_address(text: str) -> bool:
    """Whether a text begins as an address does, with a scheme that is allowed.

    >>> is_address("https://shop.example/a b"), is_address("Ann Lee")
    (True, False)
    """
    return _ALLOWED.match(text.lstrip(" \t\n\r\f")) is not None


def onward(text: str) -> str:
    """A value behind another that may have been empty: a whole URL, or what ends no scheme."""
    return normalise(text) if _ALLOWED.match(text) else rest(text)


def rest(text: str) -> str:
    """A value behind literal text that does not settle the scheme: no colon of it may."""
    stop = _SETTLED.search(text)
    end = stop.start() if stop else len(text)
    return normalise(text[:end]).replace(":", "%3A") + normalise(text[end:])


def host(text: str) -> str:
    """A value beside a host that the template names: nothing in it ends the host."""
    return quote(text, safe="", errors="replace")


def port(text: str) -> str:
    """A value behind a host and a colon."""
    return text if text.isascii() and text.isdigit() else ""


def tail(text: str) -> str:
    """A value right behind a host: it begins with what ends the host, or it is blocked."""
    return BLOCKED if text and _SETTLED.match(text) is None else normalise(text)


def rooted(text: str) -> str:
    """A value behind the `/` that begins a URL: with a second one, it would name a host."""
    if not text:
        return "./"
    return f"%2F{normalise(text[1:])}" if text[0] == "/" else normalise(text)


def mail_address(text: str) -> str:
    """A value behind `mailto:`: an address and nothing else, no field and no other recipient."""
    return _NO_ADDRESS.sub(lambda found: encode(found.group()), text)


def image_list(text: str) -> str:
    """The value of a srcset: each candidate's URL is checked on its own."""
    return ",".join(map(_candidate, text.split(",")))


def _candidate(text: str) -> str:
    address, _, descriptor = text.strip().partition(" ")
    if not _CANDIDATE.match(descriptor):
        return BLOCKED
    lead, url = " " if text[:1].isspace() else "", start(address)
    is_whole = bool(descriptor.strip()) and url != BLOCKED
    return lead + url + (f" {descriptor.strip()}" if is_whole else "")


def image_path(text: str) -> str:
    """A later piece of one candidate's URL."""
    return rest(text).replace(",", "%2C")


URLS: dict[str, Callable[[str], str]] = {
    "url": start,
    "url_open": onward,
    "url_rest": rest,
    "host": host,
    "port": port,
    "tail": tail,
    "rooted": rooted,
    "mailto": mail_address,
    "path": normalise,
    "segment": segment,
    "query": encode,
    "srcset": image_list,
    "srcset_path": image_path,
}


def in_request(label: str) -> bool:
    """Whether a value at a place of that label goes into an address that is asked for: all but `mailto:` ones.

    >>> in_request("query_attr"), in_request("css_url"), in_request("plain path"), in_request("mailto_attr")
    (True, True, True, False)
    """
    found = label.removeprefix("plain ").removeprefix("css_").split(" ")[0]
    return found.partition("_")[0] in _REQUESTED


_REQUESTED = frozenset({*(name.partition("_")[0] for name in URLS), "whole"} - {"mailto"})
