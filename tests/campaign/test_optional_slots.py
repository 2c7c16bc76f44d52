"""A slot that stays empty leaves no gap: its mail is that of a layout without the place."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave import Email, Environment
from mailweave.campaign.optional_places import closing_up
from mailweave.decisions import Selection

NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
ANN = {"id": "1", "email": "ann@example.com"}
RULES = """ruleset "gaps" version 1
profile {
  id     : key
  email  : text pii
  orders : int = 0
  visits : int = 0
}
segment buyers   = orders >= 1
segment visitors = visits >= 1
slot subject text   max 1 fallback hello
slot preheader text max 1 optional
slot hero           max 1 fallback plain
slot extra          max 1 optional
slot events         max 1 optional
block hello for subject says "Hello"
block pre   for preheader says "Look here"
block plain for hero
block offer for extra
block visit for events
matrix main policy first {
  tie order
            | preheader | extra | events |
  buyers    | pre       | offer | -      |
  visitors  | -         | -     | visit  |
  otherwise | -         | -     | -      |
}
"""
SETTINGS = """name = "gaps"
from = "a@example.com"
unsubscribe_url = "https://example.com/u?{{ profile.id }}"
postal_address = "1 Street, Town"
amp = "always"
"""
BLOCK = '[blocks.{0}]\nuse = "text"\ninputs = {{ text = "Words of {0}" }}\n'
PAGE = """<!DOCTYPE html>
<html lang="en"><head><meta charset="utf-8"><title>{{ mail.subject }}</title></head>
<body>
%s
<p>{{ campaign.postal_address }} <a href="{{ campaign.unsubscribe_url }}">Unsubscribe</a></p>
</body></html>
"""
PLACES = ("preheader", "extra", "events")
AROUND = {
    "bare": "{0}",
    "row": '<table role="presentation"><tr><td>First</td></tr>\n<tr><td class="x">{0}</td></tr>\n</table>',
    "liquid in an attribute": '<div dir="{{{{ campaign.dir }}}}">\n  {0}\n</div>',
    "deep": "<div><table><tbody><tr><td><div>{0}</div></td></tr></tbody></table></div>",
    "commented": "<div><!-- the offers --> {0}</div>",
}


def campaign(folder: Path, body: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    settings = SETTINGS + "".join(BLOCK.format(name) for name in ("plain", "offer", "visit"))
    for name, text in (("campaign.toml", settings), ("a.rules", RULES), ("layout.html", PAGE % body)):
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def place(name: str) -> str:
    return f'{{% slot "{name}" %}}'


def mail(folder: Path, **data: int) -> Email:
    email = Environment().compile(folder).render({**ANN, **data}, now=NOW)
    assert isinstance(email, Email)
    return email


def marks(html: str | None) -> str:
    """HTML without its white space between elements and lines."""
    return re.sub(r"\s+", " ", re.sub(r">\s+<", "><", re.sub(r"<style[^>]*>.*?</style>", "", html or "")))


@pytest.mark.parametrize("around", AROUND)
def test_an_empty_slot_leaves_nothing_behind(around: str, tmp_path: Path) -> None:
    body = "\n".join(
        [place("preheader"), place("hero"), *(AROUND[around].format(place(n)) for n in PLACES[1:])]
    )
    first = '<table role="presentation"><tr><td>First</td></tr>\n</table>' if around == "row" else ""
    without = "\n".join([place("hero"), first, first])
    full = mail(campaign(tmp_path / "full", body))
    bare_rules = re.sub(
        r"(?ms)^slot (?:preheader|extra|events).*?$\n|^block (?:pre|offer|visit).*?$\n|^matrix.*", "", RULES
    )
    folder = campaign(tmp_path / "bare", without)
    (folder / "a.rules").write_text(bare_rules, encoding="utf-8")
    bare = mail(folder)
    assert full.selection["extra"] == full.selection["events"] == ()
    assert marks(full.html) == marks(bare.html)
    assert full.text == bare.text
    assert full.amp is not None
    assert marks(full.amp) == marks(bare.amp)


@pytest.mark.parametrize("around", AROUND)
def test_a_slot_that_is_filled_stands_in_its_elements(around: str, tmp_path: Path) -> None:
    body = "\n".join(
        [place("preheader"), place("hero"), *(AROUND[around].format(place(n)) for n in PLACES[1:])]
    )
    email = mail(campaign(tmp_path, body), orders=1)
    assert "Words of offer" in email.html and "Words of offer" in email.text  # noqa: PT018
    assert "Words of visit" not in email.html
    assert email.preheader == "Look here"
    assert "Look here" in email.html


def test_two_in_one_card_keep_it_as_long_as_one_is_there(tmp_path: Path) -> None:
    card = f'<table><tr><td bgcolor="#eeeeee">{place("extra")}{place("events")}</td></tr></table>'
    folder = campaign(tmp_path, place("hero") + card)
    assert "#eeeeee" not in mail(folder).html
    for data in ({"orders": 1}, {"visits": 1}, {"orders": 1, "visits": 1}):
        assert "#eeeeee" in mail(folder, **data).html


@pytest.mark.parametrize(
    ("layout", "kept"),
    [
        ('<tr><td>{% slot "a" %}</td><td>x</td></tr>', "<tr><td></td><td>x</td></tr>"),
        ('<div>{% slot "a" %}<img src="x"></div>', '<div><img src="x"></div>'),
        ('<div><!--[if mso]><p><![endif]-->{% slot "a" %}</div>', "<div><!--[if mso]><p><![endif]--></div>"),
        ('<div><p>{% slot "a" %}</div>', "<div><p></div>"),
        ("<div>{% slot 'a' %}{{ x }}</div>", "<div>{{ x }}</div>"),
        ('<td>{% slot "a" %}</td>', "<td></td>"),
        ('a\n  {% slot "a" %}  \nb', "a\nb"),
        ('<div>{% slot "b" %}</div>', '<div>{% slot "b" %}</div>'),
    ],
)
def test_what_holds_more_stays(layout: str, kept: str) -> None:
    made = closing_up(layout, ["a"])
    assert re.sub(r"(?s)\{% if mail.filled.*?\{% endif %\}", "", made) == kept


tree = st.recursive(
    st.sampled_from([place("a"), place("b"), place("c"), "word", "<br>", " ", "\n"]),
    lambda inside: st.builds(
        lambda name, parts: f"<{name}>{''.join(parts)}</{name}>",
        st.sampled_from(["div", "table", "tr", "td", "p"]),
        st.lists(inside, max_size=3),
    ),
)


@settings(deadline=None)
@given(st.lists(tree, max_size=4).map("".join))
def test_what_is_added_is_conditions_alone(layout: str) -> None:
    made = closing_up(layout, ["a", "b"])
    assert re.sub(r"\{% (?:if [^%]*|endif) %\}", "", made) == layout
    assert made.count("{% if ") == made.count("{% endif %}")


def test_a_selection_says_empty(tmp_path: Path) -> None:
    compiled = Environment().compile(campaign(tmp_path, "".join(map(place, ("hero", *PLACES)))))
    chosen = compiled.select(ANN, now=NOW)
    assert isinstance(chosen, Selection)
    assert (chosen["extra"], chosen.reasons["extra"].how) == ((), "empty")
    told = compiled.explain(ANN, now=NOW)
    assert "extra: empty, because no row holds" in told.to_text(detail="short")
