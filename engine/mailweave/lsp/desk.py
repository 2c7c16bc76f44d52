"""What a server knows: the texts that editors hold, and the campaigns that they belong to."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from lsprotocol import types as t

from mailweave.lsp.campaign_files import CampaignFiles, File, role_of, unit_of
from mailweave.lsp.index import Index, index_of
from mailweave.lsp.texts import Text


class Desk:
    """Open texts by their real path, and an index of each campaign that is asked about. `types`: of lets, by campaign."""

    def __init__(self) -> None:
        self._texts: dict[str, Text] = {}
        self._units: dict[str, str] = {}
        self._files: dict[str, CampaignFiles] = {}
        self._kept: dict[str, tuple[tuple[File, ...], Index]] = {}
        self.types: dict[str, Mapping[str, str]] = {}

    def open(self, path: str, text: str) -> None:
        """An editor holds a text now."""
        self._texts[path] = Text(text)
        self._units[path] = unit_of(path)

    def change(self, path: str, changes: Iterable[t.TextDocumentContentChangeEvent]) -> None:
        """An editor tells what was typed."""
        for one in changes:
            self._texts[path] = self._texts.get(path, Text("")).changed(one)

    def close(self, path: str) -> None:
        """What is saved counts again."""
        self._texts.pop(path, None)
        self.forget()

    def forget(self) -> None:
        """Files may have changed: they are read anew when somebody asks. A folder may be a campaign now."""
        self._units = {path: unit_of(path) for path in self._texts}
        for one in self._files.values():
            one.forget()

    def unit(self, path: str) -> str:
        """The campaign of a file: its folder, or the file itself where it belongs to none."""
        return self._units.get(path) or unit_of(path)

    def unsaved(self, unit: str) -> dict[str, str]:
        """The texts that are laid over the files of a campaign: all open ones, as libraries lie elsewhere."""
        return {
            path: text.text for path, text in self._texts.items() if role_of(path) is not None or path == unit
        }

    def index(self, unit: str) -> Index:
        """The names of a campaign as its texts stand now."""
        files = self._files.setdefault(unit, CampaignFiles(unit)).texts(self.unsaved(unit))
        kept = self._kept.get(unit)
        if kept is not None and kept[0] == files:
            return kept[1]
        made = index_of(files)
        self._kept[unit] = (files, made)
        return made

    def text(self, path: str) -> Text:
        """The text of a file: as typed, or as saved."""
        if path in self._texts:
            return self._texts[path]
        file = self.index(self.unit(path)).files.get(path)
        return Text("" if file is None else file.text)

    def opened(self, unit: str) -> set[str]:
        """The texts of a campaign that editors hold."""
        return {path for path in self._texts if self._units.get(path) == unit}

    def is_open(self, path: str) -> bool:
        """Whether an editor holds it."""
        return path in self._texts


def real_path(path: str) -> str:
    """A path as it is known here, whatever links lead to it."""
    return os.path.realpath(path)
