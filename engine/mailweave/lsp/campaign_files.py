"""The texts of one campaign: its own files, those of its libraries, and the stock blocks; unsaved ones as typed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

from mailweave import resources
from mailweave.campaign.folder import FolderReader
from mailweave.content.files import TEXT
from mailweave.root import Refused, Root

Role: TypeAlias = Literal["rules", "settings", "block", "template"]
"""What a file is: rules, campaign.toml, block.toml, or a template."""

SETTINGS, BLOCK = "campaign.toml", "block.toml"
_TEMPLATES = (".html", ".mjml", ".txt", ".liquid")


@dataclass(frozen=True, slots=True)
class File:
    """A text of a campaign. `block`: the block whose folder it lies in. `own`: it is no library's, and no stock block's."""

    path: str
    text: str
    role: Role
    block: str = ""
    own: bool = True


def role_of(path: str) -> tuple[Role, str] | None:
    """What a file is by its name, and the block that it belongs to; None for what no author's editor asks about.

    >>> role_of("/c/blocks/hero/block.mjml"), role_of("/c/campaign.toml"), role_of("/c/notes.md")
    (('template', 'hero'), ('settings', ''), None)
    """
    folder, _, name = path.rpartition("/")
    above, _, block = folder.rpartition("/")
    block = block if above.endswith("blocks") else ""
    if name.endswith(".rules"):
        return "rules", ""
    if name == SETTINGS:
        return "settings", ""
    if name == BLOCK and block:
        return "block", block
    return ("template", block) if name.endswith(_TEMPLATES) else None


def unit_of(path: str) -> str:
    """The campaign folder around a file; a file that lies in none stands for itself."""
    return next((str(one) for one in Path(path).parents if (one / SETTINGS).is_file()), path)


class CampaignFiles:
    """The files of a campaign as they were read last, and what editors hold of them.

    `unit` is its folder, or a rule file that belongs to none. Read anew after `forget`, which who saves asks for.
    """

    def __init__(self, unit: str) -> None:
        self.unit = unit
        self._read: dict[str, File] | None = None

    def forget(self) -> None:
        """Files may have changed."""
        self._read = None

    def texts(self, unsaved: Mapping[str, str]) -> tuple[File, ...]:
        """All texts, those that editors hold in place of what was saved."""
        if self._read is None:
            self._read = {one.path: one for one in self._files()}
        files = dict(self._read)
        for path, text in unsaved.items():
            known, role = files.get(path), role_of(path)
            if known is not None:
                files[path] = File(path, text, known.role, known.block, known.own)
            elif (role is not None and path.startswith(f"{self.unit.rstrip('/')}/")) or path == self.unit:
                files[path] = File(path, text, *(role or ("rules", "")))
        own = {one.block for one in files.values() if one.role == "block"}
        return (*files.values(), *(one for one in stock_files() if one.block not in own))

    def _files(self) -> Iterator[File]:
        folder = Path(self.unit)
        if not folder.is_dir():
            yield from _read(Root(folder.parent), str(folder.parent), (folder.name,), own=True)
            return
        yield from _read(Root(folder), self.unit, _names(Root(folder)), own=True)
        reader = FolderReader(folder)
        yield from (
            File(os.path.realpath(one.name), one.text, "rules", own=False)
            for one in reader.rules
            if one.shared
        )
        for library in reader.libraries:
            at = os.path.realpath(library.root.folder)
            names = [name for name in _names(library.root) if not name.endswith(".rules")]
            yield from _read(library.root, at, names, own=at.startswith(f"{self.unit}/"))


def _read(root: Root, at: str, names: tuple[str, ...] | list[str], *, own: bool) -> Iterator[File]:
    for name in names:
        path, role = f"{at}/{name}", role_of(f"{at}/{name}")
        if role is not None:
            with suppress(Refused, UnicodeDecodeError):
                yield File(path, root.text(name, TEXT), *role, own=own)


def _names(root: Root) -> list[str]:
    """The names of the files that may be a campaign's, by folder."""
    blocks = [f"blocks/{name}" for name in _listed(root, "blocks")]
    return [f"{at}/{name}".lstrip("/") for at in ("", "snippets", *blocks) for name in _listed(root, at)]


def _listed(root: Root, folder: str) -> tuple[str, ...]:
    with suppress(Refused):
        return root.names(folder) if root.is_folder(folder) else ()
    return ()


@lru_cache(maxsize=1)
def stock_files() -> tuple[File, ...]:
    """The settings of the stock blocks, which are read and never written."""
    folder = resources.folder("blocks")
    blocks = sorted((one for one in folder.iterdir() if (one / BLOCK).is_file()), key=lambda one: one.name)
    return tuple(
        File(str(one / BLOCK), (one / BLOCK).read_text(encoding="utf-8"), "block", one.name, False)
        for one in blocks
    )
