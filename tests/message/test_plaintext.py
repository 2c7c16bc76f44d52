"""Plain text, construct by construct: fixtures/plaintext/cases.toml; and what holds for all of them."""

from __future__ import annotations

import resource
import subprocess
import sys
import tomllib
from itertools import accumulate
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from liquid import Environment
from mailweave.message.navigation import unmarked
from mailweave.message.plaintext import finished, text_template, wrap

FILE = Path(__file__).parents[2] / "fixtures" / "plaintext" / "cases.toml"
CASES = tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]
ENVIRONMENT = Environment(autoescape=False)


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_case(case: dict[str, Any]) -> None:
    derived = text_template(case["html"], fragment=True)
    assert derived.diagnostics == ()
    assert unmarked(derived.source) == case["text"].strip("\n")
    for example in case.get("rendered", ()):
        rendered = wrap(ENVIRONMENT.from_string(derived.source).render(**example["data"]))
        assert rendered.strip("\n") == example["text"].strip("\n")


def test_rows_are_aligned_when_their_texts_are_known() -> None:
    rows = "Item\tPrice\t\nA long name\t1\t\nHat\t12\t\n\ntext"
    assert wrap(rows) == "Item         Price\nA long name  1\nHat          12\n\ntext\n"


def test_a_whole_document_ends_with_a_line_end_and_slots_stand_alone() -> None:
    page = '<html><head><title>t</title></head><body><p>Hi</p>{% slot "hero" %}<p>Bye</p></body></html>'
    assert text_template(page, fragment=False).source == 'Hi\n\n{% slot "hero" %}\n\nBye\n'


@given(st.text(max_size=400, alphabet="ab \n-<>#1."))
def test_wrapping_keeps_words_and_width(text: str) -> None:
    out = wrap(text)
    assert out.split() == text.split()
    assert all(len(line) <= 78 or " " not in line.strip() for line in out.split("\n"))
    assert "\n\n\n" not in out
    assert wrap(out) == out


def filled_word_by_word(lines: list[list[str]]) -> str:
    """What `wrap` is to do with lines of words, done with nothing but words."""
    out: list[str] = []
    for words in lines:
        line = ""
        for word in words:
            if line and len(line) + 1 + len(word) > 78:
                out.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        if line or (out and out[-1]):
            out.append(line)
    while out and not out[-1]:
        out.pop()
    return "".join(f"{line}\n" for line in out)


WORD = st.text("aé\u00ad\u4e00", min_size=1, max_size=30) | st.sampled_from(["b" * 77, "b" * 78, "b" * 120])


@given(st.lists(st.just([]) | st.lists(WORD, max_size=12), max_size=12), st.data())
def test_words_fill_lines(lines: list[list[str]], data: st.DataObject) -> None:
    blanks = st.sampled_from(["", "", " ", "\x0b", " " * 100, "\u3000"])
    text = "\n".join([" ".join(words) or data.draw(blanks) for words in lines])
    assert wrap(text) == filled_word_by_word(lines)


HOSTILE = {
    "blank lines": r"'\n' * 1_000_000 + 'x'",
    "a line of blanks": "'x' + ' ' * 1_000_000 + 'x'",
    "lines of blanks": r"'\n \n' * 300_000 + 'x'",
    "deep indents": r"('\n\n' + ' ' * 5_000 + 'x') * 200",
    "words": "'word ' * 300_000",
    "a long word": "'x' * 1_500_000",
    "strange blanks": r"'x\n' + '\x0b' * 1_000_000",
}


def limits() -> None:
    resource.setrlimit(resource.RLIMIT_CPU, (5, 5))
    resource.setrlimit(resource.RLIMIT_AS, (1 << 30, 1 << 30))


@pytest.mark.parametrize("text", HOSTILE.values(), ids=list(HOSTILE))
def test_hostile_texts_are_wrapped_in_time(text: str) -> None:
    """Each takes some milliseconds; what grew with the square of them would take hours."""
    code = f"from mailweave.message.wrapping import wrap; wrap({text})"
    ran = subprocess.run([sys.executable, "-c", code], preexec_fn=limits, capture_output=True, check=False)
    assert ran.returncode == 0, ran.stderr[-2_000:]


@given(st.text(max_size=400, alphabet="ab \n\t-<>#1."))
def test_whole_lines_may_be_wrapped_before(text: str) -> None:
    """Static pieces of a text, and those that are remembered, are wrapped where they are made."""
    assert wrap(finished(text)) == wrap(text)


