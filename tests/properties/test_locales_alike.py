"""In each locale the same choice, links, numbers and offers: only words differ.

Campaigns are drawn with blocks, catalogues with plural forms, variants of blocks, and pictures by locale. Mails are read by
lxml, and catalogues written by Babel: neither is ours.
"""

from __future__ import annotations

import io
import random
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import lxml.html
import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave import Campaign, Email, Environment
from mailweave.campaign import compile_folder
from mailweave.content.messages import PLACEHOLDER
from mailweave.content.plural_entries import pair
from mailweave.translate import asked

NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
LOCALES = {"de": "äöü", "de_AT": "üß", "fr": "éèç", "pl": "łąż", "ar": "ابت", "ja": "語文字", "he": "אבג"}
ASKED = ("en", "en-GB", "de", "de-AT", "de-CH", "fr", "pl", "ar", "ja", "he-IL", "nl", "")
SEA = "https://img.example/sea.png"
PICTURES = {locale: f"https://img.example/sea-{locale}.png" for locale in LOCALES}
_NUMBER = re.compile(r"\d(?:[\d.,'’\u00a0\u202f]*\d)?")
_LINK = re.compile(r"https?://[^\s<>]+")

PIECES = (
    "<p>WORDS <b>WORDS</b> WORDS</p>",
    "<p>WORDS {{ profile.points }} WORDS, <a href='https://shop.example/NUM?of={{ profile.id }}'>WORDS</a>.</p>",
    "<ul><li>WORDS</li><li>{{ profile.price | money }} WORDS</li></ul>",
    "<p>{{ profile.points | plural: one: '# WORD', other: '# WORDS' }} WORDS {{ profile.id }}</p>",
    "{% if profile.points > 3 %}<p>WORDS {{ profile.points | times: NUM }}</p>{% else %}<h3>WORDS</h3>{% endif %}",
    f"<img src='{SEA}' alt='WORDS' width='10'>",
    "<table><tr><td>WORDS</td><td><a href='https://shop.example/NUM'>WORDS <i>WORDS</i></a></td></tr></table>",
    "<p>WORDS {{ offer.expires | date: '%d %m' }}</p>",
    "<p>{{ block.note }} WORDS<br>WORDS</p>",
    "{% for i in (1..3) %}<p>WORDS {{ i }}</p>{% endfor %}",
    "{% render 'call', label: 'WORDS', at: 'https://shop.example/NUM' %}",
)
RULES = """ruleset "alike" version 1

profile {
  id       : key
  email    : text  pii
  language : text?
  points   : int = 0
  price    : number = 1
}
consent marketing

skip no_consent "has not agreed" when not consent.marketing

segment many = points > 10

slot subject text max 1 fallback hello
slot hero         max 1 fallback b0
slot footer       max 1 fallback legal

block hello for subject says "SUBJECT {{ profile.points }}"
BLOCKS
block legal for footer

matrix main policy priority {
  tie order
            | subject | hero |
  many      | -       | b1 5 |
  otherwise | hello   | b0   |
}
"""
SETTINGS = """name = "alike"
from = "news@example.com"
unsubscribe_url = "https://example.com/bye?who={{ profile.id }}"
postal_address = "Example Ltd, High Street, Oldtown"
layout = "newsletter"
locale = "{{ profile.language }}"
currency = "EUR"
numerals = "latin"
now = 2026-03-05T09:00:00Z

[blocks.legal]
use = "footer"

[blocks.b0.inputs]
note = "NOTE {{ profile.points }}"
"""
BLOCK = "title = 'It'\ndoc = 'It.'\n[inputs.note]\ntype = 'rich'\ndoc = 'A note.'\ndefault = 'See **more** of it'\n"


def words(draw: random.Random, letters: str = "abcdefgh") -> str:
    return " ".join(
        "x" + "".join(draw.choice(letters) for _ in range(draw.randint(1, 6)))
        for _ in range(draw.randint(1, 3))
    )


def filled(draw: random.Random, text: str, letters: str = "abcdefgh") -> str:
    text = re.sub("WORDS?", lambda _: words(draw, letters), text)
    return re.sub("NUM", lambda _: str(draw.randint(2, 99)), text)


def translated(draw: random.Random, text: str, letters: str) -> str:
    """A text in other words; outputs that stand side by side change their places where no tag is near."""
    marks = PLACEHOLDER.findall(text)
    if all(mark.startswith("{{") for mark in marks):
        draw.shuffle(marks)
    return words(draw, letters) + "".join(f" {mark} {words(draw, letters)}" for mark in marks)


def catalogue(draw: random.Random, texts: Any, locale: str) -> bytes:
    made = Catalog(locale=locale)
    for context, text in texts:
        if draw.random() < 0.2:
            continue  # nobody has translated it
        ids = pair(text)
        if ids is None or draw.random() < 0.2:
            made.add(text, translated(draw, text, LOCALES[locale]), context=context)
            continue
        marks = PLACEHOLDER.findall(ids[1])
        forms = tuple(
            f"{number} ".replace(str(number), words(draw, LOCALES[locale]), 1)
            + "#"
            + "".join(f" {mark} {words(draw, LOCALES[locale])}" for mark in marks)
            for number in range(made.num_plurals)
        )
        made.add(ids, forms, context=context)
    out = io.BytesIO()
    write_po(out, made)
    return out.getvalue()


