"""The receipt in six languages, as a browser shows it: one structure, two directions, nothing that overflows."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import Email, Environment

ROOT = Path(__file__).resolve().parents[2]
WORLD = ROOT / "examples" / "world"
MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
LOCALES = {"en": "ltr", "de": "ltr", "ar": "rtl", "ja": "ltr", "pl": "ltr", "he": "rtl"}
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
STRUCTURE = """(() => [...document.body.querySelectorAll("*")].map(element => [
  element.tagName, element.className, element.getAttribute("href"), element.getAttribute("src"),
  element.parentElement.tagName, element.childElementCount]))()"""
CELLS = """(() => [...document.querySelectorAll("div[lang], td, th, p, h1, h2, caption")].map(
  element => getComputedStyle(element).direction))()"""
COLUMNS = """(() => {
  const table = document.querySelector(".mw-data");
  return [...table.rows].filter(row => row.cells.length == 3).map(row => [...row.cells].map(cell => {
    const range = document.createRange();
    range.selectNodeContents(cell);
    const words = range.getBoundingClientRect(), box = cell.getBoundingClientRect();
    return {at: box.left, start: words.left - box.left, end: box.right - words.right};
  }));
})()"""
PLACES = """(() => {
  const found = {};
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode, at = node.data.indexOf(NUMBER);
    if (at < 0) continue;
    const boxes = [...NUMBER].map((sign, place) => {
      const range = document.createRange();
      range.setStart(node, at + place);
      range.setEnd(node, at + place + 1);
      return range.getBoundingClientRect();
    }).filter(box => box.width > 0);
    found[node.parentElement.tagName] = boxes.map(box => [box.top, box.left]);
  }
  return found;
})()"""


@pytest.fixture(scope="module")
def mails() -> dict[tuple[str, str], str]:
    """Each saved recipient in each language: their HTML by who it is and the language."""
    campaign = Environment().compile(WORLD)
    made = {}
    for who in LOCALES:
        profile = json.loads((WORLD / "recipients" / f"{who}.json").read_bytes())
        for locale in LOCALES:
            email = campaign.render({**profile, "locale": locale}, now=NOW)
            assert isinstance(email, Email)
            made[who, locale] = email.html
    return made


@pytest.mark.parametrize("locale", LOCALES)
def test_nothing_overflows(viewer: Any, mails: dict[tuple[str, str], str], locale: str) -> None:
    for width, dark in ((320, False), (600, True)):
        assert viewer.look(mails[locale, locale], MEASURES, width=width, dark=dark) == [], (width, dark)


@pytest.mark.parametrize("who", LOCALES)
def test_the_structure_is_one(viewer: Any, mails: dict[tuple[str, str], str], who: str) -> None:
    """The same elements in the same order with the same links and pictures; only words differ."""
    shown = {locale: viewer.look(mails[who, locale], STRUCTURE) for locale in LOCALES}
    assert len(shown["en"]) > 40
    for locale, structure in shown.items():
        assert structure == shown["en"], locale


@pytest.mark.parametrize(("locale", "direction"), LOCALES.items())
def test_it_runs_in_its_direction(
    viewer: Any, mails: dict[tuple[str, str], str], locale: str, direction: str
) -> None:
    html = mails[locale, locale]
    assert set(viewer.look(html, CELLS)) == {direction}
    assert viewer.look(html, "document.documentElement.dir") == direction
    assert viewer.look(html, "document.documentElement.lang")[:2] == locale
    for title, quantity, price in viewer.look(html, COLUMNS, width=600):
        near, far = ("end", "start") if direction == "rtl" else ("start", "end")
        assert abs(title[near]) <= 1
        assert abs(price[far]) <= 1
        assert (title["at"] < quantity["at"] < price["at"]) == (direction == "ltr")


@pytest.mark.parametrize("locale", LOCALES)
def test_an_order_number_is_read_from_left_to_right(viewer: Any, locale: str) -> None:
    """One that begins with figures and ends in letters would be turned around by Arabic words beside it."""
    profile = json.loads((WORLD / "recipients" / f"{locale}.json").read_bytes())
    email = Environment().compile(WORLD).render({**profile, "order_number": "7103-CA"}, now=NOW)
    assert isinstance(email, Email)
    places = viewer.look(email.html, PLACES.replace("NUMBER", '"7103-CA"'), width=600)
    assert {"H1", "H2"} <= set(places)
    for boxes in places.values():
        assert boxes == sorted(boxes)
