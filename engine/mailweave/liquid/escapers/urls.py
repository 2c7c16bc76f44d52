"""Escaping for URLs: schemes by list, percent-encoding by part."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import quote

from mailweave.liquid.contexts.url import SCHEMES

BLOCKED = "#blocked"
"""Stands in the place of a URL whose scheme is not allowed."""

_SCHEME = re.compile(r"[^/?#:]*:")
_ALLOWED = re.compile(rf"(?:{'|'.join(SCHEMES)}):", re.IGNORECASE)
_SETTLED = re.compile(r"[/?#]")
# kept are the signs of a URL, as in Go; quotes and parentheses would end url() in CSS
_NORMALISE = re.compile(r"%(?![0-9a-fA-F]{2})|[^%A-Za-z0-9\-._~!#$&*+,/:;=?@\[\]]+")
_CANDIDATE = re.compile(r"[A-Za-z0-9 \t.]*\Z")


def encode(text: str) -> str:
    """A value inside the query or fragment: nothing in it separates."""
    return quote(text, safe="", errors="replace")


def normalise(text: str) -> str:
    """A value inside the path: a URL's own signs stay, what is encoded already stays."""
    return _NORMALISE.sub(lambda found: encode(found.group()), text)


def start(text: str) -> str:
    """A whole URL, or the start of one."""
    text = text.strip(" \t\n\r\f")
    is_blocked = _SCHEME.match(text) is not None and _ALLOWED.match(text) is None
    return BLOCKED if is_blocked else normalise(text)


def onward(text: str) -> str:
    """A value behind another that may have been empty: a whole URL, or what ends no scheme."""
    return normalise(text) if _ALLOWED.match(text) else rest(text)


def rest(text: str) -> str:
    """A value behind literal text that does not settle the scheme: no colon of it may."""
    stop = _SETTLED.search(text)
    end = stop.start() if stop else len(text)
    return normalise(text[:end]).replace(":", "%3A") + normalise(text[end:])


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
    "path": normalise,
    "query": encode,
    "srcset": image_list,
    "srcset_path": image_path,
}
