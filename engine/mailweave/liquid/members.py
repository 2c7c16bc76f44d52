"""Members of a value: by name, by place, and by `size`, `first` and `last`.

>>> item({"a": [3, 4]}, "a"), item([3, 4], "last"), item({"size": "XL"}, "size")
([3, 4], 4, 'XL')
"""

from __future__ import annotations

from typing import Any

from liquid.builtin.tags.for_tag import ForLoop
from liquid.builtin.tags.tablerow_tag import TableRow

from mailweave.liquid.values import plain

COMMANDS = frozenset({"size", "first", "last"})


class Quoted(str):
    """A name in brackets, as in `v['size']`: it is a member's, never a command."""

    __slots__ = ()


def quoted(key: Any) -> Any:
    """A key that stands in brackets."""
    return Quoted(key) if type(key) is str and key in COMMANDS else key


def item(holder: Any, key: Any) -> Any:
    """A member; behind a dot, `size`, `first` and `last` are answered where there is none of that name."""
    if type(key) is str and key in COMMANDS and not _has(holder, key):
        return _command(holder, key)
    return _at(holder, key)


def _has(holder: Any, key: str) -> bool:
    return isinstance(holder, (ForLoop, TableRow)) or (type(holder) is dict and key in holder)


def _at(holder: Any, key: Any) -> Any:
    """A member of a mapping by its name, of a list by its place."""
    kind_ = type(holder)
    if kind_ is dict and isinstance(key, str):
        return holder[key]
    if kind_ in (list, tuple, range) and type(key) is int:
        return holder[key]
    if isinstance(holder, (ForLoop, TableRow)):
        return holder[key]
    plain(holder)
    raise KeyError(key)


def _command(holder: Any, key: str) -> Any:
    if key == "size":
        found = size(holder)
        if found is None:
            raise KeyError(key)
        return found
    return first(holder) if key == "first" else last(holder)


def size(value: Any) -> int | None:
    """How many items or characters there are; of a whole number the bytes, as Ruby counts; else None."""
    if isinstance(value, (str, list, tuple, dict, range)):
        return len(value)
    if type(value) is int:
        return max(8, (value.bit_length() + 7) // 8)
    plain(value)
    return None


def first(value: Any) -> Any:
    """The first item, pair or character; None where there is none."""
    if isinstance(value, str):
        return value[:1]
    if type(value) is dict:
        return next(iter(value.items()), None)
    if type(value) is range:
        return value.start
    return value[0] if isinstance(value, (list, tuple)) and value else None


def last(value: Any) -> Any:
    """The last item or character; None where there is none."""
    if isinstance(value, str):
        return value[-1:]
    if type(value) is range:
        return value.stop - 1
    return value[-1] if isinstance(value, (list, tuple)) and value else None
