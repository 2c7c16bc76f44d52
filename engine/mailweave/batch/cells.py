"""Rows of texts (CSV, SQLite, Postgres) as data: each cell read by the type that the rules declare.

A cell that does not read as its type stays the text that it is, which admission then refuses by name. Sets, lists and
records are JSON in a cell; members of `consent`, `scores` and `lists` may have columns of their own:
`consent.marketing`, `scores.churn.value`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from mailweave.schema.model import Schema
from mailweave.schema.types import Bool, Field, Int, ListOf, Number, Ratio, SetOf, Type

Cell: TypeAlias = Callable[[str], Any]
Row: TypeAlias = Mapping[str, Any]

ROOTS: Final = ("consent", "scores", "lists")
TRUTHS: Final[Mapping[str, bool]] = {
    "true": True,
    "t": True,
    "1": True,
    "false": False,
    "f": False,
    "0": False,
}
WHOLE: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


class ProfileCells:
    """Reads rows of profiles."""

    def __init__(self, schema: Schema) -> None:
        self._read = _readers(schema.profile)
        self._scores = {name: _cell(score.type) for name, score in schema.scores.items()}

    def __call__(self, row: Row) -> dict[str, Any]:
        profile: dict[str, Any] = {}
        members: list[tuple[list[str], str]] = []
        for name, text in row.items():
            path = name.split(".")
            if path[0] in ROOTS and name not in self._read:
                members.append((path, text))
                continue
            read = self._read.get(name)
            profile[name] = text if read is None else read(text)
        for path, text in sorted(members, key=lambda member: len(member[0])):
            _put(profile, path, self._member(path, text))
        return profile

    def _member(self, path: list[str], text: str) -> Any:
        if path[0] == "consent" and len(path) == 2:
            return _truth(text)
        if path[0] == "scores" and len(path) > 1 and path[-1] != "at":
            return self._scores.get(path[1], str)(text)
        return text if path[-1] == "at" else _json(text)


class EventCells:
    """Reads rows of events, each by the fields of its type."""

    def __init__(self, schema: Schema) -> None:
        self._types = {name: _readers(event.fields) for name, event in schema.events.items()}

    def __call__(self, row: Row) -> dict[str, Any]:
        readers = self._types.get(row.get("type", ""), {})
        return {name: readers[name](text) if name in readers else text for name, text in row.items()}


def _readers(fields: Mapping[str, Field]) -> dict[str, Cell]:
    return {field.column or name: _cell(field.type) for name, field in fields.items()}


def _cell(type: Type) -> Cell:
    match type:
        case Bool():
            return _truth
        case Int():
            return lambda text: int(text) if WHOLE.fullmatch(text) else text
        case Number() | Ratio():
            return lambda text: float(text) if DECIMAL.fullmatch(text) else text
        case SetOf() | ListOf():
            return _json
        case _:
            return _text


def _text(text: str) -> str:
    return text


def _truth(text: str) -> bool | str:
    return TRUTHS.get(text.lower(), text)


def _json(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _put(profile: dict[str, Any], path: list[str], value: Any) -> None:
    """Sets a member of a record; where there is no record to hold it, the value stands there and is refused."""
    *way, last = path
    holder = profile
    for name in way:
        inner = holder.setdefault(name, {})
        if not isinstance(inner, dict):
            return
        holder = inner
    holder[last] = value
