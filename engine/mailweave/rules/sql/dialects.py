"""Where engines differ: how each says the few things that sqlglot cannot translate by itself.

Inside a query instants and durations are BIGINT microseconds, dates BIGINT of the form 20260229, so that
no engine's interval, zone or calendar arithmetic is ever asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as slot
from typing import Final, Literal

from sqlglot import exp

from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
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
    Type,
    Zone,
)

Name = Literal["duckdb", "spark", "postgres", "snowflake", "bigquery", "redshift"]


@dataclass(frozen=True, slots=True)
class Dialect:
    """One engine.

    wide: a type that holds the product of two 64-bit integers. micros: a function from a timestamp to
    microseconds since 1970, with `{}` for the timestamp. nfc: the same for texts in NFC, where the engine has
    one. nested: whether members of `consent` and `scores` are reached as fields of records, by paths of
    semi-structured data, or as JSON. missing: constructs that the engine cannot say.
    """

    name: Name
    wide: str
    micros: str
    nested: Literal["record", "path", "json"]
    nfc: str = ""
    collated: bool = False
    whole_division: bool = True
    compensated_sum: bool = False
    typed_arrays: bool = True
    missing: frozenset[str] = slot(default_factory=frozenset)

    # ---- reading

    def instant(self, value: exp.Expr) -> exp.Expr:
        """A timestamp as microseconds."""
        return exp.maybe_parse(self.micros.format(value.sql(self.name, identify=True)), dialect=self.name)

    def text(self, value: exp.Expr) -> exp.Expr:
        """A text in NFC, as far as the engine can make it so."""
        as_text = exp.cast(value, "TEXT")
        if not self.nfc:
            return as_text
        return exp.maybe_parse(self.nfc.format(as_text.sql(self.name, identify=True)), dialect=self.name)

    def member(self, column: exp.Expr, path: Sequence[str]) -> exp.Expr:
        """What stands under a path in a column of records."""
        if self.nested == "json":
            keys = [exp.Literal.string(name) for name in path]
            document = exp.cast(column, "JSONB")
            return exp.Anonymous(this="JSONB_EXTRACT_PATH_TEXT", expressions=[document, *keys])
        if self.nested == "path":
            return exp.Anonymous(this="GET_PATH", expressions=[column, exp.Literal.string(".".join(path))])
        return exp.Dot.build([column, *(exp.to_identifier(name, quoted=True) for name in path)])

    def contains(self, items: exp.Expr, item: exp.Expr) -> exp.Expr:
        """Whether an array holds an item; NULL when either is missing."""
        if self.name == "postgres":
            return exp.EQ(this=item, expression=exp.Any(this=exp.Paren(this=items)))
        if self.name == "bigquery":
            return exp.In(this=item, unnest=exp.Unnest(expressions=[items]))
        if self.name == "redshift":
            return exp.Anonymous(this="ARRAY_CONTAINS", expressions=[items, item])
        return exp.ArrayContains(this=items, expression=item)

    def array(self, value: exp.Expr, type: Type) -> exp.Expr:
        """An array with items of a type, where the engine's arrays have one."""
        return exp.cast(value, column_type(type)) if self.typed_arrays else value

    def records(self, value: exp.Expr, type: ListOf, *, optional: bool) -> exp.Expr:
        """A column of records; one that is absent is empty, unless that is `optional`."""
        empty: exp.Expr = exp.Array(expressions=[])
        if self.nested == "json":
            value, empty = exp.cast(value, "JSONB"), exp.cast(exp.Literal.string("[]"), "JSONB")
        if self.name == "duckdb" and isinstance(value, exp.Null):
            fields = ", ".join(f'"{f.column or f.name}" {_given_type(f.type)}' for f in type.fields)
            value = exp.maybe_parse(f"CAST(NULL AS STRUCT({fields})[])", dialect="duckdb")
        return value if optional else exp.Coalesce(this=value, expressions=[empty])

    def items(self, records: exp.Expr, fields: Sequence[Field], alias: str) -> exp.Expr:
        """The records of a column as a table to join with."""
        name = exp.to_identifier(alias, quoted=True)
        if self.nested == "json":
            columns = ", ".join(f'"{each.column or each.name}" {_given_type(each.type)}' for each in fields)
            table = f'JSONB_TO_RECORDSET(CAST({records.sql("postgres")} AS JSONB)) AS "{alias}"({columns})'
            return exp.maybe_parse(f"LATERAL {table}", into=exp.Lateral, dialect="postgres")
        item = exp.to_identifier("mw_item", quoted=True)
        return exp.Unnest(expressions=[records], alias=exp.TableAlias(this=name, columns=[item]))

    def item_field(self, field: Field, alias: str) -> exp.Expr:
        """A field of the record at hand in `items`."""
        name = exp.to_identifier(field.column or field.name, quoted=True)
        if self.nested == "json":
            return exp.column(name, table=alias, quoted=True)
        return exp.Dot.build([exp.to_identifier("mw_item", quoted=True), name])

    def binary(self, text: exp.Expr) -> exp.Expr:
        """A text that is ordered by its code points."""
        return (
            exp.Collate(this=text, expression=exp.to_identifier("C", quoted=True)) if self.collated else text
        )


DIALECTS: Final[Mapping[str, Dialect]] = {
    each.name: each
    for each in (
        Dialect("duckdb", "HUGEINT", "EPOCH_US({})", "record", nfc="NFC_NORMALIZE({})", compensated_sum=True),
        Dialect("spark", "DECIMAL(38, 0)", "UNIX_MICROS({})", "record"),
        Dialect(
            "postgres",
            "NUMERIC",
            "CAST(EXTRACT(EPOCH FROM {}) * 1000000 AS BIGINT)",
            "json",
            nfc="NORMALIZE({}, NFC)",
            collated=True,
        ),
        Dialect(
            "snowflake",
            "DECIMAL(38, 0)",
            "DATE_PART(EPOCH_MICROSECOND, {})",
            "path",
            whole_division=False,
            typed_arrays=False,
            missing=frozenset({"a list of records"}),
        ),
        Dialect(
            "bigquery",
            "BIGNUMERIC",
            "UNIX_MICROS({})",
            "record",
            nfc="NORMALIZE({}, NFC)",
            whole_division=False,
            missing=frozenset({"a list of records", "a pattern with special characters"}),
        ),
        Dialect(
            "redshift",
            "DECIMAL(38, 0)",
            "DATEDIFF(MICROSECOND, CAST('1970-01-01' AS TIMESTAMP), {})",
            "record",
            whole_division=False,
            typed_arrays=False,
            missing=frozenset({"a list of records"}),
        ),
    )
}


def _given_type(type: Type) -> str:
    """The type of a field of a record before it is brought into the form of a query."""
    match type:
        case Date():
            return "DATE"
        case Instant():
            return "TIMESTAMPTZ"
        case _:  # every other type is given as it is kept
            return column_type(type).sql("postgres")


def column_type(type: Type) -> exp.DataType:
    """The SQL type that holds a value of a type inside a query."""
    match type:
        case Int() | Date() | Duration() | Instant():
            name = "BIGINT"
        case Number() | Ratio():
            name = "DOUBLE"
        case Money():
            name = "DECIMAL(18, 4)"
        case Bool():
            name = "BOOLEAN"
        case SetOf(item=item):
            return exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[column_type(item)], nested=True)
        case Text() | Key() | Zone() | Enum() | ListOf():
            name = "TEXT"
    return exp.DataType.build(name)
