"""The AMP part of a campaign: which recipients have one, and what they get."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailweave.campaign.compiled_parts import BlockParts, Data
from mailweave.liquid import Template
from mailweave.message.amp.admission import admit
from mailweave.message.amp.campaign_parts import EXTENSIONS_SLOT, AmpPart, AmpWoven
from mailweave.source import Source

Make = Callable[[Source, str, tuple[str, ...]], Template | None]


@dataclass(frozen=True, slots=True)
class AmpTemplates:
    """The compiled AMP part. `livelier` names the blocks whose AMP form is their own, not derived."""

    woven: AmpWoven
    layout: Template
    layout_exact: bool
    blocks: Mapping[str, tuple[Template, AmpPart]]
    livelier: frozenset[str]
    always: bool

    def render(
        self, shown: Mapping[str, Sequence[tuple[BlockParts, Data]]], data: Data, now: datetime
    ) -> tuple[str | None, str]:
        """The document of one recipient, or None and why there is none.

        `shown`: the blocks in each place of the layout, with the data they see.
        """
        names = [block.name for blocks in shown.values() for block, _ in blocks]
        if not self.always and self.livelier.isdisjoint(names):
            return None, "nothing_livelier"
        lacking = next((name for name in names if name not in self.blocks), None)
        if lacking is not None:
            return None, f"block_without_amp: {lacking}"
        slots = {slot: self._slot(blocks, now) for slot, blocks in shown.items()}
        slots[EXTENSIONS_SLOT] = self.woven.extensions(names, slots.values())
        document = self.layout.render({**data, "slots": slots}, now=now)
        exact = self.layout_exact and all(self.blocks[name][1].exact for name in names)
        verdict = admit(document, exact=exact)
        return (document, "") if verdict.sent else (None, verdict.reason)

    def _slot(self, blocks: Sequence[tuple[BlockParts, Data]], now: datetime) -> str:
        return "".join(self.blocks[block.name][0].render(seen, now=now) for block, seen in blocks)


def compiled(
    woven: AmpWoven, livelier: frozenset[str], places: tuple[str, ...], make: Make, *, always: bool
) -> AmpTemplates | None:
    """The templates of a woven AMP part; None where the frame cannot be AMP."""
    if woven.layout is None:
        return None
    frame = make(Source(woven.layout.name, woven.layout.source), "", (*places, EXTENSIONS_SLOT))
    blocks = {}
    for name, part in woven.blocks.items():
        template = make(Source(part.name, part.source), name, ())
        if template is not None:
            blocks[name] = (template, part)
    if frame is None:
        return None
    return AmpTemplates(woven, frame, woven.layout.exact, blocks, livelier, always)
