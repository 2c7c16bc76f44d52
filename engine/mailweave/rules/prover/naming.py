"""Made-up names, and those under which a hash puts somebody into the arms that an example is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from mailweave.rules.compiled_inputs import ArmInput
from mailweave.rules.prover.recipients import Recipient
from mailweave.schema.model import Schema
from mailweave.schema.types import Field, Int, Key, Text

_MOST = 3_000
_NAMES = ("ann", "ben", "cleo", "dan", "eve", "finn", "gail", "hugo", "iris", "jack", "kim", "leo", "mia")


def renamed(schema: Schema, recipient: Recipient, units: Iterable[str]) -> Iterator[Recipient]:
    """The recipient, and the same with other names in these attributes."""
    yield recipient
    fields = [schema.profile[name] for name in dict.fromkeys(units)]
    named = [field for field in fields if isinstance(field.type, Key | Text | Int)]
    for at in range(_MOST if named else 0):
        values = {_column(field): _name(field, at) for field in named}
        yield replace(recipient, profile={**recipient.profile, **values})


def in_their_arms(schema: Schema, recipient: Recipient, drawn: Iterable[ArmInput]) -> Iterator[Recipient]:
    """The recipient under names with which the hash gives the arms that they are in by hand, and no others."""
    inputs = list(drawn)
    for each in renamed(schema, recipient, (one.unit for one in inputs)):
        if all(_fits(one, schema, each) for one in inputs):
            yield each


def _fits(one: ArmInput, schema: Schema, recipient: Recipient) -> bool:
    place = one.place(recipient.profile.get(_column(schema.profile[one.unit])))
    wanted = recipient.arms.get(one.experiment, one.arms[0])
    return max(0, place) == one.arms.index(wanted)


def _column(field: Field) -> str:
    return field.column or field.name


def _name(field: Field, at: int) -> str | int:
    if isinstance(field.type, Int):
        return at + 1
    name, turn = _NAMES[at % len(_NAMES)], at // len(_NAMES)
    return f"{name}{turn}" if turn else name