CONDITION = st.sampled_from(["a", "b", "a and b", "n == 1"])
HIDING = st.one_of(
    st.sampled_from(["", " hidden", ' style="display:none"', ' style="color:red"', ' class="c"']),
    CONDITION.map(lambda c: f' style="color:red;{{% if {c} %}}display:none{{% endif %}}"'),
    CONDITION.map(lambda c: f' style="{{% if {c} %}}{{% else %}}visibility:hidden{{% endif %}}"'),
    CONDITION.map(lambda c: f' class="c {{% unless {c} %}}preheader{{% endunless %}}"'),
    CONDITION.map(lambda c: f" {{% if {c} %}}hidden{{% endif %}}"),
    st.tuples(CONDITION, CONDITION).map(
        lambda cs: (
            f' {{% if {cs[0]} %}}hidden{{% elsif {cs[1]} %}}style="color:red"{{% else %}}class="preheader"{{% endif %}}'
        )
    ),
    st.just(
        ' style="{% case n %}{% when 1 %}display:none{% when 2 %}color:red{% else %}opacity:0{% endcase %}"'
    ),
)
INSIDE = st.recursive(
    st.sampled_from(
        ["one", "{{ x }}", "{% assign x = 'two' %}", "{% cycle 'p', 'q' %}", "<br>", "&amp; three"]
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(" ".join),
        st.tuples(st.sampled_from(["p", "div", "span", "b", "h2", "blockquote"]), HIDING, inner).map(
            lambda t: f"<{t[0]}{t[1]}>{t[2]}</{t[0]}>"
        ),
        st.tuples(HIDING, HIDING, inner).map(lambda t: f"<ul><li{t[0]}>four</li><li{t[1]}>{t[2]}</li></ul>"),
        st.tuples(HIDING, HIDING, inner).map(
            lambda t: f"<table><tr{t[0]}><td{t[1]}>{t[2]}</td><td>five</td></tr></table>"
        ),
        st.tuples(CONDITION, inner).map(lambda t: f"{{% if {t[0]} %}}{t[1]}{{% else %}}six{{% endif %}}"),
        inner.map(lambda text: f"{{% for i in l %}}{text}{{% endfor %}}"),
    ),
    max_leaves=12,
)


def cuts(text: str) -> tuple[str, set[int]]:
    """The letters of a text, and where words end among them. An item keeps its marker, whatever is in it."""
    words = [word for word in wrap(text).split() if word != "-"]
    return "".join(words), set(accumulate(map(len, words)))


@settings(deadline=None)
@given(
    INSIDE,
    st.fixed_dictionaries(
        {
            "a": st.booleans(),
            "b": st.booleans(),
            "n": st.integers(1, 3),
            "x": st.just("seven"),
            "l": st.just([1, 2]),
        }
    ),
)
def test_what_is_shown_is_said_and_what_conditions_hide_is_not(html: str, data: dict[str, Any]) -> None:
    """Text derived once and rendered has the words of the rendered HTML: none is lost, none runs into the next."""
    once, ends = cuts(ENVIRONMENT.from_string(text_template(html, fragment=True).source).render(**data))
    after, wanted = cuts(text_template(ENVIRONMENT.from_string(html).render(**data), fragment=True).source)
    assert once == after
    assert wanted <= ends


AROUND = [
    "HERE",
    "{% for i in l %}HERE{% endfor %}",
    "<p {% if v %}hidden{% endif %}>HERE</p>",
    '<p class="{% case v %}{% when 1 %}preheader{% when 2 %}x{% else %}preheader{% endcase %}">HERE</p>',
    '<div style="display:none">{% capture k %}HERE{% endcapture %}</div><p>{{ k }}</p>',
    "<div {% if v %}hidden{% endif %}>{% capture k %}HERE{% endcapture %}</div><p>{{ k }}</p>",
    '<div hidden>{% for i in l %}<a href="https://x.example">HERE</a>{% endfor %}</div>',
    "<table><tr><th>a</th><th {% if v %}hidden{% endif %}>HERE</th></tr></table>",
    "<p>{% if v %}HERE{% endif %} HERE</p>",
    "<!-- {% if v %} --><i>HERE</i><!-- {% endif %} -->",
]


@settings(deadline=None)
@given(st.sampled_from(AROUND), st.text(max_size=60, alphabet="a{%} &#123;lqz0<b>/"), st.integers(0, 2))
def test_no_text_becomes_liquid(around: str, text: str, v: int) -> None:
    """What was no Liquid in the HTML is none in the text: entities are characters, not braces of ours."""
    data = {"v": v, "l": [1, 2], "l0": "told", "a": "told"}
    braces = text.replace("{", "&#123;")
    others = braces.replace("&#123;", "(").replace("}", ")")
    derived = text_template(around.replace("HERE", braces), fragment=True).source
    wanted = text_template(around.replace("HERE", others), fragment=True).source
    rendered = ENVIRONMENT.from_string(derived).render(**data).replace("{", "(").replace("}", ")")
    assert rendered.split() == ENVIRONMENT.from_string(wanted).render(**data).split()


def test_a_line_that_begins_with_a_blank_line_of_spaces_ends() -> None:
    text = " " * 100 + "word " * 30
    assert wrap(text).split() == text.split()
