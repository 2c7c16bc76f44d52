"""Nobody is shut out: stock blocks, layouts and the demo's mails, judged by axe-core and by what the consortium counts.

In English, German and Arabic; light and dark; with pictures and without.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from tests.browser.test_browser_blocks import CATALOG, FULL, block, layout

from mailweave import Email, Environment
from mailweave.batch.sources import Recipients
from mailweave.content.preview import Setting, show

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "fixtures"
DEMO, LIST = FIXTURES / "campaigns" / "cdnow-winback", FIXTURES / "cdnow"
CONSORTIUM = (Path(__file__).parent / "consortium.js").read_text(encoding="utf-8")
AXE = """async () => {
  const found = await axe.run(document, {resultTypes: ["violations"]});
  return found.violations.filter(v => ["serious", "critical"].includes(v.impact))
    .map(v => v.id + ": " + v.nodes.map(n => n.html.slice(0, 120)).join(" | "));
}"""
LOCALES = {"en": "USD", "de": "EUR", "ar": "EGP"}
VIEWS = [(dark, images) for dark in (False, True) for images in (True, False)]
MAILS = 25


@cache
def page(name: str, locale: str) -> str:
    """A layout with a block in each slot, or a block by itself in the newsletter."""
    setting = Setting(locale=locale, currency=LOCALES[locale])
    if name in FULL:
        blocks = {slot: block(one) for slot, one in FULL[name].items()}
        return show(layout(name), blocks, setting=setting).html
    return show(layout("newsletter"), {"main": block(name)}, setting=setting).html


@cache
def mails(count: int) -> tuple[str, ...]:
    """Mails of the demo, each with another choice of blocks."""
    campaign = Environment().compile(DEMO)
    found: dict[str, str] = {}
    for one in Recipients(LIST / "profiles.parquet", LIST / "events.parquet"):
        mail = campaign.render(one.profile, events=one.events)
        if isinstance(mail, Email):
            found.setdefault(str(sorted(mail.selection.items())), mail.html)
        if len(found) == count:
            break
    return tuple(found.values())


def judged(
    viewer: Any, axe: str, html: str, *, whole: bool, views: Sequence[tuple[bool, bool]] = VIEWS
) -> None:
    """Nothing serious is found, whichever way the mail is looked at."""
    ours = f"window.wholeMail = {str(whole).lower()}; {CONSORTIUM}"
    assert viewer.look(html, ours) == []
    for dark, images in views:
        found = viewer.look(html, f"{axe}; ({AXE})()", width=375, dark=dark, images=images)
        assert found == [], ("dark" if dark else "light", "pictures" if images else "no pictures")


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", FULL)
def test_a_layout_is_for_everybody(viewer: Any, axe: str, name: str, locale: str) -> None:
    judged(viewer, axe, page(name, locale), whole=True)


@pytest.mark.parametrize("name", CATALOG.names())
def test_a_block_is_for_everybody(viewer: Any, axe: str, name: str) -> None:
    judged(viewer, axe, page(name, "en"), whole=False, views=VIEWS[-1:])


@pytest.mark.deep
@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("name", CATALOG.names())
def test_a_block_is_for_everybody_in_every_view(viewer: Any, axe: str, name: str, locale: str) -> None:
    judged(viewer, axe, page(name, locale), whole=False)


@pytest.mark.parametrize("at", range(3))
def test_a_mail_of_the_demo_is_for_everybody(viewer: Any, axe: str, at: int) -> None:
    judged(viewer, axe, mails(3)[at], whole=True, views=VIEWS[-1:])


@pytest.mark.deep
@pytest.mark.parametrize("at", range(MAILS))
def test_many_mails_of_the_demo_are_for_everybody(viewer: Any, axe: str, at: int) -> None:
    judged(viewer, axe, mails(MAILS)[at], whole=True)


BAD = {
    "no lang and dir in body": "<p>x</p>",
    "html lang": "<html><p>x</p>",
    "a data table without": "<table><tr><td>x</td></tr></table>",
    "for Outlook": "<!--[if mso]><table><tr><td><![endif]-->",
    "a VML shape without alt": '<!--[if mso]><v:rect fill="true"></v:rect><![endif]-->',
    "a VML link": '<!--[if mso]><v:roundrect alt="x" href="https://shop.example/"></v:roundrect><![endif]-->',
    "a link to": '<a href="http://shop.example/">Our shop</a>',
    "does not say where": '<a href="https://shop.example/">Click here</a>',
    "justified": '<p style="text-align:justify">x</p>',
    "which filters count": '<p style="font-size:1px">x</p>',
    "no alt": "<img src=x>",
    "h3 behind h1": "<h1>x</h1><h3>y</h3>",
    "no title": "",
}


@pytest.mark.parametrize("complaint", BAD)
def test_what_is_wrong_is_seen(viewer: Any, complaint: str) -> None:
    found = viewer.look(f"<!doctype html>{BAD[complaint]}", CONSORTIUM)
    assert any(complaint in one for one in found), found


def test_a_good_mail_is_good(viewer: Any) -> None:
    good = (
        '<!doctype html><html lang="de" dir="ltr"><title>Guten Tag</title><body><div lang="de" dir="ltr"><h1>Hallo</h1>'
        '<table role="presentation"><tr><td><a href="https://shop.example/">Zum Laden</a></td></tr></table></div>'
    )
    assert viewer.look(good, f"window.wholeMail = true; {CONSORTIUM}") == []
