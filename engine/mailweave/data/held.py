"""Where personal data lie: lists, refused rows, logs of merges, all JSON lines; and which of their lines are whose."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeAlias

from mailweave.batch.list_import import OWNER
from mailweave.data.files import appearing, end, private, unusable
from mailweave.data.intake.raw_values import as_text
from mailweave.values.json_text import read_json

Row: TypeAlias = dict[str, Any]
_KEYS: Final = "keys"
_NAMED: Final = (OWNER, "key", "who")


class Swept(NamedTuple):
    """How many lines of a file were erased."""

    path: Path
    erased: int


def check_held(paths: Iterable[Path]) -> None:
    """Raises MailweaveError (MW833) for files that are no JSON lines: nobody would be found in them."""
    for path in paths:
        if path.suffix not in (".jsonl", ".ndjson"):
            raise unusable(path, "files in `held` are JSON lines (.jsonl)")


def aliases(paths: Iterable[Path]) -> dict[str, str]:
    """The keys that merges have joined, each with one that stands for all of them. Logs of merges name them in `keys`."""
    above: dict[str, str] = {}

    def first(key: str) -> str:
        while above.setdefault(key, key) != key:
            key = above[key]
        return key

    for path in paths:
        for row in rows(path):
            keys = [as_text(one) for one in _merged(row)]
            for key in keys:
                above[first(key)] = first(keys[0])
    return {key: first(key) for key in above}


def has_merges(path: Path) -> bool:
    """Whether a file is a log of merges."""
    return any(_merged(row) for row in rows(path))


def _merged(row: Row) -> list[Any]:
    """The keys that a line of a log of merges joins. A list may have an attribute that is called `keys`, too."""
    is_merge = isinstance(row.get("lines"), list) and isinstance(row.get("row"), int)
    listed = row.get(_KEYS) if is_merge else None
    return listed if isinstance(listed, list) else []


def is_of(row: Row, keys: Collection[str], column: str) -> bool:
    """Whether a row is somebody's: their key stands in the key column of recipients, or in `profile`, `key`, `keys`."""
    named = [row.get(name) for name in (column, *_NAMED)]
    return any(
        as_text(one) in keys
        for one in (*named, *_merged(row))
        if isinstance(one, str | int) and not isinstance(one, bool)
    )


def rows(path: Path) -> Iterator[Row]:
    """The rows of a file that are JSON objects."""
    with path.open("rb") as file:
        yield from (row for line in file if (row := as_row(line)) is not None)


def as_row(line: bytes) -> Row | None:
    """The JSON object of a line; None for what is none."""
    try:
        value = read_json(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None


def unread(path: Path) -> int:
    """How many lines of a file are no JSON objects: nobody can say whose they are."""
    with path.open("rb") as file:
        return sum(bool(line.strip()) and as_row(line) is None for line in file)


def nameless(path: Path) -> int:
    """How many refused rows of a file do not say whose they are: they did not parse, or have no key."""
    return sum(isinstance(row.get("reasons"), list) and "key" not in row for row in rows(path))


def sweep(path: Path, goes: Callable[[Row], bool]) -> Swept:
    """Writes a file anew without the rows that go; the others stay byte for byte. Nothing is written where none goes."""
    erased = sum(map(goes, rows(path)))
    if erased:
        _rewrite(path, goes)
    return Swept(path, erased)


def _rewrite(path: Path, goes: Callable[[Row], bool]) -> None:
    path = path.resolve()
    with appearing(path) as (made,), path.open("rb") as file:
        out = private(made)
        for line in file:
            row = as_row(line)
            if row is None or not goes(row):
                out.write(line)
        end(out)
