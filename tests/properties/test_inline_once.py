"""DOM(inline, then render) == DOM(render, then inline), wherever no hazard was reported.

Rendering is python-liquid's, inlining afterwards is premailer's own: neither shares code with the engine.
"""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st
from tests.content.dom import difference, inlined_after

from liquid import Environment
from mailweave.content.inliner import inline_campaign, inline_once
from mailweave.source import Source

ENVIRONMENT = Environment(autoescape=True)
FLAGS = ("v", "w")
CLASSES = ("a", "b", "c")

_text = st.sampled_from(
    ("x", "{{ name }}", "Hi {{ name | upcase }}!", "{% if v %}yes{% else %}no{% endif %}", " ")
)
_plain = st.sampled_from(
    "color:red color:blue width:50px width:20% background-color:#abc text-align:left padding:2px margin:0"
    " font-weight:bold padding-left:1px color:red·!important border:0 border-left:1px·solid".split()
).map(lambda text: text.replace("·", " "))
_dynamic = st.sampled_from(
    (
        "color:{{ color }}",
        "color:{{ maybe }}",
        "color:{{ other }}",
        "color:{{ maybe }} !important",
        "color:{{ maybe | upcase }}",
        "color:{{ maybe | default: other }}",
        "color:{{ maybe | default: 'navy' }}",
        "color:{{ maybe | append: other }}",
        "color:#{{ hex }}",
        "background-color:{{ maybe }}",
        "background-color:{{ color }}",
        "background-color:#{{ hex }}",
        "background-color:{{ color | downcase }}",
        "padding:{{ n }}px",
        "padding:{{ maybe }}",
        "padding-left:{{ other }}",
        "margin:{{ n }}px {{ maybe }}",
        "width:{{ n }}%",
        "width:{{ n }}",
        "width:{{ n }}{{ unit }}",
        "text-align:{{ side }}",
        "border:{{ n }}px solid {{ maybe }}",
        "border-left:{{ unit }}",
        "background-image:url({{ maybe }})",
    )
)
_uncertain = st.sampled_from(("{{ maybe }}:red", "{{ whole }}", "padding-{{ side }}:3px"))
_property = st.one_of(
    *[_plain] * 4, *[_dynamic] * 4, st.integers(0, 9).flatmap(lambda n: _plain if n else _uncertain)
)
_style = st.lists(_property, min_size=1, max_size=3).map(";".join)
_conditional_style = st.builds(lambda a, b: f"{a};{{% if v %}}{b}{{% endif %}}", _style, _style)
_class = st.lists(st.sampled_from(CLASSES), max_size=2).map(" ".join)
_conditional_class = st.builds(
    lambda a, flag, b: f"{a} {{% if {flag} %}}{b}{{% endif %}}",
    _class,
    st.sampled_from(FLAGS),
    st.sampled_from(CLASSES),
)


@st.composite
def _attributes(draw: st.DrawFn) -> str:
    out = ""
    if draw(st.booleans()):
        out += f' class="{draw(st.one_of(_class, _class, _conditional_class))}"'
    if draw(st.integers(0, 2)) == 0:
        out += f' style="{draw(st.one_of(_style, _conditional_style))}"'
    return out


