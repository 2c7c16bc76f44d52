"""Where blocks and layouts are found: a campaign's own first, then the stock ones."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from mailweave import resources
from mailweave.content.block import Block, BlockSpec
from mailweave.content.toml import read_toml, validate
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.source import Source

SETTINGS, HTML, TEXT, AMP = "block.toml", "block.html", "block.txt", "block.amp.html"


_SLOT = re.compile(r"""\{%-?\s*slot\s+["'](\w+)["']\s*-?%\}""")
_DOC = re.compile(r"\{%-?\s*comment\s*-?%\}(.*?)\{%-?\s*endcomment\s*-?%\}", re.S)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of block folders; `shown` is how diagnostics name it, `origin` whose blocks they are."""

    path: Traversable
    shown: str
    origin: str


@dataclass(frozen=True, slots=True)
class Layout:
    """A stock layout: its HTML with the slots, and the stylesheet that it shares with the stock blocks."""

    name: str
    html: Source
    css: Source

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots it has a place for, from top to bottom."""
        return tuple(dict.fromkeys(_SLOT.findall(self.html.text)))

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

    def __init__(self, folders: Sequence[Folder] = (), *, stock: bool = True) -> None:
        own = (Folder(resources.folder("blocks"), "<stock>", "stock"),) if stock else ()
        self._folders = (*folders, *own)
        self._stock = resources.folder("blocks")

    def names(self) -> tuple[str, ...]:
        """The names of all blocks, sorted; a campaign's own hides the stock block of its name."""
        return tuple(sorted({name for folder in self._folders for name in _block_names(folder.path)}))

    def block(self, name: str) -> tuple[Block | None, tuple[Diagnostic, ...]]:
        """The block called `name`, or what is wrong with it; an unknown name comes with a suggestion."""
        for folder in self._folders:
            if _is_name(name) and (folder.path / name).is_dir():
                return _read_block(name, folder)
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

    def stylesheet(self) -> Source:
        """The stylesheet of the stock blocks; its theme variables are not replaced yet."""
        css = (self._stock / "_layouts" / "theme.css").read_text(encoding="utf-8")
        return Source("<stock>/_layouts/theme.css", css)


def _is_name(name: str) -> bool:
    """Whether a name is that of a folder directly below, and not a way to somewhere else."""
    return bool(name) and name[0] not in "._" and not set(name) & set("/\\:\0")


def _block_names(folder: Traversable) -> list[str]:
    if not folder.is_dir():
        return []
    return [entry.name for entry in folder.iterdir() if _is_name(entry.name) and entry.is_dir()]


def _read_block(name: str, folder: Folder) -> tuple[Block | None, tuple[Diagnostic, ...]]:
    found: list[Diagnostic] = []
    parts = {file: _read(name, folder, file, found) for file in (SETTINGS, HTML, TEXT, AMP)}
    settings, html = parts[SETTINGS], parts[HTML]
    if settings is None or html is None:
        return None, tuple(found)
    text, syntax = read_toml(settings)
    if text is None:
        return None, (*found, *syntax)
    spec, wrong = validate(BlockSpec, text)
    if spec is None or found:
        return None, (*found, *wrong)
    block = Block(name, spec, text, html, parts[TEXT], parts[AMP], folder.origin)
    return block, block.sample()[1]


def _read(name: str, folder: Folder, file: str, found: list[Diagnostic]) -> Source | None:
    path, shown = folder.path / name / file, f"{folder.shown}/{name}/{file}"
    if not path.is_file():
        if file in (SETTINGS, HTML):
            found.append(diagnose("MW605", place=f"{folder.shown}/{name}", name=name, file=file))
        return None
    try:
        return Source(shown, path.read_text(encoding="utf-8"))
    except UnicodeDecodeError:
        found.append(diagnose("MW611", place=shown, file=shown))
        return None
