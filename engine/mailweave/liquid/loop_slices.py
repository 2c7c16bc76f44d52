"""Which part of a sequence a loop goes over: `limit` and `offset` as Ruby counts them."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from liquid.exceptions import LiquidTypeError

from mailweave.liquid.writing import is_vast

_LONGEST = 20  # characters of a text that is a number


def whole(value: Any) -> int:
    """A limit or offset of `for`: a whole number, also one with a point or in a text."""
    if type(value) is int:
        return value
    if _counts(value) and value == int(value):
        return int(value)
    if isinstance(value, str) and len(value) <= _LONGEST:
        try:
            return int(value)
        except ValueError:
            pass
    raise LiquidTypeError("expected a whole number", token=None)


def maybe_whole(value: Any) -> int | None:
    """A limit or offset that may be missing."""
    return None if value is None else whole(value)


def loose(value: Any) -> int:
    """A number of `tablerow`: nil is 0, a text is the number it starts with, a number loses its fraction."""
    if value is None:
        return 0
    if isinstance(value, str):
        digits = value.strip()[:_LONGEST]
        while digits:
            try:
                return int(digits)
            except ValueError:
                digits = digits[:-1]
        return 0
    return int(value) if _counts(value) else whole(value)


def _counts(value: Any) -> bool:
    """Whether a number with a point has a whole part to count by."""
    return isinstance(value, (float, Decimal)) and not is_vast(value)


def segment(
    value: Any, items: Sequence[Any], limit: int | None, start: int, backwards: bool
) -> Sequence[Any]:
    """The items of `value` from `start` on, at most `limit` of them; a text is one item, and always there."""
    if isinstance(value, str):
        return items
    stop = len(items) if limit is None else max(start + limit, 0)
    part = items[max(start, 0) : stop]
    return part[::-1] if backwards else part


def integers(start: Any, stop: Any) -> range:
    """The numbers of a range; it has none when it goes down."""
    first, last = _bound(start), _bound(stop)
    return range(first, max(last + 1, first))


def _bound(value: Any) -> int:
    """A bound of a range: nil is 0, a text is the number it starts with, a number must be whole."""
    return whole(value) if _counts(value) else loose(value)


def width(columns: int, count: int) -> int:
    """How many cells a row of a table has; without a number of columns there is one row."""
    return columns if columns > 0 else count + 1
