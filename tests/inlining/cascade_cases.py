"""python -m tests.inlining.cascade_cases: fixtures/inline/cascade.toml, its right answers from Chromium.

Each module of the cascade by itself: which elements a selector matches, what a shorthand sets, which declaration wins,
and what wins once style attributes and `!important` have their say.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tests.inlining.oracle import Judge

FILE = Path(__file__).parents[2] / "fixtures" / "inline" / "cascade.toml"
PAGE = (
    '<!doctype html><html lang="en"><head><title>x</title></head><body id="body"><div id="d" class="card Big">'
    '<h1 id="h" title="A b">x</h1><p id="p1" class="a">x</p><p id="p2" class="a b" lang="en-IE">x <b id="b1">y</b></p>'
    '<p id="p3" class="b sm:full">x</p><a id="a1" href="https://shop.example/x.pdf">x</a></div>'
    '<table id="t" bgcolor="#FFFFFF"><tr id="r1"><td id="c1" align="RIGHT">x</td><td id="c2"><img id="i" alt="x"></td></tr>'
    '<tr id="r2"><td id="c3" class="2xl">x</td></tr></table><ul id="u"><li id="l1">1</li><li id="l2">2</li>'
    '<li id="l3">3</li><li id="l4">4</li></ul></body></html>'
)
SELECTORS = r"""p
P.a
.a.b
.big
.Big
#p1, #p2
div > p
body > p
p + p
h1 ~ p
p ~ b
table > tr
table > tbody > tr > td
tr td:first-child
td:last-child
td:only-child
li:nth-child(2n+1)
li:nth-child(-n+2)
li:nth-last-child(2)
p:nth-of-type(2)
p:nth-child(2)
p:nth-child(2 of .b)
p:first-of-type
img:only-of-type
p:not(.a)
p:not(.a, .b)
:is(h1, p.b)
:where(.card) > .a
div:has(b)
td:has(> img)
p:has(+ p.b)
div:not(:has(img))
[lang|="en"]
[lang|="EN"]
[title~="b"]
[title="a b" i]
td[align="right"]
table[bgcolor="#ffffff"]
a[href$=".pdf"]
a[href^="https"]
[class*="m:f"]
.sm\:full
.\32xl
:root
:is(p, ::nothing)
p:empty
* > b""".split("\n")
SHORTHANDS = """margin: 1px 2px
padding: 1px
border: 1px solid red
border-top: 1px solid red
border-width: 1px
border-radius: 4px
background: #eee
background-position: 1px 2px
font: bold 12px/1.5 serif
list-style: square inside
text-decoration: underline
outline: 1px solid red
overflow: hidden
flex: 1
flex-flow: row wrap
gap: 1px
inset: 1px
white-space: nowrap
columns: 2
place-items: center
transition: color 1s
margin-inline: 1px
border-inline-start: 1px solid red
border-color: red""".split("\n")
RANKS = {
    "order": "p{color:C1}p{color:C2}",
    "class": ".t{color:C1}p{color:C2}",
    "id": "#t{color:C1}p.t.u.v{color:C2}",
    "attribute selector": "[class]{color:C1}p{color:C2}",
    "pseudo-class": "p:first-child{color:C1}p.t{color:C2}",
    "is": ":is(#x,p){color:C1}.t.u{color:C2}",
    "where": ":where(#t){color:C1}p{color:C2}",
    "not": "p:not(#x){color:C1}.t.u{color:C2}",
    "nth of": "p:nth-child(1 of .t.u){color:C1}.t.u.v{color:C2}",
    "universal": "*.t{color:C1}p.t{color:C2}",
    "important": "p{color:C1 !important}#t{color:C2}",
    "two important": "p{color:C1 !important}.t{color:C2 !important}",
    "layer below": "@layer a{#t{color:C1}}p{color:C2}",
    "later layer": "@layer a{#t{color:C1}}@layer b{p{color:C2}}",
    "named before": "@layer b,a;@layer a{p{color:C1}}@layer b{#t{color:C2}}",
    "important in the first layer": "@layer a{p{color:C1 !important}}@layer b{#t{color:C2 !important}}",
    "important over no layer": "@layer a{p{color:C1 !important}}#t{color:C2 !important}",
    "inner layer": "@layer a{@layer b{#t{color:C1}}p{color:C2}}",
    "nested rule": "div{& p{color:C1}}.t{color:C2}",
    "nested list": "#x,div{& p{color:C1}}.t.u.v{color:C2}",
    "nested later": ".t{color:C1;& b{margin:0}color:C2}",
    "shorthand all": "p{color:C1}.t{all:unset;color:C2}",
}
FIXPOINTS = {
    "hover above": ("a{color:C1}a:hover{color:C2}", ""),
    "hover below": ("a:hover{color:C2}#t{color:C1}", ""),
    "hover below a later rule": ("a:hover{color:C2}.m a{color:C1}", ""),
    "narrow below": ("@media (max-width:480px){a{color:C2}}a{color:C1}", ""),
    "narrow below a class": (".t{color:C1}@media (max-width:480px){a{color:C2}}", ""),
    "narrow above, hover between": (
        "a{color:C1}a:hover{color:C2}@media (max-width:480px){.m a.t{color:C3}}",
        "",
    ),
    "hover above, narrow below": (
        ".m a.t{color:C1}@media (max-width:480px){a{color:C2}}.m a.t:hover{color:C3}",
        "",
    ),
    "an attribute above": ("a:hover{color:C2}", "color:C1"),
    "an attribute below": ("a:hover{color:C2 !important}", "color:C1"),
    "an important attribute": ("a:hover{color:C2 !important}", "color:C1 !important"),
    "important over an attribute": ("a{color:C2 !important}a:hover{color:C3}", "color:C1"),
    "between two": (
        "a:hover{color:C2 !important}.t{color:C1 !important}@media (max-width:480px){.m .t{color:C3 !important}}",
        "",
    ),
    "a layer": ("@layer a{a:hover{color:C2 !important}}.t{color:C1 !important}", ""),
}
_COLORS = {"C1": "rgb(1, 0, 0)", "C2": "rgb(2, 0, 0)", "C3": "rgb(3, 0, 0)"}


def colored(css: str) -> str:
    """C1, C2, C3 as colours that are computed as they are written."""
    for name, color in _COLORS.items():
        css = css.replace(name, color)
    return css


def ranked(css: str) -> str:
    return f'<!doctype html><style>{colored(css)}</style><div><p id="t" class="t u v">x</p></div>'


def fixed(css: str, style: str) -> str:
    own = f' style="{colored(style)}"' if style else ""
    link = f'<a id="t" class="t"{own} href="https://shop.example/">x</a>'
    return f'<!doctype html><style>{colored(css)}</style><div class="m">{link}</div>'


def _lines(judge: Judge) -> Iterator[str]:
    yield "# Written by `python -m tests.inlining.cascade_cases`: the right answers are Chromium's.\n\n[selectors]"
    page = judge._page
    find = (
        "([h, s]) => [...new DOMParser().parseFromString(h, 'text/html').querySelectorAll(s)].map(e => e.id)"
    )
    for text in SELECTORS:
        found = page.evaluate(find, [PAGE, text])
        yield f"{json.dumps(text)} = {json.dumps([one for one in found if one])}"
    yield "\n[shorthands]"
    sets = "([n, v]) => { const s = document.createElement('p').style; s.setProperty(n, v); return [...s]; }"
    for text in SHORTHANDS:
        yield f"{json.dumps(text)} = {json.dumps(page.evaluate(sets, text.split(': ')))}"
    yield "\n[ranks]"
    for name, css in RANKS.items():
        yield f"{json.dumps(name)} = {json.dumps(judge.computed(ranked(css), '#t', 'color'))}"
    yield "\n[fixpoints]"
    for name, (css, style) in FIXPOINTS.items():
        yield f"{json.dumps(name)} = {json.dumps(_states(judge, fixed(css, style)))}"


def _states(judge: Judge, html: str) -> list[str]:
    """The colour at 600 px, at 375, and the same two while the link is hovered."""
    hovered = html.replace(":hover", "[id]")  # weighs the same, and matches
    return [judge.computed(one, "#t", "color", width=w) for one in (html, hovered) for w in (600, 375)]


def main() -> Any:
    with Judge.opened() as judge:
        FILE.write_text("\n".join(_lines(judge)) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
