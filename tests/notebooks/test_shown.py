"""What notebooks show: campaigns, decisions, e-mails; nothing personal, in frames in which nothing runs."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from pathlib import Path

import pytest

from mailweave import Email, Environment
from mailweave.message.masked_view import dotted
from mailweave.notebooks import show

ROOT = Path(__file__).resolve().parents[2]
ANN = {
    "id": "7",
    "email": "ann@example.com",
    "first_name": "Ann<b>",
    "orders": 4,
    "consent": {"marketing": True},
}
EXAMPLES = ("newsletter", "start", "cart", "winback", "receipt", "world", "birthday")


class Balanced(HTMLParser):
    """Reads HTML and remembers tags and their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.words += data


def framed(shown: str) -> str:
    """The page in the one frame of what is shown, which is sandboxed."""
    ((_, attributes),) = [one for one in Balanced(shown).tags if one[0] == "iframe"]
    assert attributes["sandbox"] == ""
    assert "src" not in attributes
    return str(attributes["srcdoc"])


def test_a_mail_shows_its_shape_and_none_of_its_words() -> None:
    campaign = Environment().compile(ROOT / "fixtures" / "docs" / "regulars")
    mail = campaign.render(ANN)
    assert isinstance(mail, Email)
    shown = mail._repr_html_()
    page = framed(shown)
    assert [
        word for word in ("Ann", "ann@", "thank you", "https://") if word in shown.replace("mailweave", "")
    ] == []
    assert set(re.sub(r"\s", "", Balanced(re.sub(r"<style.*?</style>", "", page, flags=re.S)).words)) <= {"•"}
    assert "background" in page


@pytest.mark.parametrize("example", EXAMPLES)
def test_no_value_of_a_recipient_is_in_a_shown_mail(example: str) -> None:
    """Every text of every saved recipient, whatever the rules say of it, but for names of blocks and slots."""
    folder = ROOT / "examples" / example
    campaign = Environment().compile(folder)
    for file in sorted((folder / "recipients").glob("*.json")):
        profile = json.loads(file.read_text(encoding="utf-8"))
        events = profile.pop("events", [])
        mail = campaign.render(profile, events=events)
        if isinstance(mail, Email):
            page = framed(mail._repr_html_())
            texts = [value for value in profile.values() if isinstance(value, str) and len(value) > 3]
            assert [text for text in texts if text in page] == []


def test_urls_scripts_comments_and_names_are_gone() -> None:
    page = dotted(
        '<body class="ann" background="https://x.example/ann"><!-- ann --><style>p{background:url(https://x/ann)}</style>'
        '<a href="https://x.example/?ann" style="background:URL(https://x/ann);color:red">ann</a>'
        '<script>ann()</script><svg><text>ann</text></svg><img src="cid:ann" alt="ann" width="4"></body>'
    )
    assert "ann" not in page
    assert "color:red" in page
    assert 'width="4"' in page


def test_masked_by_stand_ins_the_authors_words_stay() -> None:
    campaign = Environment().compile(ROOT / "fixtures" / "docs" / "regulars")
    shown = show(campaign, ANN)._repr_html_()
    assert "Hello, •••" in shown
    assert "4 orders: thank you" in unescape(framed(shown))
    assert "Ann" not in shown
    skipped = show(campaign, {**ANN, "consent": {}})._repr_html_()
    assert "no_consent" in skipped


def test_a_campaign_and_a_decision_show_names_that_their_author_gave() -> None:
    campaign = Environment().compile(ROOT / "examples" / "newsletter")
    shown = Balanced(campaign._repr_html_()).words
    assert "newsletter version 1" in shown
    assert "hero_rye, hero_starter" in shown
    saved = json.loads((ROOT / "examples/newsletter/recipients/newcomer.json").read_text(encoding="utf-8"))
    events = saved.pop("events", [])
    chosen = campaign.select(saved, events=events)
    told = chosen._repr_html_()
    assert "hero_starter" in told
    assert "newcomers" in told
    why = campaign.explain(saved, events=events)._repr_html_()
    for value in (saved["email"], saved["first_name"]):
        assert value not in told + why


def test_what_an_author_calls_things_is_escaped(tmp_path: Path) -> None:
    source = ROOT / "fixtures" / "docs" / "regulars"
    for name in ("campaign.toml", "main.rules"):
        text = (
            (source / name)
            .read_text(encoding="utf-8")
            .replace('name = "regulars"', 'name = "<script>x</script>"')
        )
        (tmp_path / name).write_text(text, encoding="utf-8")
    campaign = Environment().compile(tmp_path)
    assert "<script>" not in campaign._repr_html_()
    mail = campaign.render(ANN)
    assert isinstance(mail, Email)
    assert "<script>" not in mail._repr_html_()
