"""The data of one recipient as the old system had them, as they are here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mailweave.migrate.names import field_name
from mailweave.migrate.places import Places
from mailweave.migrate.sample import Sample
from mailweave.migrate.tree import Path


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
    is_read = places.taken.keys()
    paths = _paths(sample.data or {}, ())
    return [".".join(path) for path in paths if not any(path[:n] in is_read for n in range(1, len(path) + 1))]


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
