"""Snippets written out, beside what `render` writes for the same texts as partials, which is held against Ruby."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.content.snippets.catalog import SnippetFolder, Snippets
from mailweave.content.snippets.expansion import Expander
from mailweave.liquid import Template
from mailweave.root import Root
from mailweave.source import Source

DATA: dict[str, Any] = {
    "profile": {"name": "Ann", "n": 3, "tags": ["a", "b"], "none": None},
    "lists": {"new": [{"t": "x", "p": 1}, {"t": "y", "p": 2}], "empty": []},
}
SNIPPETS = {
    "plain": "[{{ a }}|{{ b | default: 'none' }}]",
    "sets": "{% assign a = a | append: '!' %}{{ a }}{% capture c %}<{{ b }}>{% endcapture %}{{ c }}",
    "loops": "{% for i in a %}{{ i }}{{ forloop.index }}{{ b }}{% else %}-{% endfor %}{{ i }}",
    "asks": "{% if a %}yes {{ a }}{% elsif b == 'x' %}x{% else %}no{% endif %}{% case b %}{% when 'x', 3 %}X{% endcase %}",
    "deep": "{% render 'plain', a: b, b: a.t %}{% render 'sets', a: 'q', b: a %}",
    "keeps": "{{ c }}{% if a %}{% assign c = a %}{% endif %}{{ c }}",
    "steps": "{{ a.t }}{{ a['p'] }}{{ profile[b] }}{{ a.size }}",
    "item": "({{ item.t }}{{ forloop.index }}{{ forloop.last }}{{ a }})",
    "lines": "{% liquid\n  assign z = a\n  if z\n    echo z | upcase\n  endif\n%}",
    "words": "{{ a.a }} a {{ 'a' }} {{ 'a' | append: a, }} {{ profile.a }}{{ b.a.b }}",
}
VALUES = [
    "profile.name",
    "profile.n",
    "profile.none",
    "profile.tags",
    "lists.new",
    "lists.empty",
    "lists.new[0]",
    "'x'",
    "''",
    "3",
    "nil",
    "true",
    "missing",
    "profile.tags[0]",
]


def expander(folder: Path, snippets: Mapping[str, str]) -> Expander:
    for name, text in snippets.items():
        (folder / f"{name}.liquid").write_text(text)
    return Expander(Snippets([SnippetFolder(Root(folder), "snippets", shared=False)]), lambda html: html)


def ours(expand: Expander, text: str) -> str:
    written = expand.expand(Source("a", text), "line")
    assert "render" not in written.text
    return Template.from_string(written, escape="none").render(DATA)


def theirs(snippets: Mapping[str, str], text: str) -> str:
    return Template.from_string(text, partials=snippets, escape="none").render(DATA)


@st.composite
def callers(draw: st.DrawFn) -> str:
    """Texts with calls, also in loops over the names that the snippets use themselves."""
    calls = []
    for _ in range(draw(st.integers(1, 3))):
        name = draw(st.sampled_from(sorted(SNIPPETS)))
        values = st.sampled_from([*VALUES, "i", "i.t", "c", "forloop.index"])
        given_ = [f"{key}: {draw(values)}" for key in draw(st.sets(st.sampled_from("ab")))]
        how = draw(
            st.sampled_from(
                ["", "", " with profile.name as a", " for lists.new as item", " with lists.new[1] as a"]
            )
        )
        call = f"{{% render '{name}'{how}{''.join(', ' + one for one in given_)} %}}"
        calls.append(
            draw(
                st.sampled_from(
                    [
                        call,
                        f"{{% assign c = 'mine' %}}{call}{{{{ c }}}}",
                        f"{{% for i in lists.new %}}{call};{{% endfor %}}",
                    ]
                )
            )
        )
    return " ".join(calls)


@settings(deadline=None, max_examples=150)
@given(callers())
def test_a_snippet_writes_what_render_writes(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("snippets")
    assert ours(expander(folder, SNIPPETS), text) == theirs(SNIPPETS, text)


PLAIN = [
    ('<b class="{{ a }}">', "a: 'big'", '<b class="big">'),
    ('<b class="x {{ a }}">', "a: 'big red'", '<b class="x big red">'),
    ("<b class=\"{{ a | default: 'small' }}\">", "", '<b class="small">'),
    ('<a href="{{ a }}">', "a: 'https://example.com/x'", '<a href="https://example.com/x">'),
    ('<a href="{{ a }}">', "a: 'javascript:x'", "<a href=\"{{ 'javascript:x' }}\">"),
    ('<a href="/{{ a }}">', "a: 'a b'", "<a href=\"/{{ 'a b' }}\">"),
    ("<i>{{ a }}</i>", "a: profile.name", "<i>{{ profile.name }}</i>"),
    ("<i>{{ a }}</i>", "a: '<b>'", "<i>{{ '<b>' }}</i>"),
]


@pytest.mark.parametrize(("snippet", "given_", "written"), PLAIN)
def test_what_is_known_is_written_into_the_markup(
    tmp_path: Path, snippet: str, given_: str, written: str
) -> None:
    expand = expander(tmp_path, {"s": snippet})
    call = f"{{% render 's'{', ' if given_ else ''}{given_} %}}"
    assert expand.expand(Source("a", call), "html").text == written


def test_white_space_control_of_a_call_is_kept(tmp_path: Path) -> None:
    expand = expander(tmp_path, {"s": "x\n"})
    assert (
        expand.expand(Source("a", "a  {%- render 's' -%}\n b {% render 's' %} c"), "line").text == "axb x c"
    )


def test_places_are_those_of_the_snippet(tmp_path: Path) -> None:
    expand = expander(tmp_path, {"s": "one\n{{ a | upcase }}\n{{ profile.name }}"})
    made = expand.expand(Source("caller", "\n\n{% render 's', a: profile.n %} {{ after }}"), "line")
    places = {
        word: str(made.locate(made.text.index(word)))
        for word in ("upcase", "profile.n ", "profile.name", "after")
    }
    assert places == {
        "upcase": "snippets/s.liquid:2:8",
        "profile.n ": "snippets/s.liquid:2:4",
        "profile.name": "snippets/s.liquid:3:4",
        "after": "caller:3:35",
    }


def test_what_does_not_call_costs_nothing(tmp_path: Path) -> None:
    source = Source("a", "{{ x }}")
    assert expander(tmp_path, {}).expand(source, "html") is source


@pytest.mark.parametrize(
    "read", ["events.visit.last.page", "offer.expires", "mail.filled.extra", "scores.churn"]
)
def test_data_is_seen_as_everywhere(tmp_path: Path, read: str) -> None:
    """What blocks see snippets see, with a default, too, which would hide that they do not."""
    text = f"{{{{ {read} | default: 'none' }}}}"
    written = expander(tmp_path, {"reads": text}).expand(Source("a", "{% render 'reads' %}"), "line")
    assert written.text == text
