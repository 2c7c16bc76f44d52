"""Which folders a campaign names as libraries, and which campaigns a library serves: by their settings alone.

Nothing is decided here of what may be read; see mailweave.campaign.libraries.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

SETTINGS: Final = "campaign.toml"
PROJECT: Final = "mailweave.toml"
_SKIPPED: Final = frozenset({".git", ".hg", ".svn", ".venv", "node_modules", "__pycache__"})


def campaigns_with(file: Path) -> tuple[Path, ...]:
    """The campaigns below the nearest mailweave.toml that use a library in which `file` lies, sorted; for a
    mailweave.toml itself, all that use any."""
    project = next((one for one in file.absolute().parents if (one / PROJECT).is_file()), None)
    if project is None:
        return ()
    wanted = file.resolve()
    is_project = wanted.name == PROJECT
    found = (
        one
        for one in _campaigns(project)
        if any(is_project or wanted.is_relative_to(each) for each in libraries(one))
    )
    return tuple(sorted(map(_short, found)))


def libraries(campaign: Path) -> Iterator[Path]:
    """The folders that a campaign names as libraries, whether they may be read or not."""
    try:
        data: dict[str, Any] = tomllib.loads((campaign / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return
    named = data.get("libraries", [])
    if isinstance(named, list):
        yield from (
            (campaign / name).resolve() for name in named if isinstance(name, str) and "\0" not in name
        )


def _campaigns(project: Path) -> Iterator[Path]:
    for folder, below, files in os.walk(project):
        below[:] = sorted(name for name in below if name not in _SKIPPED)
        if SETTINGS in files:
            yield Path(folder)


def _short(folder: Path) -> Path:
    here = Path.cwd()
    return folder.relative_to(here) if folder.is_relative_to(here) else folder
