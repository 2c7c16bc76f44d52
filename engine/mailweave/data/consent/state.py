"""Who has agreed to what, as of a moment: the fields `consent.x` that rules read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeAlias

from mailweave.data.consent.store import Kept
from mailweave.data.files import appearing, end, private, unusable
from mailweave.data.intake.list_writing import as_line
from mailweave.data.intake.raw_values import as_text
from mailweave.values.instants import to_instant
from mailweave.values.json_text import read_json

State: TypeAlias = Mapping[str, Mapping[str, bool]]

NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


def state(kept: Iterable[Kept], now: datetime, same: Mapping[str, str] = NOBODY) -> State:
    """By key and purpose, what the newest consent up to `now` says; of several at one instant, the last recorded one.

    same: keys of one person to the one that stands for them, so that what was taken back under one key is so under all.
    Later consents have not happened yet. Whoever has no consent is not in it, and has given none.
    """
    moment = to_instant(now)
    newest: dict[tuple[str, str], tuple[int, bool]] = {}
    for one in kept:
        at, name = to_instant(one.record.at), (same.get(one.record.who, one.record.who), one.record.purpose)
        if at <= moment and at >= newest.get(name, (at, False))[0]:
            newest[name] = (at, one.record.given)
    found: dict[str, dict[str, bool]] = {}
    for (who, purpose), (_, given) in newest.items():
        found.setdefault(who, {})[purpose] = given
    return found


def write_state(found: State, out: Path, key: str) -> int:
    """A list of keys and consents alone; how many rows it has."""
    with appearing(out) as (made,):
        file = private(made)
        for who in sorted(found):
            file.write(as_line({key: who, "consent": dict(found[who])}))
        end(file)
    return len(found)


def put_into(
    found: State, people: Path, out: Path, key: str, same: Mapping[str, str] = NOBODY
) -> tuple[int, int]:
    """The list with these consents in place of its own; how many rows it has, and how many of them have any consent.

    Raises MailweaveError (MW833) for a line that is no JSON object: nobody could say what it agrees to.
    """
    rows = with_consent = 0
    with appearing(out) as (made,):
        file = private(made)
        for number, line in enumerate(_lines(people), 1):
            row = _object(people, number, line)
            row = {
                name: value
                for name, value in row.items()
                if name != "consent" and not name.startswith("consent.")
            }
            name = None if row.get(key) is None else as_text(row[key])
            mine = None if name is None else found.get(same.get(name, name))
            file.write(as_line({**row, "consent": dict(mine or {})}))
            rows, with_consent = rows + 1, with_consent + bool(mine)
        end(file)
    return rows, with_consent


def _lines(path: Path) -> Iterable[bytes]:
    try:
        with path.open("rb") as file:
            yield from (line for line in file if line.strip())
    except OSError as error:
        raise unusable(path, error.strerror or type(error).__name__) from None


def _object(path: Path, number: int, line: bytes) -> dict[str, Any]:
    try:
        value = read_json(line.decode("utf-8"))
    except (ValueError, RecursionError):
        value = None
    if not isinstance(value, dict):
        raise unusable(path, f"line {number} is no JSON object")
    return value
