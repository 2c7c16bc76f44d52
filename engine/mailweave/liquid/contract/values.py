"""What a name may stand for while a template is read: data by path, a list made from it, or neither."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mailweave.liquid.contract.model import ANY, ITEM, REST, Path

_LONGEST = 9  # a path that grows in a loop is cut here: from there on, anything may be read


@dataclass(frozen=True, slots=True)
class Ref:
    """The data at a path."""

    path: Path

    def at(self, *names: str) -> Ref:
        path = self.path + names
        if REST in path or len(path) > _LONGEST:
            return Ref((*path[: min(_LONGEST, _index(path, REST))], REST))
        return Ref(path)


@dataclass(frozen=True, slots=True)
class Listed:
    """A list that the template has made, of these items."""

    item: Value


@dataclass(frozen=True, slots=True)
class Made:
    """A value of the template's own: no data of the recipient is behind it any more.

    `text` is the value, where it is a literal.
    """

    text: str | None = None


@dataclass(frozen=True, slots=True)
class Nested:
    """A mapping that tags provide: `forloop` and the like."""


Alternative: TypeAlias = Ref | Listed | Made | Nested
Value: TypeAlias = frozenset[Alternative]

MADE: Value = frozenset((Made(),))
NESTED: Value = frozenset((Nested(),))


def _index(path: Path, name: str) -> int:
    return path.index(name) if name in path else len(path)


def ref(*path: str) -> Value:
    """The data at a path."""
    return frozenset((Ref(path),))


def refs(value: Value) -> Iterator[Ref]:
    """The data that a value may be."""
    return (one for one in sorted(value, key=repr) if isinstance(one, Ref))


def member(value: Value, name: str) -> Value:
    """What `.name` of a value may be."""
    found: set[Alternative] = set()
    for one in value:
        if isinstance(one, Ref):
            found.add(one.at(name))
        elif isinstance(one, Listed) and name in (ITEM, "first", "last", ANY):
            found |= one.item
        else:
            found.add(one if isinstance(one, Nested) else Made())
    return frozenset(found)


def item(value: Value) -> Value:
    """What one item of a value may be."""
    return member(value, ITEM)


Names: TypeAlias = dict[str, Value]


def join(a: Mapping[str, Value], b: Mapping[str, Value]) -> Names:
    """The names behind two branches: what one of them has not set is still the data of that name."""
    if a == b:
        return dict(a)
    return {name: a.get(name, ref(name)) | b.get(name, ref(name)) for name in {**a, **b}}
