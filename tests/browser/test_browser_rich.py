"""Rich texts in a real browser: nothing but the marks that are allowed comes out, whatever authors and data hold.

Thousands of random texts are compiled by a hundred as the records of one block, with hostile values, rendered by a
campaign, and looked at in one page. The judge is Chromium's tree; what simple texts become is known from how they
were drawn, and not by reading them.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from tests.conftest import part_of

from mailweave import Campaign, Environment
from mailweave.content.rich.reading import read_rich
from mailweave.content.rich.writing import Carrier, markup
from mailweave.diagnostics import Severity, TemplateError
from mailweave.liquid import Template
from mailweave.source import Source

pytest.importorskip("playwright")
pytestmark = [pytest.mark.browser]

BATCH = 100
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
SHOWN = {"p", "br", "strong", "em", "a", "ul", "ol", "li"}
CLASSES = {"mw-words", "mw-inline", "mw-list", "mw-item", "w"}
HOSTILE = (
    "**x** _y_ [a](javascript:alert(1)) <img src=x onerror=alert(1)> \"' onclick=alert(1) \n\n- z\n1. q {{ 7 }} {% if %}",
    "javascript:alert(1)",
    'https://a.example/" onmouseover="alert(1)',
    "</p></div></td><script>alert(1)</script>&lt;b&gt;",
)
SIGNS = [
    "*", "**", "_", "__", "***", "[", "]", "(", ")", "](", "<", ">", "`", "```", "~~", "#", "# ", "- ", "* ", "1. ", "+ ",
    "\n", "\n\n", "\n  ", "\n    ", "\\", "\\\n", "  \n", "|", "---", "===", "!", "![", "&lt;", "&#106;", "&", '"', "'",
    "{", "}", "{{", "%}", "<b>", "</p>", "<script>", "<!--", "-->", "<img src=x onerror=alert(1)>", "<a href=//x>", "\t",
    "\U000f0000", "\ue000", "\u202e", "\u2028", "\xa0", "é", "漢", "a", "b c", "word ", " ", "2026. ",
]  # fmt: skip
TARGETS = [
    "(https://a.example/x?y=1&z=2)", "(mailto:a@b.example)", "(tel:+15)", "(javascript:alert(1))", "(<https://a.example>)",
    "(JaVaScRiPt:alert(1))", "(data:text/html,<script>)", "(vbscript:x)", "(//a.example)", "( https://a.example \"t\")",
    "({{ profile.link }})", "(https://a.example/{{ profile.name }})", "({{ profile.name }}:x)", "(java{{ profile.name }})",
    "(https://a.example/\"><script>)", "(&#106;avascript:alert(1))", "(https://a.example/{{)",
]  # fmt: skip
OUTPUTS = [
    "{{ profile.name }}", "{{ profile.link }}", "{{ profile.tail | upcase }}", "{{ '**x**' }}", "{{- profile.name -}}",
    "{% comment %}*x*{% endcomment %}", "{% raw %}<b>{{ *x* }}</b>{% endraw %}", "{% if profile.vip %}**a**{% endif %}",
    "\n{% if profile.vip %}\n- c\n{% else %}\n- *d*\n{% endif %}\n", "{%- unless profile.vip -%}a{%- endunless -%}",
    "\n\n{% if profile.vip %}\n\n_e_\n\n{% endif %}\n\n", "{% for n in (1..2) %}[{{ n }}](https://a.example){% endfor %}",
    "\n{% for n in (1..2) %}\n- {{ n }}\n{% endfor %}\n", "[a]({{ profile.link }})",
    "[a](https://a.example/{{ profile.name }})",
]  # fmt: skip
TAGS = [
    "{% if profile.vip %}",
    "{% else %}",
    "{% endif %}",
    "{% unless profile.vip %}",
    "{% endunless %}",
    "{% assign n = 1 %}",
]


def noise() -> st.SearchStrategy[str]:
    """Signs, marks and Liquid in any order; what is refused more often than not comes seldom."""
    often = [
        st.sampled_from(SIGNS),
        st.sampled_from(SIGNS).map(lambda sign: f"{sign}a{sign}"),
        st.sampled_from(OUTPUTS),
        st.sampled_from(
            [
                "**a**",
                "*b*",
                "\n- c",
                "\n1. d",
                "\n\n",
                "<https://a.example>",
                "[a](https://a.example/x?y=1&z=2)",
            ]
        ),
        st.text(max_size=5),
    ]
    seldom = [st.sampled_from(TAGS), st.sampled_from(TARGETS).map(lambda target: f"[a b]{target}")]
    part = st.integers(0, 15).flatmap(lambda at: seldom[at] if at < 2 else often[at % 5])
    return st.lists(part, min_size=1, max_size=12).map("".join).filter(lambda text: "\0" not in text)


WORD = st.text("abcdefgh", min_size=1, max_size=5)


@st.composite
def line(draw: st.DrawFn) -> tuple[str, str]:
    """A line of Markdown, and its HTML: words, each by itself or in marks."""
    source, shown = [], []
    for word in draw(st.lists(WORD, min_size=1, max_size=4)):
        kind = draw(st.sampled_from(["plain", "strong", "em", "both", "a", "value"]))
        marks = {"plain": "", "strong": "**", "em": "*", "both": "***"}.get(kind, "")
        source.append(
            f"[{word}](https://a.example/{word})"
            if kind == "a"
            else "{{ profile.who }}"
            if kind == "value"
            else f"{marks}{word}{marks}"
        )
        shown.append(
            {
                "plain": word,
                "strong": f"<strong>{word}</strong>",
                "em": f"<em>{word}</em>",
                "both": f"<em><strong>{word}</strong></em>",
                "a": f'<a href="https://a.example/{word}">{word}</a>',
                "value": "*Who*",
            }[kind]
        )
    return " ".join(source), " ".join(shown)


@st.composite
def simple(draw: st.DrawFn) -> tuple[str, str]:
    """A text with marks whose HTML is known from how it was drawn."""
    source, shown, lists = [], [], 0
    for kind in draw(st.lists(st.sampled_from(["p", "ul", "ol", "br"]), min_size=1, max_size=3)):
        if kind in ("p", "br"):
            lines = draw(st.lists(line(), min_size=1, max_size=3))
            between, broken = (" \\\n", " <br>") if kind == "br" else ("\n", "\n")
            source.append(between.join(text for text, _ in lines))
            shown.append(f"<p>{broken.join(html for _, html in lines)}</p>")
        else:
            items = draw(st.lists(line(), min_size=1, max_size=3))
            lists += 1
            source.append(
                "\n".join(
                    f"{'-' if kind == 'ul' else f'{n + 1}.'} {text}" for n, (text, _) in enumerate(items)
                )
            )
            shown.append(f"<{kind}>{''.join(f'<li>{html}</li>' for _, html in items)}</{kind}>")
            source.append("**x**")  # two lists of a kind would be one
            shown.append("<p><strong>x</strong></p>")
    source.append("**end**")
    shown.append("<p><strong>end</strong></p>")
    return "\n\n".join(source), "".join(shown)


def drawn(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    found: list[Any] = []

    @settings(
        max_examples=count, phases=[Phase.generate], database=None, suppress_health_check=list(HealthCheck)
    )
    @given(strategy)
    def collect(text: Any) -> None:
        found.append(text)

    collect()
    return found


def is_taken(text: str) -> bool:
    """Whether a text is accepted: as a rich text, or as one without marks that is Liquid by itself."""
    rich, found = read_rich(Source("a", text))
    if any(one.severity is Severity.ERROR for one in found):
        return False
    try:
        Template.from_string(text, escape="none")
        made = [] if rich is None else markup(rich, Carrier("p", "<p>", "", ""))
        Template.from_string("".join(part for part, _ in made))  # the escaper of addresses has its say
    except TemplateError:
        return False
    return True


RULES = """ruleset "probe" version 1
profile {
  id : key
  email : text
  name : text
  link : text
  tail : text
  who : text
  vip : bool
}
consent marketing
skip no_consent "no" when not consent.marketing
slot subject text max 1 fallback hello
slot main max 1 fallback probes
slot footer max 1 fallback legal
block hello for subject says "Hi"
block probes for main
block legal for footer
"""
SETTINGS = """name = "probe"
from = "news@example.com"
unsubscribe_url = "https://example.com/u?w={{ profile.id }}"
postal_address = "Example Ltd"
layout = "newsletter"
[blocks.legal]
use = "footer"
"""
BLOCK = """title = "Probes"
doc = "Texts to look at."
[inputs.items]
type = "list"
doc = "The texts."
[inputs.items.fields]
text = { type = "rich" }
"""
HTML = '{% for one in block.items limit: 100 %}<div class="probe">{{ one.text }}</div>{% endfor %}'
LOOK = """[...document.querySelectorAll(".probe")].map(probe => ({
  tags: [...probe.querySelectorAll("*")].map(e => e.localName),
  attributes: [...probe.querySelectorAll("*")]
    .flatMap(e => e.getAttributeNames().map(n => [e.localName, n, e.getAttribute(n)])),
  schemes: [...probe.querySelectorAll("a")].map(e => [e.protocol, e.getAttribute("href")]),
  text: probe.textContent,
  bare: (() => {
    const copy = probe.cloneNode(true);
    for (const e of copy.querySelectorAll("*"))
      for (const n of e.getAttributeNames()) if (n != "href") e.removeAttribute(n);
    return copy.innerHTML;
  })(),
  outside: document.querySelectorAll("script, img, iframe, form").length,
}))"""


def written(texts: list[str], folder: Path) -> Campaign:
    (folder / "blocks" / "probes").mkdir(parents=True, exist_ok=True)
    (folder / "main.rules").write_text(RULES, encoding="utf-8")
    (folder / "blocks" / "probes" / "block.toml").write_text(BLOCK, encoding="utf-8")
    (folder / "blocks" / "probes" / "block.html").write_text(HTML, encoding="utf-8")
    records = ",\n".join(f"  {{ text = {toml(text)} }}" for text in texts)
    inputs = f"[blocks.probes.inputs]\nitems = [\n{records}\n]\n"
    (folder / "campaign.toml").write_text(SETTINGS + inputs, encoding="utf-8")
    return Environment().compile(folder)


def toml(text: str) -> str:
    return "".join(
        sign if sign.isprintable() and sign not in '"\\' else f"\\U{ord(sign):08x}" for sign in f"{text}"
    ).join('""')


def looked(viewer: Any, campaign: Campaign, hostile: int) -> list[dict[str, Any]]:
    profile = {
        "id": "1", "email": "a@b.example", "who": "*Who*", "vip": hostile % 2 == 0, "consent": {"marketing": True},
        "name": HOSTILE[hostile % 4], "link": HOSTILE[(hostile + 1) % 4], "tail": HOSTILE[(hostile + 2) % 4],
    }  # fmt: skip
    mail: Any = campaign.render(profile, now=NOW)
    found: list[dict[str, Any]] = viewer.look(mail.html, LOOK, images=False)
    return found


def batches(texts: list[Any]) -> list[list[Any]]:
    return [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]


def only_marks(seen: dict[str, Any], text: str) -> None:
    assert set(seen["tags"]) <= SHOWN, text
    assert seen["outside"] == 0, text
    for tag, name, value in seen["attributes"]:
        allowed = {"class", "style", *(("href",) if tag == "a" else ("start",) if tag == "ol" else ())}
        assert name in allowed, (text, name, value)
        if name == "class":
            assert set(value.split()) <= CLASSES, (text, value)
    for scheme, address in seen["schemes"]:
        is_blocked = address.startswith("#blocked")
        # the last of them: a value without a scheme, which leads nowhere
        schemes = ("https:", "http:", "mailto:", "tel:", ":")
        assert is_blocked or scheme in schemes, (text, address)


@pytest.mark.deep
def test_nothing_but_marks_comes_out(viewer: Any, tmp_path: Path) -> None:
    texts = drawn(noise(), part_of(12_000))
    taken = [text for text in texts if is_taken(text)][: part_of(5000)]
    assert len(taken) == part_of(5000)
    marked = 0
    for number, batch in enumerate(batches(taken)):
        campaign = written(batch, tmp_path / str(number))
        seen = looked(viewer, campaign, number)
        assert len(seen) == len(batch)
        for one, text in zip(seen, batch, strict=True):
            only_marks(one, text)
            marked += bool(one["tags"])
            if read_rich(Source("a", text))[0] is None:
                assert one["tags"] == [], text
    assert marked > len(taken) // 4


@pytest.mark.deep
def test_simple_texts_become_what_they_were_drawn_as(viewer: Any, tmp_path: Path) -> None:
    for number, batch in enumerate(batches(drawn(simple(), part_of(1000)))):
        campaign = written([source for source, _ in batch], tmp_path / str(number))
        for one, (source, shown) in zip(looked(viewer, campaign, number), batch, strict=True):
            only_marks(one, source)
            assert normal(one["bare"]) == normal(shown), source


def normal(html: str) -> str:
    return " ".join(html.replace("\n", " ").split()).replace(" <br>", "<br>").replace("<br> ", "<br>")


def test_a_hundred_texts_that_were_thought_of(viewer: Any, tmp_path: Path) -> None:
    texts = [
        f"**a** [a b]{target} {sign}x{sign}"
        for target in TARGETS
        for sign in ("*", "`", "<b>", "{{ profile.name }}")
    ]
    taken = [text for text in texts if is_taken(text)]
    for one, text in zip(looked(viewer, written(taken, tmp_path), 0), taken, strict=True):
        only_marks(one, text)
    assert json.dumps(taken).count("profile.link") >= 4