def _element(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    tags = st.sampled_from(("p", "div", "span", "b"))
    return st.builds(
        lambda tag, attributes, text: f"<{tag}{attributes}>{text}</{tag}>", tags, _attributes(), inner
    )


def _table(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda a, b, text: (
            f"<table{a}>{{% for i in items %}}<tr><td{b}>{text}{{{{ i }}}}</td></tr>{{% endfor %}}</table>"
        ),
        _attributes(),
        _attributes(),
        inner,
    )


def _liquid(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.builds(lambda flag, x: f"{{% if {flag} %}}{x}{{% endif %}}", st.sampled_from(FLAGS), inner),
        st.builds(lambda x, y: f"{{% unless v %}}{x}{{% else %}}{y}{{% endunless %}}", inner, inner),
        st.builds(lambda x: f"{{% for i in items %}}{x}{{% endfor %}}", inner),
        st.builds(
            lambda x, y: f"{{% case n %}}{{% when 1 %}}{x}{{% else %}}{y}{{% endcase %}}", inner, inner
        ),
    )


_inline = st.lists(_text, max_size=2).map("".join)
_leaf = st.one_of(
    _text,
    st.builds(lambda a, t: f"<b{a}>{t}</b>", _attributes(), _inline),
    st.builds(lambda a, t: f"<p{a}>{t}</p>", _attributes(), _inline),
)
_block = st.recursive(
    _leaf,
    lambda inner: st.one_of(
        st.builds(lambda a, t: f"<div{a}>{t}</div>", _attributes(), inner),
        st.lists(inner, min_size=1, max_size=3).map("".join),
        _table(inner),
        _liquid(inner),
    ),
    max_leaves=6,
)
_selector = st.sampled_from(
    "p div b td .a .b p.c #i .a·p div·>·b td·.b div.a·.b p:first-child b·+·p table * p:hover .a:not(.b) [class]".split()
).map(lambda text: text.replace("·", " "))
_rule = st.builds(lambda s, p: f"{s}{{{p}}}", _selector, _style)
_css = st.lists(
    st.one_of(
        _rule,
        _rule,
        _rule,
        _rule.map(lambda r: f"@media print{{{r}}}"),
        _rule.map(lambda r: f"{{% if w %}}{r}{{% endif %}}"),
    ),
    max_size=5,
).map("".join)
_people = st.fixed_dictionaries(
    {
        "v": st.booleans(),
        "w": st.booleans(),
        "n": st.integers(0, 2),
        "name": st.sampled_from(("Bob", "", "<i>&", 'a"b')),
        "color": st.sampled_from(("green", "#abc", "#aabbcc")),
        "maybe": st.sampled_from(("", None, "red", "  ")),
        "other": st.sampled_from(("", None, "blue", 3)),
        "hex": st.sampled_from(("abc", "aabbcc", "")),
        "unit": st.sampled_from(("px", "", "em")),
        "side": st.sampled_from(("left", "right", "")),
        "whole": st.sampled_from(("", "color:red", "width:3px;color:blue")),
        "items": st.lists(st.sampled_from(("x", "y<")), max_size=3),
    }
)


def _page(css: str, body: str) -> str:
    return f"<!doctype html><html><head><style>{css}</style></head><body>{body}</body></html>"


_few = settings(max_examples=60, deadline=None)
_many = settings(max_examples=2_500, deadline=None, suppress_health_check=[HealthCheck.too_slow])
_one = (_css, _block, st.lists(_people, min_size=1, max_size=4))
_several = (
    _css,
    _block,
    st.lists(_block, min_size=1, max_size=3),
    _block,
    st.lists(_people, min_size=1, max_size=3),
)


@_few
@given(*_one)
def test_a_template(css: str, body: str, people: list[dict[str, Any]]) -> None:
    check_template(css, body, people)


@pytest.mark.deep
@_many
@given(*_one)
def test_a_template_deep(css: str, body: str, people: list[dict[str, Any]]) -> None:
    check_template(css, body, people)


@_few
@given(*_several)
def test_a_layout_with_blocks(
    css: str, frame: str, blocks: list[str], other: str, people: list[dict[str, Any]]
) -> None:
    check_layout(css, frame, blocks, other, people)


@pytest.mark.deep
@_many
@given(*_several)
def test_a_layout_with_blocks_deep(
    css: str, frame: str, blocks: list[str], other: str, people: list[dict[str, Any]]
) -> None:
    check_layout(css, frame, blocks, other, people)


def check_template(css: str, body: str, people: list[dict[str, Any]]) -> None:
    source = _page(css, body)
    done = inline_once(source)
    event("exact" if done.exact else "reported")
    if not done.exact:
        assert done.source == source
        return
    _equal(source, done.source, people)


def check_layout(css: str, frame: str, blocks: list[str], other: str, people: list[dict[str, Any]]) -> None:
    layout = _page(css, f'{frame}<div class="a">{{% slot "x" %}}</div><div>{{% slot "y" %}}</div>')
    named = {f"b{at}": Source(f"b{at}", text) for at, text in enumerate(blocks)}
    done = inline_campaign(
        Source("layout", layout), "p{margin:0}", {"x": named, "y": {"o": Source("o", other)}}
    )
    event("exact" if done.exact else "reported")
    if not done.exact:
        assert done.layout == layout
        return

    def put(text: str, x: str, y: str) -> str:
        return text.replace('{% slot "x" %}', x).replace('{% slot "y" %}', y)

    for name, block in named.items():
        whole = put(layout, block.text, other).replace("</style>", "p{margin:0}</style>", 1)
        _equal(whole, put(done.layout, done.blocks[name], done.blocks["o"]), people)


def _equal(source: str, inlined: str, people: list[dict[str, Any]]) -> None:
    first, after = ENVIRONMENT.from_string(source), ENVIRONMENT.from_string(inlined)
    for person in people:
        assert difference(inlined_after(first.render(**person)), after.render(**person)) is None, inlined
