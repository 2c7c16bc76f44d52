"""The block contract at the cut, and what a campaign's inlining gives back; fixtures/inline/blocks.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest

from mailweave.content.inlined import InlinedCampaign
from mailweave.content.inliner import inline_campaign
from mailweave.source import Source

FILE = Path(__file__).parents[2] / "fixtures" / "inline" / "blocks.toml"
TABLE = tomllib.loads(FILE.read_text(encoding="utf-8"))
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


@pytest.mark.parametrize("case", TABLE["case"], ids=[case["name"] for case in TABLE["case"]])
def test_what_blocks_mean_for_each_other(case: dict[str, Any]) -> None:
    style = f"<style>{case.get('head', '')}</style>"
    layout = Source("l", f"<!doctype html><html><head>{style}</head><body>{case['layout']}</body></html>")
    slots: dict[str, dict[str, Source]] = {
        slot: {f"{slot}{at}": Source(f"{slot}{at}", text) for at, text in enumerate(case[slot])}
        for slot in ("s", "t")
        if slot in case
    }
    done = inline_campaign(layout, "", slots)
    assert sorted({d.code for d in done.diagnostics}) == case["codes"]
    assert done.exact is (case["codes"] == [])


def test_blocks_are_inlined_in_their_places() -> None:
    done = run(f"<table>{SLOT}</table>", "<tr><td>A{{ x }}</td></tr>", '<tr><td class="a">B</td></tr>')
    assert done.exact
    assert done.blocks == {
        "b0": '<tr><td style="color:red">A{{ x }}</td></tr>',
        "b1": '<tr><td style="color:red;margin:0" class="a">B</td></tr>',
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
    assert "@media (x){.q{a:b}}" in done.layout
    assert done.layout.index("<style>.q") < done.layout.index("</head>")


def test_each_candidate_of_a_slot_keeps_its_own_rules() -> None:
    blocks = (f"<style>.{n}:hover{{color:blue}}</style><p class={n}>x</p>" for n in ("one", "two", "three"))
    done = run(f"<div>{SLOT}</div>", *blocks)
    assert done.exact, done.diagnostics
    assert all(f".{n}:hover{{color:blue}}" in done.layout for n in ("one", "two", "three"))


def test_kept_rules_of_a_block_that_match_in_another_are_reported() -> None:
    block = "<style>.q:hover{color:blue}</style><p class=q>x</p>"
    done = run(f"<div>{SLOT}</div>", block, "<p class=q>y</p>")
    assert {d.code for d in done.diagnostics} == {"MW520", "MW544"}


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


def test_what_asks_for_the_contents_of_a_slot_is_reported() -> None:
    done = run(f"<div>{SLOT}</div>", "<p>A</p>", "<ul><li>B</li></ul>", css="div:has(li){color:red}")
    assert {d.code for d in done.diagnostics} == {"MW510", "MW520"}


@pytest.mark.parametrize(
    ("around", "block", "codes"),
    [
        ("<div>{}</div>", "<table>{% tablerow i in items %}<b>{{ i }}</b>{% endtablerow %}</table>", []),
        ("<table>{}</table>", "{% tablerow i in items %}<b>{{ i }}</b>{% endtablerow %}", []),
        ("<div>{}</div>", "{% tablerow i in items %}<b>{{ i }}</b>{% endtablerow %}", ["MW532"]),
        ("<div>{}</div>", "<table>{% capture c %}<b>x</b>{% endcapture %}<tr><td>y</td></tr></table>", []),
        ("<div>{}</div>", "<table>{% for i in items %}<b>x</b>{% endfor %}</table>", ["MW531"]),
    ],
)
def test_liquid_that_writes_its_own_cells_is_no_lost_content(
    around: str, block: str, codes: list[str]
) -> None:
    done = inline_campaign(Source("l", around.format(SLOT)), "", {"s": {"b": Source("b", block)}})
    assert [d.code for d in done.diagnostics] == codes