def campaign(draw: random.Random, folder: Path) -> Campaign:
    blocks = ["b0", "b1"]
    declared = "block b0 for hero\nblock b1 for hero expires 2026-12-24"
    (folder / "it.rules").write_text(
        RULES.replace("BLOCKS", declared).replace("SUBJECT", words(draw)), encoding="utf-8"
    )
    chosen = draw.sample(sorted(LOCALES), 4)
    images = "".join(f'\n[images.{one}]\n"{SEA}" = "{PICTURES[one]}"\n' for one in chosen[:2])
    for name in blocks:
        known = [piece for piece in PIECES if name == "b1" or "offer." not in piece]
        made = [draw.choice(known) for _ in range(draw.randint(2, 6))]
        if not any(SEA in piece for piece in made):
            made.append(PIECES[5])
        pieces = [re.sub("NUM", lambda _: str(draw.randint(2, 99)), piece) for piece in made]
        home = folder / "blocks" / name
        home.mkdir(parents=True)
        is_shown = any("block.note" in piece for piece in pieces)
        (home / "block.toml").write_text(BLOCK if is_shown else BLOCK.replace("**", ""), encoding="utf-8")
        (home / "block.html").write_text("\n".join(filled(draw, one) for one in pieces), encoding="utf-8")
        if draw.random() < 0.5:  # the same in other words, by its own author
            locale = draw.choice(chosen)
            variant = "\n".join(filled(draw, one, LOCALES[locale]) for one in pieces)
            (home / f"block.{locale}.html").write_text(variant, encoding="utf-8")
    (folder / "snippets").mkdir()
    (folder / "snippets" / "call.html").write_text("<p><a href='{{ at }}'>{{ label }}</a></p>\n", "utf-8")
    (folder / "campaign.toml").write_text(SETTINGS.replace("NOTE", words(draw)) + images, encoding="utf-8")
    found = asked(folder)
    assert found.texts is not None, found.diagnostics
    (folder / "locales").mkdir()
    for locale in chosen[1:]:
        (folder / "locales" / f"{locale}.po").write_bytes(catalogue(draw, found.texts, locale))
    return Environment().compile(folder)


def numbers(text: str) -> Counter[str]:
    """The figures of each number, however a locale groups them."""
    return Counter(re.sub(r"\D", "", one) for one in _NUMBER.findall(_LINK.sub(" ", text)))


def facts(made: Email) -> dict[str, Any]:
    """What must not differ."""
    page = lxml.html.fromstring(made.html)
    body = page.find("body")
    assert body is not None
    pictures = dict.fromkeys(PICTURES.values(), SEA)
    return {
        "choice": dict(made.selection),
        "key": made.idempotency_key,
        "links": Counter(link for one in page.iter("a") if (link := one.get("href"))),
        "pictures": Counter(pictures.get(src, src) for one in page.iter("img") if (src := one.get("src"))),
        "elements": Counter(one.tag for one in body.iter() if isinstance(one.tag, str)),
        "numbers": numbers(" ".join(map(str, body.itertext()))),
        "numbers of the text": numbers(made.text),
        "links of the text": Counter(link.rstrip(".,") for link in _LINK.findall(made.text)),
        "numbers of the subject": numbers(made.subject),
    }


def people() -> Iterator[dict[str, Any]]:
    for points, price in ((1, 4), (5, 1234.5), (12, 0.25)):
        yield {
            "id": f"k{points}",
            "email": "ann@example.com",
            "points": points,
            "price": price,
            "consent": {"marketing": True},
        }


def check(seed: int) -> None:
    draw = random.Random(seed)
    with TemporaryDirectory() as folder:
        made = campaign(draw, Path(folder))
        pseudo, found = compile_folder(Path(folder), locale="en-XA")
        assert pseudo is not None, found
        said = set()
        for who in people():
            plain = made.render({**who, "language": "en"}, now=NOW)
            assert isinstance(plain, Email)
            wanted = facts(plain)
            assert str(who["points"]) in wanted["numbers of the subject"]
            for language in ASKED:
                mail = made.render({**who, "language": language}, now=NOW)
                assert isinstance(mail, Email)
                assert facts(mail) == wanted, (seed, language)
                said.add(mail.text)
            mail = pseudo.render(who, now=NOW)
            assert isinstance(mail, Email)
            assert {**facts(mail), "key": wanted["key"]} == wanted, (seed, "en-XA")
        assert len(said) > 6, "the locales do not differ at all"


@settings(deadline=None, max_examples=3)
@given(st.integers(0, 2**32))
def test_words_alone_differ(seed: int) -> None:
    check(seed)


@pytest.mark.deep
@settings(deadline=None, max_examples=200)
@given(st.integers(0, 2**32))
def test_words_alone_differ_in_every_campaign(seed: int) -> None:
    check(seed)
