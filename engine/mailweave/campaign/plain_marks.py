"""Marks of Markdown where nothing reads them: they would be sent as they stand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from mailweave.campaign.block_bindings import Use
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.template_checks import Reader
from mailweave.content.block import Block
from mailweave.content.toml import Path, TomlText
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import replaced
from mailweave.markup.tokens import LiquidToken, Text, tokenize
from mailweave.source import Source, Span

_MOST = 20  # in one text: whoever has written many mends them all at once
_MARK = re.compile(
    r"\*\*(?=[^\s*])[^\n]{0,200}?(?<=[^\s*])\*\*"
    r"|(?<![\w])__(?=[^\s_])[^\n]{0,200}?(?<=[^\s_])__(?!\w)"
    r"|\[[^\[\]\n]{1,200}\]\((?:https?://|mailto:|tel:)[^()\s]{0,500}\)"
)
_LINE = (
    "a line of the rules is plain text",
    "leave the signs out: neither a subject nor a preheader has bold or links",
)
_PAGE = "a template is HTML", "write <strong>, <em> or <a href> for it, or show an input of type `rich` there"
_VALUE = "this value is plain text", "leave the signs out, or write the text into an input of type `rich`"


def plain_marks(
    listed: Iterable[Reader], uses: Iterable[Use], config: CampaignConfig, settings: TomlText
) -> Iterator[Diagnostic]:
    """A warning for each mark in the author's own texts that no input of type `rich` holds."""
    for reader in listed:
        if reader.is_own and reader.html:
            yield from _in_page(reader.source)
        elif reader.is_own and reader.fills is None and not reader.in_url:
            yield from _marks(reader.source, reader.source.text, *(_LINE if reader.is_line else _VALUE))
    for use in uses:
        given = config.blocks.get(use.name)
        if given is not None:
            yield from _in_inputs(
                use.written, given.inputs, settings, ("blocks", use.name, "inputs"), use.name
            )
    for name, text in config.strings.items():
        yield from _marks(settings.value_source(("strings", name), text), text, *_VALUE)


def _in_inputs(
    block: Block, given: Mapping[str, object], settings: TomlText, at: Path, name: str
) -> Iterator[Diagnostic]:
    rich = [f"`{key}`" for key, spec in block.spec.inputs.items() if spec.type == "rich"]
    rich += [
        f"`{key}[].{field}`"
        for key, spec in block.spec.inputs.items()
        for field, inner in spec.fields.items()
        if inner.type == "rich"
    ]
    instead = (
        f"write it into {' or '.join(rich)}, or leave the signs out"
        if rich
        else (
            f"leave the signs out: block `{block.name}` has no input of type `rich`; text, hero, offer and faq have one"
        )
    )
    for path, text in _plain(block, given):
        key = ".".join(map(str, path))
        where = f"input `{key}` of block `{name}` is plain text"
        yield from _marks(settings.value_source((*at, *path), text), text, where, instead)


def _plain(block: Block, given: Mapping[str, object]) -> Iterator[tuple[Path, str]]:
    """The texts of inputs, and of fields of records, that are of type `text`."""
    for key, value in given.items():
        spec = block.spec.inputs.get(key)
        if spec is None:
            continue
        if spec.type == "text" and isinstance(value, str):
            yield (key,), value
        for index, record in enumerate(value if isinstance(value, list) and spec.type == "list" else ()):
            for field, item in record.items() if isinstance(record, dict) else ():
                if field in spec.fields and spec.fields[field].type == "text" and isinstance(item, str):
                    yield (key, index, field), item


def _in_page(source: Source) -> Iterator[Diagnostic]:
    """Marks among the words of a page, not in its tags, styles and comments."""
    if not _may_hold_marks(source.text):
        return
    words = list[str]()
    for token in tokenize(source.text):
        text = source.text[token.span.start : token.span.stop]
        is_said = isinstance(token, Text | LiquidToken)
        words.append(text if is_said else re.sub(r"[^\n]", " ", text))
    yield from _marks(source, "".join(words), *_PAGE)


def _marks(source: Source, text: str, where: str, instead: str) -> Iterator[Diagnostic]:
    if not _may_hold_marks(text):
        return
    for found in islice(_MARK.finditer(_covered(text)), _MOST):
        span = Span(*found.span())
        written = source.text[span.start : span.stop]
        yield diagnose("MW620", source, span, found=written, where=where, instead=instead)


def _may_hold_marks(text: str) -> bool:
    return "**" in text or "__" in text or "](" in text


def _covered(text: str) -> str:
    """A text with letters for its Liquid, so that all else keeps its place."""
    return replaced(text, lambda piece: "x" * len(piece.text))
