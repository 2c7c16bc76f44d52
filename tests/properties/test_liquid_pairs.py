"""HTML and text in one walk are what the two templates give one after the other."""

from __future__ import annotations

import copy
import gc
import re
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, note, settings
from hypothesis import strategies as st
from tests.liquid.grammar import FILTERS, OURS_ONLY, data, own, templates

from mailweave.diagnostics import TemplateError
from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.compile import EXPECTED, CompiledParts, compile_parts
from mailweave.liquid.runtime import ItemCache
from mailweave.message.plaintext import finished, wrap

_RELAXED = [HealthCheck.too_slow, HealthCheck.data_too_large]
BETWEEN = "{% unless forloop.first %}, {{ '' }}{% endunless %}"
_TOKENS = re.compile(r"(\{%.*?%\}|\{\{.*?\}\})", re.S)


def outcome(render: Callable[[], Any]) -> tuple[str, Any]:
    try:
        return "text", render()
    except TemplateError as problem:
        cause = problem.__cause__
        return type(cause or problem).__name__, str(cause) if cause else str(problem)


@st.composite
def beside(draw: st.DrawFn, html: str) -> str:
    """A text like that of `html`: its tags, some of its outputs, other words, and something of its own."""
    pieces = []
    for piece in _TOKENS.split(html):
        if piece.startswith("{%"):
            pieces.append(piece)
        elif piece.startswith("{{"):
            pieces.append(draw(st.sampled_from([piece, piece, "", f"{piece} {piece}"])))
        else:
            own = [] if pieces and "case" in pieces[-1] else [BETWEEN]  # but not before the first `when`
            pieces.append(draw(st.sampled_from([piece, " ", "", "words\n", *own])))
    extra = ["", "{% if a %}more{{ b }}{% endif %}", "{{ c }}", "{% for x in (1..2) %}{{ x }}{% endfor %}"]
    return "".join([draw(st.sampled_from(extra)), *pieces, draw(st.sampled_from(extra))])


def refuses_for_a_reason(html: Template, text: Template) -> None:
    """What is not walked as one is something the compiler knows that it does not do."""
    with pytest.raises(EXPECTED):
        compile_parts({"html": html.tree, "text": text.tree}, html.file)


def compare(html: str, text: str, values: dict[str, Any], undefined: Any) -> None:
    options: dict[str, Any] = {"filters": {"own": own}, "undefined": undefined}
    try:
        one = Template.from_string(html, escape="html", **options)
        other = Template.from_string(text, escape="text", **options)
    except TemplateError:
        return
    pair = TemplatePair(one, other)
    found = outcome(lambda: pair.render(values))
    note(pair.source)
    event("one walk" if pair.source else "apart")
    if pair.apart:
        event("fell back")
    if not pair.source and one.source and other.source:
        refuses_for_a_reason(one, other)
    assert found == outcome(lambda: (one.render(values), other.render(values)))


@settings(max_examples=200, suppress_health_check=_RELAXED)
@given(templates([*FILTERS, *OURS_ONLY]), data, st.data(), st.sampled_from(["lenient", "strict"]))
def test_random_pairs(html: str, values: dict[str, Any], more: st.DataObject, undefined: str) -> None:
    compare(html, more.draw(beside(html)), values, undefined)


@pytest.mark.deep
@settings(max_examples=10_000, suppress_health_check=_RELAXED)
@given(templates([*FILTERS, *OURS_ONLY]), data, st.data(), st.sampled_from(["lenient", "strict"]))
def test_random_pairs_at_length(
    html: str, values: dict[str, Any], more: st.DataObject, undefined: str
) -> None:
    compare(html, more.draw(beside(html)), values, undefined)


