"""Random templates, random hostile values: a value never changes what a browser makes of the page.

Templates come from a grammar of places, and from noise that no author would write; the judge parses with
html5lib and tinycss2. A template that is refused is fine: it cannot do harm.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, event, example, given, settings
from hypothesis import strategies as st
from tests.html_judge import NEUTRAL, unsafe

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template
from mailweave.liquid.contexts import TEXT, Context
from mailweave.liquid.contexts.html import advance
from mailweave.liquid.contexts.model import Unsafe
from mailweave.liquid.escapers import LABELS, escaper

PIECES = [
    *(
        "<script>",
        "</script>",
        "</style>",
        "</title>",
        "</textarea>",
        "-->",
        "<!--",
        "]]>",
        '"',
        "'",
        "`",
        " ",
    ),
    *(
        "\n",
        "\t",
        "=",
        ">",
        "<",
        "/",
        "onerror=",
        "javascript:",
        "data:",
        ":",
        ";",
        "{",
        "}",
        "{{",
        "}}",
        "{%",
    ),
    *(
        "%}",
        "<%",
        "url(",
        ")",
        "(",
        "expression",
        "\\",
        "\\22 ",
        "/*",
        "*/",
        "@import",
        "!important",
        "&",
        "&lt;",
    ),
    *(
        "&#x27;",
        "#",
        "?",
        "%22",
        "%",
        ",",
        "x",
        "1",
        "é",
        "\u2028",
        "\ufeff",
        "\U0001f600",
        "https://",
        "//",
        "$",
    ),
]
hostile = st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("".join)
values = st.fixed_dictionaries(dict.fromkeys("xyz", hostile))

OUTPUTS = [
    *("{{ x }}", "{{ y }}", "{{ z }}", "{{ x }}{{ y }}", "{{ x | append: y }}", "{{ z | upcase }}"),
    *("{{ x | escape }}", "{{ y | escape_once }}", "{{ z | url_encode }}", "{{ x | replace: 'a', y }}"),
    *("{{ x | default: y }}", "{% echo z %}", "{% cycle x, y %}", "{{ x | strip_html }}", "{{ text }}"),
    *(
        "{{ held }}",
        "{{ held | append: x }}",
        "{{ held | squish }}",
        "{{ held | strip_newlines }}",
        "{{ made }}",
    ),
    *(
        "{{ held | strip }}",
        "{{ held | slice: 1, 9 }}",
        "{{ x | split: ' ' | first }}",
        "{{ held | escape }}",
    ),
]
WORDS = ["a", " b", "c ", "&amp;", "1", "/", "?", "#", ":", ";", ",", "=", ".", "-", "'", '"', "("]
NAMES = ["title", "class", "href", "src", "style", "onclick", "srcset", "data-x", "data-url", "action", "alt"]
IN_VALUES = ["a", "/b", "?c=", "https://d/", "color: ", "; e: ", "f(", "&amp;", " ", ":", "url(", ")"]
IN_CSS = ["a{", "}", "color:", ";", "'", '"', "url(", ")", "/*", "*/", "@media x{", " ", "b", ",", "\\", "c:"]
IN_CODE = ["var a=", ";", "'", '"', "//", "/*", "*/", "\n", "/", "[", "]", "\\", "1", ","]
WRAPPED = [
    "<!--[if mso]>{}<![endif]-->",
    "<!--[if !mso]><!-->{}<!--<![endif]-->",
    "<svg>{}</svg>",
    "<!-- {} -->",
]
SWITCHES = [
    "{}{}",
    "{% if t %}{}{% else %}{}{% endif %}",
    "{% if f %}{}{% endif %}{}",
    "{% for i in (1..2) %}{}{% endfor %}{}",
    "{% case n %}{% when 1 %}{}{% when 2 %}{}{% endcase %}",
]


@st.composite
def mixed(draw: st.DrawFn, pieces: list[str], most: int = 4) -> str:
    """Outputs among literal pieces."""
    return "".join(draw(st.lists(st.sampled_from([*pieces, *OUTPUTS]), max_size=most)))


@st.composite
def switched(draw: st.DrawFn, pieces: list[str]) -> str:
    """The same under a control tag."""
    return fill(draw(st.sampled_from(SWITCHES)), draw(mixed(pieces)), draw(mixed(pieces)))


def fill(form: str, *inner: str) -> str:
    for one in inner:
        form = form.replace("{}", one, 1)
    return form


@st.composite
def attribute(draw: st.DrawFn) -> str:
    quote = draw(st.sampled_from(['"', "'", '"', ""]))
    value = draw(switched(IN_VALUES)) if quote else draw(st.sampled_from(OUTPUTS)).replace(" ", "")
    other = "'" if quote == '"' else '"'
    return f" {draw(st.sampled_from(NAMES))}={quote}{value.replace(quote or other, other)}{quote}"


@st.composite
def grown(draw: st.DrawFn, depth: int = 3) -> str:
    """A piece of a page."""
    kind = draw(st.integers(0, 8)) if depth else 0
    if kind == 0:
        return draw(mixed(WORDS))
    if kind <= 3:
        tag = draw(st.sampled_from(["p", "b", "a", "div", "span", "img", "i"]))
        told = "".join(draw(st.lists(attribute(), max_size=3)))
        return f"<{tag}{told}>{draw(grown(depth - 1))}</{tag}>"
    if kind == 4:
        form = draw(st.sampled_from(SWITCHES))
        return fill(form, draw(grown(depth - 1)), draw(grown(depth - 1)))
    if kind == 5:
        return fill(draw(st.sampled_from(WRAPPED)), draw(grown(depth - 1)))
    if kind == 6:
        return f"<style>{draw(mixed(IN_CSS, 8))}</style>"
    if kind == 7:
        opener = draw(st.sampled_from(["<script>", '<script type="application/json">{"a":']))
        return f"{opener}{draw(mixed(IN_CODE, 8))}</script>"
    return f"<textarea>{draw(mixed(WORDS))}</textarea>"


noise = st.text("<>/='\"!-&;: {}ab\n", min_size=1, max_size=6)
noisy = st.lists(st.one_of(grown(2), noise, st.sampled_from(OUTPUTS)), max_size=5).map("".join)

HEAD = (
    "{% capture held %}<b title='{{ x }}'>{{ y }}</b>{% endcapture %}"
    "{% capture text %}{{ x }} and {{ z }}{% endcapture %}"
    "{% assign made = x | append: '<i>' | append: z %}"
)


def check(body: str, data: dict[str, Any]) -> None:
    page = f"{HEAD}<!doctype html><html><head><title>t</title></head><body>t{body}</body></html>"
    try:
        template = Template.from_string(page)
    except TemplateError:
        event("refused")
        return
    fixed = {"t": True, "f": False, "n": 2}
    neutral = template.render({**fixed, "x": NEUTRAL, "y": NEUTRAL, "z": NEUTRAL})
    event("rendered" if NEUTRAL in neutral else "no value shown")
    assert not (why := unsafe(template.render({**fixed, **data}), neutral)), why


_relaxed = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much], deadline=None)


@settings(_relaxed, max_examples=250)
@given(grown(), values)
def test_no_value_changes_the_page(body: str, data: dict[str, Any]) -> None:
    check(body, data)


@settings(_relaxed, max_examples=250)
@given(noisy, values)
def test_no_value_changes_a_page_of_broken_markup(body: str, data: dict[str, Any]) -> None:
    check(body, data)


@pytest.mark.deep
@settings(_relaxed, max_examples=20_000)
@given(st.one_of(grown(), noisy), values)
@example("<style>{{ x }}url({{ y }})a{</style>", {"x": "a", "y": "</script>", "z": "a"})
@example("{{ y }}}", {"x": "a", "y": "50%", "z": "a"})
@example("<p style='color:{% if t %}x{% endif %}url({{ y }})'></p>", {"x": "a", "y": "a b", "z": "a"})
def test_no_value_changes_any_page(body: str, data: dict[str, Any]) -> None:
    check(body, data)


literal = st.lists(
    st.sampled_from(
        [
            *(
                "<p",
                "<a ",
                "<b>",
                "</b>",
                "</p",
                ">",
                "/>",
                " ",
                "\n",
                "=",
                '"',
                "'",
                "title",
                "href",
                'lang="en"',
            ),
            *("<style>", "</style>", "<script>", "</script>", '<script type="application/json">', "<title>"),
            *(
                "</title>",
                "<!--",
                "-->",
                "<!--[if mso]>",
                "<![endif]-->",
                "<!doctype html>",
                "style='",
                "onclick='",
            ),
            *(
                "url(",
                ")",
                "/*",
                "*/",
                "//",
                "/",
                "\\",
                "a",
                ":",
                ";",
                "{",
                "}",
                "&amp;",
                "&",
                "#",
                "?",
                "javascript",
            ),
            *(
                "<meta",
                " content=",
                " http-equiv=refresh",
                "0;url=",
                "<template",
                " type=amp-mustache",
                "</template>",
            ),
            *("srcset='", ",", "<br/>", "@media x", "`", "<"),
        ]
    ),
    max_size=12,
)


def read_in_pieces(pieces: list[str]) -> Context | str:
    """The context behind the pieces, or the code of what is wrong with them."""
    context = TEXT
    try:
        for piece in pieces:
            context = advance(context, piece)
    except Unsafe as problem:
        return problem.code
    return context


@settings(_relaxed, max_examples=400)
@given(literal)
@example(["<style>", "/*", "/*"])
@example(["<script>", "/*", "/*"])
def test_how_a_text_is_cut_makes_no_difference(pieces: list[str]) -> None:
    text = "".join(pieces)
    whole = read_in_pieces([text])
    assert read_in_pieces(pieces) == whole
    if not any(word in text for word in ("<style", "<script", "style=", "onclick=")):
        assert read_in_pieces(list(text)) == whole  # marks of CSS and scripts are not cut in the middle


@settings(_relaxed, max_examples=400)
@given(st.sampled_from(sorted(LABELS)), st.one_of(hostile, st.text(max_size=20)))
def test_the_fast_path_and_the_escaper_agree(label: str, value: str) -> None:
    made = escaper(label)
    assume(made.fast is not None)
    assert made.fast is not None
    assert eval(made.fast.source("value", "memo"), {"value": value, "memo": made.fast.memo}) == made.escape(
        value
    )


@settings(_relaxed, max_examples=400)
@given(st.sampled_from(sorted(LABELS)), st.integers())
def test_whole_numbers_are_written_as_they_are_where_the_table_says_so(label: str, value: int) -> None:
    made = escaper(label)
    if made.numbers:
        assert made.escape(value) == str(value)


@settings(_relaxed, max_examples=400)
@given(st.sampled_from(sorted(LABELS)), st.one_of(hostile, st.text(), st.none(), st.floats(), st.booleans()))
def test_every_escaper_takes_every_value(label: str, value: object) -> None:
    assert type(escaper(label).escape(value)) is str
