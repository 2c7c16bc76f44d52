"""The ways of labelled data: from an attribute through `let`, inputs and variables to where a template writes it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from mailweave.campaign.block_bindings import resolve
from mailweave.campaign.compilation import Compilation
from mailweave.campaign.compiler import opened
from mailweave.campaign.folder import FolderReader
from mailweave.campaign.frames import frame_of
from mailweave.campaign.template_checks import Reader
from mailweave.decisions import DecisionProgram
from mailweave.liquid.contract import contract_of
from mailweave.liquid.contract.model import ANY, REST
from mailweave.liquid.escapers.urls import in_request
from mailweave.liquid.flow import data_flow
from mailweave.liquid.template import Escaping
from mailweave.schema.model import Schema
from mailweave.schema.types import Field, Instant
from mailweave.source import Source, Span

_EVERYTHING = (ANY, REST, "[]")


@dataclass(frozen=True, slots=True)
class Way:
    """An attribute and the places that it has gone through, the nearest last; `in_link`: it ends in an address.

    event: the type of the event that it is the newest of, where it is no attribute.
    """

    attribute: Field = field(compare=False)
    through: tuple[str, ...] = ()
    places: tuple[tuple[Source, Span], ...] = ()
    in_link: bool = False
    event: str | None = None

    @property
    def spoken(self) -> str:
        """`profile.genre` through `let.taste`."""
        steps = "".join(f" through `{step}`" for step in self.through)
        root = "profile" if self.event is None else f"events.{self.event}"
        return f"`{root}.{self.attribute.name}`{steps}"

    def onward(self, names: tuple[tuple[str, Span], ...], source: Source, *, in_link: bool) -> Way:
        """The way with the names that a template reads it under; the first of a way is the attribute itself."""
        new = names if self.places else names[1:]
        through = (*self.through, *(name for name, _ in new))
        places = (*self.places, *((source, span) for _, span in names))
        return Way(self.attribute, through, places, in_link, self.event)


def own_context(path: Path) -> dict[str, Any]:
    """The context of the campaign in a folder; an empty one where there is none."""
    folder = FolderReader(path).read()
    return {} if folder is None else folder.context


def campaign_readers(path: Path, program: DecisionProgram) -> list[Reader]:
    """Every template of the campaign in a folder; none where the folder cannot be read."""
    folder = FolderReader(path).read()
    if folder is None:
        return []
    compilation = Compilation(folder, opened)
    frame, _ = frame_of(folder, compilation.catalog)
    layout = Source("layout", "") if frame is None else frame[0]
    plans = program.blocks.values()
    uses, _ = resolve(folder, compilation.catalog, plans, program.source, whole=compilation.whole)
    layout = compilation.snippets.expand(layout, "html")
    return compilation.listed(program, compilation.with_snippets(uses), layout)


@dataclass(frozen=True)
class Ways:
    """The ways through the templates of one campaign."""

    readers: Sequence[Reader]
    schema: Schema

    @cached_property
    def lets(self) -> dict[str, Reader]:
        """The campaign's lets, by name."""
        return {r.name.removeprefix("let "): r for r in self.readers if r.name.startswith("let ")}

    def to(self, reader: Reader) -> Iterator[Way]:
        """The ways that end in a template: first those that it writes, then those that it only reads."""
        yield from self._written(reader, ())
        yield from self._read(reader)

    def _written(self, reader: Reader, seen: tuple[str, ...]) -> Iterator[Way]:
        escape: Escaping = "html" if reader.html else "text"
        for one in data_flow(reader.placed, escape=escape, slots=reader.slots, constants=reader.constants):
            in_link = reader.in_url or in_request(one.label)
            for way in self._behind(one.path, reader, seen):
                yield way.onward(one.way, reader.placed, in_link=in_link)

    def _read(self, reader: Reader) -> Iterator[Way]:
        from liquid.exceptions import LiquidError

        try:
            reads = contract_of(reader.source, constants=reader.constants, slots=reader.slots).reads
        except LiquidError:  # the check of the campaign says why
            return
        for read in reads:
            first = read.occurrences[0]
            if len(read.path) > 1:
                for way in self._behind(read.path, reader, ()):
                    yield way.onward(((".".join(read.path[:2]), first.span),), first.source, in_link=False)

    def _behind(self, path: tuple[str, ...], reader: Reader, seen: tuple[str, ...]) -> Iterator[Way]:
        """The ways to what stands at a path of a template's data."""
        root, name = path[0], path[1] if len(path) > 1 else ANY
        if root == "profile":
            yield from (
                Way(each) for each in self.schema.profile.values() if name in (each.name, *_EVERYTHING)
            )
        elif root == "events":
            for event in self.schema.shown_events:
                if event.shown is not None and name in (event.name, *_EVERYTHING):
                    label = Field("last", Instant(), True, event.shown.pii, event.shown.needs)
                    yield Way(label, event=event.name)
        elif root == "let":
            for let, other in self.lets.items():
                if name in (let, *_EVERYTHING) and let not in seen:
                    yield from self._written(other, (*seen, let))
        elif root == "block":
            for other in self.readers:
                if (
                    other.fills is not None
                    and other.name == reader.name
                    and name in (other.fills, *_EVERYTHING)
                ):
                    yield from self._written(other, seen)
