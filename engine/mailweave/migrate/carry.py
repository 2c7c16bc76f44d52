"""The data of one recipient as the old system had them, as they are here."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mailweave.migrate.names import field_name
from mailweave.migrate.places import Places
from mailweave.migrate.sample import Sample


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


def _renamed(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {field_name(name): _renamed(inner) for name, inner in value.items()}
    return [_renamed(item) for item in value] if isinstance(value, list) else value
