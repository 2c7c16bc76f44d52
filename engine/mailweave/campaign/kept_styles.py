"""The CSS that stays in style elements behind inlining."""

from __future__ import annotations

import re
from collections.abc import Iterable

from mailweave.campaign.block_bindings import Use
from mailweave.content.inlined import InlinedCampaign

_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.I | re.DOTALL)


def kept_css(inlined: InlinedCampaign, uses: Iterable[Use]) -> int:
    """How many characters of CSS stay in style elements: those of the layout, and the most of any block in each slot."""

    def kept(html: str) -> int:
        return sum(len(found[1].strip()) for found in _STYLE.finditer(html)) if "<style" in html else 0

    most: dict[str, int] = {}
    for use in uses:
        most[use.slot] = max(most.get(use.slot, 0), kept(inlined.blocks.get(use.name, "")))
    return kept(inlined.layout) + sum(most.values())
