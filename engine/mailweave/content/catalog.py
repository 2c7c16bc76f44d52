"""Where blocks and layouts are found: a campaign's own first, then the stock ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib.resources.abc import Traversable
from pathlib import Path

from mailweave import resources
from mailweave.content.block import Block
from mailweave.content.block_files import BlockReading, Folder
from mailweave.content.once import Once, each_time
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.markup.pieces import slots
from mailweave.mjml.compiled import Frame
from mailweave.root import Refused, Root
from mailweave.source import Source, stacked

_DOC = re.compile(r"\{%-?\s*comment\s*-?%\}(.*?)\{%-?\s*endcomment\s*-?%\}", re.S)


@dataclass(frozen=True, slots=True)
class Layout:
    """A stock layout: its HTML with the slots, and the stylesheet that it shares with the stock blocks."""

    name: str
    html: Source
    css: Source

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots it has a place for, from top to bottom."""
        return tuple(dict(slots(self.html.text)))

    @property
    def doc(self) -> str:
        """One sentence for authors: the Liquid comment that the HTML begins with."""
        opening = _DOC.match(self.html.text)
        return opening[1].strip() if opening else ""


class Catalog:
    """The blocks that a campaign may use, read when they are asked for.

    >>> "hero" in Catalog().names()
    True
    >>> block, found = Catalog().block("hero")
    >>> block.spec.title, found
    ('Hero', ())
    """

    def __init__(
        self,
        folders: Sequence[Folder] = (),
        *,
        stock: bool = True,
        once: Once = each_time,
        frame: Frame | None = None,
    ) -> None:
        self._once, self._frame = once, frame or Frame()
        own = (Folder(resources.folder("blocks"), "<stock>", "stock"),) if stock else ()
        self._folders = (*map(_confined, folders), *own)
        self._stock = resources.folder("blocks")

    def names(self) -> tuple[str, ...]:
        """The names of all blocks, sorted; a campaign's own hides the stock block of its name."""
        return self._names

    @cached_property
    def _names(self) -> tuple[str, ...]:
        return tuple(sorted({name for folder in self._folders for name in _block_names(folder.path)}))

    def owners(self, name: str) -> tuple[Folder, ...]:
        """The folders that have a block of this name: the first one's is taken."""
        return tuple(one for one in self._folders if _is_name(name) and _is_block(one.path, name))

    def block(self, name: str, slot: str = "") -> tuple[Block | None, tuple[Diagnostic, ...]]:
        """The block called `name`, or what is wrong with it; an unknown name comes with a suggestion.

        slot: the place that a block of MJML has in the layout; without one it stands in the body.
        """
        for folder in self.owners(name)[:1]:
            return BlockReading(name, folder, self._once, self._frame, slot).block()
        hint = did_you_mean(name, self.names())
        return None, (diagnose("MW604", place=name, name=name, help=hint),)

    def layouts(self) -> tuple[str, ...]:
        """The names of the stock layouts, sorted."""
        files = (self._stock / "_layouts").iterdir()
        return tuple(sorted(file.name.removesuffix(".html") for file in files if file.name.endswith(".html")))

    def layout(self, name: str) -> tuple[Layout | None, tuple[Diagnostic, ...]]:
        """The stock layout called `name`, with the theme's stylesheet."""
        known = self.layouts()
        if name not in known:
            hint = did_you_mean(name, known)
            return None, (diagnose("MW608", place=name, name=name, known=", ".join(known), help=hint),)
        html = (self._stock / "_layouts" / f"{name}.html").read_text(encoding="utf-8")
        return Layout(name, Source(f"<stock>/_layouts/{name}.html", html), self.stylesheet()), ()

    def all_layouts(self) -> tuple[Layout, ...]:
        """Every stock layout, by name."""
        found = (self.layout(name)[0] for name in self.layouts())
        return tuple(layout for layout in found if layout is not None)

    def stylesheet(self, *, dark: bool = True, foreign: bool = False) -> Source:
        """The stylesheet of the stock blocks; its theme variables are not replaced yet.

        dark: whether the layout knows a dark scheme; without one the blocks must not show theirs. foreign: whether the
        layout is the author's own, so that the blocks bring their ground along.
        """
        wanted = {"theme": True, "dark": dark, "ground": foreign, "ground-dark": foreign and dark}
        names = (f"{name}.css" for name, asked in wanted.items() if asked)
        folder = self._stock / "_layouts"
        return stacked(
            [
                Source(f"<stock>/_layouts/{name}", (folder / name).read_text(encoding="utf-8"))
                for name in names
            ]
        )


def _confined(folder: Folder) -> Folder:
    """Folders on the disk are strangers', and read through a root of their own unless they have one."""
    return replace(folder, path=Root(folder.path)) if isinstance(folder.path, Path) else folder


def _is_name(name: str) -> bool:
    """Whether a name is that of a folder directly below, and not a way to somewhere else."""
    return bool(name) and name[0] not in "._" and not set(name) & set("/\\:\0")


def _block_names(folder: Traversable | Root) -> list[str]:
    if isinstance(folder, Root):
        return [name for name in _names(folder) if _is_name(name) and _is_block(folder, name)]
    if not folder.is_dir():
        return []
    return [entry.name for entry in folder.iterdir() if _is_name(entry.name) and entry.is_dir()]


def _names(folder: Root) -> tuple[str, ...]:
    try:
        return folder.names()
    except Refused:
        return ()  # who opened the root has said why


def _is_block(folder: Traversable | Root, name: str) -> bool:
    """Whether a block goes by this name; one that may not be entered does, and says so when it is read."""
    if not isinstance(folder, Root):
        return (folder / name).is_dir()
    try:
        return folder.is_folder(name)
    except Refused:
        return True
