"""Recipients of a random rule text as the relations that its query reads."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias
from unicodedata import normalize

from hypothesis import strategies as st
from tests.properties.rule_worlds import Recipient, recipients

from mailweave.rules import CheckedDocument
from mailweave.schema import types as t
from mailweave.schema.model import Schema

Draw: TypeAlias = Callable[[st.SearchStrategy[Any]], Any]
SOURCE = "mw_id"  # the column that identifies a row: the attribute of type key may recur


@dataclass(frozen=True, slots=True)
class Answer:
    """What one row of the result says."""

    segments: frozenset[str]
    tiers: Mapping[str, str | None]
    skip: str | None

    @classmethod
    def of(cls, document: CheckedDocument, row: tuple[Any, ...]) -> Answer:
        segments = dict(zip(document.segments, row, strict=False))
        assert all(value is True or value is False for value in segments.values())
        tiers = dict(zip(document.tiers, row[len(segments) :], strict=False))
        return cls(
            frozenset(n for n, is_in in segments.items() if is_in), tiers, row[len(segments) + len(tiers)]
        )


@st.composite
def worlds(draw: Draw, document: CheckedDocument) -> list[Recipient]:
    """Some recipients of one moment, with one snapshot, each with a key of its own."""
    first = draw(recipients(document))
    several = [first, *(draw(recipients(document)) for _ in range(3))]
    return [replace(person, now=first.now, context=first.context) for person in several]


# ---- relations


def statements(schema: Schema, people: list[Recipient], engine: str) -> Iterator[str]:
    """SQL that makes the tables `profiles` and `events`, with each value in the type of its column."""
    write = Writer(engine)
    profile = {field.column or name: field.type for name, field in schema.profile.items()}
    columns = [f"{quoted(SOURCE)} TEXT", *(f"{quoted(n)} {write.type(t_)}" for n, t_ in profile.items())]
    consent, scores = write.consent_type(schema), write.scores_type(schema)
    yield f"CREATE TABLE profiles ({', '.join([*columns, f'consent {consent}', f'scores {scores}'])})"
    for at, person in enumerate(people):
        row = [f"'k{at}'", *(write.value(person.profile.get(n), t_) for n, t_ in profile.items())]
        row += [write.consent(person.profile, schema), write.scores(person.profile, schema)]
        yield f"INSERT INTO profiles VALUES ({', '.join(row)})"
    fields = {name: f.type for event in schema.events.values() for name, f in event.fields.items()}
    columns = [f"{quoted(n)} {write.type(t_)}" for n, t_ in fields.items()]
    fixed = "profile TEXT, type TEXT, at_ TEXT".replace("at_ TEXT", f'"at" {write.type(t.Instant())}')
    yield f"CREATE TABLE events ({', '.join([fixed, *columns])})"
    for at, person in enumerate(people):
        for event in person.events:
            row = [f"'k{at}'", f"'{event['type']}'", write.value(event["at"], t.Instant())]
            row += [write.value(event.get(name), t_) for name, t_ in fields.items()]
            yield f"INSERT INTO events VALUES ({', '.join(row)})"


def quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


@dataclass(frozen=True, slots=True)
class Writer:
    """Types and literals of one engine."""

    engine: str

    def type(self, type_: t.Type) -> str:
        match type_:
            case t.Bool():
                return "BOOLEAN"
            case t.Int() | t.Duration():
                return "BIGINT"
            case t.Number() | t.Ratio():
                return "DOUBLE PRECISION"
            case t.Money():
                return "DECIMAL(18, 4)"
            case t.Date():
                return "DATE"
            case t.Instant():
                return "TIMESTAMP"
            case t.SetOf(item=item):
                return f"{self.type(item)}[]"
            case t.ListOf(fields=fields) if self.engine == "duckdb":
                return f"STRUCT({', '.join(f'{quoted(f.name)} {self.type(f.type)}' for f in fields)})[]"
            case t.ListOf():
                return "JSONB"
            case _:
                return "TEXT"

    def value(self, value: Any, type_: t.Type) -> str:
        if value is None:
            return f"CAST(NULL AS {self.type(type_)})"
        match type_:
            case t.SetOf(item=item):
                return f"CAST(ARRAY[{', '.join(self.value(v, item) for v in value)}] AS {self.type(type_)})"
            case t.ListOf(fields=fields) if self.engine == "duckdb":
                records = (
                    "{"
                    + ", ".join(f"{text(f.name)}: {self.value(v.get(f.name), f.type)}" for f in fields)
                    + "}"
                    for v in value
                )
                return f"CAST([{', '.join(records)}] AS {self.type(type_)})"
            case t.ListOf(fields=fields):
                given = [
                    {f.name: plain(v[f.name], f.type) for f in fields if v.get(f.name) is not None}
                    for v in value
                ]
                return f"CAST({text(json.dumps(given))} AS JSONB)"
            case _:
                return f"CAST({text(plain(value, type_))} AS {self.type(type_)})"

    # ---- the records beside the attributes

    def consent_type(self, schema: Schema) -> str:
        fields = ", ".join(f"{name} BOOLEAN" for name in schema.consents)
        return f"STRUCT({fields})" if self.engine == "duckdb" else "JSONB"

    def scores_type(self, schema: Schema) -> str:
        one = '{name} STRUCT(value {type}, "at" TIMESTAMP)'
        fields = ", ".join(one.format(name=n, type=self.type(s.type)) for n, s in schema.scores.items())
        return f"STRUCT({fields})" if self.engine == "duckdb" else "JSONB"

    def consent(self, profile: Mapping[str, Any], schema: Schema) -> str:
        given = profile["consent"]
        if self.engine != "duckdb":
            return f"CAST({text(json.dumps(given))} AS JSONB)"
        return "{" + ", ".join(f"'{n}': {self.value(given.get(n), t.Bool())}" for n in schema.consents) + "}"

    def scores(self, profile: Mapping[str, Any], schema: Schema) -> str:
        given = profile["scores"]
        if self.engine != "duckdb":
            return f"CAST({text(json.dumps(given))} AS JSONB)"
        made = []
        for name, score in schema.scores.items():
            dated = given.get(name) or {}
            value, at = self.value(dated.get("value"), score.type), self.value(dated.get("at"), t.Instant())
            made.append(f"'{name}': {{'value': {value}, 'at': {at}}}")
        return "{" + ", ".join(made) + "}"


def plain(value: Any, type_: t.Type) -> str:
    """A value as text that a cast understands."""
    match type_:
        case t.Instant():
            at = datetime.fromisoformat(value) if isinstance(value, str) else value
            return at.astimezone(UTC).replace(tzinfo=None).isoformat()
        case t.Duration():
            return str(value // timedelta(microseconds=1))
        case t.Number() | t.Ratio():
            return repr(float(value))
        case _:
            return normalize("NFC", str(value))
