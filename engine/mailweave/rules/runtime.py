"""The names that generated code may use, and nothing else."""

from __future__ import annotations

from types import CodeType
from typing import Any, Final

from mailweave.rules.events import (
    Series,
    average_double,
    average_units,
    average_whole,
    count,
    first_moment,
    last_moment,
    times,
)
from mailweave.rules.globs import glob
from mailweave.values.calendar import CalendarWindow, anniversary, bounds, days, today
from mailweave.values.missing import MISSING
from mailweave.values.money import amount
from mailweave.values.numbers import Quantity, double, quotient, total, whole


def returns(day: Quantity, now: int, zone: str) -> Quantity:
    """The next anniversary of a day that may be missing."""
    return anniversary(int(day), today(now, zone)) if day == day else MISSING


NAMES: Final[dict[str, Any]] = {
    "CalendarWindow": CalendarWindow,
    "MISSING": MISSING,
    "Series": Series,
    "amount": amount,
    "average_double": average_double,
    "average_units": average_units,
    "average_whole": average_whole,
    "bounds": bounds,
    "count": count,
    "days": days,
    "double": double,
    "first_moment": first_moment,
    "glob": glob,
    "last_moment": last_moment,
    "quotient": quotient,
    "returns": returns,
    "times": times,
    "total": total,
    "whole": whole,
}

_BUILTINS: Final[dict[str, Any]] = {
    "frozenset": frozenset,
    "len": len,
    "max": max,
    "min": min,
    "set": set,
    "sum": sum,
}


def load(code: CodeType) -> dict[str, Any]:
    """The functions that generated code defines; it reaches no other builtin and no module."""
    names = {**NAMES, "__builtins__": _BUILTINS}
    exec(code, names)
    return names
