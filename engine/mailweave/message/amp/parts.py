"""What becomes of the AMP parts of a campaign: templates, each with what is proved of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.message.amp.extensions import scripts, used
from mailweave.message.amp.rules import rules
from mailweave.source import Source, Span

EXTENSIONS_SLOT = "amp_extensions"
"""The slot of an AMP layout that takes the script tags of the blocks that are shown."""


@dataclass(frozen=True, slots=True)
class AmpPart:
    """The AMP form of a layout or a block, ready to be compiled as Liquid with escape="html".

    source: the template. exact: every document it gives is valid AMP, once `admit` has measured it and
    looked through its addresses. doubts: otherwise, why each recipient's document is validated.
    extensions: of a block, the scripts that its tags do not imply; of a layout, all that it needs.
    """

    name: str
    source: str
    exact: bool
    doubts: tuple[str, ...]
    extensions: frozenset[str]


@dataclass(frozen=True, slots=True)
class AmpWoven:
    """The AMP parts of a campaign. `blocks` lacks those that AMP cannot show; `layout` is None when
    the frame itself cannot be AMP, and then no e-mail of the campaign has an AMP part."""

    layout: AmpPart | None
    blocks: Mapping[str, AmpPart]
    diagnostics: tuple[Diagnostic, ...]

    def extensions(self, shown: Iterable[str], rendered: Iterable[str]) -> str:
        """The script tags for one recipient: of the blocks named `shown`, and of what was `rendered` of those of
        which it depends on the recipient.

        Goes into the slot EXTENSIONS_SLOT of the layout.
        """
        parts = [self.blocks[block] for block in shown if block in self.blocks]
        parts += [self.layout] if self.layout is not None else []
        own = {name for part in parts for name in part.extensions}
        return scripts(own.union(*(used(text) for text in rendered)))


def beyond_limit(worst: int, layout: Source) -> tuple[Diagnostic, ...]:
    """A warning (MW721) where the AMP part can weigh more than readers show.

    worst: the worst case in bytes, as `message.sizes` finds it for the AMP templates.
    """
    limit = rules().max_bytes
    if worst <= limit:
        return ()
    return (diagnose("MW721", layout, Span(0, 0), size=worst, limit=limit),)
