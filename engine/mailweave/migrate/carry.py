"""The data of one recipient as the old system had them, as they are here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailweave.migrate.names import field_name
from mailweave.migrate.places import Places
from mailweave.migrate.sample import Sample
from mailweave.migrate.tree import ITEM, Path


def carried(sample: Sample, places: Places) -> dict[str, Any]:
    """What templates read of it, by the targets of the paths: `profile` and the like.

    >>> places = Places()
    >>> places.settle([(("user", "city"), False)])
    []
    >>> carried(Sample({"user": {"city": "Oslo"}}), places)
    {'profile': {'city': 'Oslo'}}
    """
    made: dict[str, Any] = {}
    for path, target in places.taken.items():
        for value in sample.values(path):
            if isinstance(value, Mapping) and _is_apart(path, places):
                continue
            inner = made
            for name in target[:-1]:
                inner = inner.setdefault(name, {})
            inner[target[-1]] = _renamed(value)
    return made


def unread(sample: Sample, places: Places) -> list[str]:
    """The names of it that no template reads, records by the names in them.

    >>> places = Places()
    >>> places.settle([(("user", "city"), False)])
    []
    >>> unread(Sample({"user": {"city": "Oslo", "age": 33}, "cart": []}), places)
    ['user.age', 'cart']
    """
    whole = {path for path in places.taken if not _is_apart(path, places)}
    left = (path for path in _paths(sample.data or {}, ()) if path not in places.taken)
    return [".".join(path) for path in left if not any(path[:n] in whole for n in range(1, len(path)))]


def _is_apart(path: Path, places: Places) -> bool:
    """Whether a record there is read by the names in it: a profile is flat, and has none of them as one value."""
    return places.taken[path][0] == "profile" and any(
        len(other) > len(path) and other[: len(path)] == path and other[len(path)] != ITEM
        for other in places.taken
    )


def _paths(record: Mapping[str, Any], above: Path) -> Iterator[Path]:
    for name, value in record.items():
        if isinstance(value, Mapping) and value:
            yield from _paths(value, (*above, name))
        else:
            yield (*above, name)


def _renamed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {field_name(name): _renamed(inner) for name, inner in value.items()}
    return [_renamed(item) for item in value] if isinstance(value, list) else value
