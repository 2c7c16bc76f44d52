"""The shape of declared data: records, lists and values, as far as a template can see them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from mailweave.liquid.contract.model import ANY, ITEM, REST, Path
from mailweave.schema.model import EventType, Schema
from mailweave.schema.types import Date, Field, Instant, Int, ListOf, SetOf, Type


@dataclass(frozen=True, slots=True)
class Shape:
    """One place in the data.

    A record has `fields`, a list has `item`, a value has `type`; with none of them, anything may be
    there. `optional`: it may be missing. `needs`: the consent without which it is.
    """

    type: Type | None = None
    fields: Mapping[str, Shape] | None = None
    item: Shape | None = None
    optional: bool = False
    needs: str | None = None

    def __str__(self) -> str:
        if self.fields is not None:
            return "a record"
        if self.item is not None:
            return "a list"
        return f"of type {self.type}" if self.type else "anything"


ANYTHING = Shape()


def leaf(type: Type, *, optional: bool = False, needs: str | None = None) -> Shape:
    """A value of a declared type.

    >>> from mailweave.schema.types import Text
    >>> str(leaf(Text()))
    'of type text'
    """
    return Shape(type, optional=optional, needs=needs)


def record(fields: Mapping[str, Shape]) -> Shape:
    """A mapping with these names and no others."""
    return Shape(fields=dict(fields))


def items(item: Shape, *, optional: bool = False) -> Shape:
    """A list of such items."""
    return Shape(item=item, optional=optional)


def shape_of(declared: Field) -> Shape:
    """The shape of a declared attribute."""
    optional = declared.optional and declared.default is None
    match declared.type:
        case ListOf(fields):
            item = record({one.name: shape_of(one) for one in fields})
            return Shape(item=item, optional=optional, needs=declared.needs)
        case SetOf(inner):
            return Shape(item=leaf(inner), optional=optional, needs=declared.needs)
        case one:
            return leaf(one, optional=optional, needs=declared.needs)


def roots_of(schema: Schema) -> dict[str, Shape]:
    """The names that templates see, with the shapes that a rule text declares for them."""
    catalogs = {
        name: record({key: shape_of(one) for key, one in catalog.fields.items()})
        for name, catalog in schema.catalogs.items()
    }
    lists = {name: items(catalogs.get(one.catalog, ANYTHING)) for name, one in schema.lists.items()}
    scores = {name: leaf(one.type, optional=one.otherwise is None) for name, one in schema.scores.items()}
    return {
        "profile": record({name: shape_of(one) for name, one in schema.profile.items()}),
        "lists": record(lists),
        "scores": record(scores),
        "events": record({event.name: record({"last": _last(event)}) for event in schema.shown_events}),
        "now": leaf(Instant()),
        "today": leaf(Date()),
        **dict.fromkeys(("block", "campaign", "context", "let", "mail", "slots"), ANYTHING),
    }


def _last(event: EventType) -> Shape:
    """The newest event of a type, which may be missing as a whole."""
    fields = {name: shape_of(one) for name, one in event.fields.items()}
    needs = None if event.shown is None else event.shown.needs
    return Shape(fields={**fields, "at": leaf(Instant())}, optional=True, needs=needs)


@dataclass(frozen=True, slots=True)
class Found:
    """What a path leads to: the shapes on the way, the last of them first in mind.

    `unknown` is the place in the path of a name that is not declared.
    """

    shapes: tuple[Shape, ...]
    path: Path
    unknown: int | None = None
    known: frozenset[str] = field(default_factory=frozenset)

    @property
    def last(self) -> Shape:
        return self.shapes[-1]

    @property
    def may_be_missing(self) -> bool:
        return any(shape.optional for shape in self.shapes)

    def consents(self, *, below: bool) -> Iterator[str]:
        """The consents that reading it needs; with `below`, also those of all it holds."""
        shapes: list[Shape] = list(self.shapes)
        if below:
            shapes += _below(self.last)
        yield from {shape.needs: None for shape in shapes if shape.needs}


def _below(shape: Shape) -> Iterator[Shape]:
    yield shape
    for one in (*(shape.fields or {}).values(), *((shape.item,) if shape.item else ())):
        yield from _below(one)


def resolve(path: Path, roots: Mapping[str, Shape]) -> Iterator[Found]:
    """Everything a path may lead to: one place, or several where a key is computed."""
    yield from _resolve(path, 0, (record(roots),))


def _resolve(path: Path, at: int, shapes: tuple[Shape, ...]) -> Iterator[Found]:
    if at == len(path) or path[at] == REST:
        yield Found(shapes[1:] or shapes, path)
        return
    here, name = shapes[-1], path[at]
    below = list(_members(here, name))
    if not below:
        yield Found(shapes, path, at, frozenset(here.fields or ()))
    for one in below:
        yield from _resolve(path, at + 1, (*shapes, one))


def _members(here: Shape, name: str) -> Iterable[Shape]:
    if here.fields is not None:
        if name == ANY:
            return here.fields.values()
        return (here.fields[name],) if name in here.fields else ()
    if here.item is not None:
        if name == "size":
            return (leaf(Int()),)
        return (here.item,) if name in (ITEM, ANY, "first", "last") else ()
    if here.type is not None:
        return (leaf(Int()),) if name == "size" else ()
    return (ANYTHING,)
