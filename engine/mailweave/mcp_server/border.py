"""What an agent may see: campaigns below one folder, by relative paths that lead nowhere else."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailweave.campaign.folder import libraries_around
from mailweave.diagnostics import MailweaveError, diagnose

SETTINGS: Final = "campaign.toml"
_DEEPEST: Final = 4  # folders within folders that are looked through for campaigns
_MOST: Final = 200  # campaigns that are listed


@dataclass(frozen=True, slots=True)
class Border:
    """The folder that a server was started with, by its real path."""

    root: Path

    @classmethod
    def around(cls, folder: Path) -> Border:
        """The border of a folder. Raises MailweaveError where there is none."""
        if not folder.is_dir():
            found = diagnose(
                "MW001", place=str(folder), what="the folder", todo="name a folder of campaigns, or one"
            )
            raise MailweaveError([found])
        return cls(Path(os.path.realpath(folder)))

    def campaigns(self) -> tuple[str, ...]:
        """The campaigns below, by the paths that tools take."""
        return tuple(sorted(self._found()))[:_MOST]

    def campaign(self, name: str) -> Path:
        """The folder of a campaign, which with its libraries lies inside. Raises MailweaveError (MW681)."""
        folder = self.inside(name)
        if not is_file(folder / SETTINGS):
            raise refused(name, f"no campaign is there; there are: {', '.join(self.campaigns()) or 'none'}")
        for library in libraries_around(folder):
            if not library.root.path.is_relative_to(self.root):
                why = (
                    f"its library `{library.name}` lies outside: start the server with the folder around both"
                )
                raise refused(name, why)
        return folder

    def inside(self, name: str) -> Path:
        """A path inside, whatever links lead to it. Raises MailweaveError (MW681)."""
        try:
            target = Path(os.path.realpath(self.root / name))
        except ValueError:  # a NUL in the name
            raise refused("the path", "it holds a NUL") from None
        if Path(name).is_absolute() or not target.is_relative_to(self.root):
            raise refused(name, "it lies outside of the folder")
        return target

    def shown(self, path: Path) -> str:
        """A path inside, as agents know it."""
        inside = path.relative_to(self.root).as_posix()
        return inside or "."

    def _found(self) -> Iterator[str]:
        for folder, folders, files in os.walk(self.root):
            here = Path(folder)
            if SETTINGS in files:
                yield self.shown(here)
                folders.clear()
            too_deep = len(here.relative_to(self.root).parts) >= _DEEPEST
            folders[:] = [] if too_deep else sorted(one for one in folders if not one.startswith("."))


def is_file(path: Path) -> bool:
    """Whether a file is there; a name that no system takes is none."""
    try:
        return path.is_file()
    except OSError:
        return False


def refused(path: str, why: str) -> MailweaveError:
    """That a path is not to be seen."""
    return MailweaveError([diagnose("MW681", path=path, why=why)])
