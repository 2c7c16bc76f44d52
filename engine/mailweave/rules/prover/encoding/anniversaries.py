"""The next return of a day and month: years are counted from March, so that a leap day is the last day of one."""

from __future__ import annotations

from typing import Any

from mailweave.rules.prover.smt import smt
from mailweave.values.instants import to_day

_FIRST, _LAST = to_day("1901-03-01"), to_day("2099-12-31")  # every fourth year is a leap year here
_FOUR_YEARS = 1461
_BEFORE = 4 * _FOUR_YEARS * 125 - to_day("2000-03-01")
_LEAP_DAY = 365  # days after the first of March on which a 29th of February comes


def returns(day: Any, found: Any, today: Any) -> list[Any]:
    """That `found` is the first return of a day that is not before today, in this century and the last."""
    z3 = smt()
    born, after, here = _year(f"birth of {found}"), z3.Int(f"days of {found}"), _year(f"year of {found}")
    is_leap_day = after == _LEAP_DAY
    before = _march(*here) - z3.If(here[1] == 0, _LEAP_DAY + 1, _LEAP_DAY)
    return [
        *(z3.And(each >= _FIRST, each <= _LAST) for each in (day, found)),
        *(z3.And(at >= 0, at <= 3) for _, at in (born, here)),
        z3.And(after >= 0, after <= z3.If(born[1] == 3, _LEAP_DAY, _LEAP_DAY - 1)),
        day == _march(*born) + after,
        found == _march(*here) + z3.If(z3.And(is_leap_day, here[1] != 3), _LEAP_DAY - 1, after),
        found >= today,
        before + z3.If(z3.And(is_leap_day, here[1] != 0), _LEAP_DAY - 1, after) < today,
    ]


def still_to_come(day: Any, found: Any, today: Any) -> Any:
    """Today's date, and one of the year to come, is its own return."""
    z3 = smt()
    return z3.Implies(z3.And(day >= today, day < today + _LEAP_DAY), found == day)


def _year(name: str) -> tuple[Any, Any]:
    """A year, as four years and one of them."""
    return smt().Int(f"four {name}"), smt().Int(f"one {name}")


def _march(four: Any, one: Any) -> Any:
    """The first of March of a year."""
    return _FOUR_YEARS * four + 365 * one - _BEFORE
