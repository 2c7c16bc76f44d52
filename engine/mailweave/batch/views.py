"""Staged rows under the declared names and types: what the query of the rules reads, and what of it is sure."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from mailweave.batch.keys import PLAIN
from mailweave.batch.list_import import quoted
from mailweave.batch.row_decoding import MEMBERS, ROOTS
from mailweave.batch.sql_casts import Rows
from mailweave.batch.sql_values import Reading, sql_type
from mailweave.schema.model import Schema
from mailweave.schema.types import (
    Bool,
    Date,
    Enum,
    Field,
    Instant,
    Int,
    Key,
    ListOf,
    Money,
    Number,
    Ratio,
    SetOf,
    Text,
    Zone,
)
from mailweave.values.money import to_decimal
from mailweave.values.zones import zone_names

_PLAIN = Text | Key | Bool | Int | Money | Number | Ratio | Instant | Enum | Date | Zone


@dataclass(frozen=True, slots=True)
class ProfileView:
    """Profiles of one schema."""

    schema: Schema
    rows: Rows

    def columns(self) -> list[str]:
        """A column for each attribute, `consent` and `scores`, as SQL."""
        named = {f.column or n: self._attribute(f) for n, f in self.schema.profile.items()}
        return [*(f"{read.value} AS {quoted(name)}" for name, read in named.items()), *self._records()]

    def sure(self, used: Collection[str]) -> str:
        """Whether the used attributes, all consents and all scores are sure."""
        if any((f.column or "").startswith(MEMBERS) for f in self.schema.profile.values()):
            return "FALSE"  # an attribute under the name of a member: which one a column is, Python says
        found = [self._attribute(f).sure for n, f in self.schema.profile.items() if n in used]
        found += [self.rows.read(("consent", n), Bool()).sure for n in self.schema.consents]
        for name, score in self.schema.scores.items():
            if score.computed is None:
                found += [each.sure for each in self._score(name)]
                found += [
                    self.rows.is_record(("scores", name))
                ]  # a bare value is one too, for Python to read
        return every([self.rows.sure, *found])

    def admissible(self) -> str:
        """Whether Python would admit a profile, as far as that is easy to say; else it is left to Python."""
        found = [_admissible(self._attribute(f), f) for f in self.schema.profile.values()]
        found += [self.rows.is_record((root,)) for root in ROOTS]
        key = next((f for f in self.schema.profile.values() if isinstance(f.type, Key)), None)
        if key is not None:  # of others, whether they name one recipient is for Python to say
            found.append(f"coalesce(regexp_full_match({self._attribute(key).value}, '{PLAIN}'), TRUE)")
        for name, score in self.schema.scores.items():
            if score.computed is None:
                value, _ = self._score(name)
                found.append(_admissible(value, Field(name, score.type, optional=True)))
        names = {n for each in self.schema.lists.values() for n in each.given}
        for name in sorted(names):
            read = self.rows.read(("lists", name), Key())
            found += [read.sure, f"{read.value} IS NULL"]
        return every([self.sure(self.schema.profile), *found])

    def _attribute(self, attribute: Field) -> Reading:
        return self.rows.read((attribute.column or attribute.name,), attribute.type)

    def _records(self) -> list[str]:
        consents = [
            f"{quoted(n)} := {self.rows.read(('consent', n), Bool()).value}" for n in self.schema.consents
        ]
        scores = [
            f'{quoted(n)} := struct_pack(value := {value.value}, "at" := {at.value})'
            for n in self.schema.scores
            for value, at in [self._score(n)]
        ]
        named = (("consent", consents), ("scores", scores))
        return [f"struct_pack({', '.join(members)}) AS {name}" for name, members in named if members]

    def _score(self, name: str) -> tuple[Reading, Reading]:
        kind = self.schema.scores[name].type
        value = self.rows.read(("scores", name, "value"), kind)
        return value, self.rows.read(("scores", name, "at"), Instant())


@dataclass(frozen=True, slots=True)
class EventView:
    """Events of one schema. `type`: SQL for the name of an event's type."""

    schema: Schema
    rows: Rows
    type: str

    def columns(self) -> list[str]:
        """`type`, `at` and a column for each property, as SQL."""
        named = {"at": self.rows.read(("at",), Instant()).value}
        for column, each in self._fields():
            named.setdefault(column, self.rows.read((column,), each.type).value)
        return [f"{self.type} AS type", *(f"{value} AS {quoted(name)}" for name, value in named.items())]

    def clash(self) -> str:
        """A column that events of two types read as different things, in words; else an empty text."""
        kinds = {"at": "TIMESTAMPTZ"}
        for column, each in self._fields():
            if kinds.setdefault(column, sql_type(each.type)) != sql_type(each.type):
                return f"a column `{column}` of events that has two types"
        return ""

    def sure(self) -> str:
        """Whether Python would admit an event; those of types that are not declared cannot matter."""
        branches, at = [], self.rows.read(("at",), Instant())
        for event in self.schema.events.values():
            fields = [
                _admissible(self.rows.read((f.column or n,), f.type), f) for n, f in event.fields.items()
            ]
            name = event.name.replace("'", "''")
            branches.append(f"WHEN '{name}' THEN {every([at.sure, f'{at.value} IS NOT NULL', *fields])}")
        declared = f"CASE {self.type} {' '.join(branches)} ELSE TRUE END" if branches else "TRUE"
        named = self.rows.read(("type",), Text())
        return every([self.rows.sure, named.sure, f"{self.type} IS NOT NULL", declared])

    def _fields(self) -> Iterable[tuple[str, Field]]:
        for event in self.schema.events.values():
            for name, each in event.fields.items():
                yield each.column or name, each


