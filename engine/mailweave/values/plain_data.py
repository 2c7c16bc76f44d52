"""Data that templates see as it comes: plain, finite, of bounded depth, and nothing that no mail can carry."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Final

from mailweave.values.invalid_value import InvalidValue, mistyped, shown
from mailweave.values.texts import check_encodable

DEEPEST: Final = 64
"""Levels of mappings and lists; data that is written for readers has fewer than ten."""
_BITS: Final = 1024  # of a whole number: what a double reaches
_PLACES: Final = 400  # digits of a Decimal before or behind its point
_DATED: Final = (date, time, timedelta)
_SCALARS: Final = (str, int, float, Decimal, *_DATED)
_EXPECTED: Final = "plain data: a text, a number, a date, a list or a mapping"


def check_plain(data: Mapping[str, Any]) -> None:
    """Raises InvalidValue, with the way to the value in `path`, for what is not plain data.

    >>> check_plain({"catalogs": {"cds": [{"title": "Blue"}]}})
    >>> try:
    ...     check_plain({"catalogs": {"cds": [{"price": float("nan")}]}})
    ... except InvalidValue as refusal:
    ...     refusal.path, refusal.reason
    ('.catalogs.cds[0].price', 'is not a finite number')
    """
    _Walk().height(data, 0)


class _Walk:
    """One walk; what is met twice is looked at once, so that shared data costs no more than it holds."""

    def __init__(self) -> None:
        self._open: set[int] = set()
        self._heights: dict[int, tuple[object, int]] = {}  # with the object, so that its id stays its own

    def height(self, holder: Any, depth: int) -> int:
        """The levels in a mapping or a list that lies `depth` levels deep. Raises InvalidValue."""
        known = self._heights.get(id(holder))
        if known is not None and depth + known[1] <= DEEPEST:
            return known[1]
        if id(holder) in self._open:
            raise InvalidValue("holds itself")
        if depth >= DEEPEST:
            raise InvalidValue(f"is nested more than {DEEPEST} levels deep")
        self._open.add(id(holder))
        found = 1 + self._members(holder, depth)
        self._open.discard(id(holder))
        self._heights[id(holder)] = holder, found
        return found

    def _members(self, holder: Any, depth: int) -> int:
        mapping, most = isinstance(holder, Mapping), 0
        name: Any = None
        try:
            for name, value in holder.items() if mapping else enumerate(holder):
                if mapping and not (name.__class__ is str and name.isascii()):
                    _check_name(name)
                if value.__class__ is str:
                    if not value.isascii():
                        check_encodable(value)
                elif value is not None:
                    most = max(most, self._value(value, depth))
        except InvalidValue as refusal:
            raise refusal.at(f".{shown(name)}" if mapping else f"[{name}]") from None
        return most

    def _value(self, value: object, depth: int) -> int:
        kind = value.__class__
        if kind is dict or kind is list or isinstance(value, Mapping | list | tuple):
            return self.height(value, depth + 1)
        check_scalar(value)
        return 0


def _check_name(name: object) -> None:
    if name.__class__ is str:
        check_encodable(name)
    elif name is not None:
        if not isinstance(name, _SCALARS):
            raise mistyped(name, "a name", "has a name that is no text")
        check_scalar(name)


def check_scalar(value: object) -> None:
    """Raises InvalidValue for a value that is neither plain nor finite."""
    if isinstance(value, str):
        check_encodable(value)
    elif isinstance(value, int):
        if value.bit_length() > _BITS:
            raise InvalidValue("is a number of more digits than anything counts with")
    elif isinstance(value, float | Decimal):
        _check_finite(value)
    elif not isinstance(value, _DATED):
        raise mistyped(value, _EXPECTED)
    elif not value == value:  # noqa: SIM201 - pandas.NaT is a datetime, and equal to nothing
        raise InvalidValue("is not a time")


def _check_finite(value: float | Decimal) -> None:
    if isinstance(value, Decimal):
        if value.is_finite() and (not value or abs(value.adjusted()) <= _PLACES):
            digits = value.as_tuple()
            if len(digits.digits) <= _PLACES and abs(int(digits.exponent)) <= 2 * _PLACES:
                return
            raise InvalidValue("is a number of more digits than anything counts with")
        raise InvalidValue("is not a finite number")
    if not float("-inf") < value < float("inf"):
        raise InvalidValue("is not a finite number")
