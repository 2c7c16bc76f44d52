"""A campaign as it travels to another process: the texts of its folder, and the digest that they must compile to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from mailweave.campaign.learned_file import LEARNED
from mailweave.campaign.libraries import Library, SentLibrary
from mailweave.content.files import SNAPSHOT
from mailweave.diagnostics import CampaignError, diagnose
from mailweave.root import Refused, Root

if TYPE_CHECKING:
    from mailweave.campaign.config import CampaignConfig

_SNIPPET_TEXTS = (".html", ".txt", ".liquid")
_BLOCK_TEXTS = (".toml", ".html", ".mjml", ".txt", ".css")


Files: TypeAlias = tuple[tuple[str, bytes], ...]


@dataclass(frozen=True, slots=True)
class LibraryTexts:
    """A library of a campaign: its name in campaign.toml, what findings call its folder, its files by their paths."""

    name: str
    shown: str
    files: Files


@dataclass(frozen=True, slots=True)
class CampaignTexts:
    """What a campaign was compiled from: each file by its path in the folder, read when it was compiled.

    `given` is the folder as the caller named it, so that findings name the same places everywhere.
    """

    given: str
    strict: bool
    digest: str
    version: str
    files: Files
    libraries: tuple[LibraryTexts, ...] = ()

    @classmethod
    def of(
        cls,
        root: Root,
        given: Path,
        names: Iterable[str],
        libraries: Iterable[Library] = (),
        *,
        strict: bool,
        digest: str,
    ) -> CampaignTexts:
        """The named files of a folder, and the texts of its libraries; what is gone already is missed when it is
        opened."""
        shared = tuple(
            LibraryTexts(one.name, one.shown.as_posix(), _files(one.root, one.names())) for one in libraries
        )
        files = _files(root, names)
        return cls(str(given), strict, digest, version("mailweave"), files, shared)


def _files(root: Root, names: Iterable[str]) -> Files:
    files = []
    for name in sorted(set(names)):
        with suppress(Refused):
            files.append((name, root.data(name, SNAPSHOT)))
    return tuple(files)


def written(texts: CampaignTexts, held: Path) -> tuple[Path, tuple[SentLibrary, ...]]:
    """The campaign and its libraries as folders below `held`."""
    campaign = _written(texts.files, held / "campaign")
    sent = [
        SentLibrary(one.name, _written(one.files, held / f"library{number}"), Path(one.shown))
        for number, one in enumerate(texts.libraries)
    ]
    return campaign, tuple(sent)


def _written(files: Files, folder: Path) -> Path:
    folder.mkdir()
    for name, content in files:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content)
    return folder


def names_of(root: Root, config: CampaignConfig, stylesheets: Iterable[str]) -> Iterator[str]:
    """The files of a folder that a campaign is compiled from. `stylesheets`: those that its pages linked or included."""
    yield "campaign.toml"
    yield from (name for name in root.names() if name.endswith(".rules") or name == LEARNED)
    yield from config.css
    yield from stylesheets
    yield from (name for name in (config.context, config.layout) if name)
    yield from (one.file for one in config.attachments if one.file)
    if root.is_folder("locales"):
        yield from (f"locales/{name}" for name in root.names("locales") if name.endswith(".po"))
    if root.is_folder("snippets"):
        yield from (f"snippets/{name}" for name in root.names("snippets") if name.endswith(_SNIPPET_TEXTS))
    blocks = [f"blocks/{name}" for name in root.names("blocks")] if root.is_folder("blocks") else []
    for block in blocks:
        with suppress(Refused):  # one that is used and may not be entered has been refused before
            names = root.names(block) if root.is_folder(block) else ()
            yield from (f"{block}/{name}" for name in names if name.endswith(_BLOCK_TEXTS))


def changed(what: str) -> CampaignError:
    """The error for texts that are not what was sent."""
    return CampaignError([diagnose("MW044", what=what)])
