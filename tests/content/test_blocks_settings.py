"""TOML with places, typed inputs, themes, wordings: a mistake is shown where its author wrote it."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.content.block import BlockSpec
from mailweave.content.inputs import InputSpec, bind
from mailweave.content.theme import ENOUGH, Theme, check_contrast, themed
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.content.translations import locales, wording
from mailweave.diagnostics import TABLE, Diagnostic
from mailweave.source import Source

CASES = tomllib.loads(
    (Path(__file__).parents[2] / "fixtures" / "blocks" / "mistakes.toml").read_text(encoding="utf-8")
)["case"]


def text_of(toml: str) -> TomlText:
    text, found = read_toml(Source("block.toml", toml))
    assert text is not None, found
    return text


def _advice(finding: Diagnostic) -> str:
    """What to do in this case; nothing where the code says the same in every case."""
    return f" ({finding.help})" if finding.help != TABLE[finding.code].help else ""


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_a_mistake_in_block_toml_is_shown_where_it_is(case: dict[str, Any]) -> None:
    text, found = read_toml(Source("block.toml", case["toml"]))
    if text is not None:
        spec, found = validate(BlockSpec, text)
        if spec is not None and "inputs" in text.data.get("sample", {}):
            found = bind("b", spec.inputs, text.data["sample"]["inputs"], text=text, at=("sample", "inputs"))[
                1
            ]
    shown = [f"{d.location} {d.code} {d.message}{_advice(d)}" for d in found]
    assert shown == case["found"]


keys = st.text("abcdefghij_-", min_size=1, max_size=5) | st.text("a é.\"'#[]=", min_size=1, max_size=4)
scalars = (
    st.integers(-(2**40), 2**40)
    | st.booleans()
    | st.text(
        st.characters(codec="utf-8", exclude_categories=["C"]) | st.sampled_from('\n"\\#[]'), max_size=8
    )
    | st.dates()
    | st.floats(allow_nan=False, allow_infinity=False)
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=6,
)
tables = st.dictionaries(keys, st.dictionaries(keys, values, max_size=3) | values, max_size=4)


def written(value: Any) -> str:
    """A value as TOML, written without our reader's help."""
    match value:
        case bool():
            return "true" if value else "false"
        case str():
            return json.dumps(value, ensure_ascii=False)
        case int() | float():
            return repr(value)
        case list():
            return "[ # a comment ]\n" + ",\n".join(map(written, value)) + "]"
        case dict():
            return "{" + ", ".join(f"{json.dumps(k)} = {written(v)}" for k, v in value.items()) + "}"
        case _:
            return str(value.isoformat())


def as_toml(table: dict[str, Any]) -> str:
    flat = [f"{json.dumps(k)} = {written(v)} # = [\n" for k, v in table.items() if not isinstance(v, dict)]
    rest = [
        f"[ {json.dumps(name)} ]\n" + "".join(f"  {json.dumps(k)}={written(v)}\n" for k, v in inner.items())
        for name, inner in table.items()
        if isinstance(inner, dict)
    ]
    return "".join(flat + rest)


