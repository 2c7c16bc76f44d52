"""Layout and blocks of a selection, joined to one program."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from mailweave.campaign.assembly import Assembled
from mailweave.campaign.compiled_parts import BlockParts
from mailweave.campaign.selection_program import Call, SelectionProgram
from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.ir.nodes import Part, Slot
from mailweave.liquid.spans import Filling, Hole, Piece, Unit, merged
from mailweave.message.text_filling import TextFilling

if TYPE_CHECKING:
    from mailweave.campaign.amp import AmpTemplates

ByPlace: TypeAlias = Mapping[str, Sequence[str]]
"""The names of the blocks in each place of the layout."""
BETWEEN = "\n\n"
"""Stands between the texts of blocks in one place."""
_LISTS: dict[Part, int] = {"html": 0, "text": 1, "amp": 2}


@dataclass(frozen=True, slots=True)
class Frame:
    """The layout of a selection: HTML and text, and AMP where the campaign has some."""

    pair: TemplatePair
    amp: Template | None

    @classmethod
    def of(cls, woven: Assembled, filled: Mapping[str, bool]) -> Frame:
        """filled: whether optional slots show something, which is known of all of a selection."""
        pair, amp = woven.layout.pair, None if woven.amp is None else woven.amp.layout
        if not filled:
            return cls(pair, amp)
        known = {"filled": dict(filled)}
        return cls(pair.knowing("mail", known), None if amp is None else amp.knowing("mail", known))


def join(
    woven: Assembled, frame: Frame, placed: ByPlace, own: Callable[[BlockParts], bool]
) -> SelectionProgram | None:
    """The program of a selection; None where it cannot be one. own: whether a block sees something of its own."""
    names = tuple(name for names in placed.values() for name in names)
    no_amp = woven.no_amp if woven.amp is None else woven.amp.why_none(names)
    live = None if no_amp else woven.amp
    ready = {} if live is None else live.ready(names)
    units = _units(woven, frame, names, live)
    if ready is None or units is None or woven.css is not None:
        return None
    seeing = (name for name in dict.fromkeys(names) if own(woven.blocks[name]))
    numbers = {name: number for number, name in enumerate(seeing)}
    laid = _Laid(units, placed, ready)
    text, document = laid.part("text"), laid.part("amp")
    return SelectionProgram(
        tuple(_calls(units, [-1, *(numbers.get(name, -1) for name in names)])),
        tuple(woven.blocks[name] for name in numbers),
        Filling(laid.part("html")),
        TextFilling(text, laid.around("text")),
        live,
        no_amp,
        Filling(document),
        Filling(_checked(document, laid.holes["amp"])),
        live is not None and live.is_exact(names),
        tuple(map(len, laid.holes.values())),
        woven.layout.pair.html.budget.output,
    )


def _units(
    woven: Assembled, frame: Frame, names: Sequence[str], live: AmpTemplates | None
) -> list[tuple[Unit, ...]] | None:
    """The walks of the layout and of each block; None where one cannot be joined."""
    found = [frame.pair.units(None if live is None else frame.amp)]
    for name in names:
        found.append(woven.blocks[name].pair.units(None if live is None else live.blocks[name][0]))
    known = [one for one in found if one is not None]
    return known if len(known) == len(found) else None


def _calls(units: Sequence[tuple[Unit, ...]], seen: Sequence[int]) -> Iterator[Call]:
    for number, of_one in zip(seen, units, strict=True):
        for unit in of_one:
            if not unit.is_empty:
                yield unit.run, number, tuple(_LISTS[part] for part in unit.spans)


class _Laid:
    """The pieces of a layout with its blocks, in one order, the holes of each part numbered as their values come."""

    def __init__(self, units: Sequence[tuple[Unit, ...]], placed: ByPlace, ready: Mapping[str, str]) -> None:
        self._units, self._ready = units, ready
        self.holes: dict[Part, list[Hole]] = {"html": [], "text": [], "amp": []}
        numbers = iter(range(1, len(units)))
        self._placed = {slot: [next(numbers) for _ in names] for slot, names in placed.items()}
        self._numbered = [self._numbers(of_one) for of_one in units]

    def part(self, part: Part) -> list[str | int]:
        """Texts, and the numbers of values."""
        return merged(self._of(0, part))

    def around(self, part: Part) -> list[str]:
        """The texts that stand in holes."""
        return [hole.around for hole in self.holes[part]]

    def _numbers(self, units: tuple[Unit, ...]) -> dict[Part, list[Piece | int]]:
        made: dict[Part, list[Piece | int]] = {}
        for unit in units:
            for part, spans in unit.spans.items():
                made[part] = [self._numbered_hole(piece, part) for piece in spans.pieces]
        return made

    def _numbered_hole(self, piece: Piece, part: Part) -> Piece | int:
        if not isinstance(piece, Hole):
            return piece
        self.holes[part].append(piece)
        return len(self.holes[part]) - 1

    def _of(self, number: int, part: Part) -> Iterator[str | int]:
        for piece in self._numbered[number].get(part, ()):
            if isinstance(piece, (str, int)):
                yield piece
            elif isinstance(piece, Slot):
                yield from self._slot(piece.name, part)

    def _slot(self, name: str, part: Part) -> Iterator[str | int]:
        yield self._ready.get(name, "")
        for at, number in enumerate(self._placed.get(name, ())):
            if part == "text" and at:
                yield BETWEEN
            yield from self._of(number, part)


def _checked(document: Sequence[str | int], holes: Sequence[Hole]) -> Iterator[str | int]:
    """The tags in which values stand, and what may hold tags of its own."""
    for at, piece in enumerate(document):
        if isinstance(piece, int) and holes[piece].labels != {"text"}:
            yield from _tag(document, at)


def _tag(document: Sequence[str | int], at: int) -> Iterator[str | int]:
    """From the tag that begins before a piece to the one that ends behind it."""
    start = stop = at
    while start > 0 and "<" not in _text(document[start]):
        start -= 1
    while stop < len(document) - 1 and ">" not in _text(document[stop]):
        stop += 1
    first, last = _text(document[start]), _text(document[stop])
    yield first[first.rfind("<") :]
    yield from document[start + 1 : stop]
    yield last[: last.find(">") + 1]


def _text(piece: str | int) -> str:
    return piece if isinstance(piece, str) else ""
