"""Rich texts: what becomes of marks, where blocks show them, and what is said about all else."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mailweave.content.block import Block, BlockSpec
from mailweave.content.inputs import InputSpec, bind
from mailweave.content.rich.reading import read_rich
from mailweave.content.rich.writing import Carrier, markup, plain, words
from mailweave.content.rich_blocks import with_marks
from mailweave.content.toml import read_toml
from mailweave.diagnostics import Diagnostic
from mailweave.liquid import Template
from mailweave.source import Source

FIXTURES = Path(__file__).resolve().parents[2] / "fixtures" / "rich"
TEXTS = tomllib.loads((FIXTURES / "texts.toml").read_text(encoding="utf-8"))["case"]
BLOCKS = tomllib.loads((FIXTURES / "blocks.toml").read_text(encoding="utf-8"))["case"]
SETTINGS = read_toml(Source("block.toml", ""))[0]


def said(found: tuple[Diagnostic, ...]) -> list[str]:
    return [f"{str(d.location).partition(':')[2]} {d.code} {d.message}" for d in found]


@pytest.mark.parametrize("case", TEXTS, ids=[case["name"] for case in TEXTS])
def test_marks_become_markup_and_nothing_else_does(case: dict[str, Any]) -> None:
    rich, found = read_rich(Source("a", case["text"]))
    assert said(found) == case.get("found", [])
    assert (rich is None) == ("html" not in case)
    if rich is not None:
        name = case.get("in", "p")
        made = markup(rich, Carrier(name, f'<{name} class="w">', "w", ""))
        assert "".join(text for text, _ in made) == case["html"]
        assert words(rich).text == case["words"]
        assert "".join(text for text, _ in plain(rich)) == case.get("plain", case["words"])


def test_places_of_liquid_are_those_of_the_author() -> None:
    text = "**a** {{ x }}\n\n- [b]({{ y.z }})"
    rich, _ = read_rich(Source("campaign.toml", text))
    assert rich is not None
    for source in (words(rich), Source("b", "", pieces=())):
        at = source.text.find("{{ x }}")
        if at >= 0:
            assert str(source.locate(at + 3)) == "campaign.toml:1:10"


def block(html: str) -> Block:
    inputs: dict[str, Any] = {
        "text": {"type": "rich", "doc": "A."},
        "items": {"type": "list", "doc": "B.", "fields": {"answer": {"type": "rich"}}},
    }
    spec = BlockSpec.model_validate({"title": "A", "doc": "B.", "inputs": inputs})
    assert SETTINGS is not None
    return Block("b", spec, SETTINGS, Source("block.html", html), None, None, "campaign")


@pytest.mark.parametrize("case", BLOCKS, ids=[case["name"] for case in BLOCKS])
def test_a_block_shows_marks_where_its_inputs_stand(case: dict[str, Any]) -> None:
    made = block(case["html"])
    inputs = {key: case[key] for key in ("text",) if key in case}
    inputs |= {"items": [{"answer": text} for text in case["items"]]} if "items" in case else {}
    bound, wrong = made.bind(inputs)
    assert not wrong
    spliced, seen, found = with_marks(made, bound)
    assert said(found) == case.get("found", [])
    if "shown" in case:
        template = Template.from_string(spliced.html)
        assert template.render({"block": seen.values}) == case["shown"]


def test_a_block_txt_shows_the_addresses() -> None:
    made = block("<p>{{ block.text }}</p>")
    made = Block(
        made.name,
        made.spec,
        made.settings,
        made.html,
        Source("block.txt", "{{ block.text }}!"),
        None,
        "campaign",
    )
    spliced, _, _ = with_marks(made, made.bind({"text": "**a** [b](https://b.example)"})[0])
    assert spliced.text is not None
    assert spliced.text.text == "a b <https://b.example>!"


def test_what_the_rules_give_is_data() -> None:
    made = block("<p>{{ block.text }}</p>")
    bound = made.bind({"text": "**a**"})[0]
    spliced, _, found = with_marks(made, bound, data=("text",))
    assert (spliced, found) == (made, ())


def test_inputs_without_marks_cost_nothing() -> None:
    made = block("<p>{{ block.text }}</p>")
    bound = made.bind({"text": "a {{ b }}"})[0]
    assert with_marks(made, bound)[0] is made
    assert bound.values["text"] == "a {{ b }}"


def test_a_default_with_marks_stays_as_it_is() -> None:
    spec = {
        "items": InputSpec.model_validate(
            {"type": "list", "doc": "B.", "fields": {"a": {"type": "rich"}}, "default": [{"a": "**x**"}]}
        )
    }
    assert bind("b", spec, {})[0].values == {"items": [{"a": "x"}]}
    assert spec["items"].default == [{"a": "**x**"}]


@given(st.text("abc. ,!?'\"é漢\n", max_size=60))
@settings(max_examples=200)
def test_a_text_without_signs_is_a_text_like_any_other(text: str) -> None:
    assert read_rich(Source("a", text)) == (None, ())
