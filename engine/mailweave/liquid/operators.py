"""What Liquid's operators mean: in our dialect as in Ruby, in the other as python-liquid has it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from liquid.builtin.expressions import logical
from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.builtin.tags.for_tag import ForLoop
from liquid.builtin.tags.tablerow_tag import TableRow
from liquid.context import RenderContext
from liquid.exceptions import LiquidTypeError
from liquid.stringify import to_liquid_string

from mailweave.liquid.budget import ITEM, Meter
from mailweave.liquid.failures import NotPlain

NUMBERS = (int, float, Decimal)
SCALARS = frozenset({str, int, float, bool, type(None), Decimal, datetime, date})
PLAIN = SCALARS | {dict, list, tuple, range}
LONGEST_NUMBER = 4000  # digits; longer ones cost more to print than they tell


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


def plain(value: object) -> object:
    """The value itself when it is plain data; texts of a subclass lose it; anything else is refused."""
    if type(value) in PLAIN or isinstance(value, (Empty, Blank)):
        return value
    if isinstance(value, str):
        return value if isinstance(value, Html) else str.__str__(value)
    raise NotPlain(type(value).__name__)


class Html(str):
    """HTML made by the template itself (captured, or by a filter that makes HTML). Data is never this."""

    __slots__ = ()


# --- ours ---------------------------------------------------------------------------------------


def _is_blank(value: object) -> bool:
    if value is None or value is False:
        return True
    return not value.strip() if isinstance(value, str) else _is_empty(value)


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
        if isinstance(right, (Empty, Blank)):
            return type(left) is type(right)
        return _is_blank(right) if isinstance(left, Blank) else _is_empty(right)
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, datetime) and isinstance(right, datetime):
        return _same_kind(left, right) and left == right
    return bool(plain(left) == plain(right))


def _charge_equality(left: Any, right: Any, meter: Meter) -> None:
    """Texts and lists of different lengths are known to differ at once."""
    alike = type(left) is type(right) and len(left) == len(right)
    if alike or (type(left) is str and isinstance(right, Blank)):
        meter.compare(left)


def _same_kind(left: datetime, right: datetime) -> bool:
    return (left.tzinfo is None) == (right.tzinfo is None)


def _compare(left: Any, right: Any) -> tuple[Any, Any] | None:
    """Both sides as comparable values; None when one is nil or `empty`, for then no order holds."""
    if left is None or right is None or isinstance(left, (Empty, Blank)) or isinstance(right, (Empty, Blank)):
        return None
    if isinstance(left, str) and isinstance(right, str):
        return left, right
    numbers = isinstance(left, NUMBERS) and isinstance(right, NUMBERS)
    if numbers and not isinstance(left, bool) and not isinstance(right, bool):
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
        return text(right) in left
    if isinstance(left, dict):
        return isinstance(right, str) and right in left
    if isinstance(left, (list, tuple)):
        return any(_eq(one, right) for one in left)
    if isinstance(left, range):
        return isinstance(right, int) and right in left
    plain(left)
    return False


def _item(holder: Any, key: Any) -> Any:
    """A member of a mapping or list, or its `size`, `first` or `last`."""
    kind_ = type(holder)
    if kind_ is dict:
        if isinstance(key, str) and key in holder:
            return holder[key]
        if key == "size":
            return len(holder)
        if key == "first" and holder:
            return next(iter(holder.items()))
        raise KeyError(key)
    if kind_ in (list, tuple, range):
        if key == "size":
            return len(holder)
        if key == "first":
            return holder[0]
        if key == "last":
            return holder[-1]
        if type(key) is int:
            return holder[key]
        raise KeyError(key)
    if isinstance(holder, str) and key == "size":
        return len(holder)
    return _attribute(holder, key)


def _attribute(holder: Any, key: Any) -> Any:
    if isinstance(holder, (ForLoop, TableRow)):
        return holder[key]
    plain(holder)
    raise KeyError(key)


def text(value: Any) -> str:
    """A value as a reader sees it: nil is empty, lists are joined, no Python shows through.

    >>> text([1, ["a", None], True])
    '1atrue'
    """
    if type(value) is str:
        return value
    if value is None:
        return ""
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, (int, float, Decimal)):
        return number(value)
    if isinstance(value, (list, tuple)):
        return "".join(map(text, value))
    if isinstance(value, range):
        return f"{value.start}..{value.stop - 1}"
    return _rare(value)


def is_vast(value: object) -> bool:
    """Whether a value is a decimal with so large an exponent that making it a whole number takes for ever."""
    return type(value) is Decimal and value.is_finite() and value.adjusted() > LONGEST_NUMBER


def number(value: int | float | Decimal) -> str:
    """A number as text, refused when nobody could read it."""
    if isinstance(value, Decimal):
        if not value.is_finite() or abs(value.adjusted()) > LONGEST_NUMBER:
            raise LiquidTypeError("a number that is too large to print", token=None)
        return format(value, "f")
    if isinstance(value, int) and value.bit_length() > LONGEST_NUMBER * 3:
        raise LiquidTypeError("a number that is too large to print", token=None)
    return str(value)


def _rare(value: Any) -> str:
    if isinstance(value, str):
        return value if isinstance(value, Html) else str.__str__(value)
    if isinstance(value, datetime):
        zone = "" if value.tzinfo is None else f" {value:%z}"
        return f"{value:%Y-%m-%d %H:%M:%S}{zone}"
    if isinstance(value, date):
        return value.isoformat()
    if type(value) is dict:
        return "{" + ", ".join(f"{inspect(key)}=>{inspect(one)}" for key, one in value.items()) + "}"
    if isinstance(value, (Empty, Blank)):
        return ""
    if not isinstance(value, (ForLoop, TableRow)):
        plain(value)
    return ""


def inspect(value: Any) -> str:
    """A value inside a printed mapping, as Ruby writes it."""
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inspect, value)) + "]"
    return "nil" if value is None else text(value)


def _rounds(value: Any, meter: Meter | None = None) -> Sequence[Any]:
    """What a loop goes over."""
    if isinstance(value, (list, tuple)):
        return value
    if isinstance(value, range):
        return _bounded(value)
    if type(value) is dict:
        _charge_copy(meter, value)
        return list(value.items())
    if isinstance(value, str):
        return [plain(value)] if value else []
    plain(value)
    return []


def _charge_copy(meter: Meter | None, value: Sized) -> None:
    if meter is not None:
        meter.allocate(len(value) * ITEM)


def _bounded(value: range) -> range:
    try:
        len(value)
    except OverflowError:
        raise LiquidTypeError("a range that is too long", token=None) from None
    return value


def kind(value: object) -> str:
    """A value's type in the words of a template author."""
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, NUMBERS):
        return "a number"
    return _KINDS.get(type(value), "a date" if isinstance(value, date) else "this kind of value")


