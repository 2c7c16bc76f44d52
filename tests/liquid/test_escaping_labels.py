"""The label of each output, and the place of each refusal: cases in fixtures/escaping/labels.toml."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from liquid import Environment
from mailweave.diagnostics import Severity
from mailweave.liquid.contexts import Annotated, PartialTree, annotate
from mailweave.liquid.escapers import LABELS
from mailweave.source import Source

CASES = Path(__file__).resolve().parents[2] / "fixtures" / "escaping" / "labels.toml"
DATA = tomllib.loads(CASES.read_text(encoding="utf-8"))


def walk(text: str, *, trusted: bool = False, **partials: str) -> Annotated:
    env = Environment()
    trees = {
        name: PartialTree(env.from_string(one).nodes, Source(name, one)) for name, one in partials.items()
    }
    return annotate(env.from_string(text).nodes, source=Source("t", text), partials=trees, trusted=trusted)


def shown(found: Annotated) -> list[str]:
    placements = [found.labels[at] for at in sorted(found.labels)]
    return [p.label + (f"|{p.dropped}" if p.dropped else "") for p in placements]


def errors(found: Annotated) -> list[str]:
    return [f"{d.code} {str(d.location)[2:]}" for d in found.diagnostics if d.severity is Severity.ERROR]


@pytest.mark.parametrize("text", DATA["labels"])
def test_labels(text: str) -> None:
    found = walk(text)
    assert errors(found) == []
    assert shown(found) == DATA["labels"][text]


@pytest.mark.parametrize("text", DATA["errors"])
def test_errors(text: str) -> None:
    assert errors(walk(text)) == [DATA["errors"][text]]


def test_every_label_of_the_walk_has_an_escaper() -> None:
    used = {label.partition("|")[0] for labels in DATA["labels"].values() for label in labels}
    assert {label.removesuffix("_once") for label in used if not label.startswith("capture_")} <= LABELS


def test_a_partial_is_labelled_once_for_each_place_it_starts_in() -> None:
    found = walk("{% render 'p' %}<a href='{% render 'p' %}'>{% render 'p' %}</a>", p="{{ x }}")
    assert sorted(shown(one)[0] for one in found.partials.values()) == ["text", "url_attr"]
    assert [len(found.calls[at]) for at in sorted(found.calls)] == [1, 1, 1]


def test_a_partial_may_change_the_place_that_follows() -> None:
    found = walk("{% include 'open' %}{{ x }}'>{{ x }}", open="<p title='")
    assert shown(found) == ["attr", "text"]


def test_an_error_in_a_partial_is_shown_in_the_partial() -> None:
    (problem,) = walk("<b>{% include 'p' %}", p="a\n<{{ x }}>").diagnostics
    assert str(problem.location) == "p:2:2"


def test_a_partial_that_calls_itself_must_end_where_it_starts() -> None:
    assert errors(walk("{% include 'p' %}", p="{% if a %}{% include 'p' %}{% endif %}<b>{{ x }}</b>")) == []
    assert (
        "MW463" in errors(walk("{% include 'p' %}", p="{% if a %}{% include 'p' %}{% endif %}<a title='"))[0]
    )


def test_a_partial_whose_name_is_computed_may_be_any() -> None:
    found = walk("<p title='{% include name %}'>", a="{{ x }}", b="{{ x }}")
    assert [shown(one) for one in found.partials.values()] == [["attr"], ["attr"]]


def test_safe_has_effect_only_with_trust_and_in_text() -> None:
    assert shown(walk("{{ x | safe }}", trusted=True)) == ["trusted|1"]
    assert shown(walk("{{ x | safe }}")) == ["text|1"]
    assert shown(walk("<p title='{{ x | safe }}'>", trusted=True)) == ["attr|1"]
    assert [d.code for d in walk("{{ x | safe }}").diagnostics] == ["MW459"]
    assert [d.code for d in walk("{{ x | safe }}", trusted=True).diagnostics] == ["MW460"]


def test_several_findings_at_once() -> None:
    text = "{% if a %}<{{ x }}>{% else %}<p {{ x }}>{% endif %}"
    assert errors(walk(text)) == ["MW450 1:12", "MW450 1:33"]


@pytest.mark.parametrize(
    ("filters", "codes"),
    [
        ("upcase", ["MW461"]),
        ("strip | append: x", []),
        ("strip_html | upcase", []),
        ("size", []),
        ("escape", []),
    ],
)
def test_filters_that_make_text_of_html_are_named(filters: str, codes: list[str]) -> None:
    text = "{% capture a %}<b>{{ x }}</b>{% endcapture %}{{ a | " + filters + " }}"
    assert [d.code for d in walk(text).diagnostics] == codes


def test_loops_in_loops_are_walked_in_bounded_time() -> None:
    depth = 25
    loops = "".join(f"{{% for a{i} in b %}}{{{{ x }}}}" for i in range(depth))
    found = walk(f"<a href='{loops}{'{% endfor %}' * depth}'>")
    assert errors(found) in ([], ["MW453"]) or "MW453" in errors(found)[0]
