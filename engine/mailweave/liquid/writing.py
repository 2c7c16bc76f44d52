"""How a value is written: by an output, by filters, and within a list or mapping that is written out; as in Ruby."""

from __future__ import annotations

import math
import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.builtin.tags.for_tag import ForLoop
from liquid.builtin.tags.tablerow_tag import TableRow
from liquid.exceptions import LiquidTypeError

from mailweave.liquid.values import Html, plain

LONGEST_NUMBER = 4000  # digits; longer ones cost more to print than they tell


def text(value: Any) -> str:
    """A value as an output writes it: nil is empty, lists are joined, no Python shows through.

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


def string(value: Any) -> str:
    """A value as filters and `contains` read it: as `text`, but a list is written with its brackets.

    >>> string([1, ["a", None], True])
    '[1, ["a", nil], true]'
    """
    if type(value) is str:
        return value
    return inspect(value) if isinstance(value, (list, tuple)) else text(value)


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
    return _float(value) if type(value) is float else str(value)


_LARGE = 1e15  # from here on a number without a fraction is written with an exponent


def _float(value: float) -> str:
    """As Ruby writes it: 2.5, 1.0e+17, 1.0e-05."""
    written = repr(value)
    if "e" in written:
        digits, exponent = written.split("e")
        return f"{digits if '.' in digits else digits + '.0'}e{exponent}"
    if not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    if -_LARGE < value < _LARGE or not written.endswith(".0"):
        return written
    sign, before = ("-", written[1:-2]) if value < 0 else ("", written[:-2])
    rest = before[1:].rstrip("0") or "0"
    return f"{sign}{before[0]}.{rest}e+{len(before) - 1:02}"


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


_ESCAPED = {
    **{code: f"\\u{code:04X}" for code in (*range(32), 127)},
    **{ord(char): f"\\{char}" for char in '"\\'},
    **{ord(char): f"\\{letter}" for char, letter in zip("\a\b\t\n\v\f\r\x1b", "abtnvfre", strict=True)},
}
_INTERPOLATED = re.compile(r"#(?=[{$@])")


def inspect(value: Any) -> str:
    """A value inside a list or mapping that is written out, as Ruby writes it."""
    if isinstance(value, str):
        return '"' + _INTERPOLATED.sub(r"\\#", str.translate(value, _ESCAPED)) + '"'
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(map(inspect, value)) + "]"
    return "nil" if value is None else text(value)
