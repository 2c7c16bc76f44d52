"""Members of JSON documents, one a line, as SQL reads them."""

from __future__ import annotations

from dataclasses import dataclass

from mailweave.batch.list_import import json_path
from mailweave.batch.sql_values import (
    LARGEST_WHOLE,
    Reading,
    ascii_only,
    bounded,
    literal,
    prefixes,
    sql_type,
    text,
)
from mailweave.schema import types as t


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines of JSON; `document`: SQL for a line."""

    document: str

    @property
    def sure(self) -> str:
        """Of a member that stands there twice, Python takes the last and DuckDB the first."""
        keys = f"json_keys({self.document})"
        return f"len({keys}) = len(list_distinct({keys}))"

    def read(self, path: tuple[str, ...], type: t.Type) -> Reading:
        checks = [self.only_once(path[:depth]) for depth in range(1, len(path))]
        checks += [self._without(name) for name in prefixes(path)[1:]]
        return self.member(path, type).where(*checks)

    def is_record(self, path: tuple[str, ...]) -> str:
        at = literal(json_path(*path))
        return f"coalesce(json_type({self.document}, {at}) IN ('NULL', 'OBJECT'), TRUE)"

    def _without(self, name: str) -> str:
        """Whether no key of this name stands beside the records; what it says is for Python to read."""
        at = literal(json_path(name))
        return f"coalesce(json_type({self.document}, {at}) = 'NULL', TRUE)"

    def only_once(self, path: tuple[str, ...]) -> str:
        """Whether an inner object has each of its members once."""
        keys = f"json_keys({self.document}, {literal(json_path(*path))})"
        return f"coalesce(len({keys}) = len(list_distinct({keys})), TRUE)"

    def member(self, path: tuple[str, ...], type: t.Type) -> Reading:
        """A member, by the type of its JSON."""
        at = literal(json_path(*path))
        kind = f"json_type({self.document}, {at})"
        plain = f"json_extract_string({self.document}, {at})"
        absent = f"coalesce({kind} = 'NULL', TRUE)"
        match type:
            case t.Bool():
                value = f"CASE {plain} WHEN 'true' THEN TRUE WHEN 'false' THEN FALSE END"
                return Reading(value, f"({absent} OR {kind} = 'BOOLEAN')")
            case t.Int():
                own = bounded(f"TRY_CAST({plain} AS BIGINT)", LARGEST_WHOLE)
                return Reading(own.value, f"({absent} OR ({kind} IN ('BIGINT', 'UBIGINT') AND {own.sure}))")
            case t.Number() | t.Ratio():
                sure = f"{kind} IN ('BIGINT', 'UBIGINT', 'DOUBLE') AND length({plain}) <= 17"
                return Reading(f"TRY_CAST({plain} AS DOUBLE)", f"({absent} OR ({sure}))")
            case t.SetOf(item=t.Text() | t.Key() | t.Enum() | t.Zone()):
                return self.texts(path, type, absent)
            case t.Text() | t.Key() | t.Enum() | t.Zone() | t.Date() | t.Instant() | t.Money():
                own = text(plain, type)
                escaped = f"contains(CAST(json_extract({self.document}, {at}) AS VARCHAR), chr(92))"
                return Reading(
                    own.value, f"({absent} OR ({kind} = 'VARCHAR' AND NOT {escaped} AND {own.sure}))"
                )
            case _:  # SQL is not sure of what JSON says
                return Reading(f"CAST(NULL AS {sql_type(type)})", absent)

    def texts(self, path: tuple[str, ...], type: t.Type, absent: str) -> Reading:
        """A list of texts, sure where it is nothing else, or `absent`."""
        items = f"json_extract({self.document}, {literal(json_path(*path))})"
        value = f"TRY_CAST({items} AS VARCHAR[])"
        kinds = f"json_type({self.document}, {literal(json_path(*path) + '[*]')})"
        plain = (
            f"{ascii_only(f'CAST({items} AS VARCHAR)')} AND NOT contains(CAST({items} AS VARCHAR), chr(92))"
        )
        texts = f"len(list_filter({kinds}, lambda k: k <> 'VARCHAR')) = 0"
        return Reading(value, f"({absent} OR (json_type({items}) = 'ARRAY' AND {texts} AND {plain}))")
