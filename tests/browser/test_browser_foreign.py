"""Stock blocks where their authors did not foresee them: in layouts of one's own, in rows with and without pictures."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from mailweave import Email, Environment
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.preview import Setting, show

MEASURES = (Path(__file__).parent / "measures.js").read_text(encoding="utf-8")
SMALLEST = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "smallest"
ANN = {"id": "7", "email": "ann@example.com", "first_name": "Ann", "consent": {"marketing": True}}
CATALOG = Catalog()
VIEWS = [(width, dark) for width in (375, 600) for dark in (False, True)]

PLAIN = '<p style="font-size:16px">Plain words</p>{% slot "hero" %}{% slot "footer" %}'
LAYOUTS = {
    "a white card": f"<style>.card{{background:#fff}}</style></head><body><div class='card'>{PLAIN}</div>",
    "a black card": "<style>.card{background:#000;color:#fff}</style></head>"
    f"<body><div class='card'>{PLAIN}</div>",
    "a card that says light": '<meta name="color-scheme" content="light"><style>.card{background:#fff}'
    f"</style></head><body><div class='card'>{PLAIN}</div>",
    "a card that knows the dark": '<meta name="color-scheme" content="light dark"><style>'
    ".card{background:#fff;color:#111}@media (prefers-color-scheme:dark)"
    "{.card{background:#111 !important;color:#eee !important}}"
    f"</style></head><body><div class='card'>{PLAIN}</div>",
}


@pytest.mark.parametrize("name", LAYOUTS)
def test_words_can_be_read_in_a_layout_of_ones_own(viewer: Any, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "campaign"
    shutil.copytree(SMALLEST, folder)
    settings = (folder / "campaign.toml").read_text(encoding="utf-8")
    (folder / "campaign.toml").write_text(settings.replace('layout = "newsletter"\n', ""), encoding="utf-8")
    layout = f'<!doctype html><html lang="en"><head><title>x</title>{LAYOUTS[name]}</body></html>'
    (folder / "layout.html").write_text(layout, encoding="utf-8")
    email = Environment().compile(folder).render(ANN)
    assert isinstance(email, Email)
    for width, dark in VIEWS:
        complaints = viewer.look(email.html, MEASURES, width=width, dark=dark)
        assert [one for one in complaints if "contrast" in one] == [], (width, dark)


def block(name: str) -> Block:
    found, wrong = CATALOG.block(name)
    assert found is not None, wrong
    return found


def rows(name: str, pictures: tuple[bool, ...]) -> Block:
    """The block with rows of which some have pictures."""
    made = block(name)
    own = set(made.spec.inputs["items"].fields) if "items" in made.spec.inputs else None
    items = [
        {
            "title": f"Record number {at}",
            "qty": 2,
            "price": "9.90",
            "url": "https://shop.example/",
            **({"image": "https://cdn.example.com/a-144x144.png"} if shown else {"image": ""}),
        }
        for at, shown in enumerate(pictures)
    ]
    if own is not None:
        items = [{key: value for key, value in item.items() if key in own} for item in items]
    sample = made.spec.sample
    changed = sample.model_copy(
        update={
            "profile": {**sample.profile, "cart": items},
            "lists": dict.fromkeys(sample.lists, items),
            "inputs": {**sample.inputs, "items": items} if "items" in made.spec.inputs else sample.inputs,
        }
    )
    spec = made.spec.model_copy(update={"sample": changed})
    return Block(made.name, spec, made.settings, made.html, made.text, made.amp, made.origin)


WIDTHS = """[...document.querySelectorAll('.mw-name')].map(name => {
  const row = name.closest('table').getBoundingClientRect(), cell = name.closest('td').getBoundingClientRect();
  return [Math.round(row.width), Math.round(cell.width), Math.round(name.getBoundingClientRect().height)];
})"""


@pytest.mark.parametrize("name", ["cart_reminder", "recommendations", "carousel"])
@pytest.mark.parametrize("pictures", [(False, False), (True, False), (False, True), (True, True)])
@pytest.mark.parametrize("locale", ["en", "ar"])
def test_each_row_stands_by_itself(viewer: Any, name: str, pictures: tuple[bool, ...], locale: str) -> None:
    letter, _ = CATALOG.layout("newsletter")
    assert letter is not None
    page = show(letter, {"main": rows(name, pictures)}, setting=Setting(locale=locale)).html
    for width, dark in VIEWS:
        assert viewer.look(page, MEASURES, width=width, dark=dark) == [], (width, dark)
        measured = viewer.look(page, WIDTHS, width=width)
        assert len(measured) == len(pictures)
        for (row, cell, height), shown in zip(measured, pictures, strict=True):
            assert cell >= (row - 88 if shown else row) * 0.55, measured  # the words take the free width
            assert height <= 30, measured  # and stand on one line
