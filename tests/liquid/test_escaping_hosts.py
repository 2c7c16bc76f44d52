"""A value never decides to which host a link leads, where the template names one."""

from __future__ import annotations

from html import unescape
from urllib.parse import urljoin, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.liquid import Template
from mailweave.liquid.contexts.checking import check_places

PIECES = [
    "/",
    "//",
    "\\",
    "@",
    ":",
    "?",
    "#",
    ".",
    "evil.example",
    "%2f",
    "\t",
    " ",
    "a",
    "https:",
    "é",
    "8",
    "-",
]
values = st.lists(st.sampled_from(PIECES), max_size=5).map("".join)
LINKS = {
    "https://shop.example{{ x }}": "MW464",
    "https://shop.example{{ x }}{{ y }}": "MW464",
    "https://shop.example{{ x }}/a/{{ y }}": "MW464",
    "https://shop.example:{{ x }}/a": "",
    "https://shop.example{% if a %}/a{% endif %}{{ x }}": "MW464",
    "//shop.example{{ x }}": "MW464",
    "/{{ x }}": "MW465",
    "/{{ x }}{{ y }}": "MW465",
    "/{{ x }}/{{ y }}": "MW465",
    "https://shop.example/{{ x }}": "",
    "https://shop.example/?a={{ x }}": "",
}


@pytest.mark.parametrize("link", LINKS)
@given(values, values, st.booleans())
def test_the_host_is_that_of_the_template(link: str, x: str, y: str, a: bool) -> None:
    page = Template.from_string(f"<a href='{link}'>t</a>").render({"x": x, "y": y, "a": a})
    url = unescape(page.split("'")[1])
    seen = url.replace("\\", "/").replace("\t", "").replace("\n", "")  # as a browser reads it
    assert urlsplit(urljoin("https://shop.example/", seen)).hostname == "shop.example", url


@given(values)
def test_a_value_ends_no_host_that_the_template_names_the_end_of(x: str) -> None:
    url = Template.from_string("<a href='https://{{ x }}.shop.example/'>t</a>").render({"x": x}).split("'")[1]
    assert (urlsplit(url).hostname or "").endswith(".shop.example")


@pytest.mark.parametrize(("link", "code"), LINKS.items())
def test_what_lets_a_value_name_a_host_is_said(link: str, code: str) -> None:
    found = {finding.code for finding in check_places(f"<a href='{link}'>t</a>")}
    assert found == ({code} if code else set())


@given(values)
def test_a_mail_link_writes_to_one_address_and_sets_no_field(x: str) -> None:
    page = Template.from_string("<a href='mailto:{{ x }}'>t</a>").render({"x": f"a{x},b&cc=c"})
    assert not set(page.split("'")[1].removeprefix("mailto:")) & set("?&#,;/:")
