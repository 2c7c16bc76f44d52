"""The project of `fixtures/libraries`, copied and changed."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

FIXTURE = Path(__file__).resolve().parents[2] / "fixtures" / "libraries"
RECIPIENT = {"id": "7", "email": "ann@example.com", "orders": 4, "opens": 2, "consent": {"marketing": True}}
"""Somebody who is in `regulars`."""


def project(folder: Path) -> Path:
    """A copy of the example: a library, two campaigns, mailweave.toml."""
    folder.mkdir(parents=True)
    for name in ("brand", "spring", "autumn"):
        shutil.copytree(FIXTURE / name, folder / name)
    shutil.copy(FIXTURE / "mailweave.toml", folder)
    return folder


def changed(folder: Path, case: Mapping[str, Any]) -> Path:
    """The project with the changes of a case."""
    for name in case.get("removed", ()):
        (folder / name).unlink()
    for name, text in case.get("files", {}).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    for name, old, new in case.get("edits", ()):
        replace(folder / name, old, new)
    for name, target in case.get("links", {}).items():
        (folder / name).symlink_to(target)
    return folder


def replace(file: Path, old: str, new: str) -> None:
    """Puts a text in place of another that must be there."""
    text = file.read_text(encoding="utf-8")
    assert old in text, f"{old!r} is not in {file}"
    file.write_text(text.replace(old, new), encoding="utf-8")