def leaves(value: Any, path: tuple[str | int, ...]) -> list[tuple[tuple[str | int, ...], Any]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [leaf for key, item in inner for leaf in leaves(item, (*path, key))]
    return [*([(path, value)] if path else []), *found]


@given(tables)
def test_every_value_is_found_where_it_stands(table: dict[str, Any]) -> None:
    toml = as_toml(table)
    text = text_of(toml)
    assert text.data == table
    tops = {name for name, value in table.items() if isinstance(value, dict)}
    for path, value in leaves(table, ()):
        if len(path) == 1 and path[0] in tops:
            continue  # a header has no value of its own
        span = text.places[path].value
        assert tomllib.loads(f"x = {toml[span.start : span.stop]}") == {"x": value}
        key = text.places[path].key
        if isinstance(path[-1], str):
            assert toml[key.start : key.stop] == json.dumps(path[-1])


@given(st.text(st.sampled_from("ab=[]{}\"'.,#\n 1\\"), max_size=30))
def test_no_text_breaks_the_reader(toml: str) -> None:
    text, found = read_toml(Source("x.toml", toml))
    assert (text is None) == bool(found)
    try:
        tomllib.loads(toml)
    except tomllib.TOMLDecodeError:
        assert text is None
    else:
        assert text is not None


def test_tables_of_an_array_are_counted() -> None:
    toml = "[[a]]\nx = 1\n[[a.b]]\ny = 2\n[[a]]\n[[a.b]]\n[[a.b]]\ny = 3\n"
    text = text_of(toml)
    at = text.value_span(("a", 1, "b", 1, "y")).start
    assert (toml[at], str(text.source.locate(at))) == ("3", "block.toml:8:5")


def test_liquid_in_an_input_reports_the_line_of_the_author() -> None:
    text = text_of('[blocks.a.inputs]\nheading = "Hi {{ profile.nam }}"\n')
    spec = {"heading": InputSpec(type="text", doc="What it says.")}
    at = ("blocks", "a", "inputs")
    bound, found = bind("hero", spec, text.data["blocks"]["a"]["inputs"], text=text, at=at)
    assert not found
    source = bound.templates[("heading",)]
    assert str(source.locate(source.text.index("profile"))) == "block.toml:2:18"


def test_the_default_theme_can_be_read_and_a_pale_one_is_named() -> None:
    assert check_contrast(Theme()) == ()
    text = text_of('[theme]\nprimary = "#cccccc"\n')
    found = check_contrast(Theme(primary="#cccccc"), texts=[text])
    assert {d.code for d in found} == {"MW609"}
    assert {str(d.location) for d in found} == {"block.toml:2:11"}
    assert "`primary` on `surface`" in " ".join(d.message for d in found)


@pytest.mark.parametrize("front", ["text", "muted", "primary", "accent"])
@pytest.mark.parametrize("back", ["surface", "panel", "background"])
def test_the_colours_survive_forced_inversion(front: str, back: str) -> None:
    """Some mail clients turn every colour round, whatever a mail says about dark schemes."""

    def turned(name: str) -> str:
        return "#" + "".join(f"{255 - int(getattr(Theme(), name)[at : at + 2], 16):02x}" for at in (1, 3, 5))

    if (front, back) != ("accent", "background"):  # no stock block sets one on the other
        assert Theme(text=turned(front), surface=turned(back)).contrast("text", "surface") >= ENOUGH
    button = Theme(text=turned("on_primary"), surface=turned("primary"))
    assert button.contrast("text", "surface") >= ENOUGH


def test_a_brand_colour_gets_a_dark_twin_that_can_be_read() -> None:
    theme = Theme(primary="#8a2f4b")
    assert theme.dark_primary != Theme().dark_primary
    assert theme.contrast("dark_primary", "dark_panel") >= ENOUGH
    assert theme.contrast("dark_on_primary", "dark_primary") >= ENOUGH
    assert Theme(primary="#8a2f4b", dark_primary="#ffccdd").dark_primary == "#ffccdd"


@given(st.integers(0, 0xFFFFFF))
def test_any_brand_colour_can_be_read_in_the_dark(number: int) -> None:
    theme = Theme(primary=f"#{number:06x}", accent=f"#{number:06x}")
    assert not [d for d in check_contrast(theme) if "dark_" in d.message]


colors = st.integers(0, 0xFFFFFF).map(lambda n: f"#{n:06x}")


@given(colors, colors)
def test_contrast_is_that_of_wcag(front: str, back: str) -> None:
    theme = Theme(text=front, surface=back)
    ratio = theme.contrast("text", "surface")
    assert 1 <= ratio <= 21.0001
    assert ratio == theme.contrast("surface", "text")
    assert Theme(text="#000000", surface="#ffffff").contrast("text", "surface") == pytest.approx(21)
    assert Theme(text="#767676", surface="#ffffff").contrast("text", "surface") == pytest.approx(
        4.54, abs=0.01
    )
    assert (ratio < ENOUGH) == any("`text` on `surface`" in d.message for d in check_contrast(theme))


def test_an_unknown_variable_is_named_with_a_suggestion() -> None:
    source = Source("theme.css", "a {\n  color: var(--mw-primry);\n}")
    css, (found,) = themed(source, Theme())
    assert (found.code, str(found.location)) == ("MW610", "theme.css:2:19")
    assert "did you mean `primary`?" in found.help
    assert "var(--mw-primry)" in css


@pytest.mark.parametrize("value", ["red", "#12", "#12345g", "url(x)", "#123456;color:red"])
def test_a_theme_takes_no_css_but_colours(value: str) -> None:
    text = text_of(f"primary = {json.dumps(value)}\n")
    theme, found = validate(Theme, text)
    assert theme is None
    assert [d.code for d in found] == ["MW603"]


def test_every_locale_says_everything() -> None:
    english = set(wording("en"))
    folder = Path(__file__).parents[2] / "blocks" / "_wording"
    assert len(locales()) >= 9
    for locale in locales():
        said = tomllib.loads((folder / f"{locale}.toml").read_text(encoding="utf-8"))
        assert set(said) <= english
        if "-" not in locale:
            assert set(said) == english, locale
        for name, words in wording(locale).items():
            marks = [part for part in ("[date]", "[number]", "[sender]") if part in wording("en")[name]]
            assert all(mark in words for mark in marks), (locale, name)


def test_words_of_a_locale_stand_in_for_another() -> None:
    assert wording("xx", default="de")["unsubscribe"] == "Abmelden"
    assert wording("fr_CA")["unsubscribe"] == "Se désabonner"
    assert wording("xx")["unsubscribe"] == "Unsubscribe"
