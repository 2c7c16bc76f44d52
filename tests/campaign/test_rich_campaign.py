"""A campaign with rich texts, from its folder to its parts: what links get, what data becomes, what travels."""

from __future__ import annotations

import pickle
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment
from mailweave.message.amp import validate

RULES = """ruleset "rich" version 1
profile {
  id         : key
  email      : text  pii
  first_name : text? pii
  points     : int = 0
}
consent marketing
skip no_consent "has not agreed to marketing" when not consent.marketing
slot subject text max 1 fallback hello
slot hero         max 1 fallback welcome
slot main         max 1 fallback questions
slot extra        max 1 fallback letter
slot footer       max 1 fallback legal
block hello     for subject says "Hello"
block welcome   for hero
block questions for main
block letter    for extra
block legal     for footer
"""
SETTINGS = """name = "rich"
from = "news@example.com"
unsubscribe_url = "https://example.com/unsubscribe?who={{ profile.id }}"
postal_address = "Example Ltd, 1 High Street, Oldtown"
layout = "newsletter"
amp = "always"

[utm]
source = "mail"

[blocks.welcome]
use = "hero"
[blocks.welcome.inputs]
heading = "Welcome"
text = '''
Dear **{{ profile.first_name | default: "friend" }}**, see [the shop](https://example.com/shop?a=1#top).

- one
{% if profile.points > 10 %}
- [two](https://example.com/{{ profile.id }})
{% endif %}
- [write](mailto:hi@example.com)
'''

[blocks.questions]
use = "faq"
[blocks.questions.inputs]
items = [
  { question = "Plain?", answer = "As before & as it was." },
  { question = "Marked?", answer = '''
**Yes**, by

2. this
3. [that](https://example.com/that)''' },
  { question = "Named?", answer = "*{{ profile.first_name }}*" },
]

[blocks.letter]
use = "text"
[blocks.letter.inputs]
text = '''
One **two**

Three\\
four'''

[blocks.legal]
use = "footer"
"""
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
HOSTILE = '**x** [a](javascript:alert(1)) <b onclick="x">'


def written(folder: Path, settings: str = SETTINGS) -> Campaign:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "campaign.toml").write_text(settings, encoding="utf-8")
    (folder / "main.rules").write_text(RULES, encoding="utf-8")
    return Environment().compile(folder)


def mail(campaign: Campaign, **profile: Any) -> Email:
    given = {"id": "7", "email": "ann@example.com", "consent": {"marketing": True}, **profile}
    made = campaign.render(given, now=NOW)
    assert isinstance(made, Email)
    return made


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    return written(tmp_path_factory.mktemp("rich"))


def test_links_get_what_links_get(campaign: Campaign) -> None:
    html = mail(campaign, points=11).html
    assert 'href="https://example.com/shop?a=1&amp;utm_source=mail#top">the shop</a>' in html
    assert 'href="https://example.com/7?utm_source=mail">two</a>' in html
    assert 'href="mailto:hi@example.com">write</a>' in html
    assert 'style="color:#3347c4;text-decoration:underline"' in html
    assert html.count("<ul") == html.count("<ol") == 1
    assert 'start="2"' in html


def test_a_link_that_shows_its_address_shows_it_once_in_the_text(tmp_path: Path) -> None:
    settings = SETTINGS.replace("[the shop](https://example.com/shop?a=1#top)", "<https://example.com/shop>")
    text = mail(written(tmp_path, settings)).text
    assert "see https://example.com/shop?utm_source=mail." in text


