"""The desk in one locale, whoever reads it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.preview.conftest import ROOT, Running, over_a_copy

ANN = {"id": "7", "email": "ann@example.com", "language": "fr", "points": 5, "consent": {"marketing": True}}


@pytest.fixture(scope="module")
def variants(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    folder = tmp_path_factory.mktemp("desk") / "variants"
    for running in over_a_copy(folder, ROOT / "fixtures" / "campaigns" / "variants"):
        running.compiled()
        yield running


def text(running: Running, locale: str) -> str:
    told = running.ask("mail", kind="edited", recipient=ANN, locale=locale)
    assert told["status"] == "rendered", told
    return str(told["parts"]["text"])


def test_a_mail_in_each_locale(variants: Running) -> None:
    assert variants.ask("state")["locales"] == ["en", "de", "fr", "ar", "en-XA", "ar-XB"]
    assert "La mer" in text(variants, "")
    assert "Ans Meer!" in text(variants, "de")
    assert "Servus" in text(variants, "de-AT")
    assert "Ţĥé šéå" in text(variants, "en-XA")
    assert "ehT\u200f" in text(variants, "ar-XB")


def test_the_choice_is_the_same_in_all(variants: Running) -> None:
    told = [variants.ask("mail", kind="edited", recipient=ANN, locale=one) for one in ("", "de", "en-XA")]
    assert len({str(one["why"]["slots"]) for one in told}) == 1
    assert len({one["key"] for one in told}) == 1


@pytest.mark.parametrize("locale", ["nl", "klingon", "\ud800", {"a": 1}])
def test_a_locale_that_the_campaign_has_not(variants: Running, locale: Any) -> None:
    told = variants.ask("mail", kind="edited", recipient=ANN, locale=locale)
    assert told["status"] == "failed"
    assert "it has en, de, fr, ar, en-XA, ar-XB" in told["findings"][0]["message"]


def test_the_covering_set_in_a_locale(variants: Running) -> None:
    subjects = {one["subject"] for one in variants.ask("cover", locale="de")["recipients"]}
    assert "Unser Angebot" in subjects
    assert "Our offer" not in subjects


def test_a_save_is_seen_and_the_last_good_mail_stays(variants: Running) -> None:
    assert "Ans Meer!" in text(variants, "de")
    page = variants.folder / "blocks" / "offer" / "block.de.html"
    good, number = page.read_text("utf-8"), variants.ask("state")["number"]
    page.write_text(good.replace("Ans Meer!", "Ab ans Meer!"), "utf-8")
    number = variants.changed(number)
    assert "Ab ans Meer!" in text(variants, "de")
    variants.compiled()
    number = variants.ask("state")["number"]
    page.write_text(good.replace("</h2>", "{% if %}"), "utf-8")
    variants.changed(number)
    assert "Ab ans Meer!" in text(variants, "de")
    assert not variants.ask("state")["current"]
    number = variants.ask("state")["number"]
    page.write_text(good, "utf-8")
    variants.changed(number)
    variants.compiled()


@pytest.mark.browser
def test_it_is_chosen_on_the_page_and_stands_in_the_address(browser: Any, variants: Running) -> None:
    context = browser.new_context(viewport={"width": 1500, "height": 950})
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(variants.address)
    page.wait_for_selector("html[data-shown]", state="attached")
    page.get_by_label("Locale").select_option("de")
    frame = page.frame_locator("#shown iframe")
    frame.get_by_text("Ans Meer!").wait_for()
    assert "locale=de" in page.url
    page.reload()
    frame.get_by_text("Ans Meer!").wait_for()
    assert page.get_by_label("Locale").input_value() == "de"
    page.goto(f"{variants.address}#locale=klingon")
    frame.get_by_text("The sea").first.wait_for()
    assert page.get_by_label("Locale").input_value() == ""
    context.close()
