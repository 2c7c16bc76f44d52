"""What the mapping makes of an export: a reader for each declared attribute, checked before the first row is read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from mailweave.batch.list_import import OWNER
from mailweave.data.intake.cells import CellReader, Settings
from mailweave.data.mapping import DataMapping
from mailweave.data.settings import Column, Export
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose, did_you_mean
from mailweave.rules.codecs import Reader, field_reader, reader
from mailweave.schema import types as t
from mailweave.schema.types import Field


class Attribute(NamedTuple):
    """One attribute of what is written: its name there, its declaration, and how its cells are read and admitted.

    `parent`: the record that it stands in (`consent`), or nothing. `read` is None where no column of the export is it.
    """

    name: str
    declared: Field
    column: str
    read: CellReader | None
    admit: Reader
    parent: str = ""


class ReadingPlan(NamedTuple):
    """Everything that a row becomes. `key`: which of the attributes names the recipient."""

    attributes: tuple[Attribute, ...]
    key: str
    event: str = ""

    @property
    def sources(self) -> tuple[str, ...]:
        """The columns of the export that are read."""
        return tuple(one.column for one in self.attributes if one.read is not None)


def reading_plan(mapping: DataMapping, event: str, settings: Settings) -> ReadingPlan:
    """The plan for recipients, or for events of a type. Raises MailweaveError (MW830), all findings at once."""
    export = mapping.export(event)
    fields = _fields(mapping, event)
    found = [
        *_unknown(mapping, event, export.columns, fields, "columns"),
        *_unknown(mapping, event, export.consent, dict.fromkeys(mapping.schema.consents), "consent"),
        *_unread(mapping, event, export, fields),
        *_misused(mapping, event, export, fields),
    ]
    if found:
        raise MailweaveError(found)
    attributes = [_attribute(export.columns.get(name), field, settings) for name, field in fields.items()]
    attributes += [
        _attribute(column, Field(name, t.Bool(), optional=True), settings, "consent")
        for name, column in export.consent.items()
    ]
    key = (
        OWNER
        if event
        else next((f.column or n for n, f in fields.items() if isinstance(f.type, t.Key)), "id")
    )
    return ReadingPlan(tuple(attributes), key, event)


def _fields(mapping: DataMapping, event: str) -> Mapping[str, Field]:
    """What a row of a list has: of an event, its recipient and its moment, too."""
    if not event:
        return mapping.schema.profile
    declared = mapping.schema.events[event].fields
    return {OWNER: Field(OWNER, t.Key()), "at": Field("at", t.Instant()), **declared}


def _attribute(column: Column | None, field: Field, settings: Settings, parent: str = "") -> Attribute:
    read = None if column is None else CellReader(column, field.type, settings)
    admit = reader(field.type) if parent else field_reader(field)
    source = "" if column is None else column.source
    return Attribute(field.column or field.name, field, source, read, admit, parent)


def _unknown(
    mapping: DataMapping, event: str, columns: Mapping[str, Column], fields: Mapping[str, Any], table: str
) -> Iterator[Diagnostic]:
    for name in columns:
        if name not in fields:
            what = f"the rules declare no `{name}`" + (f" of `{event}`" if event else "")
            todo = f"declared are {', '.join(fields) or 'none'}"
            yield mapping.finding((event, table, name), what, todo, help=did_you_mean(name, fields))


def _unread(
    mapping: DataMapping, event: str, export: Export, fields: Mapping[str, Field]
) -> Iterator[Diagnostic]:
    for name, field in fields.items():
        given = field.optional or field.default is not None or isinstance(field.type, t.SetOf | t.ListOf)
        if not given and name not in export.columns:
            todo = f'say which column it is: {name} = ".."'
            yield mapping.finding((event, "columns"), f"`{name}` is required, and no column is it", todo)


def _misused(
    mapping: DataMapping, event: str, export: Export, fields: Mapping[str, Field]
) -> Iterator[Diagnostic]:
    """Settings that the type of an attribute has no use for: they would look as if they did something."""
    for table, columns in (("columns", export.columns), ("consent", export.consent)):
        for name, column in columns.items():
            type = t.Bool() if table == "consent" else fields[name].type if name in fields else None
            if type is None:
                continue
            item = type.item if isinstance(type, t.SetOf) else type
            for setting in sorted(
                _set(column) - _useful(item) - ({"split"} if isinstance(type, t.SetOf) else set())
            ):
                what = f"`{setting}` does nothing for `{name}`, which is {type}"
                yield mapping.finding((event, table, name, setting), what, "take it away")
            yield from _strangers(mapping, (event, table, name, "synonyms"), column, item)


def _strangers(
    mapping: DataMapping, at: tuple[str, ...], column: Column, type: t.Type
) -> Iterator[Diagnostic]:
    """Synonyms of what is no member, and words that mean two things."""
    members = type.members if isinstance(type, t.Enum) else None
    meant: dict[str, str] = {} if members is None else {one.casefold(): one for one in members}
    for member, words in column.synonyms.items():
        if members is not None and member not in members:
            help = did_you_mean(member, members)
            yield mapping.finding(
                (*at, member), f"`{member}` is no member of the enum", "name one", help=help
            )
        for word in words:
            if meant.setdefault(word.casefold(), member) != member:
                yield mapping.finding(
                    (*at, member), "a word in it stands for another member, too", "take it away"
                )
    both = {word.casefold() for word in column.yes} & {word.casefold() for word in column.no}
    if both:
        yield mapping.finding((*at[:-1], "no"), "a word stands in `yes` and in `no`", "take one away")


def _set(column: Column) -> set[str]:
    names = {field.alias or name: name for name, field in Column.model_fields.items()}
    return {alias for alias, name in names.items() if name in column.model_fields_set} - {"from", "missing"}


def _useful(type: t.Type) -> set[str]:
    match type:
        case t.Key() | t.Text():
            return {"as", "region", "pseudonym", "synonyms"}
        case t.Bool():
            return {"yes", "no"}
        case t.Enum():
            return {"synonyms"}
        case t.Int() | t.Number() | t.Ratio():
            return {"decimal"}
        case t.Money():
            return {"decimal", "currency", "on", "symbols"}
        case t.Date():
            return {"format"}
        case t.Instant():
            return {"format", "zone"}
        case t.SetOf() | t.ListOf() | t.Duration() | t.Zone():
            return set()


def missing_columns(
    plan: ReadingPlan, extra: tuple[str, ...], columns: tuple[str, ...] | None, place: str
) -> None:
    """Raises MailweaveError (MW831) for each column that the mapping reads and the export does not have."""
    if columns is None:
        return
    names = dict.fromkeys((*plan.sources, *extra))
    found = [
        diagnose("MW831", place=place, column=name, help=did_you_mean(name, columns))
        for name in names
        if name not in columns
    ]
    if found:
        raise MailweaveError(found)
