"""Pseudo-locales: what is no text for translators is seen before there are any."""

from __future__ import annotations

import pickle
import re
import shutil
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from click.testing import CliRunner

from mailweave import Campaign, CampaignError, Email
from mailweave.campaign import compile_folder
from mailweave.cli import group
from mailweave.content.messages import of_line, problem
from mailweave.content.pseudo_locales import accented, turned

ROOT = Path(__file__).resolve().parents[2]
CASES = tomllib.loads((ROOT / "fixtures" / "translate" / "pseudo.toml").read_text(encoding="utf-8"))["case"]
VARIANTS = ROOT / "fixtures" / "campaigns" / "variants"
NOW = datetime(2026, 3, 5, 9, 0, tzinfo=UTC)
ANN = {"id": "7", "email": "ann@example.com", "language": "de", "points": 5, "consent": {"marketing": True}}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["text"])
def test_texts(case: dict[str, Any]) -> None:
    assert accented(case["text"]) == case["accented"]
    assert turned(case["text"]) == case["turned"]


@pytest.mark.parametrize(
    "text", ["Our shop is open until nine", "a", "Hello {{ name }}, see <1>all</1> of it"]
)
def test_a_text_is_longer_by_two_fifths_and_keeps_its_placeholders(text: str) -> None:
    message = of_line(text.replace("<1>", "").replace("</1>", ""))
    assert message is not None
    assert problem(message, accented(message.text)) == ""
    words = re.sub(r"\{\{.*?\}\}", "", message.text)
    said = re.sub(r"\{\{.*?\}\}", "", accented(message.text))
    assert 1.3 <= len(said) / len(words) <= 1.9 or len(words) < 3


def compiled(folder: Path, locale: str) -> Campaign:
    campaign, found = compile_folder(folder, locale=locale)
    assert campaign is not None, found
    return campaign


def mail(campaign: Campaign, profile: dict[str, Any] = ANN) -> Email:
    made = campaign.render(profile, now=NOW)
    assert isinstance(made, Email)
    return made


def hrefs(html: str) -> list[str]:
    page = lxml.html.fromstring(html)
    return [str(link) for one in page.iter() for name in ("href", "src") if (link := one.get(name))]


def words(html: str) -> set[str]:
    """What is read, by a parser that is not ours."""
    body = lxml.html.fromstring(html).find("body")
    assert body is not None
    for hidden in body.iter("style"):
        hidden.text = ""
    return set(re.findall(r"[^\W\d_]{3,}", " ".join(map(str, body.itertext()))))


def test_what_is_no_text_has_no_accents(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(VARIANTS, tmp_path / "it"))
    page = folder / "blocks" / "offer" / "block.html"
    page.write_text(page.read_text("utf-8") + '<p>{{ "Not extracted" | upcase }}</p>', "utf-8")
    shown = mail(compiled(folder, "en-XA"))
    plain = {word for word in words(shown.html) if word.isascii()}
    sender = {"news", "example", "com", "Example", "Ltd", "High", "Street", "Oldtown"}
    assert plain - sender == {"NOT", "EXTRACTED"}
    assert shown.subject == "[Öûŕ öƒƒéŕ oñé]"
    assert hrefs(shown.html) == hrefs(mail(compiled(folder, "en")).html)


def test_the_other_direction() -> None:
    shown = mail(compiled(VARIANTS, "ar-XB"))
    assert 'dir="rtl"' in shown.html
    assert "\u200fehT\u200f \u200faes\u200f</h2>" in shown.html
    assert 'dir="ltr"' in mail(compiled(VARIANTS, "en-XA")).html


def test_each_locale_may_be_asked_for() -> None:
    assert "Ans Meer!" in mail(compiled(VARIANTS, "de-AT")).html
    assert "La mer" in mail(compiled(VARIANTS, "fr")).html
    assert compile_folder(VARIANTS, locale="nl")[0] is None


def test_such_a_campaign_does_not_travel() -> None:
    """Whoever opens its texts elsewhere would write to everybody in their own locale."""
    sent = pickle.dumps(compiled(VARIANTS, "en-XA"))
    with pytest.raises(CampaignError):
        pickle.loads(sent)


@pytest.mark.parametrize(("locale", "code"), [("en-XA", 0), ("de_AT", 0), ("nl", 1), ("klingon", 1)])
def test_render_takes_a_locale(locale: str, code: int, tmp_path: Path) -> None:
    (tmp_path / "ann.json").write_text('{"id": "7", "email": "a@b.com", "consent": {"marketing": true}}')
    given = ["--profile", str(tmp_path / "ann.json"), "--out", str(tmp_path / "out"), "--locale", locale]
    ended = CliRunner().invoke(group, ["render", str(VARIANTS), *given])
    assert (ended.exit_code, "Traceback" in ended.output) == (code, False), ended.output
    assert ("it has en, de, fr, ar, en-XA, ar-XB" in ended.output) == (code == 1)
