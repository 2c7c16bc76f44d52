"""The AMP part of a campaign: which recipients have one, and what they get."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from mailweave.campaign.amp_needs import AmpNeeds
from mailweave.campaign.compiled_parts import BlockParts, Data
from mailweave.liquid import Template
from mailweave.message.amp.admission import admit
from mailweave.message.amp.parts import EXTENSIONS_SLOT, AmpPart, AmpWoven
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
    needs: AmpNeeds

    def render(
        self, shown: Mapping[str, Sequence[tuple[BlockParts, Data]]], data: Data, now: datetime
    ) -> tuple[str | None, str]:
        """The document of one recipient, or None and why there is none.

        `shown`: the blocks in each place of the layout, with the data they see.
        """
        names = tuple(block.name for blocks in shown.values() for block, _ in blocks)
        reason = self.why_none(names)
        if reason:
            return None, reason
        texts = {
            slot: [self.blocks[block.name][0].render(seen, now=now) for block, seen in blocks]
            for slot, blocks in shown.items()
        }
        slots = {**texts, EXTENSIONS_SLOT: [self.needs.scripts(names, texts)]}
        document = self.layout.render({**data, "slots": slots}, now=now)
        reason = self.objection(document, self.needs.dynamic(names, texts), exact=self.is_exact(names))
        return (None, reason) if reason else (document, "")

    def objection(self, document: str, dynamic: Sequence[str] | None, *, exact: bool) -> str:
        """Why a document is not sent; empty where it is. The rest is as `admit` takes it."""
        return admit(document, exact=exact, dynamic=dynamic).reason

    def ready(self, names: tuple[str, ...]) -> dict[str, str] | None:
        """What stands in places of the layout besides blocks; None where that depends on the recipient."""
        scripts = self.needs.known_scripts(names)
        return None if scripts is None else {EXTENSIONS_SLOT: scripts}

    def why_none(self, names: tuple[str, ...]) -> str:
        """Why nobody who is shown these blocks has a document; empty where they may."""
        if not self.always and self.livelier.isdisjoint(names):
            return "nothing_livelier"
        lacking = next((name for name in names if name not in self.blocks), None)
        return "" if lacking is None else f"block_without_amp: {lacking}"

    def is_exact(self, names: tuple[str, ...]) -> bool:
        """Whether the proof holds for all who are shown these blocks."""
        return self.layout_exact and all(self.blocks[name][1].exact for name in names)


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
    needs = AmpNeeds(woven, frame, blocks)
    return AmpTemplates(woven, frame, woven.layout.exact, blocks, livelier, always, needs)
