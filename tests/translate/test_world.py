"""The receipt in six languages: read as plain text, and the same in each but for its words."""

from __future__ import annotations

import json
import re
import shutil
import unicodedata
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave import Campaign, Email, Environment
from mailweave.cli import group

ROOT = Path(__file__).resolve().parents[2]
WORLD = ROOT / "examples" / "world"
GOLDEN = ROOT / "fixtures" / "golden_mails" / "world"
LOCALES = ("en", "de", "ar", "ja", "pl", "he")
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
DIGITS = {"GBP": 2, "EUR": 2, "EGP": 2, "JPY": 0, "PLN": 2, "ILS": 2, "KWD": 3}
"""How many digits the minor unit of a currency has, by ISO 4217."""
KEPT = (
    r"Camellia( Tea Ltd, 4 Harbour Row, Leith EH6 6RA, United Kingdom)?|TEA10|C-[0-9]+|CA-[0-9]+|https?://\S+"
)
"""What is the same in every language: the brand, its address, codes, keys and links."""

ALIKE = {"de": {"am", "code", "mail", "november", "post"}}
"""Words that another language writes as English does."""


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return Environment().compile(WORLD)


def saved(locale: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((WORLD / "recipients" / f"{locale}.json").read_bytes())
    return read


def mail(campaign: Campaign, profile: dict[str, Any]) -> Email:
    made = campaign.render(profile, now=NOW)
    assert isinstance(made, Email), made
    return made


@pytest.mark.parametrize("locale", LOCALES)
def test_the_plain_text_is_read(campaign: Campaign, golden: Callable[[Path, str], None], locale: str) -> None:
    made = mail(campaign, saved(locale))
    golden(GOLDEN / f"{locale}.txt", f"{made.subject}\n{made.preheader}\n\n{made.text}")


@pytest.mark.parametrize("locale", LOCALES[1:])
def test_nothing_is_left_in_english(campaign: Campaign, locale: str) -> None:
    """In no mail of the six, each of which has other blocks, is a word of the same mail in English."""
    for profile in map(saved, LOCALES):
        own = _words(mail(campaign, {**profile, "locale": locale}))
        english = _words(mail(campaign, {**profile, "locale": "en"}))
        given = _words_of(json.dumps(profile, ensure_ascii=False))
        assert (own & english) - given - ALIKE.get(locale, set()) == set(), profile["id"]


@pytest.mark.parametrize("locale", ["ar", "ja", "he"])
def test_no_latin_word_stands_in_other_writing(campaign: Campaign, locale: str) -> None:
    made = mail(campaign, saved(locale))
    said = re.sub(KEPT, "", f"{made.subject}\n{made.preheader}\n{made.text}")
    assert re.findall(r"[A-Za-z]{2,}", said) == []


def test_no_text_is_missing() -> None:
    done = CliRunner().invoke(group, ["translate", "check", str(WORLD), "--missing"])
    assert done.exit_code == 0, done.output
    assert len(re.findall(r"^\w+: (\d+) of \1 texts$", done.output, re.M)) == len(LOCALES) - 1


def test_the_library_can_be_shared(campaign: Campaign, tmp_path: Path) -> None:
    """As docs/new.md says: moved beside the campaign, in a project that names it."""
    project = tmp_path / "project"
    shutil.copytree(WORLD, project / "receipt")
    (project / "receipt" / "brand").rename(project / "brand")
    (project / "mailweave.toml").write_text('roots = ["brand"]\n', encoding="utf-8")
    settings_file = project / "receipt" / "campaign.toml"
    text = settings_file.read_text(encoding="utf-8")
    settings_file.write_text(text.replace('libraries = ["brand"]', 'libraries = ["../brand"]'), "utf-8")
    done = CliRunner().invoke(group, ["check", "--no-cache", str(project / "receipt")])
    assert (done.exit_code, done.output) == (0, "")
    shared = Environment().compile(project / "receipt")
    for profile in map(saved, LOCALES):
        assert mail(shared, profile).html == mail(campaign, profile).html


# ---- for each locale the same, but for words
title = st.text(st.characters(categories=["L", "Zs", "Nd"]), min_size=1, max_size=12).map(
    lambda text: f"x{unicodedata.normalize('NFC', text)}x"
)
item = st.tuples(title, st.integers(1, 120), st.integers(0, 3_000_000))
profiles = st.fixed_dictionaries(
    {
        "currency": st.sampled_from(sorted(DIGITS)),
        "zone": st.sampled_from(["Asia/Tokyo", "Europe/London", "America/New_York", "Asia/Kolkata"]),
        "orders": st.integers(1, 3),
        "delivery": st.sampled_from(["courier", "shop"]),
        "order_number": st.from_regex(r"[A-Z]{2}-[0-9]{1,8}", fullmatch=True),
        "ordered_at": st.datetimes(datetime(2026, 1, 1), datetime(2026, 11, 30)),
        "arrives": st.dates(datetime(2026, 12, 1).date(), datetime(2027, 12, 1).date()),
        "items": st.lists(item, min_size=1, max_size=6),
        "amounts": st.tuples(st.integers(0, 900), st.integers(0, 90_000), st.integers(1, 9_000_000)),
        "consent": st.booleans(),
        "name": st.none() | title,
    }
)


@settings(max_examples=40, deadline=None)
@given(profiles)
def test_words_alone_differ(campaign: Campaign, drawn: dict[str, Any]) -> None:
    profile, written = _profile(drawn)
    mails = {locale: mail(campaign, {**profile, "locale": locale}) for locale in LOCALES}
    english = _Page.of(mails["en"])
    assert english.amounts(DIGITS[drawn["currency"]]) == written
    for locale, made in mails.items():
        page = _Page.of(made)
        assert made.locale == locale
        assert made.selection == mails["en"].selection
        assert made.idempotency_key == mails["en"].idempotency_key
        assert page.links == english.links
        assert page.tags == english.tags
        assert page.amounts(DIGITS[drawn["currency"]]) == written
        rows = [row[-1].replace("\u00a0", " ") for row in page.rows]
        assert all(cell in made.text.replace("\u00a0", " ") for cell in rows), rows
        assert page.quantities() == [each[1] for each in drawn["items"]]
        assert drawn["order_number"] in made.subject
        assert made.text.count(drawn["order_number"]) == mails["en"].text.count(drawn["order_number"])
        assert ("TEA10" in made.html) == drawn["consent"]
        assert ("TEA10" in made.text) == drawn["consent"]


def _profile(drawn: dict[str, Any]) -> tuple[dict[str, Any], list[int]]:
    """A profile of the campaign, and the amounts that its table must show, in minor units."""
    digits, (shipping, tax, total) = DIGITS[drawn["currency"]], drawn["amounts"]

    def whole(minor: int) -> float:
        return float(Decimal(minor).scaleb(-digits))

    profile = {
        "id": "7",
        "email": "ann@example.org",
        "consent": {"marketing": drawn["consent"]},
        "ordered_at": drawn["ordered_at"].replace(tzinfo=UTC).isoformat(),
        "arrives": drawn["arrives"].isoformat(),
        "order_items": [
            {"title": title, "qty": qty, "price": whole(price)} for title, qty, price in drawn["items"]
        ],
        "order_shipping": whole(shipping),
        "order_tax": whole(tax),
        "order_total": whole(total),
        **{name: drawn[name] for name in ("currency", "zone", "orders", "delivery", "order_number")},
        **({} if drawn["name"] is None else {"first_name": drawn["name"]}),
    }
    shown = [price for _, _, price in drawn["items"]] + ([shipping] if shipping else [])
    return profile, [*shown, tax, total]


class _Page(HTMLParser):
    """What a mail holds besides its words: elements, links, and the cells of its tables."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self._cell = False

    @classmethod
    def of(cls, made: Email) -> _Page:
        page = cls()
        page.feed(made.html)
        table = made.html.index("<caption")
        page.rows = []
        rest = cls()
        rest.feed(made.html[table : made.html.index("</table>", table)])
        page.rows = [row for row in rest.rows if row]
        return page

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src")]
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th") and self.rows:
            self.rows[-1].append("")
        self._cell = tag in ("td", "th")

    def handle_endtag(self, tag: str) -> None:
        self._cell = False

    def handle_data(self, data: str) -> None:
        if self._cell and self.rows:
            self.rows[-1][-1] += data

    def amounts(self, digits: int) -> list[int]:
        """The last cell of each row behind the heads, in minor units; one that says a word is none."""
        found = [_minor(row[-1], digits) for row in self.rows[1:]]
        return [one for one in found if one is not None]

    def quantities(self) -> list[int]:
        return [int(row[1]) for row in self.rows[1:] if len(row) == 3]


def _minor(text: str, digits: int) -> int | None:
    """An amount in minor units, whatever digits it is written in: int() reads those of all of Unicode."""
    figures = "".join(sign for sign in text if unicodedata.category(sign) == "Nd")
    if not figures:
        return None
    fraction = re.search(r"[.,\u066b](\d+)\D*$", text)
    assert (len(fraction[1]) if digits and fraction else 0) == digits, text
    return int(figures)


def _words(made: Email) -> set[str]:
    alt = " ".join(re.findall(r' alt="([^"]*)"', made.html))
    return _words_of(re.sub(KEPT, "", f"{made.subject}\n{made.preheader}\n{made.text}\n{alt}"))


def _words_of(text: str) -> set[str]:
    """Runs of at least two letters, in small ones."""
    return set(re.findall(r"[^\W\d_]{2,}", text.lower()))
