"""What may stand at a caret in campaign.toml and block.toml: keys, inputs, blocks, fixed words, and Liquid."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from mailweave.campaign.config import CampaignConfig
from mailweave.content.block import BlockSpec
from mailweave.content.catalog import Catalog
from mailweave.glossary import meanings
from mailweave.lsp.campaign_files import File
from mailweave.lsp.candidates import Candidate, Completion, of_places, word_before
from mailweave.lsp.descriptions import described
from mailweave.lsp.index import Index
from mailweave.lsp.liquid_completion import complete_liquid
from mailweave.lsp.toml_scan import Entry, entries, texts
from mailweave.source import Span

_NESTED = ("utm", "theme", "links", "lint", "calendar")


def complete_settings(index: Index, file: File, offset: int) -> Completion:
    """What may stand at an offset of a file of settings."""
    text = file.text
    model: type[BaseModel] = CampaignConfig if file.role == "settings" else BlockSpec
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    if line.lstrip().startswith("[") and "=" not in line:
        return Completion(tuple(_tables(index, file)), word_before(text, offset, "."))
    around = _value_around(text, offset)
    if around is not None:
        return _values(index, file, model, *around, offset)
    parent = _parent(text, offset)
    return Completion(tuple(_keys(index, file, model, parent)), word_before(text, offset))


def _tables(index: Index, file: File) -> Iterator[Candidate]:
    if file.role == "block":
        return
    for place in index.named("block"):
        name = place.mention.symbol.name
        words = described(index, place.mention.symbol)
        yield Candidate(f"blocks.{name}", "block", "block", words)
        yield Candidate(f"blocks.{name}.inputs", "block", "inputs of the block", words)
    known = meanings("settings")
    for name in (
        "let",
        "values",
        "strings",
        "headers",
        "metadata",
        "utm",
        "theme",
        "links",
        "lint",
        "calendar",
    ):
        yield Candidate(name, "setting", "", known[name])


def _value_around(text: str, offset: int) -> tuple[Entry, Span] | None:
    """The key whose value the caret is in, with the text in quotes around it, or the caret alone where a value begins."""
    for one in entries(text):
        if one.is_table:
            continue
        for at in texts(text, one.value):
            if at.start <= offset <= at.stop:
                return _innermost(text, offset, one), at
    line = Span(text.rfind("\n", 0, offset) + 1, offset)
    for one in entries(text):
        sign = text[one.key.stop : offset].strip(" \t\"'")
        if not one.is_table and line.start <= one.key.start < offset and sign.startswith("="):
            rest = sign[1:].lstrip()
            if rest.replace("_", "").isalnum() or not rest:
                return one, word_before(text, offset)
    return None


def _innermost(text: str, offset: int, outer: Entry) -> Entry:
    inside = [
        one for one in entries(text) if not one.is_table and one.value.start <= offset <= one.value.stop
    ]
    return max(inside, key=lambda one: one.value.start, default=outer)


def _parent(text: str, offset: int) -> tuple[str, ...]:
    """The table that a key at the caret would belong to."""
    table: tuple[str, ...] = ()
    for one in entries(text):
        if one.is_table and one.value.stop <= offset:
            table = one.path
    inside = [one for one in entries(text) if _holds(text, one, offset)]
    return max(inside, key=lambda one: one.value.start).path if inside else table


def _holds(text: str, one: Entry, offset: int) -> bool:
    return not one.is_table and one.value.start < offset <= one.value.stop and text[one.value.start] in "{["


def _keys(index: Index, file: File, model: type[BaseModel], parent: tuple[str, ...]) -> Iterator[Candidate]:
    if file.role == "settings" and parent[:1] == ("blocks",) and len(parent) == 3 and parent[2] == "inputs":
        yield from of_places(index, index.named("input", owner=index.folder(parent[1])))
        return
    inner = model_at(model, parent)
    if inner is None:
        return
    prefix = ".".join(name for n, name in enumerate(parent) if n != 1 or parent[0] in _NESTED)
    known = meanings("settings") if file.role == "settings" else {}
    for name, field in inner.model_fields.items():
        key = field.alias or name
        words = known.get(f"{prefix}.{key}" if prefix else key, "")
        yield Candidate(key, "setting", type_words(field.annotation), words)


def _values(
    index: Index, file: File, model: type[BaseModel], one: Entry, inside: Span, offset: int
) -> Completion:
    if "{{" in file.text[inside.start : offset] or "{%" in file.text[inside.start : offset]:
        return complete_liquid(index, file.text, offset, file.block, inside)
    is_quoted = inside.start > 0 and file.text[inside.start - 1] in "\"'"
    found = [*_fixed(index, file, model, one, is_quoted=is_quoted)]
    return Completion(tuple(found), inside if is_quoted else word_before(file.text, offset))


def _fixed(
    index: Index, file: File, model: type[BaseModel], one: Entry, *, is_quoted: bool
) -> Iterator[Candidate]:
    """The values that a key may have, where they are few; in quotes where the caret stands in none."""

    def written(value: str) -> str:
        return value if is_quoted else f'"{value}"'

    if file.role == "settings" and one.path[:1] == ("blocks",) and one.path[2:] == ("use",):
        for place in index.named("folder"):
            symbol = place.mention.symbol
            yield Candidate(written(symbol.name), "block", "block folder", described(index, symbol))
        return
    if one.path == ("layout",):
        yield from (Candidate(written(name), "setting", "stock layout") for name in Catalog().layouts())
    inner = model_at(model, one.path[:-1])
    named = {field.alias or name: field for name, field in inner.model_fields.items()} if inner else {}
    field = named.get(one.path[-1])
    if field is not None:
        yield from (Candidate(written(value), "member") for value in literals(field.annotation))
        if field.annotation is bool and not is_quoted:
            yield from (Candidate(value, "word") for value in ("true", "false"))


def model_at(model: type[BaseModel], path: tuple[str, ...]) -> type[BaseModel] | None:
    """The model of the table at a path; None for one of free keys.

    >>> model_at(CampaignConfig, ("blocks", "hero")).__name__
    'BlockUse'
    """
    here: Any = model
    for step in path:
        if isinstance(here, type) and issubclass(here, BaseModel):
            named = {field.alias or name: field for name, field in here.model_fields.items()}
            field = named.get(step)
            here = None if field is None else field.annotation
        else:
            here = _valued(here)
    return next(_models(here), None) if here is not None and _valued(here) is None else None


def _valued(annotation: Any) -> Any:
    """What the values of a mapping are; None for what is none."""
    for one in (annotation, *get_args(annotation)):
        if get_origin(one) is dict or str(get_origin(one)).endswith("Mapping'>"):
            return get_args(one)[1]
    return None


def _models(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for argument in get_args(annotation):
        yield from _models(argument)


def literals(annotation: Any) -> Iterator[str]:
    """The fixed words among what a setting may be."""
    if get_origin(annotation) is Literal:
        yield from (str(one) for one in get_args(annotation) if one != "")
    else:
        for argument in get_args(annotation):
            yield from literals(argument)


def type_words(annotation: Any) -> str:
    """What a setting is, in a word or two."""
    fixed = list(literals(annotation))
    if fixed:
        return " | ".join(fixed[:4]) + (" .." if len(fixed) > 4 else "")
    names = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
    plain = next(
        (names[one] for one in (annotation, *get_args(annotation)) if one in (bool, int, float, str)), ""
    )
    return plain or ("a list" if get_origin(annotation) is tuple else "a table")
