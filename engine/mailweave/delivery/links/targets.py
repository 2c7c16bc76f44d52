"""Where a link leads, and whether it may be signed."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import unquote

from mailweave.message.links import is_way_out

LONGEST: Final = 2000
"""Bytes of an address that stands in a signed link."""

_BLANK: Final = "".join(map(chr, range(33)))
_DROPPED: Final = str.maketrans("", "", "\t\n\r")  # as a browser reads an address (URL standard, 4.4)
_WEB: Final = re.compile(r"https?://[^/?#\\@\x00-\x20]", re.IGNORECASE)
_ODD: Final = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]|\{\{")
_PERSON: Final = re.compile(r"[^\s=&?#/:;,@<>]@[\w-]+(?:\.[\w-]+)*\.[^\W\d_]{2,}")
_CAMPAIGN: Final = re.compile(r"[?&]utm_\w+=[^&#]*")  # what `[utm]` has put on it
_ASKED: Final = re.compile(r"[?#].*", re.DOTALL)
_TEXT: Final = str.maketrans({" ": "%20", "<": "%3C", ">": "%3E"})


def target_of(value: str) -> str:
    """The address that a link names, as a browser takes it."""
    return value.strip(_BLANK).translate(_DROPPED)


def in_text(target: str) -> str:
    """The address as it is written in a plain text."""
    return target.translate(_TEXT)


def is_page(target: str) -> bool:
    """Whether it leads to a page of the web: never anywhere else, and not where a later program has to fill it in.

    >>> is_page("https://shop.example/a?b=1"), is_page("javascript:alert(1)"), is_page("https://shop.example/{{id}}")
    (True, False, False)
    """
    return _WEB.match(target) is not None and _ODD.search(target) is None


def is_followed(target: str) -> bool:
    """Whether clicks on it are counted: a page, and no way out of a mailing."""
    return is_page(target) and not is_way_out(target)


def names_person(target: str, address: str) -> bool:
    """Whether it holds the recipient's address anywhere, or one of somebody in its query or fragment.

    >>> names_person("https://shop.example/?who=ann%40example.com", ""), names_person("https://shop.example/@ann", "")
    (True, False)
    """
    asked = _plain("".join(_ASKED.findall(target)))
    return _PERSON.search(asked) is not None or bool(
        address and address.casefold() in _plain(target).casefold()
    )


def without_campaign(target: str) -> str:
    """The address without what `[utm]` has put on it.

    >>> without_campaign("https://shop.example/u?id=1&utm_source=mail"), without_campaign("https://a.example/?utm_id=1")
    ('https://shop.example/u?id=1', 'https://a.example/')
    """
    return _CAMPAIGN.sub("", target)


def _plain(target: str) -> str:
    """Without percent signs, however often they were put on."""
    for _ in range(3):
        target = unquote(target)
    return target
