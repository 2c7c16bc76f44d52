"""Where an author wrote what is seen: from marks in a mail, and from a block, to a file and a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import PurePosixPath

from mailweave.campaign import Campaign
from mailweave.campaign.source_marks import SourceMarks, Written
from mailweave.content.toml import Path, TomlText, read_toml
from mailweave.decisions import Selection
from mailweave.preview.desk import Edition
from mailweave.source import Source

_SETTINGS = "campaign.toml"


@dataclass(frozen=True, slots=True)
class FilePlace:
    """A line, from 1, of a file of an edition."""

    file: str
    line: int


def placed(html: str, marks: SourceMarks, edition: Edition, selection: Selection) -> str:
    """A mail whose marks name the file, as a browser may ask for it, and the line: `<!--WORD:FILE:LINE-->`."""
    out = []
    for part in marks.split(html):
        if isinstance(part, Written):
            place = _origin(part, edition, selection)
            out.append(f"<!--{marks.word}:{edition.ids.of(place.file)}:{place.line}-->")
        else:
            out.append(part)
    return "".join(out)


def block_at(edition: Edition, slot: str, block: str) -> FilePlace | None:
    """Where a block begins: its own table in campaign.toml, else its template, else the line of the rules."""
    return next(_beginnings(edition, slot, block), None)


def _beginnings(edition: Edition, slot: str, block: str) -> Iterator[FilePlace]:
    yield from _settings(edition, ("blocks", block))
    campaign = edition.campaign
    template = None if campaign is None else campaign.templates().slots.get(slot, {}).get(block)
    if template is not None and template.name in edition.texts:
        yield FilePlace(template.name, 1)
    if campaign is not None:
        yield from _rules(campaign, block)


def _origin(one: Written, edition: Edition, selection: Selection) -> FilePlace:
    """Where a value was written: an input in campaign.toml, as a default of its block, or as a line of the rules."""
    return (
        next(_values(one, edition, selection), FilePlace(one.file, one.line))
        if one.input
        else FilePlace(one.file, one.line)
    )


def _values(one: Written, edition: Edition, selection: Selection) -> Iterator[FilePlace]:
    if one.block.startswith("@") and one.input == "text":
        names = selection.blocks.get(one.block[1:], ())
        yield from (
            place for name in names[:1] if edition.campaign for place in _rules(edition.campaign, name)
        )
    yield from _settings(edition, ("blocks", one.block, "inputs", one.input))
    yield from _line(
        edition, str(PurePosixPath(one.file).with_name("block.toml")), ("inputs", one.input, "default")
    )


def _settings(edition: Edition, path: Path) -> Iterator[FilePlace]:
    name = next((name for name in edition.texts if name.rpartition("/")[2] == _SETTINGS), "")
    yield from _line(edition, name, path)


def _line(edition: Edition, name: str, path: Path) -> Iterator[FilePlace]:
    """The line of a key of a TOML file, where both are there."""
    read = _toml(name, edition.texts[name]) if name in edition.texts else None
    if read is not None and path in read.places:
        yield FilePlace(name, read.source.locate(read.places[path].key.start).line)


@lru_cache(maxsize=64)
def _toml(name: str, text: str) -> TomlText | None:
    return read_toml(Source(name, text))[0]


def _rules(campaign: Campaign, block: str) -> Iterator[FilePlace]:
    plan = campaign.decisions.plan.blocks.get(block)
    if plan is not None:
        place = campaign.decisions.source.locate(plan.span.start)
        yield FilePlace(place.name, place.line)
