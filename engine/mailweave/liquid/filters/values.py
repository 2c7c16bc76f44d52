"""How filters read their values and arguments: as text, a number, a whole number, a list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any

from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.values import BLANKS, Html, plain
from mailweave.liquid.writing import LONGEST_NUMBER, is_vast

Number = int | float | Decimal
_DECIMAL = re.compile(r"-?[0-9]+\.[0-9]+")
_WHOLE = re.compile(r"[ \t\n\v\f\r]*([-+]?[0-9]+(?:_[0-9]+)*)")
_DEEPEST = 50  # lists within lists


def kept(value: Any, result: str) -> str:
    """The result as HTML again, when the value was HTML and only blanks were taken from it."""
    return Html(result) if type(value) is Html else result


def number(value: Any) -> Number:
    """A value as a number, as Ruby reads it: what is no number is 0, "7,42" is 7, "1_000" is 1000."""
    if type(value) in (int, float):
        return value  # type: ignore[no-any-return]  # one of the two
    if type(value) is Decimal:
        if is_vast(value):
            raise FilterFailed("a number of that many digits")
        return value
    if not isinstance(value, str):
        plain(value)
        return 0
    if len(value) > LONGEST_NUMBER:
        raise FilterFailed("a number of that many digits")
    if _DECIMAL.fullmatch(value.strip(BLANKS)):
        return float(value)
    found = _WHOLE.match(value)
    return int(found[1]) if found else 0


def integer(value: Any) -> int:
    """An argument as a whole number; anything else is refused."""
    if type(value) is int:
        return value
    if isinstance(value, str) and len(value) <= 20:
        try:
            return int(value)
        except ValueError:
            pass
    raise FilterFailed("a whole number is needed")


def items(value: Any) -> list[Any]:
    """A value as a list: lists within lists are opened, nil is empty, anything else is one item."""
    if isinstance(value, (list, tuple)):
        return list(_opened(value, 0))
    if isinstance(value, range):
        return list(value)
    return [] if value is None else [plain(value)]


def _opened(values: Sequence[Any], depth: int) -> Iterable[Any]:
    if depth > _DEEPEST:
        raise FilterFailed("too many lists within lists")
    for value in values:
        if isinstance(value, (list, tuple)):
            yield from _opened(value, depth + 1)
        else:
            yield value
