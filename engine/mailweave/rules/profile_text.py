"""A profile as the statement of a rule text: what an imported schema becomes."""

from __future__ import annotations

from collections.abc import Mapping

from mailweave.rules.formatter import format_source
from mailweave.rules.wording import constant
from mailweave.schema import types as t


def profile_text(fields: Mapping[str, t.Field]) -> str:
    """The statement `profile { .. }` that declares these attributes.

    >>> print(profile_text({"orders": t.Field("orders", t.Int(), minimum=0, column="nb-orders")}), end="")
    profile {
      orders : int min 0 from "nb-orders"
    }
    """
    lines = "\n".join(attribute_text(field) for field in fields.values())
    return format_source(f"profile {{\n{lines}\n}}\n")


def attribute_text(field: t.Field) -> str:
    """An attribute as its line in `profile`, not yet in columns."""
    labels = " ".join(_labels(field))
    return f"{field.name} : {written(field.type)}{'?' if field.optional else ''} {labels}"


def _labels(field: t.Field) -> list[str]:
    found = ["pii"] if field.pii else []
    found += ["sensitive"] if field.sensitive else []
    found += [f"needs consent.{field.needs}"] if field.needs else []
    bounds = (("min", field.minimum), ("max", field.maximum), ("=", field.default))
    found += [f"{word} {constant(value, field.type)}" for word, value in bounds if value is not None]
    return found + ([f"from {constant(field.column, t.Text())}"] if field.column is not None else [])


def written(type_: t.Type) -> str:
    """A type as it is declared."""
    match type_:
        case t.SetOf(item=item):
            return f"set of {written(item)}"
        case t.ListOf(fields=fields):
            return "list of { " + ", ".join(record_field_text(field) for field in fields) + " }"
        case _:  # every other type is written as it shows itself
            return str(type_)


def record_field_text(field: t.Field) -> str:
    """A field of a record or an event, as it is declared."""
    default = "" if field.default is None else f" = {constant(field.default, field.type)}"
    return f"{field.name}: {written(field.type)}{'?' if field.optional else ''}{default}"
