"""Rows of a list as data, whatever the list is.

Texts (CSV, SQLite, Postgres) are read by the type that the rules declare. A cell that does not read as its type stays
the text that it is, which admission then refuses by name. Sets, lists and records are JSON in a cell.

In every kind of list, members of `consent`, `scores` and `lists` may have columns (or keys of a line) of their own:
`consent.marketing`, `scores.churn.value`. Those that are texts are read as cells are. A row that says a member twice, in
its record and in a column of its own, is refused.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from mailweave.batch.list_import import OWNER, Form, as_object
from mailweave.rules import BadData
from mailweave.schema.cell import Cell
from mailweave.schema.cell import cell as _cell
from mailweave.schema.cell import json_value as _json
from mailweave.schema.cell import truth as _truth
from mailweave.schema.model import Schema
from mailweave.schema.types import Field

ROOTS: Final = ("consent", "scores", "lists")
MEMBERS: Final = tuple(f"{root}." for root in ROOTS)
_TWICE: Final = "is said twice: in its record and in a column of its own"


class Profiles:
    """Reads rows of profiles, all of one form."""

    def __init__(self, schema: Schema, form: Form) -> None:
        self._declared = {field.column or name for name, field in schema.profile.items()}
        self._read = _readers(schema.profile) if form == "cells" else {}
        self._cells = form == "cells"
        self._scores = {name: _cell(score.type) for name, score in schema.scores.items()}

    def __call__(self, row: dict[str, Any]) -> dict[str, Any] | None:
        """The profile, of a row that nobody else needs; None for a line that is no JSON object.

        Raises BadData for a member that is said twice.
        """
        found = as_object(row)
        if found is None:
            return None
        flat = [name for name in found if name.startswith(MEMBERS) and name not in self._declared]
        if not flat and not self._cells:
            return found
        members = {name: found.pop(name) for name in sorted(flat, key=len)}
        profile = {name: self._value(name, value) for name, value in found.items()}
        for name, value in members.items():
            if value is not None:
                path = name.split(".")
                _put(profile, path, self._member(path, value) if isinstance(value, str) else value)
        return profile

    def _value(self, name: str, value: Any) -> Any:
        if not self._cells:
            return value
        read = self._read.get(name)
        if read is not None:
            return read(value)
        return _json(value) if name in ROOTS else value

    def _member(self, path: list[str], text: str) -> Any:
        if path[0] == "consent" and len(path) == 2:
            return _truth(text)
        if path[0] == "scores" and len(path) > 1 and path[-1] != "at":
            return self._scores.get(path[1], str)(text)
        return text if path[-1] == "at" else _json(text)


class Events:
    """Reads rows of events, all of one form, each by the fields of its type."""

    def __init__(self, schema: Schema, form: Form) -> None:
        self._cells = form == "cells"
        self._types = {name: _readers(event.fields) for name, event in schema.events.items()}

    def __call__(self, row: dict[str, Any]) -> dict[str, Any]:
        """The event. Raises BadData for a line that is no JSON object."""
        event = as_object(row)
        if event is None:
            raise BadData("events", "hold a line that is no JSON object")
        event.pop(OWNER, None)
        if not self._cells:
            return event
        readers = self._types.get(event.get("type", ""), {})
        return {name: readers[name](text) if name in readers else text for name, text in event.items()}


def _readers(fields: Mapping[str, Field]) -> dict[str, Cell]:
    return {field.column or name: _cell(field.type) for name, field in fields.items()}


def _put(profile: dict[str, Any], path: list[str], value: Any) -> None:
    """Sets a member of a record; where there is no record to hold it, the value stands there and is refused."""
    *way, last = path
    holder = profile
    for depth, name in enumerate(way, 1):
        inner = holder.get(name)
        if inner is None:
            inner = {}
        elif not isinstance(inner, dict):
            if depth == 1:
                return  # `consent` itself is no record, which admission says
            raise BadData(".".join(path), _TWICE)
        holder[name] = inner = dict(inner)  # its own, whatever the row shares
        holder = inner
    if holder.get(last) is not None:
        raise BadData(".".join(path), _TWICE)
    holder[last] = value
