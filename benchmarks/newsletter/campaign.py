"""The newsletter as a campaign: a layout with four slots of three blocks each, rules, a matrix.

Cut from `newsletter.liquid`; the names of its data become those that a campaign's templates see.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from benchmarks.newsletter.recipients import products

HERE = Path(__file__).resolve().parent
CENTS = ("price", "old_price", "total")

SETTINGS = """name = "nov-26-3"
from = {{ name = "Fjord & Sons", address = "news@example.com" }}
unsubscribe_url = "https://shop.example.com/u/{{{{ profile.token }}}}"
postal_address = "1 Harbour Street, 0150 Oslo"
locale = "en_US"
currency = "USD"
now = 2026-11-22T09:00:00Z
amp = "never"
context = "context.json"
{values}
[let]
greeting = "{{{{ profile.first_name | default: 'Friend' }}}}"
total_points = "{{{{ profile.points | plus: profile.bonus_points }}}}"
"""


def renamed(liquid: str) -> str:
    """The template with the names that a campaign's templates see."""
    swaps = [
        (r"\bcampaign\.(?=[a-z])", "campaign.values.issue."),
        (r"\b(brand|utm|offer|article)\.(?=[a-z])", r"campaign.values.\1."),
        (r"\buser\.tier\b", "profile.level"),
        (r"\buser\.", "profile."),
        (r"\bgreeting\b", "let.greeting"),
        (r"\btotal_points\b", "let.total_points"),
        (r"\bin recommendations\b", "in lists.picks"),
        (r"\bin cart\b", "in profile.cart"),
        (r"\bcart\.size\b", "profile.cart.size"),
        (r"\bin orders\b", "in profile.orders"),
        (r"\bif store\b", "if profile.stores.size > 0"),
        (r"\bstore\.", "profile.stores.first."),
    ]

    def inside(match: re.Match[str]) -> str:
        text = match[0]
        for pattern, name in swaps:
            text = re.sub(
                rf"(?<![.\w\"'-]){pattern[2:] if pattern.startswith(chr(92) + 'b') else pattern}", name, text
            )
        return text

    return re.sub(r"\{\{.*?\}\}|\{%.*?%\}", inside, liquid, flags=re.S)


def pieces() -> tuple[str, dict[str, str], str]:
    """Head, blocks by name, tail."""
    text = renamed((HERE / "newsletter.liquid").read_text(encoding="utf-8"))
    text = re.sub(r"\{% assign .*? %\}\n", "", text)
    parts = re.split(r"(?=<!-- block: )", text)
    blocks = {}
    for part in parts[1:]:
        found = re.match(r"<!-- block: (\w+) -->\n", part)
        assert found is not None
        blocks[found[1]] = part[found.end() :]
    at = blocks["footer"].index("</body>")
    tail = blocks["footer"][at:]
    blocks["footer"] = blocks["footer"][:at]
    return parts[0], blocks, tail


def variant(text: str, *swaps: tuple[str, str]) -> str:
    for old, new in swaps:
        assert old in text, old
        text = text.replace(old, new)
    return text


def slots(blocks: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Each slot with its three blocks: the original and two variants."""
    hero, recs, offer, story = (blocks[n] for n in ("hero", "recommendations", "offer", "editorial"))
    return {
        "hero": {
            "hero_plain": hero,
            "hero_vip": variant(hero, ("Hello {{", "Dear {{"), ('class="h1"', 'class="h1 c7"')),
            "hero_back": variant(hero, ("Hello {{", "We missed you, {{"), ('class="h1"', 'class="h1 m9"')),
        },
        "recs": {
            "recs_plain": recs,
            "recs_club": variant(recs, ("<br>#{{", '<br><span class="c12">Pick</span> #{{')),
            "recs_sale": variant(recs, ("Picked for you", "On sale for you")),
        },
        "offer": {
            "offer_plain": offer,
            "offer_gold": variant(offer, ("You save", "{{ profile.level | capitalize }} members save")),
            "offer_soft": variant(offer, ('<b style="font-family', '<b class="c20" style="font-family')),
        },
        "story": {
            "story_plain": story,
            "story_club": variant(story, ("By {{", '<span class="c30">For {{ let.greeting }}</span>, by {{')),
            "story_ref": variant(
                story, ("Read more</a>", "Read more</a> and {{ profile.referrals }} friends")
            ),
        },
    }


def write(folder: Path, shared: Mapping[str, Any]) -> None:
    """The campaign as a folder."""
    head, blocks, tail = pieces()
    of = {"hero": "hero", "recommendations": "recs", "offer": "offer", "editorial": "story"}
    body = "".join(f'{{% slot "{of[name]}" %}}\n' if name in of else text for name, text in blocks.items())
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "layout.html").write_text(head + body + tail, encoding="utf-8")
    shutil.copy(HERE / "newsletter.rules", folder / "main.rules")
    goods = [_item(one) for one in products()]
    (folder / "context.json").write_text(json.dumps({"catalogs": {"goods": goods}}), encoding="utf-8")
    values = {**shared, "issue": shared["campaign"]}
    tables = "".join(
        f"[values.{name}]\n{_toml(values[name])}" for name in ("brand", "issue", "utm", "offer", "article")
    )
    (folder / "campaign.toml").write_text(SETTINGS.format(values=tables), encoding="utf-8")
    for named in slots(blocks).values():
        for name, html in named.items():
            home = folder / "blocks" / name
            home.mkdir(parents=True, exist_ok=True)
            (home / "block.html").write_text(html, encoding="utf-8")
            (home / "block.toml").write_text(
                f'title = "{name}"\ndoc = "Of the newsletter."\n', encoding="utf-8"
            )


def _toml(table: Mapping[str, Any]) -> str:
    money = {"free_shipping"}
    rows = []
    for key, value in table.items():
        shown = str(Decimal(value) / 100) if key in money else value
        rows.append(f"{key} = {json.dumps(shown)}\n")
    return "".join(rows)


def recipient(given: Mapping[str, Any], *, whole: bool = False) -> dict[str, Any]:
    """A recipient of the newsletter as the campaign's rules declare one.

    What is recommended are keys into the catalogue; with `whole`, the recipient brings the items along.
    """
    user = dict(given["user"])
    profile = {key: value for key, value in user.items() if value is not None}
    profile["cart_total"] = str(Decimal(user["cart_total"]) / 100)
    profile["cart"] = [_item(one, drop=("id", "stock")) for one in given["cart"]]
    profile["orders"] = [_item(one) for one in given["orders"]]
    profile["stores"] = [given["store"]] if given["store"] else []
    picks = given["recommendations"]
    profile["lists"] = {"picks": [_item(one) if whole else one["id"] for one in picks]}
    return profile


def _item(one: Mapping[str, Any], drop: Iterable[str] = ()) -> dict[str, Any]:
    kept = {key: value for key, value in one.items() if value is not None and key not in drop}
    return {key: str(Decimal(value) / 100) if key in CENTS else value for key, value in kept.items()}
