"""HTML as AMP: what it becomes, what is left out, what is refused, and that the result is valid."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from mailweave.message.amp import AmpSource, StyleBook, document, from_html, prove, validate_by_rules
from mailweave.source import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures/amp"
NAMES = sorted(path.stem for path in (FIXTURES / "html").glob("*.html"))


def derived(html: str) -> tuple[AmpSource, StyleBook]:
    book = StyleBook()
    return from_html(Source("x.html", html), book=book), book


def whole(made: AmpSource, book: StyleBook) -> str:
    return document(
        made.body,
        css=book.sheet(),
        html_attributes=made.html_attributes,
        body_attributes=made.body_attributes,
    )


def codes(html: str) -> list[str]:
    return [finding.code for finding in derived(html)[0].diagnostics]


@pytest.mark.parametrize("name", NAMES)
def test_golden(name: str, golden: Callable[[Path, str], None]) -> None:
    made, book = derived((FIXTURES / "html" / f"{name}.html").read_text(encoding="utf-8"))
    findings = [f"{d.code} {d.location}: {d.message}" for d in made.diagnostics]
    shown = whole(made, book) if not made.refused else "refused"
    golden(FIXTURES / "derived" / f"{name}.txt", "\n".join([*findings, "", shown, ""]))


@pytest.mark.parametrize("name", [name for name in NAMES if name != "form"])
def test_what_is_derived_is_valid(name: str) -> None:
    made, book = derived((FIXTURES / "html" / f"{name}.html").read_text(encoding="utf-8"))
    verdict = validate_by_rules(prove(whole(made, book)).shown)
    assert verdict.passed, verdict.errors


def test_real_emails_become_valid_amp(shared_data: Path) -> None:
    emails = sorted((shared_data / "emails").rglob("*.html"))[::6]
    for path in emails:
        made, book = derived(path.read_text(encoding="utf-8", errors="replace"))
        if not made.refused:
            verdict = validate_by_rules(prove(whole(made, book)).shown)
            assert verdict.passed, (path.name, verdict.errors[0])


@pytest.mark.parametrize(
    ("html", "body"),
    [
        ("<center>x</center>", '<div class="m1">x</div>'),
        ("<strike>x</strike>", "<s>x</s>"),
        ("a<!-- c -->b<!--[if mso]>c<![endif]-->", "ab"),
        ("<script>x</script><iframe src='x'>y</iframe>z", "z"),
        ("<blink>x</blink>", "x"),
        ("<p onclick='x'>y</p>", "<p>y</p>"),
        ('<a href="{{ u }}">x</a>', '<a href="{{ u }}">x</a>'),
        ("<a href='{{ u | append: \"x\" }}'>x</a>", '<a href="{{ u | append: "x" }}">x</a>'),
        ("{% if a %}<br>{% endif %}", "{% if a %}<br>{% endif %}"),
        (
            '<img src="https://e.com/{{ id }}.png" width=9 height=8>',
            '<amp-img src="https://e.com/{{ id }}.png" width="9" height="8" layout="fixed"></amp-img>',
        ),
        (
            '<img src="https://e.com/a-200x100.png" width="50" style="max-width:100%">',
            '<amp-img src="https://e.com/a-200x100.png" width="50" height="25" layout="intrinsic" class="m1">'
            "</amp-img>",
        ),
    ],
)
def test_bodies(html: str, body: str) -> None:
    assert derived(html)[0].body == body


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="http://e.com/x.png" width="1" height="1">', ["MW713"]),
        ('<img src="cid:x" width="1" height="1">', ["MW714"]),
        ('<img src="https://e.com/x.png" width="9">', ["MW715"]),
        ('<a href="/x">y</a>', ["MW717"]),
        ("<marquee>x</marquee>", ["MW710"]),
        ("<p foo='x'>y</p>", ["MW712"]),
        ("<p style='behavior:url(x)'>y</p>", ["MW716"]),
        ("<form action='x'></form>", ["MW711"]),
        ("<!-- {% if a %} -->x<!-- {% endif %} -->", ["MW711", "MW711"]),
        ("<p align='center' bgcolor='red'>y</p>", []),
    ],
)
def test_findings(html: str, expected: list[str]) -> None:
    assert codes(html) == expected


def test_a_secret_in_a_comment_is_not_sent() -> None:
    assert "secret" not in derived("<p>x</p><!-- {{ secret }} -->")[0].body


def test_the_same_style_is_written_once() -> None:
    made, book = derived('<p style="color:red">a</p><p style="color:red;">b</p>')
    assert made.body == '<p class="m1">a</p><p class="m1">b</p>'
    assert book.sheet() == ".m1{color:red}"


def test_important_rules_still_win_over_what_was_inline() -> None:
    html = "<style>.a{color:blue !important}</style><p class='a' style='color:red'>x</p>"
    made, book = derived(html)
    assert made.body == '<p class="m1 a">x</p>'
    assert book.sheet() == ".a:not(#_){color:blue}.m1{color:red}"


@pytest.mark.parametrize(
    ("source", "doubt"),
    [
        ("<p {% if a %}hidden{% endif %}>x</p>", "between the attributes"),
        ('<amp-img src="https://e.com/x" width="1" height="1" layout="{{ l }}"></amp-img>', "`layout`"),
        ('<p id="{{ i }}">x</p>', "`id`"),
        ('<p style="color:{{ c }}">x</p>', "the style"),
        ("{% if a %}<div>{% endif %}x", "does not close"),
        (
            "<amp-accordion><section><h2>x</h2>{% if a %}<p>y</p>{% endif %}</section></amp-accordion>",
            "branch",
        ),
        ("{% render 'x' %}", "another template"),
    ],
)
def test_what_cannot_be_proved(source: str, doubt: str) -> None:
    assert any(doubt in text for text in prove(source).doubts)


@pytest.mark.parametrize(
    "source",
    [
        "{% for i in x %}<p class='{{ i }}'>{{ i }}</p>{% endfor %}",
        '<amp-img src="{{ s }}" width="{{ w }}" height="2" layout="fixed"></amp-img>',
        "<amp-accordion>{% for i in x %}<section><h2>x</h2><p>y</p></section>{% endfor %}</amp-accordion>",
        "{% if a %}<a href='{{ u }}'>x</a>{% else %}<b>y</b>{% endif %}",
    ],
)
def test_what_can_be_proved(source: str) -> None:
    assert prove(source).exact
