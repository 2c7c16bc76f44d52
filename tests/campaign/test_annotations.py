"""Annotations in the head of a mail are those of the blocks that its reader was chosen to see."""

from __future__ import annotations

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from tests.message.small_campaign import GIVEN, write

from mailweave import Campaign, Email, Environment

RULES = """ruleset "small" version 1
profile {
  id    : key
  email : text
  other : text?
  name  : text?
  token : text?
}
consent marketing
segment readers = token is known
slot subject text max 1 fallback hello
slot hero max 1 fallback note
block hello for subject says "Hello"
block note for hero
block deal for hero expires 2026-12-24
matrix main policy priority {
  tie order
            | hero    |
  readers   | deal 10 |
  otherwise | note    |
}
"""
DEAL = """title = "Deal"
doc = "A deal."
[annotation]
description = "20 % for {{ profile.name }}"
code = "{{ profile.token }}"
url = "https://example.com/deal"
[[annotation.cards]]
image = "https://example.com/{{ profile.id }}.png"
headline = "{{ profile.other }}"
[[annotation.cards]]
image = "{{ profile.other }}"
"""


class Scripts(HTMLParser):
    """The linked data of a page, as a reader finds it."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[Any] = []
        self._is_in = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._is_in = tag == "script" and ("type", "application/ld+json") in attrs

    def handle_data(self, data: str) -> None:
        if self._is_in:
            self.found.append(json.loads(data))
            self._is_in = False


def things(html: str) -> list[Any]:
    reader = Scripts()
    reader.feed(html)
    return reader.found


def folder(path: Path, deal: str = DEAL, **settings: Any) -> Path:
    made = write(path / "small", {"logo": "https://example.com/logo.png", **settings})
    (made / "main.rules").write_text(RULES, encoding="utf-8")
    (made / "blocks/deal").mkdir()
    (made / "blocks/deal/block.toml").write_text(deal, encoding="utf-8")
    (made / "blocks/deal/block.html").write_text("<p>Deal for {{ profile.name }}</p>", encoding="utf-8")
    return made


def rendered(campaign: Campaign, **profile: Any) -> Email:
    """The mail, which is the same cut in two."""
    made = campaign.render({**GIVEN, **profile})
    assert isinstance(made, Email)
    for _ in range(3):  # by blocks, then by their program
        decided = campaign.decide({**GIVEN, **profile}, cuts=True)
        assert isinstance(decided, tuple)
        cut = decided[1].cut
        assert cut is not None
        assert cut.sheet.filled(cut.values) == (made.html, made.text, made.amp)
    return made


@pytest.mark.parametrize(
    "name", ["Ann", "Zoë", "</script><script>alert(1)</script>", '"\\', "<!--", "{{ x }}", "\u2028"]
)
def test_the_chosen_block_says_what_the_inbox_shows(name: str, tmp_path: Path) -> None:
    mail = rendered(
        Environment().compile(folder(tmp_path, amp="always")), token="SAVE20", name=name, other="Blue"
    )
    (found,) = things(mail.html)
    organization, offer, card = found
    said = name.replace("\u2028", " ").strip()
    assert organization == {
        "@context": "http://schema.org/",
        "@type": "Organization",
        "name": "small",
        "logo": "https://example.com/logo.png",
    }
    assert offer == {
        "@context": "http://schema.org/",
        "@type": "DiscountOffer",
        "description": f"20 % for {said}".strip(),
        "discountCode": "SAVE20",
        "offerPageUrl": "https://example.com/deal",
        "availabilityEnds": "2026-12-25T00:00:00+00:00",
    }
    assert card["@type"] == "PromotionCard"
    assert (card["image"], card["headline"], card["position"]) == ("https://example.com/7.png", "Blue", 1)
    assert mail.html.index("ld+json") < mail.html.index("</head>")
    assert mail.html.count("</script>") == 1
    assert "ld+json" not in (mail.amp or "")
    assert "DiscountOffer" not in mail.text


def test_another_block_says_nothing(tmp_path: Path) -> None:
    campaign = Environment().compile(folder(tmp_path))
    assert things(rendered(campaign, name="Ann").html) == []
    assert "<script" not in rendered(campaign, name="Ann").html
    assert things(rendered(campaign, name="Ann", token="X").html) != []


def test_a_time_that_is_none_leaves_the_offer_out(tmp_path: Path) -> None:
    deal = DEAL.replace("[[annotation.cards]]", 'expires = "{{ profile.other }}"\n[[annotation.cards]]', 1)
    campaign = Environment().compile(folder(tmp_path, deal))
    (found,) = things(rendered(campaign, token="X", other="soon").html)
    assert [one["@type"] for one in found] == ["Organization", "PromotionCard"]
    (found,) = things(rendered(campaign, token="X", other="2026-12-01T09:30+01:00").html)
    assert found[1]["availabilityEnds"] == "2026-12-01T08:30:00+00:00"


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("profile.token", "profile.tokn", "MW47"),
        ("description =", "descripton =", "MW602"),
        ("{{ profile.token }}", "{{ profile.token", "MW4"),
    ],
)
def test_what_is_wrong_with_an_annotation_is_told(tmp_path: Path, old: str, new: str, code: str) -> None:
    found = Environment().check(folder(tmp_path, DEAL.replace(old, new)))
    told = [one for one in found if one.severity.value == "error"]
    assert told
    assert all(one.code.startswith(code) and "block.toml" in str(one.location) for one in told), told
