"""Parameters are added where that is right, and nowhere else."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from liquid import Environment
from mailweave.liquid import Template
from mailweave.message.links import rewrite, rewrite_text

UTM = {"utm_source": "mail", "utm_campaign": "Spring sale"}
ADDED = "utm_source=mail&amp;utm_campaign=Spring%20sale"
ENVIRONMENT = Environment(autoescape=True)


def href(value: str, **more: str) -> str:
    out = rewrite(f'<p><a class="x" href="{value}">x</a></p>', utm={**UTM, **more})
    assert out.startswith('<p><a class="x" href="')
    return out.removeprefix('<p><a class="x" href="').removesuffix('">x</a></p>')


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("https://x.example", f"https://x.example?{ADDED}"),
        ("https://x.example/?a=1", f"https://x.example/?a=1&amp;{ADDED}"),
        ("https://x.example/?a=1&amp;b#top", f"https://x.example/?a=1&amp;b&amp;{ADDED}#top"),
        ("/shop#a", f"/shop?{ADDED}#a"),
        (
            "https://x.example/?utm_source=theirs",
            "https://x.example/?utm_source=theirs&amp;utm_campaign=Spring%20sale",
        ),
        ("https://x.example/?utm_source=a&utm_campaign=b", "https://x.example/?utm_source=a&utm_campaign=b"),
        ("https://x.example/{{ id }}?a={{ b }}", f"https://x.example/{{{{ id }}}}?a={{{{ b }}}}&amp;{ADDED}"),
        ("https://x.example/?{{ query }}", f"https://x.example/?{{{{ query }}}}&amp;{ADDED}"),
        ("https://x.example/?a#{{ f }}", f"https://x.example/?a&amp;{ADDED}#{{{{ f }}}}"),
        (
            "{% if v %}https://a.example{% else %}mailto:a@b.example{% endif %}",
            f"{{% if v %}}https://a.example?{ADDED}{{% else %}}mailto:a@b.example{{% endif %}}",
        ),
    ],
)
def test_added(before: str, after: str) -> None:
    assert href(before) == after


_LEFT_ALONE = ("mailto:a@b.example", "tel:+49", "sms:1", "cid:1", "javascript:x", "#top", "")
_UNCLEAR = ("{{ u | append: '#x' }}", "https://x.example/{% if v %}?a{% endif %}")
_UNSUBSCRIBE = ("https://x.example/unsubscribe?u=1", "{{ unsubscribe_url }}")


@pytest.mark.parametrize("value", [*_LEFT_ALONE, *_UNCLEAR, *_UNSUBSCRIBE])
def test_left_alone(value: str) -> None:
    assert href(value) == value


def test_only_links_of_readers() -> None:
    page = '<link href="https://x.example/a.css"><img src="https://x.example"><a data-no-utm href="https://y.example">'
    assert rewrite(page, utm=UTM) == page
    assert rewrite("<p>", utm={}) == "<p>"


def test_outlooks_buttons_too() -> None:
    page = (
        '<!--[if mso]><v:roundrect href="https://x.example"><![endif]--><!-- <a href="https://x.example"> -->'
    )
    assert rewrite(page, utm={"a": "b"}) == page.replace('example"><![endif]', 'example?a=b"><![endif]')


def test_values_may_hold_liquid() -> None:
    assert href("https://x.example", utm_content="{{ campaign.id }} x").endswith(
        "utm_content={{ campaign.id }}%20x"
    )


@given(
    st.sampled_from(
        (
            "https://x.example",
            "https://x.example/?a=1",
            "https://x.example/?a#f",
            "mailto:a@b",
            "/p?utm_source=a",
        )
    )
)
def test_an_address_from_data_is_judged_when_it_is_known(url: str) -> None:
    rendered = ENVIRONMENT.from_string(href("{{ user.url }}")).render(user={"url": url}).replace("&amp;", "&")
    assert rendered.startswith(url)
    if "#" in url or ":a" in url or "utm_" in url:
        assert rendered == url
    else:
        assert dict(parse_qsl(urlsplit(rendered).query)) == dict(parse_qsl(urlsplit(url).query)) | UTM


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("See https://x.example/a.", "See https://x.example/a?m=1."),
        ("(https://x.example/?b=1&c=2#top)", "(https://x.example/?b=1&c=2&m=1#top)"),
        ("Shop <https://x.example>, now", "Shop <https://x.example?m=1>, now"),
        ("https://x.example/?m=2", "https://x.example/?m=2"),
        ("https://x.example/unsubscribe/1", "https://x.example/unsubscribe/1"),
        ("mailto:a@x.example?subject=Hi", "mailto:a@x.example?subject=Hi"),
        ("Shop <{{ u }}>", "Shop <https://x.example/?a=b&m=1>"),
        ("Ann <{{ n }}>", "Ann <Ann Lee>"),
        ("{{ u }} {{ n }}", "https://x.example/?a=b Ann Lee"),
    ],
)
def test_addresses_in_a_text_that_an_author_wrote(before: str, after: str) -> None:
    linked = rewrite_text(before, utm={"m": "1"})
    template = Template.from_string(linked, escape="text")
    assert template.render({"u": "https://x.example/?a=b", "n": "Ann Lee"}) == after