def test_the_example_of_the_page_compiles(tmp_path: Path) -> None:
    page = (Path(__file__).resolve().parents[2] / "docs" / "blocks.md").read_text(encoding="utf-8")
    profile, block = re.findall(r"```(?:rules|toml)\n(.*?)```", page.partition("## Blocks")[0], re.DOTALL)
    begin, end = RULES.index("profile {"), RULES.index("consent")
    (tmp_path / "main.rules").write_text(RULES[:begin] + profile + RULES[end:], encoding="utf-8")
    begin, end = SETTINGS.index("[blocks.welcome]"), SETTINGS.index("[blocks.questions]")
    settings = SETTINGS[:begin] + block.replace('"text"', '"hero"') + SETTINGS[end:]
    (tmp_path / "campaign.toml").write_text(settings, encoding="utf-8")
    made = mail(Environment().compile(tmp_path), points=101)
    assert "- a gift <https://shop.example.com/gift?utm_source=mail>" in made.text


def test_data_is_never_a_mark(campaign: Campaign) -> None:
    made = mail(campaign, first_name=HOSTILE)
    shown = "**x** [a](javascript:alert(1)) &lt;b onclick=&#34;x&#34;&gt;"
    assert f"<strong>{shown}</strong>" in made.html
    assert f"<em>{shown}</em>" in made.html
    assert HOSTILE in " ".join(made.text.split())


def test_the_text_reads_well(campaign: Campaign) -> None:
    assert mail(campaign, first_name="Ann").text.split("You receive")[0] == (
        "# Welcome\n\nDear Ann, see the shop <https://example.com/shop?a=1&utm_source=mail#top>.\n\n"
        "- one\n- write <mailto:hi@example.com>\n\n"
        "Plain?\nAs before & as it was.\n\n"
        "Marked?\nYes, by\n\n2. this\n3. that <https://example.com/that?utm_source=mail>\n\n"
        "Named?\nAnn\n\nOne two\n\nThree\nfour\n\n"
    )


def test_amp_has_it_too(campaign: Campaign) -> None:
    made = mail(campaign, first_name="Ann")
    assert made.amp is not None, made.amp_reason
    assert validate(made.amp).passed
    assert 'href="https://example.com/that?utm_source=mail">that</a>' in made.amp
    assert "<em>Ann</em>" in made.amp


def test_it_travels(campaign: Campaign) -> None:
    there = pickle.loads(pickle.dumps(campaign))
    assert mail(there, points=11).html == mail(campaign, points=11).html


def test_marks_are_in_the_digest(campaign: Campaign, tmp_path: Path) -> None:
    assert written(tmp_path, SETTINGS.replace("**two**", "*two*")).digest != campaign.digest


def test_a_text_without_marks_is_what_it_was_when_it_was_plain(tmp_path: Path) -> None:
    plain = SETTINGS.replace("*", "").replace("[the shop](https://example.com/shop?a=1#top)", "(the shop)")
    plain = plain.replace("- [two](https://example.com/{{ profile.id }})", "two").replace("- one", "one")
    plain = plain.replace("- [write](mailto:hi@example.com)", "write").replace("Three\\\n", "Three  \n")
    plain = plain.replace("2. this\n3. [that](https://example.com/that)", "this,\nthat")
    assert mail(written(tmp_path / "rich", plain)).html == mail(as_texts(tmp_path / "text", plain)).html


def as_texts(folder: Path, settings: str) -> Campaign:
    """The same campaign with blocks of its own that are the stock blocks with inputs of type `text`."""
    stock = Path(__file__).resolve().parents[2] / "blocks"
    for name in ("hero", "faq", "text"):
        for file in (stock / name).iterdir():
            (folder / "blocks" / name).mkdir(parents=True, exist_ok=True)
            text = file.read_text(encoding="utf-8").replace('type = "rich"', 'type = "text"')
            (folder / "blocks" / name / file.name).write_text(text, encoding="utf-8")
    return written(folder, settings)


def test_addresses_of_rich_texts_are_known_to_proofs(tmp_path: Path) -> None:
    pytest.importorskip("z3")
    from click.testing import CliRunner

    from mailweave.cli import group

    written(
        tmp_path,
        SETTINGS.replace("https://example.com/{{ profile.id }}", "https://example.com/{{ profile.email }}"),
    )
    result = CliRunner().invoke(group, ["prove", str(tmp_path)])
    assert "MW921" in result.output
    assert "campaign.toml:20:" in result.output
