"""The judge judges right: what differs is seen, what is equal is equal."""

from __future__ import annotations

import pytest

from tests.inlining.documents import documents
from tests.inlining.oracle import Judge
from tests.inlining.shrinking import shrunk

HEAD = "<!doctype html><html><head><style>{}</style></head><body>{}</body></html>"
DIFFERENT = {
    "a colour": ("p{color:red}", "<p>x</p>", "", "<p>x</p>"),
    "only in dark": ("@media (prefers-color-scheme:dark){p{color:red}}", "<p>x</p>", "", "<p>x</p>"),
    "only at 375": ("@media (max-width:400px){p{margin:3px}}", "<p>x</p>", "", "<p>x</p>"),
    "only at 800": ("@media (min-width:700px){p{margin:3px}}", "<p>x</p>", "", "<p>x</p>"),
    "only hovered": ("p:hover{color:red}", "<p>x</p>", "", "<p>x</p>"),
    "hovered, nested": ("p{&:hover{color:red}}", "<p>x</p>", "", "<p>x</p>"),
    "hovered loses its weight": (
        "a:hover{color:red}a.b{color:blue}a.b:hover{color:teal}",
        '<a class="b">x</a>',
        "a:hover{color:red}",
        '<a class="b" style="color:blue">x</a>',
    ),
    "an unvisited link": ("a:link{color:red}", '<a href="/">x</a>', "", '<a href="/">x</a>'),
    "a visited link": ("a:visited{color:red}", '<a href="/">x</a>', "", '<a href="/">x</a>'),
    "an active link": ("a:active{color:red}", '<a href="/">x</a>', "", '<a href="/">x</a>'),
    "a pseudo-element": ("p::before{content:'x'}", "<p>x</p>", "", "<p>x</p>"),
    "its colour": (
        "p:after{content:'x';color:red}",
        "<p>x</p>",
        "p:after{content:'x'}",
        "<p>x</p>",
    ),
    "within Outlook.com": ("[data-ogsc] p{color:red}", "<p>x</p>", "", "<p>x</p>"),
    "within Gmail": (
        "u + .body p{color:red}",
        '</body><body class="body"><p>x</p>',
        "",
        "<p>x</p>",
    ),
    "a hook that loses": (
        "#outlook p{color:red}",
        "<p>x</p>",
        "#outlook p{color:red}",
        '<p style="color:blue !important">x</p>',
    ),
    "an element": ("", "<p>x</p>", "", "<div><p>x</p></div>"),
    "a rare property": ("p{column-gap:3px}", "<p>x</p>", "", "<p>x</p>"),
    "something hidden": ("p{display:none}b{color:red}", "<p><b>x</b></p>", "p{display:none}", "<p><b>x</b></p>"),
    "an attribute": ("", '<td align="left">x', "", '<table align="left"><td>x</table>'),
}  # fmt: skip
EQUAL = {
    "an inlined rule": ("p{color:red}", "<p>x</p>", "", '<p style="color:red">x</p>'),
    "style elements that went": ("", "<style>b{color:red}</style><p>x</p>", "", "<p>x</p>"),
    "a written tbody": ("", "<table><td>x</table>", "", "<table><tbody><tr><td>x</td></tr></tbody></table>"),
    "a class that has a colon": (
        r".hover\:x{color:red}",
        '<p class="hover:x">x</p>',
        "",
        '<p class="hover:x" style="color:red">x</p>',
    ),
    "hovered, with an import that fails": (
        "@import url(https://x.example/a.css);p:hover{color:red}",
        "<p>x</p>",
        "p:hover{color:red}",
        "<p>x</p>",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", DIFFERENT)
def test_a_difference_is_seen(judge: Judge, name: str) -> None:
    css, body, other_css, other_body = DIFFERENT[name]
    assert judge.differences(HEAD.format(css, body), HEAD.format(other_css, other_body))


@pytest.mark.parametrize("name", EQUAL)
def test_what_is_equal_is_equal(judge: Judge, name: str) -> None:
    css, body, other_css, other_body = EQUAL[name]
    assert judge.differences(HEAD.format(css, body), HEAD.format(other_css, other_body)) == []


def test_documents_equal_themselves(judge: Judge) -> None:
    same = [(one.html, one.html) for one in documents(range(40))]
    assert [found for (found,) in judge.compared(same) if found] == []


def test_quirks_are_kept(judge: Judge) -> None:
    body = "<style>.A{color:red}</style><table style='font-size:30px'><td class=a>x</table>"
    assert judge.differences(body, f"<!doctype html>{body}")


def test_a_difference_says_where_and_when(judge: Judge) -> None:
    before = HEAD.format("@media (prefers-color-scheme:dark){.a{color:red}}", '<p class="a">x</p>')
    first = judge.differences(before, HEAD.format("", '<p class="a">x</p>'))[0]
    assert (first.path, first.property, first.width, first.scheme, first.state) == (
        "html > body > p.a",
        "color",
        375,
        "dark",
        "plain",
    )
    assert (first.before, first.after) == ("rgb(255, 0, 0)", "rgb(0, 0, 0)")


def test_a_document_is_made_as_small_as_its_difference() -> None:
    text = documents([4])
    html = next(iter(text)).html.replace("</head>", "<style>.needle{color:red}</style></head>")

    def still_wrong(texts: object) -> list[bool]:
        return [".needle" in one and "<body" in one for one in texts]  # type: ignore[attr-defined]

    small = shrunk(html, still_wrong)
    assert len(small) < 200
    assert ".needle" in small
