"""Values of a template: which are plain data, and what their kinds are called.

>>> kind({"a": 1}), plain("Jo")
('a mapping', 'Jo')
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.exceptions import LiquidTypeError

from mailweave.liquid.failures import NotPlain

NUMBERS = (int, float, Decimal)
SCALARS = frozenset({str, int, float, bool, type(None), Decimal, datetime, date})
PLAIN = SCALARS | {dict, list, tuple, range}


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


BLANKS = " \t\n\v\f\r"  # what is blank in Ruby; a no-break space is not
ENDS = BLANKS + "\0"  # what is stripped there
_SEPARATORS = "\x1c\x1d\x1e\x1f"  # blank in Python alone


def is_white(text: str) -> bool:
    """Whether a text is empty or all blank; quick for long ones, too."""
    return not text or (text.isspace() and text.isascii() and not any(sign in text for sign in _SEPARATORS))


def countable(value: Any) -> Any:
    """What a counter starts from: a number of the data; nil is 0."""
    if value is None or value is False:
        return 0
    if isinstance(value, NUMBERS) and not isinstance(value, bool):
        return value
    raise LiquidTypeError(f"cannot count from {kind(value)}", token=None)