PAIRS = {
    "the same tags": (
        "<p>{% for p in l %}<b>{{ p.n }}</b>{% if p.o %}<s>{{ p.o }}</s>{% endif %}{% endfor %}</p>",
        "{% for p in l %}- {{ p.n }}{% if p.o %} ({{ p.o }}){% endif %}\n{% endfor %}",
    ),
    "a tag of the HTML alone": (
        "{% if a %}<img alt=''>{% endif %}<p>{{ a }}</p>{% unless a %}<hr>{% endunless %}",
        "{{ a }}{% unless a %}---{% endunless %}",
    ),
    "a tag of the text alone": (
        "<p>{{ a }}</p>",
        "{% case a %}{% when 'x' %}X{% else %}{{ a }}{% endcase %}",
    ),
    "variables": (
        "{% assign v = a | upcase %}<p>{{ v }}</p>{% assign v = b %}{{ v }}",
        "{% assign v = a | upcase %}{{ v }}!{% assign v = b %}{{ v }}",
    ),
    "loops that end early": (
        "{% for p in l %}{% if p.o %}{% break %}{% endif %}<i>{{ forloop.index }}</i>{% endfor %}",
        "{% for p in l %}{% if p.o %}{% break %}{% endif %}{{ forloop.index }}{% endfor %}",
    ),
    "names that hide names": (
        "{{ p.n }}{% for p in l %}<i>{{ p.n }}</i>{% for p in l %}{{ p.n }}{% endfor %}{% endfor %}",
        "{{ p.n }}{% for p in l %}{{ p.n }}{% for p in l %}{{ p.n }}{% endfor %}{{ p.n }}{% endfor %}{{ p.n }}",
    ),
}
VALUES = {"a": "<x>", "b": 1, "l": [{"n": "A&B", "o": None}, {"n": "{{", "o": 3}], "p": {"n": "outer"}}


def pair_of(html: str, text: str) -> TemplatePair:
    return TemplatePair(Template.from_string(html), Template.from_string(text, escape="text"))


def test_a_text_may_ask_its_loop_though_the_html_does_not() -> None:
    pair = pair_of(
        "{% for x in l %}<b>{{ x }}</b>{% endfor %}", f"{{% for x in l %}}{BETWEEN}{{{{ x }}}}{{% endfor %}}"
    )
    assert pair.render({"l": [1, 2, 3]}) == ("<b>1</b><b>2</b><b>3</b>", "1, 2, 3")
    assert (bool(pair.source), pair.apart) == (True, 0)


@pytest.mark.parametrize("name", PAIRS)
def test_in_one_walk(name: str) -> None:
    pair = pair_of(*PAIRS[name])
    assert pair.render(VALUES) == (pair.html.render(VALUES), pair.text.render(VALUES))
    assert pair.source, "not in one walk"
    assert pair.apart == 0


def test_constants_that_differ_keep_two_templates_apart() -> None:
    html = Template.from_string("<p>{{ a }}</p>", constants={"a": 1})
    text = Template.from_string("{{ a }}", escape="text", constants={"a": 2})
    assert TemplatePair(html, text).render({}) == ("<p>1</p>", "2")


def test_an_amount_in_an_address_is_encoded_in_one_walk() -> None:
    constants = {"campaign": {"locale": "en_US", "currency": "EUR"}}
    amount = "{{ n | money: 'EUR' }}"
    html = Template.from_string(f"<a href='https://a.example/?x={amount}'>{amount}</a>", constants=constants)
    text = Template.from_string(amount, escape="text", constants=constants)
    pair = TemplatePair(html, text)
    one, other = pair.render({"n": Decimal("1234.5")})
    assert (one, other) == (html.render({"n": Decimal("1234.5")}), "€1,234.50")
    assert "?x=%E2%82%AC1%2C234.50" in one
    assert pair.apart == 0


APART = {
    "captures differ": ("{% capture c %}<b>{{ a }}</b>{% endcapture %}{{ c }}", "{{ a }}"),
    "another variable": ("{% assign v = a %}{{ v }}", "{{ a }}"),
    "a loop that only one leaves": (
        "{% for p in l %}{{ p.n }}{% endfor %}",
        "{% for p in l %}{{ p.n }}{% if p.o %}{% break %}{% endif %}{% endfor %}",
    ),
}


@pytest.mark.parametrize("name", APART)
def test_apart(name: str) -> None:
    pair = pair_of(*APART[name])
    assert pair.render(VALUES) == (pair.html.render(VALUES), pair.text.render(VALUES))
    assert not pair.source


