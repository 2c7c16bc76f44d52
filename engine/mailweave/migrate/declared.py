"""What the rules declare for a template: attributes and events, with types by the data or by use."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from mailweave.migrate.bench import Bench
from mailweave.migrate.names import field_name
from mailweave.migrate.places import TRIGGER, Places
from mailweave.migrate.sample import Kind
from mailweave.migrate.tree import ITEM, Path
from mailweave.migrate.uses import Uses
from mailweave.scaffold.personal import is_personal

_TYPES: Final[dict[Kind, str]] = {
    "text": "text",
    "number": "number",
    "int": "int",
    "bool": "bool",
    "unknown": "text",
}
_NO_ORDER: Final = "its values are shown in their own order, each once; a list of records keeps another order"
_IN_A_LIST: Final = "one value for each, or a text; or give it to all in `context`"


@dataclass(frozen=True, slots=True)
class Declared:
    """Lines of rules: those in `profile`, and the statements beside it. guessed: attributes whose type is a guess."""

    attributes: tuple[str, ...]
    statements: tuple[str, ...]
    guessed: tuple[str, ...]


def declared(bench: Bench, uses: Uses, places: Places) -> Declared:
    """What a template reads, as declarations; what an attribute cannot be is told (MW666)."""
    attributes, events, guessed = {}, {}, []
    for path in [path for path in uses.roles if ITEM in path and uses.kind(path) == "record"]:
        if "shown" in uses.roles[path]:
            _too_deep(bench, uses, path, "a record as a whole", "read its values one by one")
    for path, target in sorted(places.taken.items(), key=lambda each: each[1]):
        type_ = _type(bench, uses, path)
        if type_ is None or target[0] not in ("profile", "events") or len(target) < 2:
            continue
        if target[: len(TRIGGER)] == TRIGGER and len(target) == len(TRIGGER) + 1:
            events[target[-1]] = type_
        elif target[0] == "profile" and len(target) == 2:
            attributes[target[1]] = type_
            if not uses.is_certain(path):
                guessed.append(target[1])
    return Declared(tuple(_lines(attributes)), tuple(_events(events)), tuple(guessed))


def _lines(types: dict[str, str]) -> Iterator[str]:
    yield f"  id : {'key' if types.get('id', 'text') in ('text', 'int') else types['id']}"
    yield "  email : text pii"
    for name, type_ in types.items():
        if name not in ("id", "email"):
            is_many = type_.startswith(("list", "set"))
            yield f"  {name} : {type_}{'' if is_many else '?'}{' pii' if is_personal(name, ()) else ''}"


def _events(fields: dict[str, str]) -> Iterator[str]:
    if fields:
        held = ", ".join(f"{name}: {type_}" for name, type_ in fields.items())
        yield f"event {TRIGGER[1]} {{ {held} }} keep 30 days shows last  # what set off the mail"


def _type(bench: Bench, uses: Uses, path: Path) -> str | None:
    kind = uses.kind(path)
    if kind == "record":
        if any(role != "tested" for role in uses.roles.get(path, ())):
            _too_deep(bench, uses, path, "a record as a whole", "read its values one by one")
        return None
    return _list(bench, uses, path) if kind == "list" else _TYPES[kind]


def _list(bench: Bench, uses: Uses, path: Path) -> str:
    items = (*path, ITEM)
    fields = sorted(
        {
            other[len(items)]
            for other in uses.roles
            if len(other) > len(items) and other[: len(items)] == items and other[len(items)] != ITEM
        }
    )
    if not fields:
        fields = sorted(uses.sample.fields(items))
    if not fields:
        return _set(bench, uses, path, f"set of {_TYPES.get(uses.kind(items), 'text')}")
    held = []
    for name in fields:
        kind = uses.kind((*items, name))
        if kind in ("list", "record"):
            _too_deep(bench, uses, (*items, name), f"a {kind} in a list", _IN_A_LIST)
        else:
            held.append(f"{field_name(name)}: {_TYPES[kind]}?")
    return f"list of {{ {', '.join(held)} }}" if held else "set of text"


def _set(bench: Bench, uses: Uses, path: Path, type_: str) -> str:
    """A set, which keeps neither the order of its values nor one twice; told where that may be seen."""
    is_item_read = any(other[: len(path) + 1] == (*path, ITEM) for other in uses.roles)
    if is_item_read or uses.roles.get(path, set()) & {"list", "shown", "given"}:
        at = uses.places.get(path, 0)
        bench.tell("MW669", at, at, what=".".join(path), instead=type_, difference=_NO_ORDER)
    return type_


def _too_deep(bench: Bench, uses: Uses, path: Path, kind: str, todo: str) -> None:
    at = next((at for other, at in uses.places.items() if other[: len(path)] == path), 0)
    what = ".".join(path).replace(".[]", "[]")
    bench.tell("MW666", at, at, what=what, kind=kind, todo=todo)
