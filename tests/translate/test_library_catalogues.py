"""Catalogues of libraries: what is wrong with them, and what is asked of the campaign's own. What each locale is shown
is among the cases of fixtures/translate/variants.toml."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave import CampaignError, Environment
from mailweave.cli import group

FOLDER = Path(__file__).resolve().parents[2] / "fixtures" / "campaigns" / "variants"
BRAND = """
msgctxt "blocks/offer"
msgid "A ship"
msgstr "Ein Schiff"

msgid "You have {{ profile.points }} points, <1>go</1>."
msgstr "{{ profile.points }} Punkte, <1>los</1>."

msgid "The sea"
msgstr "Die See"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = Path(shutil.copytree(FOLDER, tmp_path / "variants"))
    settings = made / "campaign.toml"
    named = settings.read_text("utf-8").replace('name = "variants"', 'name = "v"\nlibraries = ["brand"]')
    settings.write_text(named, "utf-8")
    (made / "brand" / "locales").mkdir(parents=True)
    (made / "brand" / "locales" / "de.po").write_text(BRAND, "utf-8")
    return made


def test_a_mistake_is_told_in_the_file_of_the_library(folder: Path) -> None:
    file = folder / "brand" / "locales" / "de.po"
    file.write_text(BRAND.replace("<1>los</1>", "los"), "utf-8")
    with pytest.raises(CampaignError) as error:
        Environment().compile(folder)
    told = [(d.code, str(d.location).removeprefix(f"{folder}/")) for d in error.value.diagnostics]
    assert told == [("MW062", "brand/locales/de.po:6:1")]


@pytest.mark.parametrize(("name", "text"), [("de.po", "msgid 'a'\n"), ("german.po", 'msgid ""\nmsgstr ""\n')])
def test_a_catalogue_that_cannot_be_read_is_told(folder: Path, name: str, text: str) -> None:
    (folder / "brand" / "locales" / name).write_text(text, "utf-8")
    with pytest.raises(CampaignError) as error:
        Environment().compile(folder)
    assert [d.code for d in error.value.diagnostics] == ["MW063"]


def test_it_is_in_the_digest(folder: Path) -> None:
    before = Environment().compile(folder).digest
    (folder / "brand" / "locales" / "de.po").write_text(BRAND.replace("Schiff", "Boot"), "utf-8")
    assert Environment().compile(folder).digest != before


def test_what_a_library_has_is_not_asked_of_the_campaign(folder: Path) -> None:
    own = folder / "locales" / "de.po"
    own.write_text("\ufeff" + own.read_text("utf-8"), "utf-8")  # as some editors write it
    told = CliRunner().invoke(group, ["translate", "check", str(folder), "--missing"]).output
    assert "de: 5 of 6 texts" in told  # all but that of a text for Austria alone
    assert CliRunner().invoke(group, ["translate", "update", str(folder), "ar"]).exit_code == 0
    after = own.read_text("utf-8")
    assert after.startswith('msgid ""')
    assert "A ship" not in after
    assert 'msgid "The sea"\nmsgstr "Das Meer"' in after
    assert "A ship" in (folder / "locales" / "ar.po").read_text("utf-8")


def test_catalogues_of_other_locales_are_not_read(folder: Path) -> None:
    """A brand speaks more languages than each campaign on it."""
    (folder / "brand" / "locales" / "ja.po").write_text('msgid "The sea"\nmsgstr "<1>"\n', "utf-8")
    assert Environment().compile(folder)