BODY = [
    "{{ p.name }}",
    "<b title='{{ p.name }}'>{{ p.name | truncate: 9 }}</b>",
    "{{ p.price | money: 'EUR' }}",
    "{{ p.n }}",
    "{{ p.n | plus: k }}",
    "{% if p.old %}<s>{{ p.old }}</s>{% endif %}",
    "{% case p.name %}{% when 'a' %}A{% else %}{{ p.n }}{% endcase %}",
    "{{ forloop.index }} of {{ forloop.length }}",
    "{{ who }}",
    "{% if who %}{{ p.name }}{% else %}-{% endif %}",
    "{% if p.n %}{{ who }}{% else %}{{ p.n }}{% endif %}",
    "{% assign v = p.name %}",
    "{{ v }}",
    "\nwords " * 15,
    "\n",
]
POOL: list[Any] = [
    {"name": "a", "n": 1, "price": Decimal("12.50")},
    {"name": "a", "n": True, "price": Decimal("12.5"), "old": "<x>"},
    {"name": "Tom & {{ Jo }}\nand others", "n": 1.0, "old": 0},
    {"n": None, "price": "7"},
    "no mapping",
]


@settings(max_examples=200, suppress_health_check=_RELAXED)
@given(
    st.builds(
        lambda own, rest: own + rest,
        st.lists(st.sampled_from(BODY[:7]), min_size=3, max_size=5),
        st.lists(st.sampled_from(BODY), max_size=4),
    ),
    st.data(),
)
def test_what_is_remembered_of_shared_items_is_what_they_write(body: list[str], more: st.DataObject) -> None:
    html = (
        "<p>{{ who }}</p>{% for p in lists.picks %}" + "".join(body) + "{% else %}none{% endfor %}{{ who }}"
    )
    constants = {"campaign": {"locale": "de"}, "k": 2}
    one = Template.from_string(html, constants=constants)
    mixed = more.draw(st.permutations(body)) if more.draw(st.booleans()) else body
    text = more.draw(beside(html.replace("".join(body), "".join(mixed))))
    other = Template.from_string(text, escape="text", constants=constants)
    pair = TemplatePair(one, other, shared=("lists",), fill=finished)
    for who in ("A & B", "", "<c>", "d"):
        picks = more.draw(st.lists(st.sampled_from(POOL), min_size=1, max_size=9))
        fresh = more.draw(st.booleans())
        values = {"who": who, "lists": {"picks": copy.deepcopy(picks) if fresh else picks}}
        found, wanted = pair.render(values), (one.render(values), other.render(values))
        note(pair.source)
        event("remembered" if ".keep(" in pair.source else "nothing to remember")
        assert (found[0], wrap(found[1])) == (wanted[0], wrap(wanted[1]))
        assert pair.apart == 0


def test_items_that_never_come_again_are_not_remembered() -> None:
    pair = TemplatePair(
        Template.from_string("{% for p in lists.picks %}{{ p.a }}{{ p.b }}{{ p.c }}{% endfor %}"),
        Template.from_string("{% for p in lists.picks %}{{ p.a }}{% endfor %}", escape="text"),
        shared=("lists",),
    )
    for number in range(1500):
        assert pair.render({"lists": {"picks": [{"a": number}]}}) == (str(number), str(number))
    assert pair.source.count(".keep(") == 1
    assert isinstance(pair._made, CompiledParts)
    (memory,) = (
        one for one in gc.get_referents(pair._made.function.__globals__) if isinstance(one, ItemCache)
    )
    assert not memory
    assert not memory._seen


def test_what_fails_fails_as_it_does_alone() -> None:
    html = Template.from_string("<p>{{ a | divided_by: b }}</p>")
    text = Template.from_string("{{ a | divided_by: b }}", escape="text")
    pair = TemplatePair(html, text)
    assert outcome(lambda: pair.render({"a": 1, "b": 0})) == outcome(lambda: html.render({"a": 1, "b": 0}))
    assert pair.apart == 1
