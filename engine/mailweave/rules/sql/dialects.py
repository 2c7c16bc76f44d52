"""Where engines differ: how each says the few things that sqlglot cannot translate by itself.

Inside a query instants and durations are BIGINT microseconds, dates BIGINT of the form 20260229, so that
no engine's interval, zone or calendar arithmetic is ever asked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from sqlglot import exp

from mailweave.schema.types import Bool, Date, Duration, Int, Money, Number, Ratio, SetOf, Type

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
    missing: frozenset[str] = field(default_factory=frozenset)

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
            missing=frozenset({"a list of records"}),
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


def column_type(type: Type) -> exp.DataType:
    """The SQL type that holds a value of a type inside a query."""
    match type:
        case Int() | Date() | Duration():
            name = "BIGINT"
        case Number() | Ratio():
            name = "DOUBLE"
        case Money():
            name = "DECIMAL(18, 4)"
        case Bool():
            name = "BOOLEAN"
        case SetOf(item=item):
            return exp.DataType(this=exp.DataType.Type.ARRAY, expressions=[column_type(item)], nested=True)
        case _:
            name = "BIGINT" if type.__class__.__name__ == "Instant" else "TEXT"
    return exp.DataType.build(name)
