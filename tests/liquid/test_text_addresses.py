"""Values within addresses of a plain text: encoded as in a link of HTML, so that no reader's program ends it early."""

from __future__ import annotations

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.liquid import Template, TemplatePair

CASES = [
    ("<https://shop.example/{{ v }}>", "a b/c", "<https://shop.example/a%20b/c>"),
    ("https://shop.example/?q={{ v }}", "a&b=c d", "https://shop.example/?q=a%26b%3Dc%20d"),
    ("https://shop.example/?q={{ v | url_encode }}", "a b&c", "https://shop.example/?q=a+b%26c"),
    ("https://shop.example/#{{ v }} now", "é>", "https://shop.example/#%C3%A9%3E now"),
    ("<https://shop.example{{ v }}>", ".evil.example", "<https://shop.example#blocked>"),
    ("https://shop.example:{{ v }}/", "80@evil.example", "https://shop.example:/"),
    ("HTTPS://shop.example/{% if v %}?q={{ v }}{% endif %}", "x y", "HTTPS://shop.example/?q=x%20y"),
    ("mailto:{{ v }}?subject=Hi", "a@b.example,c@d.example", "mailto:a@b.example%2Cc@d.example?subject=Hi"),
    ("<mailto:help@shop.example?subject={{ v }}>", "Order 7", "<mailto:help@shop.example?subject=Order%207>"),
    ("tel:{{ v }}", "+44 20", "tel:+44%2020"),
    ("<{{ v }}>", "https://shop.example/a b>c", "<https://shop.example/a%20b%3Ec>"),
    ("Ann <{{ v }}>", "Ann Lee & Co", "Ann <Ann Lee & Co>"),
    ("<{{ v }}>", "%= total %", "< %= total %>"),
    ("1/{{ v }}?q={{ v }}", "a b", "1/a b?q=a b"),
    ("https://shop.example/ {{ v }}", "a b", "https://shop.example/ a b"),
    ("https://shop.example/{{ v }}", 7, "https://shop.example/7"),
    (
        "https://shop.example/?q={{ v }}",
        "{{ x }}*|Y|*",
        "https://shop.example/?q=%7B%7B%20x%20%7D%7D%2A%7CY%7C%2A",
    ),
]


@pytest.mark.parametrize(("template", "value", "text"), CASES)
def test_a_value(template: str, value: object, text: str) -> None:
    made = Template.from_string(template, escape="text")
    assert made.render({"v": value}) == made._interpret({"v": value}, None) == text


LINKS = [
    "https://shop.example/{{ v }}/x",
    "https://shop.example/?q={{ v }}",
    "https://shop.example/a#{{ v }}",
    "https://shop.example{{ v }}",
    "mailto:{{ v }}?subject={{ v }}",
]


@given(value=st.text(max_size=20), link=st.sampled_from(LINKS))
def test_the_text_leads_where_the_link_of_the_html_leads(value: str, link: str) -> None:
    page = Template.from_string(f'<a href="{link}">x</a>', escape="html")
    words = Template.from_string(f"x <{link}>", escape="text")
    shown, said = TemplatePair(page, words).render({"v": value})
    href = re.search(r'href="([^"]*)"', shown)
    assert href
    assert said == f"x <{html.unescape(href[1])}>"
