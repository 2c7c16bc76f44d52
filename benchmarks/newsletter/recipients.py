"""The recipients of the benchmark newsletter: made up, the same for a seed on every machine."""

from __future__ import annotations

import random
from typing import Any

Values = dict[str, Any]
_ADJECTIVES = "Soft Bright Classic Urban Alpine Organic Slim Heavy Vintage Nordic".split()
_NOUNS = "Jacket Lamp Sneaker Backpack Kettle Blanket Watch Skillet Desk Tent".split()
_DESCRIPTION = (
    "Made for everyday use & weekends <3, it's our favourite piece with recycled materials and a "
    "two year guarantee "
)


def money(cents: int | None) -> str:
    """The caller's own filter: pure, the same in every engine."""
    return "" if cents is None else f"${cents / 100:,.2f}"


def make(count: int, seed: int = 7) -> tuple[Values, list[Values]]:
    """What the campaign shares, and `count` recipients; a full context is both together."""
    dice = random.Random(seed)
    catalog = _products(dice)
    cities = ["Oslo", "Bergen", "Köln", "Łódź", "Paris"]
    stores = [
        {"name": f"Store {n}", "street": f"{n} Main St", "zip": f"{10000 + n}", "city": dice.choice(cities)}
        | {"hours": "9-18"}
        for n in range(40)
    ]
    return shared(), [_recipient(dice, number, catalog, stores) for number in range(count)]


def products(seed: int = 7) -> list[Values]:
    """The catalogue that the recipients of a seed are shown."""
    return _products(random.Random(seed))


def _products(dice: random.Random) -> list[Values]:
    return [_product(dice, number) for number in range(400)]


def _product(dice: random.Random, number: int) -> Values:
    extra = ("& Co " if number % 7 == 0 else "") + (
        "for a very long and cosy season " if number % 5 == 0 else ""
    )
    name = f"{dice.choice(_ADJECTIVES)} {dice.choice(_NOUNS)} {extra}{number}"
    price, length = dice.randint(499, 29999), dice.randint(40, 140)
    # python-liquid cuts a text of exactly the length asked for; the others do not
    length += length == 80
    name += "!" if len(name) == 40 else ""
    return {
        "id": number,
        "name": name,
        "url": f"https://shop.example.com/p/{number}",
        "image": f"https://cdn.example.com/img/{number}.jpg",
        "description": (_DESCRIPTION + name + "." * 140)[:length],
        "price": price,
        "old_price": price + dice.randint(100, 5000) if number % 3 == 0 else None,
        "stock": dice.randint(0, 60),
    }


def _recipient(dice: random.Random, number: int, catalog: list[Values], stores: list[Values]) -> Values:
    cart = [
        dict(dice.choice(catalog), qty=dice.randint(1, 3)) for _ in range(dice.choice([0, 0, 3, 3, 4, 5]))
    ]
    user = {
        "id": f"u{number:06d}",
        "first_name": dice.choice(["Ann", "Bjørn", "Zoë", "D'Arcy", "", None, "Tom & Jo"]),
        "city": dice.choice(["Oslo", "Paris", None, "Łódź"]),
        "tier": dice.choice(["gold", "silver", "platinum", "bronze"]),
        "points": dice.choice([0, 50, 120, 900, 4000]),
        "bonus_points": dice.randint(0, 300),
        "points_expire": f"2027-0{dice.randint(1, 9)}-1{dice.randint(0, 9)}",
        "cart_total": sum(item["price"] * item["qty"] for item in cart),
        "referrals": dice.randint(0, 5),
        "referral_code": f"R{number}",
        "email": f"user{number}@example.com",
        "subscribed": _day(dice, 2015, 2025),
        "token": f"{dice.getrandbits(64):016x}",
    }
    return {
        "user": user,
        "cart": cart,
        "recommendations": dice.sample(catalog, dice.randint(3, 8)),
        "orders": [_order(dice) for _ in range(dice.randint(3, 8))],
        "store": dice.choice(stores) if dice.random() < 0.8 else None,
    }


def _order(dice: random.Random) -> Values:
    return {
        "number": 100000 + dice.randint(0, 99999),
        "date": _day(dice, 2026, 2026),
        "total": dice.randint(1000, 90000),
        "status": dice.choice(["shipped", "delivered", "returned"]),
        "reviewed": dice.random() < 0.5,
    }


def _day(dice: random.Random, first: int, last: int) -> str:
    return f"{dice.randint(first, last)}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}"


def shared() -> Values:
    """What is the same for every recipient of the campaign."""
    return {
        "brand": {
            "color": "#1a6fd4",
            "background": "#f4f4f4",
            "url": "https://shop.example.com",
            "logo": "https://cdn.example.com/logo.png",
            "name": "Fjord & Sons",
            "tagline": "warm things since 1921",
            "program": "Fjord Club",
            "free_shipping": 4900,
            "facebook": "https://facebook.com/fjord",
            "instagram": "https://instagram.com/fjord",
            "youtube": "https://youtube.com/fjord",
            "pinterest": "https://pinterest.com/fjord",
            "legal_name": "Fjord & Sons AS",
            "address": "1 Harbour Street, 0150 Oslo",
            "vat": "NO123456789",
            "phone": "+47 22 00 00 00",
            "disclaimer": "Prices include VAT. While stocks last; we can't reserve items.",
        },
        "campaign": {
            "id": "nov-26-3",
            "locale": "en",
            "subject": "Warm up for winter, it's time",
            "preheader": "New arrivals, your points and a private offer inside. Open before Sunday to claim "
            "the member price on everything.",
            "date": "2026-11-22",
            "hero_image": "https://cdn.example.com/hero.jpg",
            "hero_alt": "Winter & snow",
            "intro": "It's getting cold, and here is what people like in",
            "cta": "Shop now",
            "year": 2026,
        },
        "utm": {"source": "newsletter", "medium": "email", "campaign": "winter-26"},
        "offer": {
            "active": True,
            "min_points": 100,
            "title": "A private offer",
            "text": "Members save more this week.",
            "code": "warm26",
            "expires": "2026-11-30",
            "discount": 15,
            "cta": "Get the offer",
            "teaser": "Collect 100 points to unlock private offers.",
        },
        "article": {
            "title": "How to layer like a local",
            "summary": "Wool next to skin, air in the middle, and a shell that keeps the rain away. " * 3,
            "author": "Kari O'Neill",
            "minutes": 6,
            "url": "https://shop.example.com/blog/layers",
        },
    }
