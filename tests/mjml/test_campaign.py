"""A campaign whose layout and blocks are MJML, from its folder to its mails."""

from __future__ import annotations

import builtins
import pickle
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from mailweave import CampaignError, Environment, Skip
from mailweave.campaign.compiler import opened
from mailweave.campaign.source_marks import SourceMarks
from mailweave.content.block_files import Folder
from mailweave.content.catalog import Catalog
from mailweave.diagnostics import Diagnostic, Severity
from mailweave.message.email import Email
from mailweave.mjml import layout_of
from mailweave.source import Source
from tests.mjml.conftest import Camera
from tests.mjml.templates import ROOT, reads

SHOP = ROOT / "fixtures" / "mjml" / "shop"
ANN = {"id": "1", "email": "ann@example.org", "name": "Ann", "vip": True}
TEXT = """\
# Five books for long evenings

Five books

Dear Ann, good to see you.

To your shelf <https://shop.example/vip?who=1>

In HTML.

One more on the table.

And all the others <https://shop.example/two>.

Harbour Books, 4 Quay Street, Bristol. Unsubscribe from these mails
<https://shop.example/unsubscribe?who=1>"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """The campaign, to be changed."""
    return Path(shutil.copytree(SHOP, tmp_path / "shop"))


def mail(folder: Path, person: dict[str, Any] = ANN) -> Email:
    made = Environment().compile(folder).render(person)
    assert not isinstance(made, Skip)
    return made


def wrong(folder: Path) -> list[str]:
    found = errors(Environment().check(folder))
    return [f"{one.code} {one.location or one.place}" for one in found]


def test_a_campaign_of_mjml_is_clean_and_has_all_parts() -> None:
    found = Environment().check(SHOP)
    assert [one.code for one in found if one.severity is not Severity.NOTE] == []
    made = mail(SHOP)
    assert made.text.strip() == TEXT
    assert made.amp is not None
    assert "To your shelf" in made.amp
    assert "[if mso" not in made.amp
    assert "To your shelf" not in mail(SHOP, {**ANN, "vip": False}).html


@pytest.mark.browser
def test_a_mail_looks_as_if_blocks_stood_in_their_slots(
    npm_html: Callable[[str], str], camera: Camera
) -> None:
    whole = (ROOT / "fixtures" / "mjml" / "shop-whole.mjml").read_text(encoding="utf-8")
    for width in (375, 600):
        assert camera(mail(SHOP).html, width) == camera(npm_html(whole), width)


def test_the_rules_of_columns_stand_in_the_head_once() -> None:
    head, _, body = mail(SHOP).html.partition("</head>")
    for column in ("60", "40", "50", "100"):
        assert head.count(f".mj-column-per-{column}{{") == 2, column  # and once for Thunderbird
    assert "<style" not in body


def test_it_travels_with_all_that_it_includes() -> None:
    campaign = Environment().compile(SHOP)
    names = {name for name, _ in campaign.texts.files}
    assert {"layout.mjml", "blocks/hero/block.mjml", "shared/foot.mjml", "shared/words.css"} <= names
    there = opened(pickle.loads(pickle.dumps(campaign.texts)))
    assert there.digest == campaign.digest
    both = [one.render(ANN) for one in (there, campaign)]
    assert [one.html for one in both if not isinstance(one, Skip)] == [mail(SHOP).html] * 2


def test_an_included_file_is_part_of_the_digest(shop: Path) -> None:
    before = Environment().compile(shop).digest
    (shop / "shared/foot.mjml").write_text((shop / "shared/foot.mjml").read_text().replace("note", "other"))
    assert Environment().compile(shop).digest != before


def test_a_block_for_one_locale_may_be_mjml(shop: Path) -> None:
    settings = (shop / "campaign.toml").read_text().replace('locale = "en"', 'locale = "de"')
    (shop / "campaign.toml").write_text(settings)
    german = '<mj-section><mj-column width="77%"><mj-text>Noch eins.</mj-text></mj-column></mj-section>'
    (shop / "blocks/news/block.de.mjml").write_text(german)
    made = mail(shop)
    assert "Noch eins." in made.html
    assert ".mj-column-per-77" in made.html


def test_a_block_of_mjml_in_a_layout_of_html(shop: Path) -> None:
    (shop / "layout.mjml").unlink()
    places = "".join(f'{{% slot "{name}" %}}' for name in ("preheader", "top", "main"))
    page = (
        f"<!doctype html><html><head></head><body>{places}<table>{{% slot 'aside' %}}</table></body></html>"
    )
    (shop / "layout.html").write_text(page)
    assert wrong(shop) == []
    assert ".mj-column-per-60" in mail(shop).html


def test_two_sources_are_refused(shop: Path) -> None:
    (shop / "layout.html").write_text("<p>x</p>")
    (shop / "blocks/hero/block.html").write_text("<p>x</p>")
    (shop / "blocks/news/block.de.html").write_text("<p>x</p>")
    (shop / "blocks/news/block.de.mjml").write_text("<mj-section></mj-section>")
    places = [one.removeprefix("MW653 ").split("shop/")[1] for one in wrong(shop) if one.startswith("MW653")]
    assert sorted(places) == ["blocks/hero/block.mjml", "blocks/news/block.de.mjml", "layout.mjml"]


def test_a_layout_that_is_named_is_the_one(shop: Path) -> None:
    (shop / "layout.html").write_text("<p>x</p>")
    settings = (shop / "campaign.toml").read_text()
    (shop / "campaign.toml").write_text(
        settings.replace('locale = "en"', 'locale = "en"\nlayout = "layout.mjml"')
    )
    assert wrong(shop) == []


@pytest.mark.parametrize(
    ("file", "old", "new", "found"),
    [
        ("layout.mjml", "{{ profile.name }}", "{{ profile.nam }}", "MW470 layout.mjml:19:44"),
        (
            "blocks/hero/block.mjml",
            "{{ block.heading }}",
            "{{ block.headin }}",
            "MW470 blocks/hero/block.mjml:3:52",
        ),
        (
            "shared/foot.mjml",
            "{{ campaign.postal_address }}",
            "{{ campaign.postal }}",
            "MW470 shared/foot.mjml:4:10",
        ),
        (
            "blocks/news/block.mjml",
            "<mj-text>One",
            "<mj-tex>One",
            "MW640 blocks/news/block.mjml:3:5",
        ),
        ("layout.mjml", '{% slot "main" %}', "", "MW010 main.rules"),
        ("layout.mjml", '{% slot "main" %}', '{% slot "mian" %}', "MW011 layout.mjml"),
    ],
)
def test_what_later_stages_find_has_the_place_of_the_mjml(
    shop: Path, file: str, old: str, new: str, found: str
) -> None:
    text = (shop / file).read_text()
    assert old in text
    (shop / file).write_text(text.replace(old, new))
    told = [one.replace(f"{shop.as_posix()}/", "") for one in wrong(shop)]
    assert any(one.startswith(found) for one in told), told


def test_marks_of_the_preview_name_lines_of_the_mjml() -> None:
    text = (SHOP / "layout.mjml").read_text(encoding="utf-8")
    files = {
        path: (SHOP / path).read_text(encoding="utf-8") for path in ("shared/words.css", "shared/foot.mjml")
    }
    made, _, _ = layout_of(Source("layout.mjml", text), "layout.mjml", reads(files))
    assert made is not None
    marks = SourceMarks()
    lines = {
        one.line for one in marks.split(marks.marked(made.html.text, made.html)) if not isinstance(one, str)
    }
    at = text.splitlines()
    assert next(n for n, line in enumerate(at, 1) if "To your shelf" in line) in lines


def test_without_the_extra_it_says_what_to_install(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def without(name: str, *rest: Any) -> Any:
        if name == "mrml":
            raise ImportError(name)
        return real(name, *rest)

    monkeypatch.setattr(builtins, "__import__", without)
    with pytest.raises(CampaignError) as caught:
        Environment().compile(shop)
    missing = [one for one in caught.value.diagnostics if one.code == "MW022"]
    assert missing
    assert missing[0].help == "pip install 'mailweave[mjml]'"


def test_a_catalogue_shows_blocks_of_mjml_by_themselves() -> None:
    block, found = Catalog([Folder(SHOP / "blocks", "blocks", "campaign")]).block("hero")
    assert block is not None
    assert errors(found) == []
    assert "max-width:600px" in block.html.text


def errors(found: tuple[Diagnostic, ...]) -> list[Diagnostic]:
    return [one for one in found if one.severity is Severity.ERROR]
