"""Which data a template writes, through what, and in what kind of place."""

from __future__ import annotations

import pytest

from mailweave.liquid.escapers.urls import in_request
from mailweave.liquid.flow import Written, data_flow

LINK = '<a href="https://x.example/?e={{ %s }}">'

CASES = {
    "{% assign a = profile.email %}{% assign a = profile.id %}" + LINK % "a": {"id"},
    "{% assign a = profile.email %}{% if profile.vip %}{% assign a = profile.id %}{% endif %}" + LINK % "a": {
        "email",
        "id",
    },
    "{% assign a = profile.email %}{% if profile.vip %}{% assign a = 1 %}{% else %}{% assign a = 2 %}{% endif %}"
    + LINK % "a": set(),
    "{% case profile.plan %}{% when 'a' %}{% assign a = profile.email %}{% else %}{% assign a = '' %}{% endcase %}"
    + LINK % "a": {"email"},
    "{% assign p = profile %}" + LINK % "p.email": {"email"},
    "{% for kid in profile.kids %}" + LINK % "kid.name" + "</a>{% endfor %}": {"kids"},
    "{% assign a = '' %}{% for kid in profile.kids %}"
    + LINK % "a"
    + "</a>{% assign a = kid.name %}{% endfor %}": {"kids"},
    LINK % "'hi-' | append: profile.email | base64_encode": {"email"},
    LINK % "profile.email.size": set(),
    LINK % "profile.email | size": set(),
    LINK % "profile.plan | default: profile.email": {"plan", "email"},
    LINK % "profile[block.field]": {"plan"},
    LINK % "profile[profile.field]": {"*"},
    "{% capture a %}{{ profile.email }}{% endcapture %}" + LINK % "a": {"email"},
    "{% capture a %}" + LINK % "profile.email" + "</a>{% endcapture %}{{ a }}": {"email"},
    "{% if profile.email %}" + LINK % "profile.id" + "</a>{% endif %}": {"id"},
    "{{ profile.email }}": set(),
    '<p title="{{ profile.email }}">': set(),
    '<p style="background: url({{ profile.email }})">': {"email"},
    '<img alt="" srcset="/a.png?{{ profile.email }} 2x">': {"email"},
    '<a href="mailto:{{ profile.email }}">': set(),
    "{% cycle profile.email, 'b' %}": set(),
    "{% liquid\nassign a = profile.email\n%}" + LINK % "a": {"email"},
}


def in_links(found: tuple[Written, ...]) -> set[str]:
    return {one.path[1] for one in found if in_request(one.label)}


@pytest.mark.parametrize("text", CASES)
def test_what_reaches_an_address(text: str) -> None:
    whole = text + "</a>" if text.endswith('">') and text.rpartition("<")[2].startswith("a ") else text
    assert in_links(data_flow(whole, constants={"block": {"field": "plan"}})) == CASES[text]


def test_what_reaches_an_address_in_plain_text() -> None:
    text = "{{ profile.plan }} https://x.example/?e={{ profile.email }} <{{ profile.site }}>"
    assert in_links(data_flow(text, escape="text")) == {"email", "site"}


def test_a_template_that_does_not_compile_writes_nothing() -> None:
    assert data_flow("{% if %}") == ()
