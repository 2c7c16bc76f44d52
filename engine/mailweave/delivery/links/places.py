"""Where links stand in the pages of a finished mail."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailweave.delivery.links.tags import Tag, decoded, tags
from mailweave.delivery.links.targets import target_of

NO_TRACK: Final = "data-no-track"
_WANTED: Final = re.compile(r"a|area|v:\w+|body")  # v: the buttons that Outlook draws


@dataclass(frozen=True, slots=True)
class Place:
    """A link: the `number`th of its part, with its value from `start` to `stop`, and where it leads."""

    part: str
    number: int
    start: int
    stop: int
    target: str
    is_kept: bool


@dataclass(frozen=True, slots=True)
class Page:
    """A page with its links. `end`: where its body ends, which is where a picture that nobody sees can stand."""

    part: str
    text: str
    places: tuple[Place, ...]
    end: int

    @classmethod
    def of(cls, part: str, text: str) -> Page:
        """The page that an HTML or AMP part is.

        >>> Page.of("HTML", '<a href=" https://a.example/?b&amp;c ">x</a></body>').places[0].target
        'https://a.example/?b&c'
        """
        found = list(tags(text, _WANTED))
        ends = [tag.start for tag in found if tag.is_end and tag.name == "body" and not tag.is_outlooks]
        return cls(part, text, tuple(_places(part, found)), max(ends, default=len(text)))


def _places(part: str, found: list[Tag]) -> Iterator[Place]:
    links = (tag for tag in found if not tag.is_end and tag.name != "body" and "href" in tag.attributes)
    for number, tag in enumerate(links, 1):
        value, start, stop = tag.attributes["href"]
        yield Place(part, number, start, stop, target_of(decoded(value)), NO_TRACK in tag.attributes)
