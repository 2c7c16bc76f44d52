"""What Liquid's operators mean, as in Ruby.

>>> OURS.eq(1, 1.0), OURS.eq(1, True), OURS.contains(["a", 2], 2)
(True, False, True)
"""

from __future__ import annotations

from collections.abc import Callable, Sequence, Sized
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.exceptions import LiquidTypeError

from mailweave.liquid.budget import ITEM, Meter
from mailweave.liquid.members import item
from mailweave.liquid.values import NUMBERS, is_white, kind, plain
from mailweave.liquid.writing import string, text


@dataclass(frozen=True, slots=True)
class Operators:
    """The functions that both runners call; `item` raises KeyError, IndexError or TypeError when missing.

    Comparisons and `rounds` take the meter of the render as their last argument, and charge it for what is
    long.
    """

    eq: Callable[..., bool]
    lt: Callable[..., bool]
    le: Callable[..., bool]
    contains: Callable[..., bool]
    item: Callable[[Any, Any], Any]
    text: Callable[[Any], str]
    rounds: Callable[..., Sequence[Any]]


def _is_blank(value: object) -> bool:
    if value is None or value is False:
        return True
    return is_white(value) if isinstance(value, str) else _is_empty(value)


def _is_empty(value: object) -> bool:
    return isinstance(value, (str, list, tuple, dict)) and not value


_LONG = frozenset({str, list, tuple, dict})
_KEYS = frozenset({str, int, float, Decimal, type(None)})


def _eq(left: Any, right: Any, meter: Meter | None = None) -> bool:
    if type(left) in _LONG:
        if left is right:
            return True
        if meter is not None:
            _charge_equality(left, right, meter)
    if type(left) in _KEYS and type(right) in _KEYS:
        return bool(left == right)
    if isinstance(right, (Empty, Blank)):
        left, right = right, left
    if isinstance(left, (Empty, Blank)):
        return _is_blank(right) if isinstance(left, Blank) else _is_empty(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _same_kind(left, right) and left == right
    return _same(plain(left), plain(right))


def _same(left: Any, right: Any) -> bool:
    """Equality in which true is not 1, however deep it lies."""
    if isinstance(left, (list, tuple)) and isinstance(right, (list, tuple)):
        return len(left) == len(right) and all(map(_eq, left, right))
    if type(left) is dict and type(right) is dict:
        return left.keys() == right.keys() and all(_eq(one, right[key]) for key, one in left.items())
    return bool(left == right)


def _charge_equality(left: Any, right: Any, meter: Meter) -> None:
    """Texts and lists of different lengths are known to differ at once."""
    alike = type(left) is type(right) and len(left) == len(right)
    if alike or (type(left) is str and isinstance(right, Blank)):
        meter.compare(left)


def _same_kind(left: datetime, right: datetime) -> bool:
    return (left.tzinfo is None) == (right.tzinfo is None)


_ORDERLESS = (bool, list, tuple, dict, range, Empty, Blank, type(None))


def _compare(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both sides as comparable values; None where no order holds: nil, true, lists and the like have none."""
    if isinstance(left, _ORDERLESS) or isinstance(right, _ORDERLESS):
        return None
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    if isinstance(left, NUMBERS) and isinstance(right, NUMBERS):
        return left, right
    if isinstance(left, datetime) and isinstance(right, datetime) and _same_kind(left, right):
        return left, right
    if type(left) is date and type(right) is date:
        return left, right
    raise LiquidTypeError(f"cannot compare {kind(left)} with {kind(right)}", token=None)


_QUICK = frozenset({int, float, Decimal})


def _lt(left: Any, right: Any, meter: Meter | None = None) -> bool:
    if type(left) in _QUICK and type(right) in _QUICK:
        return bool(left < right)
    if meter is not None:
        meter.compare(left)
    pair = _compare(left, right)
    return pair is not None and bool(pair[0] < pair[1])


def _le(left: Any, right: Any, meter: Meter | None = None) -> bool:
    if type(left) in _QUICK and type(right) in _QUICK:
        return bool(left <= right)
    if meter is not None:
        meter.compare(left)
    pair = _compare(left, right)
    return pair is not None and bool(pair[0] <= pair[1])


def _contains(left: Any, right: Any, meter: Meter | None = None) -> bool:
    if left is None or left is False or right is None or right is False:
        return False
    if meter is not None and type(left) is not dict:
        meter.compare(left)
    if isinstance(left, str):
        return string(right) in left
    if isinstance(left, dict):
        return isinstance(right, str) and right in left
    if isinstance(right, (Empty, Blank)):
        return False
    if isinstance(left, (list, tuple)):
        return any(_eq(one, right) for one in left)
    if isinstance(left, range):
        is_number = isinstance(right, NUMBERS) and not isinstance(right, bool)
        return is_number and left.start <= right < left.stop
    plain(left)
    return False


def _rounds(value: Any, meter: Meter | None = None) -> Sequence[Any]:
    """What a loop goes over."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, range):
        return bounded(value)
    if type(value) is dict:
        charge_copy(meter, value)
        return list(value.items())
    if isinstance(value, str):
        return [plain(value)] if value else []
    plain(value)
    return []


def charge_copy(meter: Meter | None, value: Sized) -> None:
    if meter is not None:
        meter.allocate(len(value) * ITEM)


def bounded(value: range) -> range:
    try:
        len(value)
    except OverflowError:
        raise LiquidTypeError("a range that is too long", token=None) from None
    return value


OURS = Operators(eq=_eq, lt=_lt, le=_le, contains=_contains, item=item, text=text, rounds=_rounds)
