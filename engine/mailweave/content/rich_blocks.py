"""A block with the marks of its inputs in its templates: made once, before anything is inlined."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import PurePosixPath
from typing import Any

from mailweave.content.block import Block
from mailweave.content.inputs import BoundInputs
from mailweave.content.rich.nodes import LISTS
from mailweave.content.rich.places import Place, places
from mailweave.content.rich.reading import RichText
from mailweave.content.rich.writing import Part, joined_parts, markup, plain, whole
from mailweave.content.scope import gives, reads
from mailweave.content.toml import Path
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import pieces
from mailweave.source import Source, Span

_LOOP = frozenset({"forloop", "tablerowloop"})


def with_marks(
    block: Block, inputs: BoundInputs, *, data: Collection[str] = ()
) -> tuple[Block, BoundInputs, tuple[Diagnostic, ...]]:
    """The block with what its rich inputs say in place of their outputs, and its inputs as its templates see them.

    data: inputs that are given by the rules, and so are data, whatever their defaults hold. Without marks in any input
    all is as it was.
    """
    rich = {path: text for path, text in inputs.rich.items() if path[0] not in data}
    if not rich:
        return block, replace(inputs, rich={}), ()
    splice = _Splice(block, rich)
    made = block.rewritten(splice.html, splice.text)
    pages = [block.html, *(one.html for one in block.variants if one.html is not None)]
    unshown = chain.from_iterable(map(splice.unshown, pages))
    found = [*splice.found, *unshown, *_clashes(block, rich)]
    values = _numbered(inputs.values, rich, block)
    return made, replace(inputs, values=values, rich={}), tuple(dict.fromkeys(found))


def _mark(field: str) -> str:
    """The field of a record that says which rich text its field `field` holds; 0 for none."""
    return f"{field}__marks"


def _numbered(values: Mapping[str, Any], rich: Mapping[Path, RichText], block: Block) -> dict[str, Any]:
    """The values, in which each record says which of its fields hold marks."""
    made = dict(values)
    for name, spec in block.spec.inputs.items():
        if spec.type == "list" and any(path[0] == name for path in rich):
            fields = [field for field, inner in spec.fields.items() if inner.type == "rich"]
            made[name] = [
                record | {_mark(field): at + 1 if (name, at, field) in rich else 0 for field in fields}
                for at, record in enumerate(values[name])
            ]
    return made


class _Splice:
    def __init__(self, block: Block, rich: Mapping[Path, RichText]) -> None:
        self._block, self._rich = block, rich
        self._inputs = {str(path[0]) for path in rich if len(path) == 1}
        self._fields: dict[str, set[str]] = {}
        for path in rich:
            if len(path) == 3:
                self._fields.setdefault(str(path[0]), set()).add(str(path[2]))
        self._shown: dict[Source, set[Path]] = {}
        self.found: list[Diagnostic] = []

    def html(self, source: Source) -> Source:
        return self._spliced(source, html=True)

    def text(self, source: Source) -> Source:
        return self._spliced(source, html=False)

    def unshown(self, page: Source) -> Iterator[Diagnostic]:
        """An error for marks that a page does not show, called when it is done. What a variant leaves out is its own
        business."""
        for path, rich in self._rich.items():
            is_wanted = page is self._block.html or f"block.{path[0]}" in page.text
            if is_wanted and path not in self._shown.get(page, ()):
                where = "as words of a page, by themselves and without filters"
                yield self._misfit(page, path, rich, "marks", where)

    def _spliced(self, source: Source, *, html: bool) -> Source:
        parts: list[Part] = []
        at = 0
        for place in places(source.text, self._inputs, self._fields, html=html):
            before = source.text[at : place.span.start]
            trimmed = before.rstrip() if source.text.startswith("{%-", place.span.start) else before
            parts.append(whole(source, Span(at, at + len(trimmed))))
            parts += self._written(source, place, html=html)
            at = place.span.stop
            if source.text.endswith("-%}", place.span.start, at):
                at = len(source.text) - len(source.text[at:].lstrip())
        parts.append(whole(source, Span(at, len(source.text))))
        return joined_parts(source.name, parts) if len(parts) > 1 else source

    def _written(self, source: Source, place: Place, *, html: bool) -> Iterator[Part]:
        if not place.field:
            yield from self._one(source, (place.input,), place, html=html)
            return
        yield f"{{% case {place.record}.{_mark(place.field)} %}}", source
        for path in self._rich:
            if path[0] == place.input and path[-1] == place.field and len(path) == 3:
                yield f"{{% when {int(path[1]) + 1} %}}", source
                yield from self._one(source, path, place, html=html)
        yield "{% else %}", source
        yield whole(source, place.span)
        yield "{% endcase %}", source

    def _one(self, source: Source, path: Path, place: Place, *, html: bool) -> list[Part]:
        rich = self._rich[path]
        self._shown.setdefault(source, set()).add(path)
        if not html:
            return plain(rich)
        if place.in_link and rich.has_links:
            self.found.append(self._misfit(source, path, rich, "links", "inside of a link"))
            return []
        if place.carrier is None and rich.paragraph is None:
            what = "lists" if any(n.kind in LISTS for n in rich.root.walk()) else "paragraphs"
            where = "beside other words, or in an element of one line"
            self.found.append(self._misfit(source, path, rich, what, where))
            return []
        return markup(rich, place.carrier)

    def _misfit(self, page: Source, path: Path, rich: RichText, what: str, where: str) -> Diagnostic:
        key, block = ".".join(map(str, path)), self._block.name
        if page is not self._block.html:
            block = f"{block}/{PurePosixPath(page.name).name}"
        return diagnose(
            "MW625",
            rich.source,
            Span(0, len(rich.source.text)),
            block=block,
            key=key,
            what=what,
            where=where,
        )


def _clashes(block: Block, rich: Mapping[Path, RichText]) -> Iterator[Diagnostic]:
    """Names that a rich text gives values to and its block uses, or the other way round: they would meet."""
    theirs = [piece for part, _ in block.parts() for piece in pieces(part.text)]
    given = {name for piece in theirs for name in gives(piece)} - _LOOP
    used = (given | reads(theirs)) - _LOOP
    for text in rich.values():
        for piece in pieces(text.source.text):
            name = next(iter(sorted((set(gives(piece)) & used) | (reads([piece]) & given))), None)
            if name is not None:
                yield diagnose("MW626", text.source, piece.span, name=name, block=block.name)
