"""The block contract at the cut, and what a campaign's inlining gives back."""

from __future__ import annotations

import pytest

from mailweave.content.inliner import InlinedCampaign, inline_campaign
from mailweave.source import Source

HEAD = "<html><head><style>td{color:red}.a{margin:0}</style></head><body>"
SLOT = '{% slot "s" %}'


def run(around: str, *blocks: str, css: str = "") -> InlinedCampaign:
    layout = Source("layout.html", f"{HEAD}{around}</body></html>")
    named = {f"b{at}": Source(f"b{at}.html", text) for at, text in enumerate(blocks)}
    return inline_campaign(layout, css, {"s": named})


@pytest.mark.parametrize(
    ("around", "block", "code", "place"),
    [
        (f"<table>{SLOT}</table>", "hello {{ x }}", "MW532", "b0.html:1:1"),
        (f"<div>{SLOT}</div>", "<tr><td>x</td></tr>", "MW532", "b0.html:1:1"),
        (f"<ul>{SLOT}</ul>", "<li>A", "MW530", "b0.html:1:1"),
        (f"<div>{SLOT}</div>", "<b>A{{ x }}", "MW530", "b0.html:1:1"),
        (f"<table><tr><td>{SLOT}</td></tr></table>", "A</td>", "MW530", "b0.html:1:2"),
        (f"<div>{SLOT}</div>", "{% if v %}<p>{% endif %}x</p>", "MW530", "b0.html:1:11"),
        (f"<div>{SLOT}</div>", '<a href="{{ u }}', "MW530", "b0.html:1:1"),
        (f"<div>{SLOT}</div>", "x<!-- y", "MW530", "b0.html:1:2"),
        (f"<p>{SLOT}</p>", "\n<div>A</div>", "MW531", "b0.html:2:1"),
        (f'<a href="{SLOT}">x</a>', "x", "MW533", "layout.html:1:75"),
        (f"{{% for i in l %}}{SLOT}{{% endfor %}}", "<p>x</p>", "MW533", "layout.html:1:82"),
        (f"<p>l</p><div>{SLOT}</div>", "<style>p{color:green}</style><p>x</p>", "MW534", "b0.html:1:8"),
    ],
)
def test_what_breaks_the_contract(around: str, block: str, code: str, place: str) -> None:
    done = run(around, block)
    found = {(d.code, str(d.location)) for d in done.diagnostics}
    assert (code, place) in found
    assert not done.exact
    assert done.blocks["b0"] == block


def test_blocks_are_inlined_in_their_places() -> None:
    done = run(f"<table>{SLOT}</table>", "<tr><td>A{{ x }}</td></tr>", '<tr><td class="a">B</td></tr>')
    assert done.exact
    assert done.blocks == {
        "b0": '<tr><td style="color:red">A{{ x }}</td></tr>',
        "b1": '<tr><td style="color:red; margin:0" class="a">B</td></tr>',
    }
    assert done.layout == f"<html><head></head><body><table>{SLOT}</table></body></html>"


def test_candidates_are_no_siblings() -> None:
    css = ".first p:first-child{padding:0}"
    done = run(f'<div class="first"><i></i></div><div>{SLOT}</div>', "<p>A</p>", "<p>B</p>", css=css)
    assert [d.code for d in done.diagnostics] == []
    beside = run(f'<div class="first">{SLOT}</div>', "<p>A</p>", "<p>B</p>", css=css)
    assert {d.code for d in beside.diagnostics} == {"MW510", "MW520"}


def test_styles_of_blocks_are_hoisted_once() -> None:
    css = "<style>.q{color:red}.q:hover{color:blue}@media (x){.q{a:b}.gone{a:b}}</style>"
    done = run(f"<div>{SLOT}</div>", f'{css}<p class="q">A</p>', f'{css}<i class="q">B</i>')
    assert done.exact, done.diagnostics
    assert done.blocks == {
        "b0": '<p style="color:red" class="q">A</p>',
        "b1": '<i style="color:red" class="q">B</i>',
    }
    assert done.layout.count(".q:hover{color:blue !important}") == 1
    assert "@media (x){.q{a:b !important}}" in done.layout
    assert done.layout.index("<style>.q") < done.layout.index("</head>")


def test_conditions_of_the_layout_reach_into_blocks_unless_a_name_is_assigned() -> None:
    css = ".dark p{color:white}"
    around = f'<div class="x{{% if dark %}} dark{{% endif %}}">{SLOT}</div>'
    done = run(around, "<p>A</p>", css=css)
    assert done.blocks["b0"] == "<p{}>A</p>".format(' {% if dark %}style="color:white"{% endif %}')
    assigned = run("{% assign dark = 1 %}" + around, "<p>A</p>", css=css)
    assert {d.code for d in assigned.diagnostics} == {"MW513", "MW520", "MW525"}


def test_the_same_text_may_fill_two_slots() -> None:
    layout = Source("l", '{% slot "s" %}<hr>{% slot "t" %}')
    block = Source("b", "<td>x</td>")
    done = inline_campaign(layout, "p{color:red}", {"s": {"one": Source("b", "<p>x</p>")}, "t": {}})
    assert done.layout == layout.text
    assert done.blocks == {"one": '<p style="color:red">x</p>'}
    assert inline_campaign(layout, "", {"s": {"one": block}}).diagnostics[0].code == "MW532"
