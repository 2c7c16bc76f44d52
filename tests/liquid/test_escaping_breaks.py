"""Attempts to get past the escapers: constants, deopts, partials, captures, types, second passes."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from markupsafe import Markup
from tests.html_judge import unsafe

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template

EVIL = '<b onx=\'"{{ y }}">'
TEXT = "&lt;b onx=&#39;&#34;&#123;&#123; y &#125;&#125;&#34;&gt;"


def out(template: str, data: dict[str, Any] | None = None, **options: Any) -> str:
    return Template.from_string(template, **options).render({"x": EVIL} if data is None else data)


@pytest.mark.parametrize(
    "template",
    [
        "{{ x }}",
        "{{ x | escape }}",
        "{% echo x %}",
        "{% liquid echo x %}",
        "{% cycle x %}",
        "{% assign a = x %}{{ a }}",
        "{% capture a %}{{ x }}{% endcapture %}{{ a }}",
        "{{ x | safe }}",
        "{{ nil | default: x }}",
        "{% for i in (1..1) %}{{ x }}{% endfor %}",
        "{% for i in x %}{{ i }}{% endfor %}",
        "{% assign l = x | split: 'QQ' %}{% for i in l %}{{ i }}{% endfor %}{{ '' }}",
        "{{ l }}{{ x }}",
        "{% if true %}{{ x }}{% endif %}",
        "{% case 1 %}{% when 1 %}{{ x }}{% endcase %}",
        "{% ifchanged %}{{ x }}{% endifchanged %}",
        "{% render 'p', x: x %}",
        "{% include 'p' %}",
        "{% include 'p' with x as x %}",
        "{% assign n = 'p' %}{% include n %}",
    ],
)
@pytest.mark.parametrize("how", ["data", "constant", "markup", "interpreted"])
def test_every_way_to_write_a_value_escapes_it(template: str, how: str) -> None:
    partials = {"p": "{{ x }}"}
    if how == "constant":
        assert out(template, {}, constants={"x": EVIL}, partials=partials) == TEXT
        return
    made = Template.from_string(template, partials=partials)
    if how == "interpreted":
        made._program = replace(made._program, _is_made=True)  # never compiled
    assert made.render({"x": Markup(EVIL) if how == "markup" else EVIL}) == TEXT


class Sly:
    def __html__(self) -> str:
        return "<script>"


def test_objects_that_call_themselves_html_are_refused() -> None:
    with pytest.raises(TemplateError, match="MW408"):
        out("{{ x }}", {"x": Sly()})


def test_filters_of_the_caller_cannot_mark_html() -> None:
    assert out("{{ x | f }}", filters={"f": lambda value: Markup("<b>")}) == "&lt;b&gt;"


def test_safe_writes_html_only_where_it_is_trusted() -> None:
    assert out("{{ x | safe }}", {"x": "<b>"}, trusted=True) == "<b>"
    assert out("<p title='{{ x | safe }}'>", {"x": "'<b>"}, trusted=True) == "<p title='&#39;&lt;b&gt;'>"
    assert out("{{ x | safe | upcase }}", {"x": "<b>"}, trusted=True) == "&lt;B&gt;"
    assert out("{% assign a = x | safe %}{{ a }}", {"x": "<b>"}) == "&lt;b&gt;"


def test_captured_html_is_not_escaped_twice() -> None:
    template = (
        "{% capture a %}<b>{{ x }}</b>{% endcapture %}{{ a }}|{{ a | strip }}|{% assign c = a %}{{ c }}"
    )
    assert out(template, {"x": "&"}) == "<b>&amp;</b>|<b>&amp;</b>|<b>&amp;</b>"


def test_captured_html_is_text_elsewhere() -> None:
    template = (
        "{% capture a %}<b>{{ x }}</b> &amp; co{% endcapture %}<p title='{{ a }}'><a href='/?q={{ a }}'>"
    )
    assert out(template, {"x": "'"}) == "<p title='&#39; &amp; co'><a href='/?q=%27%20%26%20co'>"


def test_captured_html_does_not_survive_a_change() -> None:
    capture = "{% capture a %}<p\ntitle='{{ x }}'>t</p>{% endcapture %}"
    for change in (
        "strip_newlines",
        "slice: 0, 9",
        "remove: '\"'",
        "replace: '<p', '<p '",
        "upcase",
        "truncate: 12",
    ):
        page = out(capture + "<div>{{ a | " + change + " }}</div>", {"x": "a onclick=alert(1) "})
        assert "<p" not in page.lower(), change


def test_what_is_appended_to_captured_html_is_escaped() -> None:
    capture = "{% capture a %}<b>t</b>{% endcapture %}"
    assert out(capture + "{{ a | append: x }}") == "<b>t</b>" + TEXT
    assert out(capture + "{{ x | append: a }}") == TEXT + "<b>t</b>"
    assert "{{" not in out(capture + "{{ a | append: '{' | append: '{' }}")


def test_two_values_cannot_join_to_something_alive() -> None:
    data = {"a": "{", "b": "{ x }}", "c": "<", "d": "% x %>", "j": "javascript", "k": ":alert(1)"}
    page = out("<p>{{ a }}{{ b }}{{ c }}{{ d }}</p><a href='{{ j }}{{ k }}'>t</a>", data)
    assert "{{" not in page
    assert "<%" not in page
    assert "javascript:" not in page
    html = "{% capture h %}{{ a }}{% endcapture %}<p>{{ h }}{{ h }}{{ b }}</p>"
    assert "{{" not in out(html, data)


def test_a_partial_is_escaped_for_the_place_it_is_called_from() -> None:
    template = (
        "<p>{% render 'p', x: x %}</p><a href=\"{% render 'p', x: x %}\">t</a><p title='{% include 'p' %}'>"
    )
    assert out(template, {"x": "javascript:'"}, partials={"p": "{{ x }}"}) == (
        "<p>javascript:&#39;</p><a href=\"#blocked\">t</a><p title='javascript:&#39;'>"
    )


def test_a_template_may_start_inside_a_title_or_an_attribute() -> None:
    assert out("{{ x }}", {"x": "<'{{"}, start="attribute") == "&lt;&#39;&#123;&#123;"
    assert out("{{ x }}", {"x": "</title>"}, start="title") == "&lt;/title&gt;"
    with pytest.raises(TemplateError, match="MW454"):
        out('{{ x }}"', start="attribute")


def test_slots_may_stand_in_text_only() -> None:
    for template in ("<p title='{% slot \"a\" %}'>", "<{% slot 'a' %}>", "<style>{% slot 'a' %}</style>"):
        with pytest.raises(TemplateError):
            Template.from_string(template, slots=("a",))


def test_constants_are_escaped_for_their_place_too() -> None:
    page = out("<a href='{{ x }}' style='color: {{ x }}'>{{ x }}</a>", {}, constants={"x": "javascript:'"})
    assert page == "<a href='#blocked' style='color: blocked'>javascript:&#39;</a>"


@pytest.mark.parametrize("value", ["\ud800", "\udfff<", "a\ud800'b", "\x00", "\ufffe"])
def test_broken_characters_reach_every_place(value: str) -> None:
    template = (
        "<p title='{{ x }}' style='color: {{ x }}; font: \"{{ x }}\"' onclick='f({{ x }})'>{{ x }}</p>"
        "<a href='{{ x }}'>t</a><a href='?q={{ x }}'>t</a><a href=/{{ x }}>t</a><script>f('{{ x }}')</script>"
    )
    page = Template.from_string(template).render_bytes({"x": value}).decode()
    neutral = out(template, {"x": "abc"})
    if "\x00" not in value:
        assert not unsafe(page, neutral)


def test_numbers_of_all_kinds() -> None:
    from decimal import Decimal

    template = "<p title='{{ x }}'>{{ x }}</p><script>f({{ x }})</script><a href='/{{ x }}'>t</a>"
    assert out(template, {"x": Decimal("-1.50")}) == (
        "<p title='-1.50'>-1.50</p><script>f( -1.5 )</script><a href='/-1.50'>t</a>"
    )
    assert "nan" not in out("<script>f({{ x }})</script>", {"x": float("nan")}).lower()
