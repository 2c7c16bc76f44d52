"""What a list declares, as statements of a rule text, each attribute with a word on why it is declared so."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.rules.profile_text import attribute_text, record_field_text
from mailweave.scaffold.list_events import EventRows
from mailweave.scaffold.list_schema import Attribute, ListSchema
from mailweave.schema import types as t


def declarations(schema: ListSchema) -> Iterator[str]:
    """The lines of `profile`, `event` and `consent`."""
    yield "profile {"
    for each in schema.attributes:
        remark = "; ".join(_remarks(each, schema))
        yield f"{attribute_text(each.field)}{f'  # {remark}' if remark else ''}"
    yield "}"
    for name in schema.empty:
        yield f"# {_shown(name)} is empty in all of the {schema.rows:,} rows, and not declared."
    yield from map(_event, schema.events)
    if schema.consents:
        yield f"consent {', '.join(schema.consents)}"


def _remarks(each: Attribute, schema: ListSchema) -> Iterator[str]:
    if each.field.column is not None:
        yield "renamed"
    if each.missing:
        counts = "" if each.field.optional else ", and then empty"
        yield f"missing in {each.missing:,} of {schema.rows:,}{counts}"
    if isinstance(each.field.type, t.Money) and not _names_currency(each):
        yield f"in {each.field.type.currency}?"
    if isinstance(each.field.type, t.Text) and each.looks_like_a_moment:
        yield "moments without a zone stay texts"


def _names_currency(each: Attribute) -> bool:
    return any(isinstance(value, str) and " " in value for value in each.values)


def _event(event: EventRows) -> str:
    fields = ", ".join(map(record_field_text, event.fields))
    record = f" {{ {fields} }}" if fields else ""
    days = f"{event.days} day{'' if event.days == 1 else 's'}"
    return f"event {event.name}{record} keep {days}  # {event.count:,} of them; so far back goes the list"


def _shown(column: str) -> str:
    return '"' + column.replace("\n", " ") + '"'