def every(conditions: Iterable[str]) -> str:
    """A condition that is never NULL."""
    return f"coalesce({' AND '.join(f'({c})' for c in conditions if c != 'TRUE') or 'TRUE'}, FALSE)"


def _admissible(read: Reading, declared: Field) -> str:
    """Whether admission takes a field of an event, as far as that is easy to say; else it is left to Python."""
    value, conditions = read.value, [read.sure]
    is_plain = isinstance(declared.type, _PLAIN)
    if not is_plain and not (isinstance(declared.type, SetOf) and isinstance(declared.type.item, Text)):
        conditions.append(f"{value} IS NULL")
    if not (declared.optional or declared.default is not None or isinstance(declared.type, SetOf | ListOf)):
        conditions.append(f"{value} IS NOT NULL")
    match declared.type:
        case Enum(members=members):
            listed = ", ".join("'" + member.replace("'", "''") + "'" for member in members)
            conditions.append(f"coalesce({value} IN ({listed}), TRUE)")
        case Zone():
            known = ", ".join(f"'{zone}'" for zone in sorted(zone_names()))
            conditions.append(f"coalesce({value} IN ({known}), TRUE)")
        case Number():
            conditions.append(f"coalesce(isfinite({value}), TRUE)")
        case Ratio():
            conditions.append(f"coalesce({value} BETWEEN 0 AND 1, TRUE)")
        case _:  # every value of its type may stand there
            pass
    return every([*conditions, *_within(value, declared)])


def _within(value: str, declared: Field) -> Iterable[str]:
    for limit, sign in ((declared.minimum, ">="), (declared.maximum, "<=")):
        if limit is None:
            continue
        match declared.type:
            case Int() | Number() | Ratio():
                yield f"coalesce({value} {sign} {limit!r}, TRUE)"
            case Money():
                assert isinstance(limit, int)
                yield f"coalesce({value} {sign} CAST('{to_decimal(limit)}' AS DECIMAL(18, 4)), TRUE)"
            case _:  # no limit that SQL is sure to compare
                yield f"{value} IS NULL"
