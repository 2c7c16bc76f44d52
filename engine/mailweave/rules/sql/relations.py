"""The two relations that a query reads, and their columns in the forms that the query calculates with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlglot import exp

from mailweave.rules.sql.building import Sql, column, is_known, literal, number, when
from mailweave.rules.sql.dialects import Dialect, column_type
from mailweave.schema.types import Bool, Date, Field, Instant, Key, ListOf, SetOf, Text, Type


@dataclass(frozen=True, slots=True)
class Relations:
    """Names of the relations and of the columns that join them.

    profiles: one row for each recipient, a column for each attribute, `consent` and `scores` as records.
    events: one row for each event, with `type`, `at` and a column for each property; `owner` is the column
    that holds the recipient's key. profile_columns, event_columns: those that are there, members of records as
    `consent.marketing`; None when all are. What is not there is missing.
    """

    profiles: str = "profiles"
    events: str = "events"
    owner: str = "profile"
    profile_columns: Collection[str] | None = None
    event_columns: Collection[str] | None = None

    def profile(self, name: str) -> Sql:
        """The column of an attribute; NULL where the list has none."""
        return _present(name, self.profile_columns, "r")

    def event(self, name: str) -> Sql:
        """The column of a property of events; NULL where the list has none."""
        return _present(name, self.event_columns, "r")

    def has_member(self, path: str) -> bool:
        """Whether a record of profiles has a member, such as `consent.marketing`."""
        return self.profile_columns is None or path in self.profile_columns


def _present(name: str, columns: Collection[str] | None, table: str) -> Sql:
    return column(name, table) if columns is None or name in columns else exp.null()


def normal(value: Sql, type: Type, dialect: Dialect) -> Sql:
    """A value as data hold it, in the form that the query calculates with."""
    if isinstance(value, exp.Null):
        return exp.cast(value, column_type(type))
    match type:
        case Text() | Key():
            return dialect.text(value)
        case Date():
            return _day(exp.cast(value, "DATE"))
        case Instant():
            return dialect.instant(value)
        case SetOf():
            return dialect.array(value, type)
        case _:  # every other type is kept as data hold it
            return exp.cast(value, column_type(type))


def _day(value: Sql) -> Sql:
    """A date as a number that reads like it: 20260229."""
    parts = [exp.Extract(this=exp.var(part), expression=value.copy()) for part in ("YEAR", "MONTH", "DAY")]
    year, month, day = (exp.cast(part, "BIGINT") for part in parts)
    return exp.Add(
        this=exp.Add(
            this=exp.Mul(this=year, expression=number(10_000)),
            expression=exp.Mul(this=month, expression=number(100)),
        ),
        expression=day,
    )


def declared(value: Sql, field: Field, dialect: Dialect) -> Sql:
    """A field as declared: its default, an absent set that is empty."""
    if isinstance(field.type, ListOf):
        return dialect.records(value, field.type, optional=field.optional)
    read = normal(value, field.type, dialect)
    if field.default is not None:
        return exp.Coalesce(this=read, expressions=[literal(field.type, field.default)])
    if isinstance(field.type, SetOf) and not field.optional:
        empty = dialect.array(exp.Array(expressions=[]), field.type)
        return exp.Coalesce(this=read, expressions=[empty])
    return read


def consent(dialect: Dialect, relations: Relations, purpose: str) -> Sql:
    """Never unknown: what is not recorded is not given."""
    if not relations.has_member(f"consent.{purpose}"):
        return exp.false()
    given = dialect.member(column("consent", "r"), ("consent", purpose)[1:])
    return exp.Coalesce(this=exp.cast(given, column_type(Bool())), expressions=[exp.false()])


def score(dialect: Dialect, relations: Relations, name: str, type: Type, oldest: int, otherwise: Sql) -> Sql:
    """A score of the input: its value when that is of `oldest` or later, else `otherwise`."""
    if not relations.has_member(f"scores.{name}"):
        return otherwise
    scores = column("scores", "r")
    value = normal(dialect.member(scores, (name, "value")), type, dialect)
    at = dialect.member(scores, (name, "at"))
    dated = dialect.instant(exp.cast(at, "TIMESTAMPTZ") if dialect.nested != "record" else at)
    fresh = exp.And(this=exp.GTE(this=dated, expression=number(oldest)), expression=is_known(value.copy()))
    found = when(fresh, value)
    found.set("default", otherwise)
    return found
