"""How a template reads its data: the roles of each path, and what kind of value it is by them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Literal

from mailweave.migrate.sample import Kind, Sample
from mailweave.migrate.tree import (
    ITEM,
    Assign,
    Broken,
    Capture,
    Choice,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Lit,
    Logic,
    Mark,
    Node,
    Not,
    Output,
    Path,
    Range,
    Ref,
    Skip,
    Special,
    Tag,
    Text,
    Truth,
    walk,
)
from mailweave.scaffold.personal import is_personal

Role = Literal["shown", "given", "searched", "number", "bool", "tested", "text", "list", "date"]
_OF_NUMBERS = frozenset(
    "plus minus times divided_by modulo abs at_least at_most ceil floor round money number percent plural ordinal".split()
)
_OF_LISTS = frozenset(
    "join first last concat reverse compact map where reject find sort sort_natural sum uniq".split()
)
_OF_DATES = frozenset("date time datetime date_skeleton date_pattern relative_day".split())
_OF_EITHER = frozenset("slice default json".split())
_OF_MEMBERS = frozenset("map where reject find sum sort sort_natural uniq compact".split())


@dataclass(frozen=True, slots=True)
class Uses:
    """The roles of each path that a template reads, and the data where there are any.

    if_tested: what a value is that is tested and nothing else, where no data say it.
    """

    sample: Sample
    if_tested: Kind = "bool"
    roles: dict[Path, set[Role]] = field(default_factory=dict)
    places: dict[Path, int] = field(default_factory=dict)

    def kind(self, path: Path | None) -> Kind:
        """What stands at a path: by the data, else by its use; `unknown` for what no path leads to."""
        if path is None:
            return "unknown"
        by_data = self.sample.kind(path)
        return self._guessed(path) if by_data == "unknown" else by_data

    def is_certain(self, path: Path) -> bool:
        """Whether the data say what stands there."""
        return self.sample.kind(path) != "unknown"

    def _guessed(self, path: Path) -> Kind:
        roles = self.roles.get(path, set())
        longer = [other for other in self.roles if len(other) > len(path) and other[: len(path)] == path]
        if roles & {"list", "searched"} or any(other[len(path)] == ITEM for other in longer):
            return "list"
        if longer:
            return "record"
        if "number" in roles and "text" not in roles:
            return "number"
        if roles == {"tested"}:
            return "text" if is_personal(path[-1], ()) else self.if_tested
        is_flag = "bool" in roles and not roles & {"shown", "given", "text", "date"}
        return "bool" if is_flag else "text"

    def records(self) -> Iterator[Path]:
        """The paths that are read as a whole and hold more."""
        yield from (path for path in self.roles if self.kind(path) == "record")

    def below(self, path: Path) -> list[Path]:
        """The single values in a record."""
        return [
            p
            for p in self.roles
            if len(p) > len(path) and p[: len(path)] == path and ITEM not in p[len(path) :]
        ]


def uses_of(nodes: tuple[Node, ...], sample: Sample, if_tested: Kind = "bool") -> Uses:
    """All that a tree reads."""
    found = Uses(sample, if_tested)
    for node in walk(nodes):
        for expression, role in _read(node):
            _note(found, expression, role)
    _add_members(found)
    return found


def _add_members(found: Uses) -> None:
    """A record that is only tested is there when a value in it is: one that the data show."""
    for path in [
        path for path in found.roles if path and found.kind(path) == "record" and not found.below(path)
    ]:
        for name in sorted(found.sample.fields(path)):
            if found.sample.kind((*path, name)) in ("text", "int", "number", "bool"):
                found.roles[(*path, name)] = {"tested"}
                found.places[(*path, name)] = found.places[path]


def _read(node: Node) -> Iterator[tuple[Expr, Role]]:
    """The expressions of a node, each with what it is used as."""
    match node:
        case Output(value=value):
            yield value, "shown"
        case If(arms=arms):
            yield from ((arm.test, "tested") for arm in arms if arm.test is not None)
        case For(items=items, limit=limit, offset=offset):
            yield items, "list"
            yield from ((each, "number") for each in (limit, offset) if each is not None)
        case Assign(value=value):
            yield value, "given"
        case Text() | Capture() | Tag() | Mark() | Skip():
            pass


def _note(found: Uses, expression: Expr, role: Role) -> None:
    match expression:
        case Ref(of=path, tail=tail, at=at):
            if path:
                role = "list" if tail[-1:] == ("size",) and path[-1] != "size" else role
                found.roles.setdefault(path, set()).add(role)
                found.places.setdefault(path, at)
        case Filtered(value=value, name=name, arguments=arguments, named=named):
            _note(found, value, _role_in(name, role))
            if name in ("first", "last", "find") and isinstance(value, Ref) and value.of:
                _note(found, replace(value, of=(*value.of, ITEM), tail=()), role)
            _note_member(found, value, name, arguments)
            _note_all(
                found,
                (*arguments, *(value for _, value in named)),
                "number" if name in _OF_NUMBERS else "list" if name == "concat" else "shown",
            )
        case Compare(left=left, right=right, sign=sign):
            is_listed = sign == "contains" and isinstance(right, Lit) and isinstance(right.value, int | float)
            _note(found, left, "searched" if is_listed else _beside(right, sign))
            _note(found, right, _beside(left, sign if sign != "contains" else "=="))
        case Logic(parts=parts):
            _note_all(found, parts, "tested")
        case Not(right=right) | Truth(value=right):
            _note(found, right, "tested")
        case Range(start=start, stop=stop):
            _note_all(found, (start, stop), "number")
        case Choice(test=test, yes=yes, no=no):
            _note(found, test, "tested")
            _note_all(found, (yes, no), role)
        case Lit() | Special() | Broken():
            pass


def _note_member(found: Uses, items: Expr, name: str, arguments: tuple[Expr, ...]) -> None:
    """The field that a filter of lists is told to read."""
    match items, arguments:
        case Ref(of=path, at=at), [Lit(value=str() as field_), *others] if path and name in _OF_MEMBERS:
            role: Role = "number" if name == "sum" else _beside(others[0], "==") if others else "shown"
            _note(found, Ref(of=(*path, ITEM, field_), at=at), role)
        case _:  # all others
            pass


def _note_all(found: Uses, expressions: Iterable[Expr], role: Role) -> None:
    for each in expressions:
        _note(found, each, role)


def _role_in(name: str, role: Role) -> Role:
    if name in _OF_NUMBERS:
        return "number"
    if name in _OF_LISTS:
        return "list"
    if name in _OF_DATES:
        return "date"
    if name == "size":
        return "shown"
    return role if name in _OF_EITHER else "text"


def _beside(other: Expr, sign: str) -> Role:
    """What a value is that is compared with another one."""
    match other:
        case Lit(value=bool()):
            return "bool"
        case Lit(value=int() | float()):
            return "number"
        case Lit(value=str()) | Special():
            return "text"
        case _:  # nil and other values say little
            return "number" if sign in ("<", "<=", ">", ">=") else "tested"
