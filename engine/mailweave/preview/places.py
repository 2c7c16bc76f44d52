"""Where an author wrote what is seen: from words in a mail, and from places in findings, to a file and a line."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mailweave.preview.desk import Edition

_WORD = re.compile(r"[^\W_]{2,}")
_TABLE = re.compile(r"\s*\[([^\]]+)\]")


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A line, from 1, of a file by its number in `Edition.files`."""

    file: int
    line: int


def written_at(edition: Edition, slot: str, block: str, words: str) -> FilePlace | None:
    """The line of a block's template, inputs or rules that has most of some words of a mail; else where it begins."""
    wanted = set(_WORD.findall(words.lower()))
    lines = list(_lines(edition, slot, block))
    if not lines:
        return None
    return max(lines, key=lambda each: len(wanted & set(_WORD.findall(each[1].lower()))))[0]


def _lines(edition: Edition, slot: str, block: str) -> Iterator[tuple[FilePlace, str]]:
    """The lines that make a block, those of its own inputs first: what is meant where words do not tell."""
    for number, (name, text) in enumerate(edition.texts.items()):
        if name.endswith("campaign.toml"):
            yield from _section(number, text, block)
    template = _template(edition, slot, block)
    for number, (name, text) in enumerate(edition.texts.items()):
        if name == template:
            yield from ((FilePlace(number, at), line) for at, line in enumerate(text.splitlines(), 1))
        elif name.endswith(".rules"):
            yield from _said(number, text, block.removeprefix("@"))


def _section(number: int, text: str, block: str) -> Iterator[tuple[FilePlace, str]]:
    """The lines under `[blocks.NAME]` and the tables below it."""
    inside = False
    for at, line in enumerate(text.splitlines(), 1):
        head = _TABLE.match(line)
        if head is not None:
            inside = head[1].strip("[] ").split(".")[:2] == ["blocks", block]
        if inside:
            yield FilePlace(number, at), line


def _said(number: int, text: str, block: str) -> Iterator[tuple[FilePlace, str]]:
    """The lines of rules that declare a block, or fill a slot of text."""
    wanted = re.compile(rf"\s*block\s+{re.escape(block)}\b|.*\bfor\s+{re.escape(block)}\b")
    yield from (
        (FilePlace(number, at), line) for at, line in enumerate(text.splitlines(), 1) if wanted.match(line)
    )


def _template(edition: Edition, slot: str, block: str) -> str | None:
    if edition.campaign is None:
        return None
    source = edition.campaign.templates().slots.get(slot, {}).get(block)
    return None if source is None else source.name
