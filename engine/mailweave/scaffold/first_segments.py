"""Two segments to begin with, of what a list holds: the author knows better ones, and sees here how they are written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Set
from itertools import islice
from math import ceil
from typing import Final, NamedTuple

from mailweave.rules.reserved import reserved
from mailweave.scaffold.list_events import EventRows
from mailweave.scaffold.list_schema import Attribute, ListSchema
from mailweave.scaffold.personal import words_of
from mailweave.schema import types as t
from mailweave.schema.names import attribute_name

_MOST: Final = 2
_WINDOW: Final = 30


class FirstSegment(NamedTuple):
    """A segment's name and condition."""

    name: str
    condition: str


def first_segments(schema: ListSchema) -> tuple[FirstSegment, ...]:
    """At most two, each of another column or event; none where the list says nothing to tell people apart by."""
    taken = [*(one.field.name for one in schema.attributes), *(one.name for one in schema.events)]
    made: list[FirstSegment] = []
    for wanted, condition in islice(_conditions(schema), _MOST):
        name = attribute_name(wanted, taken, reserved())
        taken.append(name)
        made.append(FirstSegment(name, condition))
    return tuple(made)


def _conditions(schema: ListSchema) -> Iterator[tuple[str, str]]:
    """Names with conditions, the most telling first."""
    for event in schema.events:
        if event.name != "sent":
            yield f"{event.name}_lately", _of_event(event)
            break
    names = {each.field.name for each in schema.attributes}
    for each in schema.attributes:
        if (found := _of_attribute(each, names)) is not None:
            yield found


def _of_event(event: EventRows) -> str:
    """Whether it came lately; of events that machines cause as well, whether one of a person did."""
    days = min(_WINDOW, event.days)
    lately = f"{event.name} in last {days} day{'' if days == 1 else 's'}"
    by_machines = any(field.name == "machine" and isinstance(field.type, t.Bool) for field in event.fields)
    return f"count({lately} where not machine) >= 1" if by_machines else lately


def _of_attribute(each: Attribute, names: Set[str]) -> tuple[str, str] | None:
    name = each.field.name
    match each.field.type:
        case t.Enum(members=members) if not names & set(members):
            ((most, _),) = Counter(each.values).most_common(1)
            return f"{name}_{most}", f"{name} == {most}"
        case t.Bool():
            return f"with_{name}", name
        case t.Int() if not each.field.pii:
            mean = ceil(sum(int(value) for value in each.values) / len(each.values))
            return f"many_{name}", f"{name} >= {mean}"
        case t.Instant():
            return f"{name}_lately", f"{name} in last {_WINDOW} days"
        case t.Date() if {"birthday", "birthdate", "birth", "dob"} & set(words_of(name)):
            return f"{name}_soon", f"anniversary of {name} in next 7 calendar days"
        case t.Date():
            return f"{name}_lately", f"{name} in last {_WINDOW} calendar days"
        case _:  # the others say little by themselves
            return None
