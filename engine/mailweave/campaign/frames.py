"""What stands around the blocks: the layout, the style sheet that it shares with them, and lines that it shows."""

from __future__ import annotations

from collections.abc import Iterable

from mailweave.campaign.assembly import spoken
from mailweave.campaign.block_bindings import Use
from mailweave.campaign.block_variants import in_campaign
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.folder import PAGES, CampaignFolder
from mailweave.campaign.layout_places import places
from mailweave.content.block import Block
from mailweave.content.catalog import Catalog
from mailweave.content.rich_blocks import with_marks
from mailweave.content.theme import knows_dark
from mailweave.decisions import DecisionProgram
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Source, stacked


def frame_of(
    folder: CampaignFolder, catalog: Catalog
) -> tuple[tuple[Source, Source] | None, tuple[Diagnostic, ...]]:
    """The layout and the style sheet that it shares with the blocks; and what is wrong with the name of a stock one."""
    layout, wanted = folder.layout, folder.config.layout
    dark = layout is None or knows_dark("\n".join(s.text for s in (layout, *folder.css)))
    own = catalog.stylesheet(dark=dark, foreign=layout is not None)
    css = stacked([own, *folder.css])
    if layout is not None:
        return (layout, css), ()
    if "/" in wanted or wanted.endswith(PAGES):
        return None, ()  # the folder has said what is wrong
    stock, found = catalog.layout(wanted)
    settings = folder.settings
    span, known = settings.value_span(("layout",)), ", ".join(catalog.layouts())
    wrong = tuple(diagnose(d.code, settings.source, span, name=wanted, known=known) for d in found)
    return (None if stock is None else (stock.html, css)), wrong


def shown_lines(
    decisions: DecisionProgram, layout: Source, catalog: Catalog, config: CampaignConfig
) -> tuple[tuple[Use, ...], tuple[Diagnostic, ...]]:
    """Text slots that the layout shows, such as the preheader: by the block of that name."""
    here, uses, found = places(layout.text), list[Use](), list[Diagnostic]()
    for slot in decisions.slots:
        if slot.is_text and slot.name in here:
            use, wrong = _shown_line(slot.name, catalog, config)
            uses += [] if use is None else [use]
            found += wrong
    return tuple(uses), tuple(found)


def _shown_line(
    name: str, catalog: Catalog, config: CampaignConfig
) -> tuple[Use | None, Iterable[Diagnostic]]:
    block, found = _block(name, catalog, config)
    if block is None or "text" not in block.spec.inputs:
        return None, (*found, diagnose("MW013", place=name, block=name))
    marked, inputs, wrong = with_marks(block, block.defaults(), data=("text",))
    return Use(spoken(name), name, marked, inputs, block, inputs.templates), (*found, *wrong)


def _block(
    name: str, catalog: Catalog, config: CampaignConfig
) -> tuple[Block | None, tuple[Diagnostic, ...]]:
    if name not in catalog.names():
        return None, ()
    block, found = catalog.block(name, name)
    if block is None:
        return None, tuple(found)
    block, wrong = in_campaign(block, config)
    return block, (*found, *wrong)
