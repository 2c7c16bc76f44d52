"""Where the blocks of a campaign lie: in its own folder, then in its libraries."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from mailweave.campaign.folder import BLOCKS, CampaignFolder
from mailweave.campaign.included import Included
from mailweave.campaign.libraries import Library
from mailweave.content.block import Block
from mailweave.content.block_files import Folder
from mailweave.content.catalog import Catalog
from mailweave.content.files import refusal
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused, Root
from mailweave.source import Span

OWN, SHARED = "campaign", "library"


def block_folders(
    root: Root, given: Path, libraries: Sequence[Library], included: Included | None = None
) -> tuple[Folder, ...]:
    """The folders of a campaign's blocks, those that count first. included: the files that own blocks include."""
    own = Folder(
        root.below(BLOCKS), (given / BLOCKS).as_posix(), OWN, (included or Included(root, given)).source
    )
    shared = (
        Folder(one.root.below(BLOCKS), (one.shown / BLOCKS).as_posix(), SHARED, one.included)
        for one in libraries
    )
    return (own, *shared)


def entered(folder: CampaignFolder) -> Iterator[Diagnostic]:
    """Why folders of blocks may not be entered."""
    for each in block_folders(folder.root, folder.given, folder.libraries):
        try:
            if isinstance(each.path, Root) and each.path.is_folder():
                each.path.names()
        except Refused as refused:
            yield refusal(refused, each.shown)


def hidden(catalog: Catalog, blocks: Iterable[Block]) -> Iterator[Diagnostic]:
    """A note for each block that is used and hides another of its name, where one of the two is a library's."""
    for name, block in {one.name: one for one in blocks}.items():
        first, *others = catalog.owners(name)
        if others and SHARED in (first.origin, others[0].origin):
            yield diagnose(
                "MW074", block.settings.source, Span(0, 1), block=name, hidden=f"{others[0].shown}"
            )
