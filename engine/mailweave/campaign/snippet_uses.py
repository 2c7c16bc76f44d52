"""Where the snippets of a campaign lie, and the blocks that render them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from mailweave.campaign.block_bindings import Use
from mailweave.campaign.libraries import Library
from mailweave.content.block import Block
from mailweave.content.snippets.catalog import SnippetFolder
from mailweave.content.snippets.expansion import Expander
from mailweave.content.toml import Path as InputPath
from mailweave.root import Root
from mailweave.source import Source

SNIPPETS: Final = "snippets"


def snippet_folders(root: Root, given: Path, libraries: Sequence[Library]) -> tuple[SnippetFolder, ...]:
    """The folders of a campaign's snippets, those that count first."""
    own = SnippetFolder(root.below(SNIPPETS), (given / SNIPPETS).as_posix(), shared=False)
    shared = (
        SnippetFolder(one.root.below(SNIPPETS), (one.shown / SNIPPETS).as_posix(), shared=True)
        for one in libraries
    )
    return (own, *shared)


def expanded(use: Use, snippets: Expander) -> Use:
    """A block that is used, with the snippets of its templates and inputs written out."""
    block = whole(use.block, snippets)
    written = block if use.written == use.block else whole(use.written, snippets)
    inputs = replace(use.inputs, templates=_lines(use.inputs.templates, snippets))
    return replace(use, block=block, written=written, inputs=inputs, texts=_lines(use.texts, snippets))


def whole(block: Block, snippets: Expander) -> Block:
    """A block with the snippets of its templates written out."""
    return block.rewritten(
        lambda source: snippets.expand(source, "html"), lambda source: snippets.expand(source, "text")
    )


def _lines(templates: Mapping[InputPath, Source], snippets: Expander) -> dict[InputPath, Source]:
    return {path: snippets.expand(source, "line") for path, source in templates.items()}


def derived_text(html: str) -> str:
    """The plain text of a snippet that has none of its own; what is wrong with it is said of the template around it."""
    from mailweave.message.plaintext.derive import text_template  # only for who has snippets

    return text_template(html, fragment=True).source
