"""Blocks and pictures by locale: who is shown which."""

from __future__ import annotations

import pickle
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment, lint
from mailweave.translate import asked

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "fixtures" / "campaigns" / "variants"
CASES = tomllib.loads((ROOT / "fixtures" / "translate" / "variants.toml").read_text(encoding="utf-8"))["case"]
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
OF_CASES = frozenset({"name", "files", "change"})


def made(case: dict[str, Any], folder: Path) -> Path:
    shutil.copytree(FOLDER, folder)
    settings = folder / "campaign.toml"
    for old, new in case.get("change", ()):
        text = settings.read_text(encoding="utf-8")
        assert old in text
        settings.write_text(text.replace(old, new), encoding="utf-8")
    for name, text in case.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def mail(campaign: Campaign, language: str) -> Email:
    ann: dict[str, Any] = {
        "id": "7",
        "email": "ann@example.com",
        "language": language,
        "points": 5,
        "consent": {"marketing": True},
    }
    found = campaign.render(ann, now=NOW)
    assert isinstance(found, Email)
    return found


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_locale_is_shown_its_own(case: dict[str, Any], tmp_path: Path) -> None:
    campaign = Environment().compile(made(case, tmp_path / "variants"))
    again = pickle.loads(pickle.dumps(campaign))
    for language in case.keys() - OF_CASES:
        shown = mail(campaign, language)
        html = shown.html.replace(' style="font-weight:700"', "")
        assert [one for one in case[language].get("says", ()) if one not in html] == [], language
        assert [one for one in case[language].get("text", ()) if one not in shown.text] == [], language
        wrong = [one for one in case[language].get("not", ()) if one in shown.html or one in shown.text]
        assert wrong == [], language
        assert mail(again, language) == shown


def test_decisions_are_the_same(tmp_path: Path) -> None:
    campaign = Environment().compile(FOLDER)
    mails = [mail(campaign, language) for language in ("en", "de", "de-AT", "fr", "ar", "")]
    assert len({tuple(one.selection.items()) for one in mails}) == 1
    assert len({one.idempotency_key for one in mails}) == 1


@pytest.mark.parametrize("name", ["block.de.html", "block.de_AT.txt"])
def test_a_variant_changes_the_digest(name: str, tmp_path: Path) -> None:
    folder = made({}, tmp_path / "variants")
    before = Environment().compile(folder).digest
    file = folder / "blocks" / "offer" / name
    file.write_text(f"{file.read_text(encoding='utf-8')} ", encoding="utf-8")
    assert Environment().compile(folder).digest != before


def test_lint_looks_at_variants(tmp_path: Path) -> None:
    folder = made({}, tmp_path / "variants")
    page = folder / "blocks" / "offer" / "block.de.html"
    page.write_text(page.read_text("utf-8").replace(' alt="Das Meer"', ""), "utf-8")
    told = [str(d.location) for d in lint.check(folder) if d.code == "MW951"]
    assert [one.rpartition("/")[2] for one in told] == ["block.de.html:4:1"]


def test_a_variant_without_the_address_is_told(tmp_path: Path) -> None:
    """What the law asks for is asked of each variant."""
    folder = made({}, tmp_path / "variants")
    footer = folder / "blocks" / "legal"
    footer.mkdir()
    (footer / "block.toml").write_text("title = 'Footer'\ndoc = 'The end.'\n", "utf-8")
    whole = "<p><a href='{{ campaign.unsubscribe_url }}'>Leave</a> {{ campaign.postal_address }}</p>"
    (footer / "block.html").write_text(whole, "utf-8")
    settings = folder / "campaign.toml"
    settings.write_text(settings.read_text("utf-8").replace('[blocks.legal]\nuse = "footer"\n', ""), "utf-8")
    assert not {"MW015", "MW054"} & {d.code for d in lint.check(folder)}
    (footer / "block.de.html").write_text("<p>Ende</p>", "utf-8")
    assert {"MW015", "MW054", "MW939"} <= {d.code for d in lint.check(folder)}


@pytest.mark.parametrize("file", ["locales/{}.po", "blocks/offer/block.{}.html"])
def test_a_file_for_another_locale_is_another_campaign(file: str, tmp_path: Path) -> None:
    found = []
    for locale in ("de", "fr"):
        folder = tmp_path / locale
        shutil.copytree(FOLDER, folder, ignore=shutil.ignore_patterns("*.po", "block.*.*"))
        for name in ("locales/de.po", "blocks/offer/block.de.html"):
            (folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(FOLDER / name, folder / name)
        (folder / file.format("de")).rename(folder / file.format(locale))
        campaign = Environment().compile(folder)
        found.append((campaign.digest, mail(campaign, "de").html))
    assert found[0][1] != found[1][1]
    assert found[0][0] != found[1][0]


def test_the_words_of_a_variant_are_not_asked_of_translators(tmp_path: Path) -> None:
    """Those of its AMP neither, nor those of the one that a campaign of one locale shows."""
    files = {"locales/de.po": 'msgid "a"\nmsgstr "b"\n', "blocks/offer/block.de.amp.html": "<p>Nur hier</p>"}
    for number, change in enumerate(([], [['"{{ profile.language }}"', '"de"']])):
        folder = made({"files": files, "change": change}, tmp_path / str(number))
        texts = asked(folder).texts
        words = {text for _, text in texts or ()}
        assert not {one for one in words if "Nur hier" in one or "Ans Meer" in one}
        assert any("The sea" in one for one in words) is not bool(change)


def test_of_two_files_for_one_locale_the_rightly_named_one_counts(tmp_path: Path) -> None:
    folder = made({"files": {"blocks/offer/block.DE.html": "<p>Falsch</p>"}}, tmp_path / "variants")
    (told,) = [one for one in lint.check(folder) if one.code == "MW065"]
    assert "block.DE.html" in str(told.location)
    assert "block.de.html is of the same locale" in told.message
    assert "did you mean" not in f"{told.message} {told.help}"


@pytest.mark.parametrize("name", ["block.de.htm", "block-de.html", "block.amp.de.html", "block_de.txt"])
def test_a_file_that_is_nearly_a_part_is_told(name: str, tmp_path: Path) -> None:
    folder = made({"files": {f"blocks/offer/{name}": "<p>Da</p>"}}, tmp_path / "variants")
    (told,) = [one for one in lint.check(folder) if one.code == "MW065"]
    assert str(told.location or told.place).endswith(name)
