"""Windows of time: their length, and whether an event's history reaches that far."""

from __future__ import annotations

from typing import cast

from mailweave.rules import nodes as n
from mailweave.rules.checker.findings import Findings
from mailweave.rules.checker.literals import Literals, whole
from mailweave.rules.typed import ExactWindow, Window
from mailweave.values.calendar import CalendarWindow, Unit
from mailweave.values.durations import DAY, HOUR

_MOST_UNITS = 40_000
_LONGEST_UNIT = {"day": DAY, "week": 7 * DAY, "month": 31 * DAY, "year": 366 * DAY}


def window_of(
    node: n.Window,
    length: n.Expression | None,
    findings: Findings,
    literals: Literals,
) -> Window | None:
    """A window; `length` stands for a parameter, and is what it was called with."""
    last = node.direction == "last"
    written = node.length if length is None else length
    match written:
        case n.CalendarLength():
            return _calendar(written, last, findings)
        case n.DurationLiteral():
            micros = literals.duration(written)
            if micros == 0:
                findings.report("MW214", written.span)
            return ExactWindow(micros, last) if micros else None
        case n.Reference() if length is None:
            findings.report("MW242", written.span, name=written.id, unit=_unit(written.id))
        case _:  # no length
            findings.report("MW243", written.span)
    return None


def _calendar(node: n.CalendarLength, last: bool, findings: Findings) -> Window | None:
    count = whole(node.text)
    if node.unit not in _LONGEST_UNIT:
        findings.report("MW244", node.span, unit=node.unit)
    elif count is None or count > _MOST_UNITS:
        findings.report("MW210", node.span, problem="this window is longer than any history")
    elif count == 0:
        findings.report("MW214", node.span)
    else:
        return CalendarWindow(count, cast(Unit, node.unit), last)
    return None


def _unit(word: str) -> str:
    if word in ("month", "quarter", "year"):
        return "3 calendar months" if word == "quarter" else f"1 calendar {word}"
    return f"1 {word}" if word in ("second", "minute", "hour", "day", "week") else "7 days"


def longest(window: Window) -> int:
    """How far back a window can reach, in microseconds; a local day can have an hour more."""
    if isinstance(window, ExactWindow):
        return window.length
    return window.count * _LONGEST_UNIT[window.unit] + (HOUR if window.unit in ("day", "week") else 0)