_KINDS: dict[type, str] = {
    str: "text",
    Html: "text",
    dict: "a mapping",
    list: "a list",
    tuple: "a list",
    range: "a range",
}
OURS = Operators(_eq, _lt, _le, _contains, _item, text, _rounds)


# --- python-liquid's ----------------------------------------------------------------------------


def _their_eq(left: Any, right: Any, _: Meter | None = None) -> bool:
    return logical._eq(left, right)


def _their_le(left: Any, right: Any, _: Meter | None = None) -> bool:
    return logical._le(left, right)


def _their_lt(left: Any, right: Any, _: Meter | None = None) -> bool:
    return logical._lt(None, left, right)  # type: ignore[arg-type]  # the token only serves the error


def _their_contains(left: Any, right: Any, _: Meter | None = None) -> bool:
    return logical._contains(None, left, right)  # type: ignore[arg-type]  # as above


def _their_text(value: Any) -> str:
    return to_liquid_string(value, autoescape=False)


def _their_rounds(value: Any, meter: Meter | None = None) -> Sequence[Any]:
    if isinstance(value, Mapping):
        _charge_copy(meter, value)
        return list(value.items())
    if isinstance(value, range):
        return _bounded(value)
    if isinstance(value, str):
        return [value] if value else []
    return value if isinstance(value, Sequence) else []


def theirs(context: RenderContext) -> Operators:
    """python-liquid's operators; `context` only serves its member access."""
    return Operators(
        _their_eq, _their_lt, _their_le, _their_contains, context.get_item, _their_text, _their_rounds
    )
