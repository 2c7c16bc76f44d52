"""The rows of a list of JSON lines, and what of each says who it is."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, NamedTuple

from mailweave.batch.addresses import same_address
from mailweave.data.doubles.likeness import Person, folded
from mailweave.data.files import unusable
from mailweave.data.intake.raw_values import as_text
from mailweave.data.mapping import DataMapping
from mailweave.data.settings import Doubles
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose, did_you_mean
from mailweave.schema.types import Key
from mailweave.values.json_text import read_json

_GMAIL: Final = ("gmail.com", "googlemail.com")


class PersonRow(NamedTuple):
    """Row `at` of a list: its line as it stands, its members (None for a line that is no JSON object), who it is."""

    at: int
    line: bytes
    members: dict[str, Any] | None
    key: str | None = None
    email: str | None = None
    phone: str | None = None
    person: Person = Person((), "", ())

    @property
    def digest(self) -> str:
        """What names the row in a file of decisions: the same for the same line."""
        return hashlib.sha256(self.line).hexdigest()[:12]


@dataclass(frozen=True, slots=True)
class PersonColumns:
    """Which members of a row say who it is, by their names in the data."""

    key: str
    email: str | None
    phone: str | None
    names: tuple[str, ...]
    address: tuple[str, ...]
    differ: tuple[str, ...]
    newest: str | None
    providers: tuple[str, ...]

    @property
    def shown(self) -> tuple[str, ...]:
        """All of them, for a person who decides."""
        contacts = [one for one in (self.email, self.phone) if one is not None]
        return tuple(dict.fromkeys((self.key, *self.names, *self.address, *contacts, *self.differ)))


def person_columns(mapping: DataMapping) -> PersonColumns:
    """The columns that [dedupe] names. Raises MailweaveError (MW830), all findings at once."""
    asked = mapping.settings.dedupe
    if asked is None:
        raise MailweaveError(
            [mapping.finding((), "it has no table [dedupe]", "say there which rows are one person")]
        )
    found = list(_wrong(mapping, asked))
    if found:
        raise MailweaveError(found)
    profile = mapping.schema.profile

    def named(names: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(profile[name].column or name for name in names)

    def one(name: str | None) -> str | None:
        return None if name is None else named((name,))[0]

    key = next((f.column or n for n, f in profile.items() if isinstance(f.type, Key)), "id")
    people = (named(asked.names), named(asked.address), named(asked.differ))
    return PersonColumns(key, one(asked.email), one(asked.phone), *people, one(asked.newest), asked.providers)


def _wrong(mapping: DataMapping, asked: Doubles) -> Iterator[Diagnostic]:
    profile = mapping.schema.profile
    named = [
        asked.email,
        asked.phone,
        asked.newest,
        *asked.names,
        *asked.address,
        *asked.differ,
        *asked.survivors,
    ]
    for name in dict.fromkeys(filter(None, named)):
        if name not in profile:
            yield _in_dedupe(mapping, f"the rules declare no `{name}`", "name an attribute",
                             help=did_you_mean(name, profile))  # fmt: skip
    if asked.review > asked.merge:
        yield _in_dedupe(
            mapping, "`review` is above `merge`", "pairs between the two are for a person to decide"
        )
    if asked.names and not (asked.address or asked.differ):
        yield _in_dedupe(
            mapping, "names alone are nobody's", "name `address`, or `differ` such as a birthday"
        )
    if not (asked.email or asked.phone or asked.names):
        yield _in_dedupe(mapping, "it names nothing to compare", "name `email`, `phone` or `names`")
    if "newest" in asked.survivors.values() and asked.newest is None:
        yield _in_dedupe(mapping, "nothing says which row is the newest", 'name an attribute: newest = ".."')


def _in_dedupe(mapping: DataMapping, what: str, todo: str, *, help: str = "") -> Diagnostic:
    text = mapping.text
    return diagnose("MW830", text.source, text.key_span(("dedupe",)), what=what, todo=todo, help=help)


def person_rows(path: Path, columns: PersonColumns) -> Iterator[PersonRow]:
    """Every line of a list, from 0. Raises MailweaveError (MW833) for what is no list of JSON lines."""
    if path.suffix not in (".jsonl", ".ndjson"):
        what = "doubles are merged in JSON lines (.jsonl), in which every byte can be given back"
        raise unusable(path, what)
    try:
        with path.open("rb") as file:
            for at, line in enumerate(file):
                yield _row(at, line, columns)
    except OSError as error:
        raise unusable(path, error.strerror or type(error).__name__) from None


def _row(at: int, line: bytes, columns: PersonColumns) -> PersonRow:
    try:
        members = read_json(line.decode("utf-8"))
    except (ValueError, RecursionError):
        return PersonRow(at, line, None)
    if not isinstance(members, dict):
        return PersonRow(at, line, None)

    def told(name: str | None) -> str | None:
        value = None if name is None else members.get(name)
        plain = isinstance(value, str | int | float) and not isinstance(value, bool)
        return as_text(value).strip() or None if plain else None

    person = Person(
        tuple(folded(told(name) or "") for name in columns.names),
        folded(" ".join(told(name) or "" for name in columns.address)),
        tuple(told(name) for name in columns.differ),
    )
    email = mailbox(told(columns.email), columns.providers)
    return PersonRow(at, line, members, told(columns.key), email, told(columns.phone), person)


def mailbox(address: str | None, providers: tuple[str, ...]) -> str | None:
    """What two ways of writing one mailbox have in common; rules of providers only as far as they are named.

    `gmail`: dots and what follows `+` mean nothing, googlemail.com is gmail.com. `plus`: what follows `+` means nothing,
    whoever the provider is.

    >>> mailbox("Ann.Lee+news@GoogleMail.com", ("gmail",)), mailbox("ann.lee+news@example.com", ("gmail",))
    ('annlee@gmail.com', 'ann.lee+news@example.com')
    """
    plain = same_address(address)
    if not plain:
        return None
    local, at, domain = plain.rpartition("@")
    if "gmail" in providers and domain in _GMAIL:
        return re.sub(r"\.|\+.*", "", local) + "@gmail.com"
    return (local.partition("+")[0] or local) + at + domain if "plus" in providers else plain
