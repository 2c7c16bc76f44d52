"""A new folder on the disk: whole, or not at all."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from mailweave.diagnostics import MailweaveError, diagnose

_NAME: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,63}", re.ASCII)


def is_campaign_name(name: str) -> bool:
    """Whether a folder, a file of rules and a message id can bear this name.

    >>> is_campaign_name("spring-2026"), is_campaign_name("spring sale"), is_campaign_name("")
    (True, False, False)
    """
    return _NAME.fullmatch(name) is not None


def is_free(folder: Path) -> bool:
    """Whether nothing is there, or an empty folder."""
    if folder.is_symlink() or not folder.is_dir():
        return not (folder.is_symlink() or folder.exists())
    return not any(folder.iterdir())


def write_folder(folder: Path, files: Mapping[str, bytes]) -> None:
    """Makes a folder of these files, by their paths in it: all of them, or nothing. Raises MailweaveError.

    It is written beside its place and then moved there, so that no reader and no death sees a part of it.
    """
    try:
        with TemporaryDirectory(prefix=f".{folder.name}-", dir=folder.parent) as beside:
            whole = Path(beside) / folder.name  # `beside` itself is private to this user, and this is not
            for path, content in files.items():
                (whole / path).parent.mkdir(parents=True, exist_ok=True)
                (whole / path).write_bytes(content)
            whole.rename(folder)
    except OSError as error:
        what = f"cannot write: {error.strerror}"
        raise MailweaveError([diagnose("MW024", place=folder.as_posix(), what=what)]) from None
