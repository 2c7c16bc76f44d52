"""A campaign whose templates read events, and whose offers end after them; and a list for it."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

NOW = datetime(2028, 2, 29, 22, tzinfo=UTC)
RULES = """ruleset "carts" version 1
timezone tz else "Europe/Paris"
profile {
  id    : key
  email : text  pii
  tz    : zone?
}
consent profiling
event cart_change { total: money(USD), item: text } keep 30 days shows last pii needs consent.profiling
event visit { page: text, seconds: number } keep 30 days shows last
event click { url: text } keep 30 days
segment seen    = visit in last 30 days
segment clicked = click in last 30 days
slot subject text max 1 fallback hello
slot hero         max 1 fallback plain
slot offers       max 2 optional
block hello for subject says "Seen {{ events.visit.last.page | default: '-' }}"
block cart for hero expires 48 hours after last(cart_change) requires consent.profiling
block plain for hero
block visitor for offers expires 1 day after last(visit)
block fixed for offers expires 2028-02-29
block moment for offers expires 2028-03-01T12:00
matrix main policy first {
  tie order
            | hero | offers (collect) |
  seen      | cart | visitor 9        |
  clicked   | -    | fixed 5          |
  otherwise | cart | moment           |
}
"""
SETTINGS = """name = "carts"
from = "a@example.com"
unsubscribe_url = "https://example.com/u?{{ profile.id }}"
postal_address = "1 Street, Town"
locale = "en_US"
layout = "layout.html"
[let]
visited = "{{ events.visit.last.at | default: '-' }}"
[blocks.cart]
use = "text"
inputs = { text = "Cart {{ TOTAL | money }} of {{ ITEM }} until {{ offer.expires | date: '%Y-%m-%d %H:%M' }}" }
[blocks.visitor]
use = "text"
inputs = { text = "Visit {{ let.visited }} {{ events.visit.last.seconds | default: '-' }} until {{ offer.expires }}" }
[blocks.fixed]
use = "text"
inputs = { text = "Until the end of {{ offer.expires }}" }
[blocks.moment]
use = "text"
inputs = { text = "Until {{ offer.expires }}" }
[blocks.plain]
use = "text"
inputs = { text = "Plain" }
""".replace("TOTAL", "events.cart_change.last.total | default: 0").replace(
    "ITEM", "events.cart_change.last.item | default: '-'"
)
LAYOUT = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ mail.subject }}</title></head><body>
{% slot "hero" %}
{% slot "offers" %}
<p>{{ campaign.postal_address }} <a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a></p>
</body></html>
"""


def written(folder: Path, *, rules: str = RULES, settings: str = SETTINGS) -> Path:
    """The folder of the campaign."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in (("campaign.toml", settings), ("a.rules", rules), ("layout.html", LAYOUT)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def people(count: int, seed: int) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Recipients with their events: some at one instant, some older than is kept, some of the future."""
    chance = random.Random(seed)
    for number in range(count):
        zone = chance.choice([None, "Asia/Tokyo", "America/New_York", "Europe/Paris"])
        profile = {
            "id": f"{number:04}",
            "email": f"p{number}@example.com",
            **({"tz": zone} if zone else {}),
            "consent": {"profiling": chance.random() < 0.6},
        }
        yield profile, [_event(chance) for _ in range(chance.randrange(6))]


def _event(chance: random.Random) -> dict[str, Any]:
    ago = timedelta(hours=chance.choice([-5, 0, 1, 1, 23, 24, 25, 47, 48, 49, 24 * 29, 24 * 31]))
    at = (NOW - ago).isoformat()
    match chance.choice(["cart_change", "visit", "visit", "click"]):
        case "cart_change":
            item = chance.choice([{"item": "CD-1"}, {"item": "CD-2"}, {}])
            return {"type": "cart_change", "at": at, "total": chance.choice(["12.50", "9.99"]), **item}
        case "visit":
            return {
                "type": "visit",
                "at": at,
                "page": chance.choice("ab"),
                "seconds": chance.choice([1.5, 20.0]),
            }
        case kind:
            return {"type": kind, "at": at, "url": "x"}
