"""The worst case of a part in bytes, from its static text and the bounds of what it holds.

Gmail clips an HTML part at 102 KB: what stands behind, the unsubscribe link for example, is not shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import Kind, Piece, pieces
from mailweave.source import Source, Span

GMAIL_CLIPS = 102 * 1024
_CELL = len('<tr class="row1">\n<td class="col1"></td></tr>\n') + 6  # what a tablerow writes around a turn
_WRITING = frozenset({"cycle", "increment", "decrement", "render", "include", "echo", "liquid"})
_LOOP = re.compile(r"(?:for|tablerow)\s+\S+\s+in\s+(\(\s*(\d+)\s*\.\.\s*(\d+)\s*\)|[\w.\[\]\"'-]+)")
_LIMIT = re.compile(r"\blimit\s*:\s*(\d+)")
_CAPTURED = re.compile(r"capture\s+[\"']?([\w-]+)")


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much a template's data can be.

    `texts` maps the path of a value to its longest length in characters, `loops` the path of a list to its
    most items; `text` and `loop` stand for the others. `bytes_per_character` is what one character comes to
    once it is escaped and encoded.
    """

    texts: Mapping[str, int] = field(default_factory=dict)
    loops: Mapping[str, int] = field(default_factory=dict)
    text: int = 64
    loop: int = 20
    bytes_per_character: int = 4


@dataclass(frozen=True, slots=True)
class Size:
    """A worst case: `bytes` in all, of which `static` are the author's own text."""

    bytes: int
    static: int


@dataclass(frozen=True, slots=True)
class PartSize:
    """The worst case of a whole part: the layout with the largest candidate of each slot."""

    bytes: int
    layout: Size
    chosen: Mapping[str, tuple[tuple[str, Size], ...]]  # slot to its largest blocks, as many as it shows


def worst_case(template: str, bounds: Bounds | None = None, slots: Mapping[str, int] | None = None) -> Size:
    """The most bytes that a template can come to.

    `template` is Liquid; `slots` gives the worst case of what each slot shows. Branches count as their
    largest, loops as their bound times their body. Raises nothing.

    >>> worst_case("Hi {{ name }}!", Bounds({"name": 10}, bytes_per_character=1)).bytes
    14
    """
    return _Meter(template, bounds or Bounds(), slots or {}).size()


def part_size(
    layout: str,
    blocks: Mapping[str, Mapping[str, str]],
    *,
    bounds: Bounds | None = None,
    most: Mapping[str, int] | None = None,
    measure: Callable[[str, Bounds], Size] = worst_case,
) -> PartSize:
    """The worst case over all selections: `blocks` maps slots to their candidates' templates by name, `most`
    slots to how many blocks they show (1 where it says nothing). `measure` may know a block's from before."""
    bounds = bounds or Bounds()
    chosen: dict[str, tuple[tuple[str, Size], ...]] = {}
    for slot, named in blocks.items():
        sizes = sorted(((n, measure(t, bounds)) for n, t in named.items()), key=lambda s: -s[1].bytes)
        chosen[slot] = tuple(sizes[: (most or {}).get(slot, 1)])
    shown = {slot: sum(size.bytes for _, size in sizes) for slot, sizes in chosen.items()}
    frame = worst_case(layout, bounds, shown)
    return PartSize(frame.bytes, frame, chosen)


def clipped(size: PartSize, layout: Source, *, limit: int = GMAIL_CLIPS) -> tuple[Diagnostic, ...]:
    """A warning where Gmail would clip the HTML part, with what to cut first."""
    if size.bytes <= limit:
        return ()
    parts = [(s.bytes, f"block `{name}`") for sizes in size.chosen.values() for name, s in sizes]
    shown = sum(count for count, _ in parts)
    largest = sorted([*parts, (size.bytes - shown, "the layout")], reverse=True)[:3]
    cut = ", ".join(f"{name} ({count / 1024:.0f} KB)" for count, name in largest)
    return (
        diagnose(
            "MW540", layout, place=layout.name, size=f"{size.bytes / 1024:.0f}", limit=limit // 1024, cut=cut
        ),
    )


@dataclass(slots=True)
class _Block:
    """An open block of Liquid: what its branches have come to, in bytes and in static bytes."""

    tag: Piece
    branches: list[int] = field(default_factory=lambda: [0])
    static: list[int] = field(default_factory=lambda: [0])

    def next_branch(self) -> None:
        self.branches.append(0)
        self.static.append(0)


class _Meter:
    """Adds up one template."""

    def __init__(self, template: str, bounds: Bounds, slots: Mapping[str, int]) -> None:
        self._text, self._bounds, self._slots = template, bounds, slots
        self._captured: dict[str, int] = {}
        self._open = [_Block(Piece(Kind.TAG, "", "", Span(0, 0)))]

    def size(self) -> Size:
        at = 0
        for piece in pieces(self._text):
            self._static(self._text[at : piece.span.start])
            self._piece(piece)
            at = piece.span.stop
        self._static(self._text[at:])
        while len(self._open) > 1:
            self._close()
        return Size(self._open[0].branches[-1], self._open[0].static[-1])

    def _static(self, text: str) -> None:
        length = len(text.encode("utf-8", "replace"))
        self._add(length)
        self._open[-1].static[-1] += length

    def _add(self, length: int) -> None:
        self._open[-1].branches[-1] += length

    def _piece(self, piece: Piece) -> None:
        if piece.kind is Kind.OUTPUT:
            self._add(self._output(piece))
        elif piece.kind is Kind.VERBATIM:
            self._static(piece.text if piece.name == "raw" else "")
        elif piece.opens:
            self._open.append(_Block(piece))
        elif piece.continues and len(self._open) > 1:
            self._open[-1].next_branch()
        elif piece.closes and len(self._open) > 1:
            self._close()
        elif piece.name == "slot":
            self._add(self._slots.get(piece.slot or "", 0))
        elif piece.name in _WRITING:
            self._add(self._bounds.text * self._bounds.bytes_per_character)

    def _output(self, piece: Piece) -> int:
        path, _, filters = piece.inside.partition("|")
        path = path.strip()
        if path in self._captured and not filters:
            return self._captured[path]
        return self._bounds.texts.get(path, self._bounds.text) * self._bounds.bytes_per_character

    def _close(self) -> None:
        block = self._open.pop()
        if block.tag.name == "capture":
            named = _CAPTURED.search(block.tag.text)
            self._captured[named.group(1) if named else ""] = max(block.branches)
            return
        if block.tag.name in ("for", "tablerow"):
            turn = block.branches[0] + (_CELL if block.tag.name == "tablerow" else 0)
            self._add(max(self._turns(block.tag) * turn, *block.branches[1:], 0))
        else:
            self._add(max(block.branches))
        self._open[-1].static[-1] += max(block.static)

    def _turns(self, tag: Piece) -> int:
        loop = _LOOP.search(tag.inside)
        limit = _LIMIT.search(tag.inside)
        most = self._most(loop) if loop else self._bounds.loop
        return min(most, int(limit.group(1))) if limit else most

    def _most(self, loop: re.Match[str]) -> int:
        if loop.group(2):
            return max(0, int(loop.group(3)) - int(loop.group(2)) + 1)
        return self._bounds.loops.get(loop.group(1), self._bounds.loop)
