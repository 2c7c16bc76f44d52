"""What a list declares: attributes, consents and events, with what is to be said about each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final
from unicodedata import normalize

from mailweave.batch.list_import import Form
from mailweave.batch.raw_rows import RawList
from mailweave.batch.row_decoding import ROOTS
from mailweave.diagnostics import MailweaveError
from mailweave.message.addresses import is_address
from mailweave.rules.reserved import reserved
from mailweave.rules.scanner import FORBIDDEN
from mailweave.rules.validation import why_no_key
from mailweave.scaffold.inference import infer, is_name, reads
from mailweave.scaffold.list_consents import is_consent, list_consents
from mailweave.scaffold.list_events import EventRows, list_events
from mailweave.scaffold.personal import is_personal, words_of
from mailweave.scaffold.refusals import Refusals, objects
from mailweave.schema import types as t
from mailweave.schema.names import attribute_name

_CURRENCY: Final = "USD"
_KEYS: Final = (("id",), ("key",), ("uuid",), ("guid",))
_ADDRESSES: Final = (("email",), ("e", "mail"), ("mail",))
_AS_MOMENT: Final = reads(t.Instant(), "cells")


@dataclass(frozen=True, slots=True)
class Attribute:
    """A column of the list with its values.

    `missing` counts the rows without one, `addresses` those whose value is an address that a mail can go to.
    """

    field: t.Field
    missing: int
    values: tuple[Any, ...]
    addresses: int

    @property
    def looks_like_a_moment(self) -> bool:
        """Whether its texts would be instants, had they a zone."""
        return all(isinstance(value, str) and _AS_MOMENT(f"{value}Z") for value in self.values)


@dataclass(frozen=True, slots=True)
class ListSchema:
    """What a list of so many rows declares. `empty`: columns without any value."""

    rows: int
    attributes: tuple[Attribute, ...]
    consents: tuple[str, ...]
    events: tuple[EventRows, ...]
    empty: tuple[str, ...]
    currency: str

    @property
    def key(self) -> Attribute:
        """The attribute that names each recipient."""
        return next(each for each in self.attributes if isinstance(each.field.type, t.Key))

    @property
    def address(self) -> Attribute:
        """The attribute that holds the most addresses."""
        return max(self.attributes, key=lambda each: each.addresses)

    @property
    def latest(self) -> int | None:
        """When the last event was."""
        return max((event.latest for event in self.events), default=None)


def list_schema(people: RawList, happened: RawList | None) -> ListSchema:
    """What a list and its events declare. Raises MailweaveError with all that they hold and rules cannot declare."""
    refusals, of_events = Refusals(people.shown), Refusals(happened.shown if happened else "")
    rows = objects(people, refusals)
    names = [name for name in people.columns if not _is_member(name)]
    held = {name: [row[name] for row in rows if name in row] for name in names}
    currency = _currency(held)
    events = () if happened is None else list_events(happened, currency, of_events)
    consents = list_consents(rows, people.form, refusals)
    _refuse_members(people.columns, refusals)
    taken = [event.name for event in events]
    attributes = _attributes(held, people.form, len(rows), taken, currency, refusals)
    if not any(each.addresses for each in attributes):
        todo = "give each row an address, in a column `email`"
        refusals.add("email", "is missing, or holds no address", todo)
    if found := [*refusals.diagnostics, *of_events.diagnostics]:
        raise MailweaveError(list(dict.fromkeys(found)))
    empty = tuple(name for name in names if not held[name])
    return ListSchema(len(rows), attributes, consents, events, empty, currency)


def _is_member(name: str) -> bool:
    """Whether a column belongs to consent, scores or lists, and is no attribute."""
    return name.partition(".")[0] in ROOTS


def _refuse_members(columns: Sequence[str], refusals: Refusals) -> None:
    for name in columns:
        if _is_member(name) and not is_consent(name) and name != "consent":
            todo = "take the column out, declare it by hand (docs/language.md), and put it back"
            refusals.add(name, "needs what no list says: how long it holds, or where it comes from", todo)


def _attributes(
    held: Mapping[str, list[Any]],
    form: Form,
    rows: int,
    taken: Sequence[str],
    currency: str,
    refusals: Refusals,
) -> tuple[Attribute, ...]:
    filled = {name: values for name, values in held.items() if values}
    key = _key(filled, rows, refusals)
    names: list[str] = list(taken)
    made = []
    for column, values in filled.items():
        name = attribute_name(_plain(column), names, reserved())
        names.append(name)
        type_ = t.Key() if column == key else refusals.catch(partial(infer, column, values, form, currency))
        if type_ is not None:
            made.append(_attribute(name, column, type_, values, rows))
        if FORBIDDEN.search(column.replace("\n", "")):  # which a text of rules writes as an escape
            refusals.add(
                column, "is a name with a character that no rule text may hold", "give it another name"
            )
    return tuple(made)


def _plain(column: str) -> str:
    """A column's name in letters of ASCII, as far as it has any."""
    if is_name(column):
        return column
    return normalize("NFKD", column.casefold()).encode("ascii", "ignore").decode().strip(" ._-")


def _attribute(name: str, column: str, type_: t.Type, values: list[Any], rows: int) -> Attribute:
    is_collection = isinstance(type_, t.SetOf | t.ListOf)  # absent ones are empty
    field = t.Field(
        name,
        type_,
        optional=len(values) < rows and not is_collection,
        pii=is_personal(column, values),
        column=None if name == column else column,
    )
    addresses = sum(isinstance(value, str) and "@" in value and is_address(value) for value in values)
    return Attribute(field, rows - len(values), tuple(values), addresses)


def _key(held: Mapping[str, list[Any]], rows: int, refusals: Refusals) -> str | None:
    """The column that names each row: called like a key, in each row, and no two alike; else the addresses."""
    called = sorted((rank, name) for name in held if (rank := _rank(name)) is not None)
    for _, name in called:
        if len(held[name]) == rows and _names_each(held[name]):
            return name
    name = called[0][1] if called else "id"
    reason = "is missing in some rows, or stands in two of them" if called else "is missing"
    refusals.add(name, reason, "give each row a key of its own, in a column `id`")
    return None


def _rank(name: str) -> int | None:
    words = words_of(name)
    if words in _KEYS:
        return _KEYS.index(words)
    if words[-1:] in _KEYS:
        return len(_KEYS)
    return len(_KEYS) + 1 if words in _ADDRESSES else None


def _names_each(values: Sequence[Any]) -> bool:
    texts = [normalize("NFC", str(value)) for value in values if isinstance(value, str) or type(value) is int]
    return len(set(texts)) == len(values) and not any(map(why_no_key, texts))


def _currency(held: Mapping[str, list[Any]]) -> str:
    """The one that a column `currency` names, where it names one."""
    named = {value for name, values in held.items() if name.lower() == "currency" for value in values}
    only = named.pop() if len(named) == 1 else ""
    return (
        only if isinstance(only, str) and len(only) == 3 and only.isalpha() and only.isupper() else _CURRENCY
    )
