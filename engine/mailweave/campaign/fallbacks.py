"""Templates of a campaign that are rendered in a slower way than compiled: which, and how often."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mailweave.campaign.assembly import Assembled
from mailweave.diagnostics import Diagnostic
from mailweave.liquid import TemplatePair


@dataclass(frozen=True, slots=True)
class Fallbacks:
    """How many renders of a template were `interpreted`, and how many parts had HTML and text written `apart`."""

    interpreted: int
    apart: int

    def since(self, before: Fallbacks) -> dict[str, int]:
        """What was counted after `before`, by name."""
        return {"interpreted": self.interpreted - before.interpreted, "apart": self.apart - before.apart}


def counted(woven: Iterable[Assembled]) -> Fallbacks:
    """What the templates of a campaign have counted so far, in this process."""
    counts = [pair.fallbacks for pair in _pairs(woven)]
    return Fallbacks(sum(one for one, _ in counts), sum(other for _, other in counts))


def slow_templates(woven: Iterable[Assembled]) -> tuple[Diagnostic, ...]:
    """A note for each template that is not compiled, or not in one walk. All are compiled to find out."""
    return tuple(note for pair in _pairs(woven) if (note := pair.note) is not None)


def _pairs(woven: Iterable[Assembled]) -> Iterator[TemplatePair]:
    """Each once: what does not hang on the direction of writing is shared."""
    yield from dict.fromkeys(pair for one in woven for pair in _pairs_of(one))


def _pairs_of(woven: Assembled) -> Iterator[TemplatePair]:
    yield woven.layout.pair
    yield from (block.pair for block in woven.blocks.values())
