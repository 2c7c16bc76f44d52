"""Checks of single files, for a folder that does not compile: one run names the mistakes of all files.

Rules, blocks and the layout are checked each for itself, without what they need of each other, so that a mistake
in one of them hides none in the others. What was found before is found again; `ordered` drops the doubles.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

from mailweave.campaign.block_folders import block_folders
from mailweave.campaign.folder import BLOCKS, FolderReader
from mailweave.campaign.layout_places import places
from mailweave.content.block_files import AMP, HTML, TEXT, variant_files
from mailweave.content.catalog import Catalog
from mailweave.decisions import check_rules
from mailweave.diagnostics import Diagnostic, MailweaveError
from mailweave.liquid import Template
from mailweave.mjml import MJML
from mailweave.root import Refused
from mailweave.source import Source, joined


def check_files(reader: FolderReader) -> tuple[Diagnostic, ...]:
    """Everything that is wrong with single files of a folder, as far as they can be read."""
    return (*_rules(reader), *_layout(reader), *_blocks(reader))


def _rules(reader: FolderReader) -> tuple[Diagnostic, ...]:
    return check_rules(joined(reader.rules)) if reader.rules else ()


def _layout(reader: FolderReader) -> Iterator[Diagnostic]:
    layout = reader.own_layout()
    if layout is not None:
        yield from _template(layout, html=True, slots=places(layout.text))


def _blocks(reader: FolderReader) -> Iterator[Diagnostic]:
    catalog = Catalog(block_folders(reader.root, reader.given, ()), stock=False)
    for name in catalog.names():
        block, found = catalog.block(name)
        yield from found
        for file in _parts(reader, f"{BLOCKS}/{name}"):
            part = reader.files.readable(f"{BLOCKS}/{name}/{file}")
            if part is not None:
                trusted = block is None or block.spec.trusted
                yield from _template(part, html=not file.endswith(".txt"), trusted=trusted)


def _parts(reader: FolderReader, block: str) -> Iterator[str]:
    """The templates among the files of a block."""
    with suppress(Refused):
        names = reader.root.names(block)
        yield from (name for name in (HTML, TEXT, AMP) if name in names)
        yield from (file for file, _, part in variant_files(names) if part != MJML[1:])


def _template(
    source: Source, *, html: bool, slots: tuple[str, ...] = (), trusted: bool = False
) -> tuple[Diagnostic, ...]:
    try:
        Template.from_string(source, escape="html" if html else "text", slots=slots, trusted=trusted)
    except MailweaveError as error:
        return tuple(error.diagnostics)
    return ()
