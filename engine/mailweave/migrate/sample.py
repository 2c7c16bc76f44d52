"""What is known of the data: one recipient as the old system had them, if there is one."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path as File
from typing import Any, Literal

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.migrate.tree import ITEM, Path

Kind = Literal["text", "number", "int", "bool", "list", "record", "unknown"]


class Sample:
    """The data of one recipient; without any, nothing is known.

    >>> ann = Sample({"cart": [{"name": "Lamp"}, {"name": "Desk", "sale": True}]})
    >>> ann.kind(("cart",)), ann.kind(("cart", "[]", "sale")), ann.kind(("city",))
    ('list', 'bool', 'unknown')
    """

    def __init__(self, data: Mapping[str, Any] | None = None) -> None:
        self.data = data

    @property
    def given(self) -> bool:
        """Whether there are any data."""
        return self.data is not None

    def values(self, path: Path) -> list[Any]:
        """What stands at a path, in each item of the lists on the way."""
        return list(_at(self.data, path)) if self.data is not None else []

    def kind(self, path: Path) -> Kind:
        """What the values at a path are; `unknown` where there are none, or of several kinds."""
        kinds = {_kind(value) for value in self.values(path)} - {"unknown"}
        if kinds == {"int", "number"}:
            return "number"
        return kinds.pop() if len(kinds) == 1 else "unknown"

    def fields(self, path: Path) -> set[str]:
        """The names in the records at a path."""
        return {name for value in self.values(path) if isinstance(value, Mapping) for name in value}


def read_sample(file: File | None) -> Sample:
    """The data of a file of JSON. Raises MailweaveError (MW672) for what is no object."""
    if file is None:
        return Sample()
    try:
        data = json.loads(file.read_text(encoding="utf-8"))
    except OSError as problem:
        raise _unusable(file, problem.strerror or "it cannot be read") from None
    except (ValueError, RecursionError):
        raise _unusable(file, "this is not JSON") from None
    if not isinstance(data, dict):
        raise _unusable(file, "this is no object")
    return Sample(data)


def _unusable(file: File, why: str) -> MailweaveError:
    return MailweaveError([diagnose("MW672", place=file.name, why=why)])


def _at(value: Any, path: Path) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == ITEM:
        for item in value if isinstance(value, list) else ():
            yield from _at(item, path[1:])
    elif isinstance(value, Mapping) and path[0] in value:
        yield from _at(value[path[0]], path[1:])


def _kind(value: Any) -> Kind:
    match value:
        case bool():
            return "bool"
        case int():
            return "int"
        case float():
            return "number"
        case str():
            return "text"
        case list():
            return "list"
        case Mapping():
            return "record"
        case _:  # null, which says nothing
            return "unknown"
