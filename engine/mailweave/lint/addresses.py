"""Addresses in a mail as a rule looks at them: what of them is the same for everybody."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from mailweave.lint.elements import Tag, holds_liquid
from mailweave.lint.pages import Reading

_LIQUID = re.compile(r"\{\{|\{%")
_SCHEME = re.compile(r"[a-z][a-z\d+.-]*:", re.I)


def links(reading: Reading) -> Iterator[tuple[int, Tag, str]]:
    """Where the links of a page lead: the number of the start tag, the tag, the address without blanks around it."""
    for number, tag in reading.tags.items():
        if tag.name in ("a", "area"):
            for value in dict.fromkeys(tag.values("href")):
                yield number, tag, value.strip()


def pictures(reading: Reading) -> Iterator[tuple[Tag, str]]:
    """Where the pictures of a page lie."""
    for tag in reading.tags.values():
        if tag.name == "img":
            for value in dict.fromkeys(tag.values("src")):
                yield tag, value.strip()


def scheme(address: str) -> str | None:
    """The scheme of an address in lower case; empty where it has none, None where Liquid may write it.

    >>> scheme("HTTP://shop.example/{{ id }}"), scheme("{{ block.url }}"), scheme("a.html")
    ('http', None, '')
    """
    found = _SCHEME.match(address)
    if found is not None:
        return found.group()[:-1].lower()
    liquid = _LIQUID.search(address)
    before = address if liquid is None else address[: liquid.start()]
    return None if liquid is not None and not re.search(r"[/?#]", before) else ""


def host(address: str) -> str:
    """The host of an address with a scheme; empty where it has none, or Liquid may write some of it.

    >>> host("https://Shop.example:443/a"), host("https://{{ shop }}.example/")
    ('shop.example', '')
    """
    start = split(address)
    return "" if start is None or holds_liquid(start.netloc) else (start.hostname or "")


def split(address: str) -> SplitResult | None:
    """The parts of an address; None where it has none."""
    with suppress(ValueError):
        return urlsplit(address)
    return None


def is_machine(name: str) -> bool:
    """Whether a host is an address of a network, or a name that only one house knows.

    >>> is_machine("192.168.0.1"), is_machine("localhost"), is_machine("shop.example")
    (True, True, False)
    """
    with suppress(ValueError):
        return bool(ipaddress.ip_address(name.strip("[]")))
    return name == "localhost" or name.endswith((".local", ".localhost", ".internal", ".lan"))
