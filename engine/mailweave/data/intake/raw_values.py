"""Values of CSV, JSON and Parquet as one kind of text, exactly as they were."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, Final

LONGEST_NUMBER: Final = 100
"""The digits of a number at most."""


def as_text(value: Any) -> str:
    """The text of a plain value. A float is written with the fewest digits that give it back.

    >>> as_text(True), as_text(Decimal("1E+2")), as_text(12.5), as_text(date(2026, 11, 2))
    ('true', '100', '12.5', '2026-11-02')
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}" if value.is_finite() and _is_short(value) else str(value)
    if isinstance(value, date):  # datetimes, too
        return value.isoformat()
    return repr(value) if isinstance(value, float) else str(value)


def _is_short(value: Decimal) -> bool:
    """Whether it has few digits without an exponent: 1e999999999 would be a gigabyte."""
    return max(abs(value.adjusted()), len(value.as_tuple().digits)) < LONGEST_NUMBER
