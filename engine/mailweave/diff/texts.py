"""Texts that recipients see, and settings, that are not as they were: blocks, layout, subject."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterator, Mapping
from difflib import SequenceMatcher
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mailweave.campaign.folder import RULES
from mailweave.campaign.folder_files import SETTINGS
from mailweave.diff.changes import TextChange
from mailweave.diff.sides import Side

_LARGEST: Final = 2_000_000  # bytes of a file that is read as a text
_MOST_LINES: Final = 4_000  # of both; in more, lines are told apart without their order
_SHOWN: Final = 160


def text_changes(old: Side, new: Side) -> tuple[TextChange, ...]:
    """Every text that was added, taken out or changed; rule files speak for themselves."""
    before, after = _texts(old), _texts(new)
    found = []
    for name in dict.fromkeys((*before, *after)):
        if before.get(name) != after.get(name):
            found.append(_change(name, before.get(name), after.get(name)))
    return tuple(found)


def _texts(side: Side) -> dict[str, str]:
    texts = {f"`{block.name}` says": block.says or "" for block in _saying(side)}
    texts |= {f"`{s.name}` reason": s.reason for s in side.document.skips if s.reason is not None}
    return texts if side.folder is None else {**texts, **_settings(side.folder), **_files(side.folder)}


def _saying(side: Side) -> Iterator[Any]:
    return (block for block in side.document.content.blocks.values() if block.says is not None)


def _settings(folder: Path) -> dict[str, str]:
    text = (folder / SETTINGS).read_text(encoding="utf-8", errors="replace")
    try:
        return dict(_flat("", tomllib.loads(text)))
    except tomllib.TOMLDecodeError:
        return {SETTINGS: text}


def _flat(before: str, found: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name, value in found.items():
        if isinstance(value, dict):
            yield from _flat(f"{before}{name}.", value)
        else:
            yield f"{SETTINGS}: {before}{name}", str(value)


def _files(folder: Path) -> dict[str, str]:
    """Every other file of a campaign but its lists, by its path."""
    own = {SETTINGS, *_lists(folder)}
    return {
        name: _read(file)
        for file in sorted(folder.rglob("*"))
        if file.is_file() and not file.is_symlink()
        if (name := file.relative_to(folder).as_posix()) not in own and file.suffix != RULES
        if not any(part.startswith(".") for part in file.relative_to(folder).parts)
    }


def _lists(folder: Path) -> tuple[str, ...]:
    settings = _settings(folder)
    return tuple(settings.get(f"{SETTINGS}: {name}", "") for name in ("profiles", "events"))


def _read(file: Path) -> str:
    """A text; of what is large, or no text, its size and hash."""
    data = file.read_bytes()
    try:
        return data.decode("utf-8") if len(data) <= _LARGEST else _hashed(data)
    except UnicodeDecodeError:
        return _hashed(data)


def _hashed(data: bytes) -> str:
    return f"{len(data):,} bytes, sha256 {sha256(data).hexdigest()[:12]}"


def _change(name: str, old: str | None, new: str | None) -> TextChange:
    if old is None or new is None:
        one, status = (new or "", "added") if old is None else (old, "removed")
        lines = len(one.splitlines())
        plus, minus = (lines, 0) if old is None else (0, lines)
        return TextChange(name, status, plus, minus, _short(old), _short(new))  # type: ignore[arg-type]  # of two
    plus, minus = _counted(old, new)
    return TextChange(name, "changed", plus, minus, _short(old), _short(new))


def _counted(old: str, new: str) -> tuple[int, int]:
    """Lines that came, and lines that went."""
    mine, yours = old.splitlines(), new.splitlines()
    if len(mine) + len(yours) > _MOST_LINES:
        return (Counter(yours) - Counter(mine)).total(), (Counter(mine) - Counter(yours)).total()
    plus = minus = 0
    for tag, start, stop, first, last in SequenceMatcher(None, mine, yours, autojunk=False).get_opcodes():
        if tag != "equal":
            plus, minus = plus + last - first, minus + stop - start
    return plus, minus


def _short(text: str | None) -> str:
    """A text of one short line, which may be shown; of others the lines are counted."""
    whole = "" if text is None else text
    return whole if len(whole) <= _SHOWN and "\n" not in whole and whole.isprintable() else ""
