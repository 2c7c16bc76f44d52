"""The parts of a mail: by the program of its selection, or block by block."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias

from mailweave.campaign.annotations import Thing
from mailweave.campaign.assembly import Assembled, spoken
from mailweave.campaign.compiled_parts import BlockParts
from mailweave.campaign.offers import Offers
from mailweave.campaign.selection_joining import BETWEEN, Frame, join
from mailweave.campaign.selection_program import Parts, SelectionProgram, Values
from mailweave.campaign.selection_programs import SelectionPrograms
from mailweave.message.cut_mail import whole
from mailweave.message.plaintext import wrap
from mailweave.rules import ValidatedRecipient
from mailweave.values.bounded_cache import Memo

Chosen: TypeAlias = Mapping[str, tuple[str, ...]]
Placed: TypeAlias = tuple[tuple[str, ...], ...]
"""The names of the blocks in each place of the layout, in its order."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What the templates of one mail see. lines: those of the text slots."""

    data: dict[str, Any]
    lines: Mapping[str, str]
    admitted: ValidatedRecipient
    now: datetime


class PartsWriter:
    """Writes the parts of the mails of one direction of writing; safe to share between threads."""

    def __init__(
        self, woven: Assembled, offers: Offers, text_slots: tuple[str, ...], optional: tuple[str, ...] = ()
    ) -> None:
        self.woven, self._offers = woven, offers
        self._optional = optional if set(optional) <= set(woven.layout.places) else ()
        self._frames = Memo(lambda filled: Frame.of(woven, dict(zip(self._optional, filled, strict=True))))
        self._spoken = {spoken(slot): slot for slot in text_slots}
        self._texts = frozenset(text_slots)
        self.annotates = any(block.annotation is not None for block in woven.blocks.values())
        self._programs: SelectionPrograms[Placed] = SelectionPrograms(self._joined)

    def annotations(self, chosen: Chosen, seen: Seen) -> list[Thing]:
        """What inboxes may show of the chosen blocks."""
        zone = seen.admitted.moment.zone
        blocks = [self.woven.blocks[name] for names in self._placed(chosen) for name in names]
        return [
            thing
            for block in blocks
            if block.annotation is not None
            for thing in block.annotation.things(self._view(block, seen), seen.now, zone)
        ]

    def write(self, chosen: Chosen, seen: Seen) -> Parts:
        """The parts."""
        placed = self._placed(chosen)
        program = self._programs.of(placed)
        if program is None:
            return self._by_blocks(placed, seen)
        return self._by_program(program, program.filled, seen) or self._instead(placed, seen)

    def cut(self, chosen: Chosen, seen: Seen) -> Parts:
        """The parts, and the mail cut in two."""
        placed = self._placed(chosen)
        program = self._programs.at_once(placed)
        made = None if program is None else self._by_program(program, program.cut, seen)
        if made is None:
            parts = self._by_blocks(placed, seen)
            return parts._replace(cut=whole(*parts[:3]))
        return made

    def _instead(self, placed: Placed, seen: Seen) -> Parts:
        """What the blocks give where their program gave nothing."""
        parts = self._by_blocks(placed, seen)
        self._programs.drop(placed)
        return parts

    def _placed(self, chosen: Chosen) -> Placed:
        """A line of text stands in the block that shows it."""
        texts = self._texts
        return tuple(
            [
                (spoken(slot),) * bool(chosen[slot]) if slot in texts else chosen[slot]
                for slot in self.woven.layout.places
            ]
        )

    def _joined(self, placed: Placed) -> SelectionProgram | None:
        by_place = dict(zip(self.woven.layout.places, placed, strict=True))
        frame = self._frames[tuple([bool(by_place[slot]) for slot in self._optional])]
        return join(self.woven, frame, by_place, self._has_own)

    def _by_program(
        self, program: SelectionProgram, fill: Callable[[Values], Parts], seen: Seen
    ) -> Parts | None:
        """What `fill` makes of the values; None where the program cannot answer."""
        try:
            return fill(program.values(seen.data, lambda block: self._view(block, seen), seen.now))
        except Exception:  # noqa: BLE001  # whatever it was, the blocks one by one give the answer or the error
            return None

    def _by_blocks(self, placed: Placed, seen: Seen) -> Parts:
        """The blocks first, then the layout around them."""
        woven, html, text = self.woven, dict[str, list[str]](), dict[str, list[str]]()
        shown: dict[str, list[tuple[BlockParts, dict[str, Any]]]] = {}
        for slot, names in zip(woven.layout.places, placed, strict=True):
            in_html: list[str] = []
            in_text: list[str] = []
            html[slot], text[slot] = in_html, in_text
            shown[slot] = [(block, self._view(block, seen)) for block in map(woven.blocks.__getitem__, names)]
            for block, view in shown[slot]:
                if in_text:
                    in_text.append(BETWEEN)
                block.pair.write(view, in_html, in_text, now=seen.now)
        page, words = woven.layout.pair.render(seen.data, now=seen.now, slots=(html, text))
        page = self._inlined(page)
        if woven.amp is None:
            return Parts(page, wrap(words), None, woven.no_amp)
        return Parts(page, wrap(words), *woven.amp.render(shown, seen.data, seen.now))

    def _inlined(self, html: str) -> str:
        """Templates that could not be inlined once are inlined now; `check` has said so."""
        css = self.woven.css
        if css is None:
            return html
        from mailweave.content import inline_once
        from mailweave.content.per_recipient import inline_rendered

        return inline_rendered(html, css, lambda page, sheet: inline_once(page, sheet).source)

    def _has_own(self, block: BlockParts) -> bool:
        """Whether a block sees something that others do not."""
        return bool(block.inputs.templates) or block.name in self._spoken or self._offers.ends(block.name)

    def _view(self, block: BlockParts, seen: Seen) -> dict[str, Any]:
        """What the templates of a block see."""
        line = self._spoken.get(block.name)
        data = self._offers.seen(block.name, seen.data, seen.admitted)
        return block.data(data, seen.now, text=None if line is None else seen.lines[line])
