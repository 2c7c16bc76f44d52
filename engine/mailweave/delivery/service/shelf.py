"""The campaigns of a folder, as they are served: swapped whole where files changed, the last good one kept."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Final, TypeAlias

from mailweave.campaign import Campaign, compile_folder
from mailweave.campaign.folder import libraries_around
from mailweave.campaign.folder_files import SETTINGS
from mailweave.delivery.service.refusals import Refusal, refusal
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean

_SETTLED: Final = 0.3  # seconds in which no file changes, before a folder is read
_MOST_WAIT: Final = 10.0  # seconds; a folder that never rests is left as it was, and looked at again

Prints: TypeAlias = frozenset[tuple[str, int, int, int]]
"""Name, inode, size and moment of change of every file that a campaign is made from."""


@dataclass(frozen=True, slots=True)
class Shelved:
    """One folder. `campaign` is the last one that compiled, and is served; None where none ever did.

    findings: what is said of the folder as it was last read. is_current: whether `campaign` is made from that.
    """

    name: str
    folder: Path
    campaign: Campaign | None
    findings: tuple[Diagnostic, ...]
    is_current: bool
    prints: Prints = field(repr=False)


Campaigns: TypeAlias = Mapping[str, Shelved]


@dataclass(slots=True)
class Shelf:
    """All campaigns of a folder. `campaigns` is one mapping that never changes: another one takes its place.

    Who takes it once has the campaigns of one moment, whatever happens meanwhile. `reload` is called by one thread.
    """

    folder: Path
    strict: bool = False
    campaigns: Campaigns = field(default_factory=lambda: MappingProxyType({}))

    def reload(self) -> tuple[Shelved, ...]:
        """Reads the folder again; what was read anew. A folder that is gone is served no more.

        Waits until no file changes, and takes nothing that changed while it was compiled.
        """
        if not self.folder.is_dir():
            return ()  # between two names, or gone by mistake: what is there is served
        self._wait()
        last, found = self.campaigns, dict(self._found())
        made = {name: self._made(name, folder, last.get(name)) for name, folder in found.items()}
        self.campaigns = MappingProxyType(made)
        return tuple(one for name, one in made.items() if one is not last.get(name))

    def shared(self) -> frozenset[Path]:
        """The folders elsewhere that campaigns are made from: libraries, and what links lead to."""
        folders = dict(self._found()).values()
        libraries = {one.root.folder for folder in folders for one in libraries_around(folder)}
        linked = {folder.resolve() for folder in folders if folder.is_symlink()}
        return frozenset(libraries | linked)

    def _found(self) -> Iterator[tuple[str, Path]]:
        if (self.folder / SETTINGS).is_file():
            yield self.folder.resolve().name, self.folder
            return
        for folder in sorted(self.folder.iterdir()):
            if (folder / SETTINGS).is_file():
                yield folder.name, folder

    def _wait(self) -> None:
        began, before = time.monotonic(), self._all_prints()
        while time.monotonic() - began < _MOST_WAIT:
            time.sleep(_SETTLED if self.campaigns else 0)
            now = self._all_prints()
            if now == before:
                return
            before = now

    def _all_prints(self) -> dict[str, Prints]:
        return {name: _prints(folder) for name, folder in self._found()}

    def _made(self, name: str, folder: Path, last: Shelved | None) -> Shelved:
        prints = _prints(folder)
        if last is not None and last.prints == prints:
            return last
        campaign, found = _compiled(folder, self.strict)
        if (
            _prints(folder) != prints
        ):  # half old, half new: it is read again at the change that is yet to be told
            return last or Shelved(name, folder, None, (), False, frozenset())
        good = campaign or (last.campaign if last else None)
        return Shelved(name, folder, good, found, campaign is not None, prints)


def _compiled(folder: Path, strict: bool) -> tuple[Campaign | None, tuple[Diagnostic, ...]]:
    try:
        return compile_folder(folder, strict=strict)
    except Exception as error:  # noqa: BLE001 - the service outlives it, and the next save may mend it
        return None, (diagnose("MW779", place=str(folder), kind=type(error).__name__),)


def _prints(folder: Path) -> Prints:
    roots = [folder, *(one.root.folder for one in libraries_around(folder))]
    return frozenset(one for root in roots for one in _files(root))


def _files(root: Path) -> Iterator[tuple[str, int, int, int]]:
    for where, _, names in os.walk(root):
        for name in names:
            path = Path(where, name)
            try:
                state = path.stat()
            except OSError:
                continue  # gone meanwhile: the next look differs
            yield str(path), state.st_ino, state.st_size, state.st_mtime_ns


def served(campaigns: Campaigns, name: str) -> Campaign:
    """The campaign of that name. Raises Refusal."""
    found = campaigns.get(name)
    if found is not None and found.campaign is not None:
        return found.campaign
    raise unknown(campaigns, name)


def unknown(campaigns: Campaigns, name: str) -> Refusal:
    """That no campaign is called so."""
    known = [one.name for one in campaigns.values() if one.campaign is not None]
    return refusal(404, "MW771", place="campaign", help=did_you_mean(name, known))
