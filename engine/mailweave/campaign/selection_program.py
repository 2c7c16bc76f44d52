"""The mails of all who are shown the same blocks, as one program: known texts joined once, values between them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

from mailweave.campaign.assembly import Assembled
from mailweave.campaign.compiled_parts import BlockParts
from mailweave.liquid import Template, TemplatePair
from mailweave.liquid.budget import OUTPUT, Overrun
from mailweave.liquid.ir.nodes import Part, Slot
from mailweave.liquid.runtime import Deopt
from mailweave.liquid.spans import Filling, Hole, Piece, Unit, merged
from mailweave.message.cut_mail import CutMail, Sheet, filled, whole
from mailweave.message.text_regions import region, regions
from mailweave.message.wrapping import AS_IS, ended, wrap

if TYPE_CHECKING:
    from mailweave.campaign.amp import AmpTemplates

Data: TypeAlias = dict[str, Any]
Seen: TypeAlias = Callable[[BlockParts], Data]
"""What the templates of a block see."""
Placed: TypeAlias = Mapping[str, Sequence[str]]
"""The names of the blocks in each place of the layout."""
Values: TypeAlias = tuple[list[str], list[str], list[str]]
Call: TypeAlias = tuple[Callable[..., None], int, tuple[int, ...]]
BETWEEN = "\n\n"
"""Stands between the texts of blocks in one place."""
_LISTS: dict[Part, int] = {"html": 0, "text": 1, "amp": 2}


class Parts(NamedTuple):
    """What a mail consists of, and why it has no AMP."""

    html: str
    text: str
    amp: str | None
    no_amp: str
    cut: CutMail | None = None


class TextFilling:
    """A plain text with its values, as it is sent."""

    __slots__ = ("_is_sure", "_known", "_pieces", "_whole", "size")

    def __init__(self, pieces: Sequence[str | int], marked: Collection[str]) -> None:
        """`marked` is as `regions` takes it."""
        cut = regions(pieces, marked)
        self._whole = Filling(pieces) if cut is None else None
        self._pieces: list[str | Filling] = [
            one if isinstance(one, str) else Filling(one) for one in cut or ()
        ]
        self._known = sum(len(piece) for piece in pieces if isinstance(piece, str))
        self._is_sure = not self._pieces or all(isinstance(self._pieces[at], str) for at in (0, -1))
        self.size = sum(len(one) if isinstance(one, str) else one.size for one in self._pieces)
        self.size += self._whole.size if self._whole else 0

    def before_wrapping(self, values: list[str]) -> int:
        """How many characters the text has before it is wrapped."""
        return self._known + sum(map(len, values))

    def filled(self, values: list[str]) -> str:
        """The text with these values."""
        if self._whole is not None:
            return wrap(self._whole.filled(values))
        return ended(
            "".join([one if isinstance(one, str) else region(one.filled(values)) for one in self._pieces])
        )

    def sheet(self, first: int) -> tuple[str | int, ...]:
        """The known texts as they are sent, with numbers from `first` for what `cut` gives."""
        if self._whole is not None:
            return (first,)
        numbers = count(first)
        return tuple(
            self._at_ends(at, one) if isinstance(one, str) else next(numbers)
            for at, one in enumerate(self._pieces)
        )

    def cut(self, values: list[str]) -> list[str] | None:
        """What stands between the known texts: lines, ready to be sent. None where the text begins or ends with what is
        blank for this recipient."""
        if self._whole is not None:
            return [wrap(self._whole.filled(values))]
        made = [
            self._at_ends(at, region(one.filled(values)))
            for at, one in enumerate(self._pieces)
            if not isinstance(one, str)
        ]
        return made if self._is_sure or (made[0].strip() and made[-1].strip()) else None

    def _at_ends(self, at: int, text: str) -> str:
        text = text.replace(AS_IS, "")
        if at == 0:
            text = text.lstrip("\n")
        return text.rstrip() + "\n" if at == len(self._pieces) - 1 else text


@dataclass(frozen=True)
class SelectionProgram:
    """Made by `join`.

    calls: the walks that give values; of which of `blocks` each is, or -1 where it sees the data of all; to which lists
    it adds. blocks: those that see something of their own. live: None where nobody of this selection has an AMP part,
    for the reason `no_amp`. checked: the tags of the AMP part that hold values. exact: as `admit` takes it. counts:
    how many values each part has, with those of blocks that it has no place for. most: as many characters may a part have.
    """

    calls: tuple[Call, ...]
    blocks: tuple[BlockParts, ...]
    html: Filling
    text: TextFilling
    live: AmpTemplates | None
    no_amp: str
    amp: Filling
    checked: Filling
    exact: bool
    counts: tuple[int, ...]
    most: int

    def values(self, data: Data, seen: Seen, now: datetime) -> Values:
        """The values of HTML, text and AMP. Raises whatever its templates raise."""
        values: Values = [], [], []
        views = [seen(block) for block in self.blocks]
        views.append(data)
        for run, whose, lists in self.calls:
            run(views[whose], now, *[values[one] for one in lists])
        if tuple(map(len, values)) != self.counts:
            raise Deopt  # never seen; no value may slip into the place of another
        return values

    def filled(self, values: Values) -> Parts:
        """The parts with these values. Raises Overrun where one is too long."""
        return self._parts(values, self.text.filled(values[1]))

    def _parts(self, values: Values, text: str) -> Parts:
        own, _, live = values
        html, document = self.html.filled(own), "" if self.live is None else self.amp.filled(live)
        if max(len(html), self.text.before_wrapping(values[1]), len(document)) > self.most:
            raise Overrun(OUTPUT, self.most)
        return Parts(html, text, *self._sent(document, live))

    def _sent(self, document: str, amp: list[str]) -> tuple[str | None, str]:
        if self.live is None:
            return None, self.no_amp
        reason = self.live.objection(document, [self.checked.filled(amp)], exact=self.exact)
        return None if reason else document, reason

    def cut(self, values: Values) -> Parts:
        """The same, and the mail cut in two."""
        html, text, amp = values
        lines = self.text.cut(text)
        if lines is None:
            parts = self.filled(values)
            return parts._replace(cut=whole(*parts[:3]))
        cut = CutMail(self._sheet, (*html, *lines, *amp))
        return self._parts(values, filled(cut.sheet.text, cut.values))._replace(cut=cut)

    @cached_property
    def _sheet(self) -> Sheet:
        before = self.counts[0]
        text = self.text.sheet(before)
        after = before + sum(isinstance(piece, int) for piece in text)
        amp = None if self.live is None else self.amp.numbered(after)
        return Sheet(self.html.numbered(0), text, amp)

    @property
    def size(self) -> int:
        """How many characters it holds."""
        return self.html.size + self.text.size + self.amp.size + self.checked.size


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
    woven: Assembled, frame: Frame, placed: Placed, own: Callable[[BlockParts], bool]
) -> SelectionProgram | None:
    """The program of a selection; None where it cannot be one. own: whether a block sees something of its own."""
    names = tuple(name for names in placed.values() for name in names)
    no_amp = woven.no_amp if woven.amp is None else woven.amp.why_none(names)
    live = None if no_amp else woven.amp
    ready = {} if live is None else live.ready(names)
    units = _units(woven, frame, names, live)
    if ready is None or units is None or woven.css is not None:
        return None
    seeing = [name for name in dict.fromkeys(names) if own(woven.blocks[name])]
    laid = _Laid(units, placed, ready)
    text, document = laid.part("text"), laid.part("amp")
    return SelectionProgram(
        tuple(_calls(units, [-1, *(seeing.index(name) if name in seeing else -1 for name in names)])),
        tuple(woven.blocks[name] for name in seeing),
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

    def __init__(self, units: Sequence[tuple[Unit, ...]], placed: Placed, ready: Mapping[str, str]) -> None:
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
