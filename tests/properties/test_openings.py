"""No value opens a tag of another templating language, in any part of a mail, whatever stands beside it."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.escapers import OPENINGS, safe_in_text

SIGNS = "{}%$#<>*|[]= a"
HALVES = sorted({half for opening in OPENINGS for half in opening})
values = (
    st.lists(st.sampled_from([*HALVES, "a"]), min_size=1, max_size=3).map("".join)
    | st.text(SIGNS, min_size=1, max_size=5)
    | st.text(min_size=1, max_size=4)
)
data = st.fixed_dictionaries(
    {"x": values, "y": values, "l": st.lists(st.lists(values, max_size=2), max_size=2)}
)
NEUTRAL = {"x": "n", "y": "n", "l": "n"}

PLACES = [
    "<p>HERE</p>",
    '<p title="HERE">t</p>',
    "<p title='HERE'>t</p>",
    "<p title=HERE>t</p>",
    '<a href="HERE">t</a>',
    "<a href=HERE>t</a>",
    '<a href="https://shop.example/HERE">t</a>',
    '<a href="https://shop.example/?q=HERE">t</a>',
    '<img srcset="HERE 2x">',
    '<p style="color:HERE">t</p>',
    "<p style=\"font-family:'HERE'\">t</p>",
    '<p style="background:url(HERE)">t</p>',
    "<title>HERE</title>",
    "<style>p{color:HERE;width:1px}</style>",
    "<style>p{font-family:'HERE'}</style>",
    "<script>var a = HERE;</script>",
    "<script>var a = 'HERE';</script>",
    '<script type="application/ld+json">{"a": HERE}</script>',
    '<p onclick="f(HERE)">t</p>',
    "<!--[if mso]><b>HERE</b><![endif]-->",
    '<template type="amp-mustache"><p title="HERE">HERE</p></template>',
]
OUTPUTS = [
    "{{ x }}",
    "{{ y }}",
    "{{ x | escape }}",
    "{{ l }}",
    "{{ l | first }}",
    "{{ x | append: y }}",
    "{% echo y %}",
]
LITERALS = [*"{%$#<*|[", " ", "a", "{% if x %}", "{% endif %}", "{{- y -}}", "{% render 'p' %}", "{{ c }}"]
inside = st.lists(st.sampled_from(OUTPUTS) | st.sampled_from(LITERALS), min_size=1, max_size=5).map("".join)
PARTIALS = {"p": "{{ x }}"}
CAPTURE = "{% capture c %}{{ y }}{% endcapture %}"


def openings(text: str) -> int:
    return sum(text.startswith(OPENINGS, at) for at in range(len(text)))


def check(template: str, escape: str, hostile: dict[str, object]) -> None:
    try:
        made = Template.from_string(template, escape=escape, partials=PARTIALS)  # type: ignore[arg-type]
    except TemplateError:
        return
    assert openings(made.render(hostile)) <= openings(made.render(NEUTRAL)), made.render(hostile)


SHAPES = [
    ("{{ x }}", "zAB", ""),
    ("{{ x }}", "ABz", ""),
    ("{{ x }}", "5AB", ""),
    ("{{ x }}{{ y }}", "5A", "B5"),
    ("{{ x }}{% if y %}{{ y }}{% endif %}", "A", "B"),
    ("A{{ x }}", "B5", ""),
    ("A{% if x %}{{ x }}{% endif %}", "B", ""),
    ("A{{- x }}", "Bz", ""),
    ("{{ x }}B", "5A", ""),
    ("{{ x -}} B", "zA", ""),
    ("{% echo x %}{% if x %}B{% endif %}", "A", ""),
    ("A{% render 'p' %}", "Bz", ""),
    ("{% render 'p' %}B", "zA", ""),
    ("{{ l }}", "AB", ""),
]


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize("place", ["HERE", *PLACES])
def test_no_half_of_an_opening_meets_the_other(place: str, opening: str) -> None:
    for shape, x, y in SHAPES:
        template, one, other = (
            part.replace("A", opening[0]).replace("B", opening[1]) for part in (shape, x, y)
        )
        hostile: dict[str, object] = {"x": one, "y": other, "l": [[one], [one]]}
        check(place.replace("HERE", template), "html", hostile)
        check(place.replace("HERE", template), "text", hostile)


@pytest.mark.parametrize("place", PLACES)
@settings(deadline=None, max_examples=60)
@given(inside=inside, hostile=data)
def test_none_in_html(place: str, inside: str, hostile: dict[str, object]) -> None:
    check(CAPTURE + place.replace("HERE", inside), "html", hostile)


@settings(deadline=None)
@given(inside, data)
def test_none_in_plain_text(inside: str, hostile: dict[str, object]) -> None:
    check(CAPTURE + inside, "text", hostile)


@settings(deadline=None)
@given(inside, data)
def test_none_where_both_are_rendered_at_once(inside: str, hostile: dict[str, object]) -> None:
    template = CAPTURE + inside
    try:
        html, text = (Template.from_string(template, escape=e, partials=PARTIALS) for e in ("html", "text"))
    except TemplateError:
        return
    pair = TemplatePair(html, text).render(hostile)
    assert pair == (html.render(hostile), text.render(hostile))


@given(st.text(SIGNS, max_size=12), st.text(SIGNS, max_size=12))
def test_none_in_a_subject_or_name(one: str, other: str) -> None:
    safe = safe_in_text(one)
    assert openings(safe + safe_in_text(other)) == 0
    assert safe_in_text(safe) == safe
    assert safe.replace(" ", "") == one.replace(" ", "")


@pytest.mark.parametrize("place", PLACES)
def test_a_lone_surrogate_can_be_sent(place: str) -> None:
    hostile = {"x": "a\ud800b", "y": "\udfff", "l": ["\ud800"]}
    for output in OUTPUTS:
        made = Template.from_string(place.replace("HERE", output)).render(hostile)
        assert made.encode("utf-8")
    assert Template.from_string(place, escape="text").render(hostile).encode("utf-8")
