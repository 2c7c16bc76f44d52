"""Each hazard and each thing that is none, case by case: fixtures/inline/cases.toml."""

from __future__ import annotations

import doctest
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

from liquid import Environment
from mailweave.content import inline_once
from mailweave.source import Source

FILE = Path(__file__).parents[2] / "fixtures" / "inline" / "cases.toml"
TABLE = tomllib.loads(FILE.read_text(encoding="utf-8"))
ENVIRONMENT = Environment(autoescape=True)
ENVIRONMENT.add_filter("raw", str)


def template(case: dict[str, Any]) -> str:
    css = case.get("css", TABLE["css"])
    return (
        f"<!DOCTYPE html><html><head><title>{{{{ t }}}}</title><style>{css}</style></head>"
        f"<body>{case['body']}</body></html>"
    )


@pytest.mark.parametrize("case", TABLE["case"], ids=[case["name"] for case in TABLE["case"]])
def test_case(case: dict[str, Any]) -> None:
    source = template(case)
    done = inline_once(Source("case.html", source))
    assert sorted({d.code for d in done.diagnostics}) == case["codes"]
    assert done.exact is ("MW520" not in case["codes"])
    if not done.exact:
        assert done.source == source


def test_each_finding_names_a_selector_and_lines() -> None:
    source = (
        "<style>\ntd{color:red}\n\np:first-child{color:red}</style>\n{% if v %}<p>a</p>{% endif %}<p>b</p>"
    )
    found = [d for d in inline_once(Source("mail.html", source)).diagnostics if d.code == "MW510"]
    assert [str(d.location) for d in found] == ["mail.html:5:1"]
    assert "`p:first-child` (mail.html:4:1)" in found[0].message


def test_what_premailer_damages_is_kept() -> None:
    css = (
        "@font-face{font-family:x;src:url(y)}@keyframes k{from{a:b}}@supports (display:grid){.g{display:grid}}"
        "*{box-sizing:border-box}p:not(.a){color:red}p:nth-child(2){margin:0}a:hover{color:red}.gone{x:y}"
        "@media (max-width:9px){.g{width:100% !important}.gone{x:y}}@media (max-width:9px){.gone{x:y}}"
    )
    head = f"<!doctype html>\n<html><head><style>{css}</style></head>"
    link = '<a href="{{ u }}?a=1&b={{ c }}">q</a></body></html>'
    body = f'<body><p class="g">x</p>{link}'
    out = inline_once(head + body).source
    assert out.startswith("<!doctype html>\n<html>")
    assert link in out
    for kept in (
        "@font-face{font-family:x;src:url(y)}",
        "@keyframes k{from{a:b}}",
        "*{box-sizing:border-box}",
    ):
        assert kept in out
    assert "@supports (display:grid){.g{display:grid}}" in out
    assert "@media (max-width:9px){.g{width:100% !important}}" in out
    assert '<p style="color:red" class="g">' in out
    assert "a:hover{color:red}" in out
    assert ".gone" not in out


def test_the_hook_of_a_client_that_is_known_by_its_style_is_kept() -> None:
    rule = 'div[style*="margin: 16px 0"]{margin:0 !important}'
    assert rule in inline_once(f"<!doctype html><style>{rule}div{{padding:0}}</style><div>x</div>").source


def test_what_is_not_touched_stays_as_it_was() -> None:
    text = "<p  CLASS=x>&nbsp;&#123;&#123; a }} <BR/> <!-- {{ b }} --> {%- if v -%} < 5 {% endif %}</p>"
    assert inline_once(text, "td{color:red}").source == text


def test_braces_that_were_entities_never_become_liquid() -> None:
    text = '<p style="content:&#123;&#123; name }}" title="&#123;&#123; name }}">&#123;&#123; name }}</p>'
    out = inline_once(text, "p{color:red}").source
    assert "color:red" in out
    assert "SEEN" not in ENVIRONMENT.from_string(out).render(name="SEEN")


def test_local_stylesheets_are_resolved_and_others_refused() -> None:
    files = {"a.css": "p{color:red}", "b.css": "@import 'a.css';p{margin:0}"}
    asked: list[str] = []

    def resolve(href: str) -> str | None:
        asked.append(href)
        return files.get(href)

    page = '<link rel="stylesheet" href="b.css"><link rel=stylesheet href="https://x.example/r.css"><p>x</p>'
    done = inline_once(page, resolve=resolve)
    assert re.search(r'<p style="[^"]*color:red[^"]*margin:0', done.source)
    assert [d.code for d in done.diagnostics] == ["MW505"]
    assert done.exact
    missing = inline_once(
        '<link rel="stylesheet" href="no.css"><style>@import url(no2.css);</style>', resolve=resolve
    )
    assert [d.code for d in missing.diagnostics] == ["MW504", "MW504"]
    assert not missing.exact
    assert asked == ["b.css", "a.css", "no.css", "no2.css"]


def test_imported_layers_come_where_they_are_imported() -> None:
    files = {"a.css": "@layer z{p{color:red}}", "b.css": "p{color:teal}"}
    later = '<style>@import "a.css";@layer y{p{color:blue}}@layer z{p{color:lime}}</style><p>x</p>'
    assert inline_once(later, resolve=files.get).source == '<p style="color:blue">x</p>'
    for asked in ("layer(a)", "(max-width:480px)", "supports(display:grid)"):
        done = inline_once(f"<style>@import url(b.css) {asked};</style><p>x</p>", resolve=files.get)
        assert [d.code for d in done.diagnostics] == ["MW541", "MW520"]
    screen = "<style>@import url( 'b.css' ) screen;</style><p>x</p>"
    assert inline_once(screen, resolve=files.get).source == '<p style="color:teal">x</p>'


def test_an_import_behind_rules_is_none() -> None:
    late = "@import url(https://fonts.example/f.css);"
    assert inline_once(f"<style>p{{color:red}}{late}</style><p>x</p>").source == '<p style="color:red">x</p>'
    first = inline_once(f"<style>@layer a;{late}p{{color:red}}</style><p>x</p>")
    assert late in first.source


def test_the_examples_of_the_docs_run() -> None:
    docs = Path(__file__).parents[2] / "docs" / "inlining.md"
    assert doctest.testfile(str(docs), module_relative=False).failed == 0


def test_liquid_among_declarations_is_named_with_its_place() -> None:
    source = (
        "<style>\np{margin:0}\n\n.k{margin:0;{{ x }}}</style>\n<p style='{{ y }}:red'>x</p><p class=k>y</p>"
    )
    found = [d for d in inline_once(Source("mail.html", source)).diagnostics if d.code == "MW528"]
    assert [(str(d.location), d.message.partition(":")[0]) for d in found] == [("mail.html:4:1", "`.k`")]
    tag = list(inline_once(Source("mail.html", source.replace("{{ x }}", ""))).diagnostics)
    assert [str(d.location) for d in tag if d.code == "MW528"] == ["mail.html:5:1"]


def test_values_that_can_be_blank_lie_over_what_shows_then() -> None:
    style = ";".join(f"color:{{{{ a{number} }}}}" for number in range(4))
    done = inline_once(f'<style>p{{color:red}}</style><p style="{style}">x</p>')
    assert done.exact
    assert f'style="color:red;{style}"' in done.source


def test_css_that_the_reference_dies_on_is_kept() -> None:
    done = inline_once('<style>p{left:rgb(,1,2)}</style><p style="color:#12">x</p>')
    assert done.exact
    assert "left:rgb(,1,2)" in done.source
    assert "color:#12" in done.source
