"""What inboxes may show of a mail beside its subject: schema.org's types as Gmail takes them, from the chosen blocks.

https://developers.google.com/workspace/gmail/promotab
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Final, TypeAlias

from mailweave.content.block import Block
from mailweave.content.toml import Path
from mailweave.liquid import Template
from mailweave.message.cleaning import one_line
from mailweave.message.event_times import moment
from mailweave.source import Source
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import zone_named

Thing: TypeAlias = dict[str, Any]
"""One thing of JSON-LD."""

SCRIPT: Final = (
    "{% if mail.annotations != empty %}"
    '<script type="application/ld+json">{{ mail.annotations }}</script>'
    "{% endif %}"
)
"""Stands in the head of a layout whose blocks have annotations: a value in it is written as JSON, `<` as `\\u003c`."""
_HEAD_ENDS = re.compile(r"</head\s*>", re.I)
_WEB = re.compile(r"https?://[^\s\"<>\\]+")
_CONTEXT = "http://schema.org/"
_OFFER = {"description": "description", "code": "discountCode", "url": "offerPageUrl"}
_CARD = {"url": "url", "headline": "headline", "price": "price", "currency": "priceCurrency"}
_TIMES = {"starts": "availabilityStarts", "expires": "availabilityEnds"}
_ADDRESSES = ("url", "image")


@dataclass(frozen=True, slots=True)
class Annotation:
    """The templates of one block's annotation, by their paths in block.toml."""

    texts: tuple[tuple[Path, Template], ...]

    def things(self, seen: Mapping[str, Any], now: datetime, zone: str) -> list[Thing]:
        """What the block offers one recipient. `seen`: what its templates see; `zone`: that of times without one."""
        said = {path[1:]: one_line(template.render(seen, now=now)) for path, template in self.texts}
        said = {
            path: text
            for path, text in said.items()
            if text and (path[-1] not in _ADDRESSES or _WEB.fullmatch(text))
        }
        ends = seen.get("offer", {}).get("expires")
        if ("expires",) not in said and ends is not None:
            said["expires",] = str(ends)
        offer = _offer({str(path[0]): text for path, text in said.items() if len(path) == 1}, zone)
        cards: dict[int, dict[str, str]] = {}
        for path, text in said.items():
            if len(path) == 3:
                cards.setdefault(int(path[1]), {})[str(path[2])] = text
        return [*offer, *(_card(card) for card in cards.values() if "image" in card)]


def _offer(said: Mapping[str, str], zone: str) -> list[Thing]:
    """The offer, where it says something; none where a time of it is none: it would say what the mail does not."""
    thing = {_OFFER[name]: text for name, text in said.items() if name in _OFFER}
    if not thing:
        return []
    try:
        for name, meant in _TIMES.items():
            if name in said:
                thing[meant] = _instant(said[name], zone, is_end=name == "expires")
    except InvalidValue:
        return []
    return [{"@context": _CONTEXT, "@type": "DiscountOffer", **thing}]


def _instant(text: str, zone: str, *, is_end: bool) -> str:
    """When a text says; a day begins at its midnight, and as an end ends with it."""
    found = moment(text, zone)
    if isinstance(found, datetime):
        return found.isoformat()
    day = found + timedelta(days=1) if is_end else found
    return datetime.combine(day, time(), zone_named(zone)).isoformat()


def _card(said: Mapping[str, str]) -> Thing:
    rest = {_CARD[name]: text for name, text in said.items() if name in _CARD}
    return {"@context": _CONTEXT, "@type": "PromotionCard", "image": said["image"], **rest}


def numbered(things: list[Thing], organization: Thing | None) -> list[Thing]:
    """The things of a whole mail: of several offers the first, cards with their places, and who sends it."""
    offers = [one for one in things if one["@type"] == "DiscountOffer"][:1]
    cards = [one for one in things if one["@type"] == "PromotionCard"][:10]
    shown = [*offers, *({**card, "position": place} for place, card in enumerate(cards, 1))]
    return [organization, *shown] if shown and organization is not None else shown


def organization(name: str, logo: str) -> Thing | None:
    """Who sends the mail; None without a logo."""
    return {"@context": _CONTEXT, "@type": "Organization", "name": name, "logo": logo} if logo else None


def with_script(html: str) -> str:
    """A layout with the place of annotations at the end of its head; as it was where it has none."""
    found = _HEAD_ENDS.search(html)
    return html if found is None else html[: found.start()] + SCRIPT + html[found.start() :]


def annotation_sources(block: Block) -> Iterator[tuple[Path, Source]]:
    """The templates of a block's annotation, by their paths in its block.toml."""
    given = block.spec.annotation
    for path, text in given.texts() if given is not None else ():
        yield path, block.settings.value_source(path, text)
