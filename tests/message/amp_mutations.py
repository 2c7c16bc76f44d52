"""Documents made from others by small random changes, to compare validators on."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from mailweave.message.amp.extensions import known, scripts
from mailweave.message.amp.rules import rules

_TAG = re.compile(r"<[a-zA-Z!][^<>]*>")
_ATTRIBUTE = re.compile(r"\s[^\s=>]+(?:=\"[^\"]*\"|=[^\s>\"]*)?")
_ELSEWHERE = "img svg video object iframe font center link base noscript amp-ad custom marquee math dialog"
_VALUES = (
    "|x|1|0|https://e.com/x|http://e.com|//e.com/x|/rel|javascript:alert(1)|mailto:a@b|tel:1|{{x}}|{{{x}}}|"
    "{{>p}}|a{{b}}c|tap:x.y|auto|fixed|responsive|container|nodisplay|fill|fluid|flex-item|intrinsic|10px|"
    "10em|100%|i-amphtml-x|__amp_x|https://|https://e .com|https://e.com:99999|  |color:red|foo:bar|"
    "color:red!important|background:url(http://e.com/x)|color|{}|_blank|_self|post|get|password|file|text|"
    "application/json|TEXT/HTML|2020-01-01T00:00:00Z|a b|https://cdn.ampproject.org/v0.js|utf-8|ABC|"
    "innerHTML|viewport|canonical|TRUE|-1|1.5|__amp_source_origin|https://e.com/?a=1&copy=2|é"
).split("|")
_PIECES = (
    "{{x}}|<!-- c -->|<?php ?>|</p>|</div>|<b><p></b></p>|<a><a>|<table><p>x</p></table>|<li>|<select><p>|"
    "<svg><p>x</p></svg>|<script>x</script>|<style>p{}</style>|<template><p></template>|<body class=x>|"
    "<amp-img></amp-img>|<section>x</section>|<form><input></form>|<input type=file>|<p a=1 a=2>|</body>|"
    "<div submit-success>x</div>|<amp-state id=q><p></p></amp-state>|<nobr><nobr>|<ruby>x<rt>y</ruby>"
).split("|")
_SHEETS = (
    "h1{color:red !important}|@import url(https://x);|@font-face{src:url(https://e.com/f)}|p{foo:bar}|a:root{}|"
    "@media print{a{color:red}}|@media only{|@page{margin:1px}|@keyframes x{from{color:red}}|p{color}|}|p{|"
    "p{background:url(http://e.com/x)}|p{background:url(a b)}|p{cursor:wait}|[foo]{}|a::before{}|..x{}|a,{}|"
    "/* un|.i-amphtml-x{}|<!--|@x{}|p{@media{}}|p{color:[}|P{Color:RED}|p{z-index:1.5}|@media (foo:1){a{b:c}}"
).split("|")

FULL = f"""<!doctype html>
<html ⚡4email data-css-strict lang="en">
<head>
<meta charset="utf-8">
<script async src="https://cdn.ampproject.org/v0.js"></script>
{scripts(known())}
<style amp4email-boilerplate>body{{visibility:hidden}}</style>
<style amp-custom>h1 {{ color: red }} .a > .b:hover{{ margin: 1px }}</style>
</head>
<body>
<amp-state id="s"><script type="application/json">{{"a": 1}}</script></amp-state>
<amp-carousel width="400" height="300" layout="responsive" type="slides">
<amp-img src="https://e.com/1.png" width="400" height="300" layout="responsive"></amp-img></amp-carousel>
<amp-accordion><section expanded><h2>Q</h2><p>A</p></section></amp-accordion>
<amp-list src="https://e.com/l.json" width="auto" height="100" layout="fixed-height" template="t">
<div fetch-error>err</div></amp-list>
<template id="t" type="amp-mustache"><p class="{{{{c}}}}">{{{{x}}}} <a href="{{{{y}}}}">z</a></p></template>
<form method="post" action-xhr="https://e.com/f" id="f"><input name="q" type="text" required>
<select name="n"><option value="1">1</option></select><div submit-error>bad</div></form>
<amp-selector layout="container" name="r"><div option="1">1</div><ul><li option="2">2</li></ul></amp-selector>
<button on="tap:AMP.setState({{s: {{a: 2}}}})">b</button><p [text]="s.a">1</p>
<table border="0" width="100%"><tr><td valign="top" style="color:red">x</td></tr></table>
</body>
</html>
"""


def mutations(bases: list[str], count: int, seed: int) -> Iterator[str]:
    """`count` documents, each one to three changes away from one of `bases`."""
    dice = random.Random(seed)
    names = sorted({spec.tag.lower() for spec in rules().tags if spec.tag[0] not in "$!"})
    names += _ELSEWHERE.split()
    attributes = sorted({name for spec in rules().tags for name in spec.attributes})
    attributes += ["onclick", "foo", "data-x", "[foo]", "{{x}}", "action", "srcset", "xlink:href"]
    for _ in range(count):
        html = dice.choice(bases)
        for _ in range(dice.choice([1, 1, 1, 2, 3])):
            html = _mutated(html, dice, names, attributes)
        yield html


def _quoted(value: str) -> str:
    return '"' + value.replace('"', "&quot;") + '"'


def _mutated(html: str, dice: random.Random, names: list[str], attributes: list[str]) -> str:
    tags = list(_TAG.finditer(html))
    if not tags:
        return html
    at, kind = dice.choice(tags), dice.randrange(10)
    tag, attribute, value = at.group(), dice.choice(attributes), dice.choice(_VALUES)
    if kind <= 1 and not tag.startswith("<!"):
        return html[: at.end() - 1] + f" {attribute}={_quoted(value)}" + html[at.end() - 1 :]
    if kind == 2 and (found := _ATTRIBUTE.findall(tag)):
        return html[: at.start()] + tag.replace(dice.choice(found), "", 1) + html[at.end() :]
    if kind in (3, 4) and (spans := list(re.finditer(r'="[^"]*"', tag))):
        span = dice.choice(spans)
        changed = tag[: span.start()] + "=" + _quoted(value) + tag[span.end() :]
        return html[: at.start()] + changed + html[at.end() :]
    if kind == 5:
        return html[: at.start()] + html[at.end() :]
    if kind == 6:
        name = dice.choice(names)
        return html[: at.start()] + re.sub(r"^<[\w!-]+", f"<{name}", tag) + html[at.end() :]
    if kind == 7 and "<style amp-custom>" in html:
        put = html.index("<style amp-custom>") + len("<style amp-custom>")
        return html[:put] + dice.choice(_SHEETS) + html[put:]
    if kind == 8:
        return html[: at.start()] + dice.choice(_PIECES) + html[at.start() :]
    cut = dice.randrange(len(html))
    return html[:cut] + html[cut + dice.choice([1, 1, 2, 5, 20]) :]
