"""A campaign as it travels to another process: the texts of its folder, and the digest that they must compile to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from mailweave.content.files import SNAPSHOT
from mailweave.diagnostics import CampaignError, diagnose
from mailweave.root import Refused, Root

if TYPE_CHECKING:
    from mailweave.campaign.config import CampaignConfig

_BLOCK_TEXTS = (".toml", ".html", ".txt", ".css")


@dataclass(frozen=True, slots=True)
class CampaignTexts:
    """What a campaign was compiled from: each file by its path in the folder, read when it was compiled.

    `given` is the folder as the caller named it, so that findings name the same places everywhere.
    """

    given: str
    strict: bool
    digest: str
    version: str
    files: tuple[tuple[str, bytes], ...]

    @classmethod
    def of(cls, root: Root, given: Path, names: Iterable[str], *, strict: bool, digest: str) -> CampaignTexts:
        """The named files of a folder; those that are gone already are missed when it is opened."""
        files = []
        for name in sorted(set(names)):
            with suppress(Refused):
                files.append((name, root.data(name, SNAPSHOT)))
        return cls(str(given), strict, digest, version("mailweave"), tuple(files))


def names_of(root: Root, config: CampaignConfig, stylesheets: Iterable[str]) -> Iterator[str]:
    """The files of a folder that a campaign is compiled from. `stylesheets`: those that its pages linked."""
    yield "campaign.toml"
    yield from (name for name in root.names() if name.endswith(".rules"))
    yield from config.css
    yield from stylesheets
    yield from (name for name in (config.context, config.layout) if name)
    blocks = [f"blocks/{name}" for name in root.names("blocks")] if root.is_folder("blocks") else []
    for block in blocks:
        with suppress(Refused):  # one that is used and may not be entered has been refused before
            names = root.names(block) if root.is_folder(block) else ()
            yield from (f"{block}/{name}" for name in names if name.endswith(_BLOCK_TEXTS))


def changed(what: str) -> CampaignError:
    """The error for texts that are not what was sent."""
    return CampaignError([diagnose("MW044", what=what)])
