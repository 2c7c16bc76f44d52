"""What is worked out when a template is compiled is what the interpreter, which works nothing out, writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.interpret import interpret

KNOWN: dict[str, Any] = {
    "shop": "A & B",
    "n": 2,
    "none": [],
    "flat": ["x", 1, 2.5, None, True],
    "links": [{"url": "https://a.example/?q=1", "label": "One"}, {"url": "#two", "label": "<Two>"}],
    "deep": [[1, 2], [3]],
    "many": list(range(40)),
}
DATA: dict[str, Any] = {"name": "Jo", "at": 1, "rows": [{"a": 1}, {"a": 2}], "x": "own", "key": "label"}
FILE = Path(__file__).resolve().parents[2] / "fixtures" / "liquid" / "known_values.liquid"
TEXTS = FILE.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("text", TEXTS)
def test_it_is_what_the_interpreter_writes(text: str) -> None:
    members = {"part": {"a": "<1>", "list": [1, 2]}}
    data = {**DATA, "part": {**members["part"], "b": "own"}}
    partials = {"sets": "{% assign t = name %}", "reads": "({{ v }}{{ t }}{{ forloop.index }})"}
    for escape in ("html", "text"):
        template = Template.from_string(
            text, escape=escape, constants=KNOWN, members=members, partials=partials
        )
        program = template._program
        expected = interpret(program.template, program.facts.dialect, {**data, **KNOWN}, None)
        assert template.render(data) == expected
        assert template.source or template.deopts


def test_a_pair_writes_both_from_what_is_known() -> None:
    text = "{% assign t = shop %}{% for l in links %}{{ l.label }} {{ t }} {{ name }}{% endfor %}"
    html, plain = (Template.from_string(text, escape=one, constants=KNOWN) for one in ("html", "text"))
    pair = TemplatePair(html, plain)
    assert pair.render(dict(DATA)) == (html.render(DATA), plain.render(DATA))
    assert "for " not in pair.source
    assert pair.apart == 0
