"""Dates that texts name, read as Ruby reads them: the day before the month, zones kept, nothing from a clock."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

_MONTHS = {name: at for at, name in enumerate("jan feb mar apr may jun jul aug sep oct nov dec".split(), 1)}
_MONTH = f"(?P<m>{'|'.join(_MONTHS)})"
_ZONES = {"z": 0, "ut": 0, "utc": 0, "gmt": 0, "est": -5, "edt": -4, "cst": -6, "cdt": -5}
_ZONES |= {"mst": -7, "mdt": -6, "pst": -8, "pdt": -7}

_WEEKDAY = re.compile(r"\b(?:sun|mon|tue|wed|thu|fri|sat)[^-/\d\s]*")
_HALF = r"\s*([ap])(?:m\b|\.m\.)"
_TIME = re.compile(
    rf"(?<![\d.:])(\d\d?)(?::(\d\d?)(?::(\d\d?)(?:[.,](\d+))?)?(?:{_HALF})?|{_HALF})"
    rf"(?:\s*((?:gmt|utc?)?[-+]\d+(?::?\d+)*|(?:{'|'.join(_ZONES)})\b))?"
)
_OFFSET = re.compile(r"([-+])(\d\d):?(\d\d)?(?::?(\d\d))?")
_START = r"(?<![\w.'-])"
_DAYS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"{_START}(?P<d>'?\d+)[^-\d\s]*\s*{_MONTH}[^-\d\s']*(?:\s*,?\s*(?P<y>'?\d+))?",
        rf"\b{_MONTH}[^-\d\s']*\s*(?P<d>'?\d+)[^-\d\s']*(?:\s*,?\s*(?P<y>'?\d+))?",
        rf"{_START}(?P<y>'?\d+)-(?P<m>\d+)-(?P<d>'?\d+)",
        rf"{_START}(?P<d>'?\d+)-{_MONTH}[^-/.]*-(?P<y>'?\d+)",
        rf"{_START}(?P<y>'?\d+)/\s*(?P<m>'?\d+)(?:/\s*(?P<d>'?\d+))?",
        rf"{_START}(?P<y>'?\d+)\.\s*(?P<m>'?\d+)\.\s*(?P<d>'?\d+)",
    )
)
_OF_YEAR = re.compile(rf"{_START}(\d{{4}})-(\d{{3}})\b")

Moment = tuple[int, int, int, int, tzinfo | None]
MIDNIGHT: Moment = (0, 0, 0, 0, None)


def read_date(value: str) -> datetime | None:
    """The date and time that a text names; None when it names none, or leaves its year open.

    Where figures stand alone the day is before the month, unless the year comes first. A zone is kept when
    it is a distance from UTC or a name of RFC 5322; other names are passed over.

    >>> read_date("3/4/2016"), read_date("soon")
    (datetime.datetime(2016, 4, 3, 0, 0), None)
    """
    try:
        if "W" not in value:
            return datetime.fromisoformat(value)
    except ValueError:
        pass
    if not value.isascii() or not any(map(str.isdigit, value)):
        return None
    try:
        return _read(value.lower())
    except (ValueError, OverflowError):
        return None  # a month 13, a 30th of February: there is no such day


def _read(text: str) -> datetime | None:
    moment, rest = _time(_WEEKDAY.sub(" ", text))
    ordinal = _OF_YEAR.search(rest)
    if ordinal:
        return _at(_day_of_year(int(ordinal[1]), int(ordinal[2])), moment)
    found = next((match for look in _DAYS if (match := look.search(rest))), None)
    day = None if found is None else _day(found["y"], found["m"], found["d"])
    return None if day is None else _at(day, moment)


def _at(day: datetime, moment: Moment) -> datetime:
    """A day at a time; 24:00 is the start of the next one."""
    hour, minute, second, micro, zone = moment
    if hour == 24 and not (minute or second or micro):
        return (day + timedelta(days=1)).replace(tzinfo=zone)
    return day.replace(hour=hour, minute=minute, second=second, microsecond=micro, tzinfo=zone)


def _time(text: str) -> tuple[Moment, str]:
    """The time of day, and the text without it."""
    found = _TIME.search(text)
    if found is None:
        return MIDNIGHT, text
    hour, minute, second, fraction, half, half_alone, zone = found.groups()
    hours = int(hour)
    if half or half_alone:
        hours = hours % 12 + (12 if "p" in (half, half_alone) else 0)
    micro = int((fraction or "0")[:6].ljust(6, "0"))
    moment = (hours, int(minute or 0), int(second or 0), micro, _zone(zone or ""))
    return moment, f"{text[: found.start()]} {text[found.end() :]}"


def _zone(name: str) -> tzinfo | None:
    if name in _ZONES:
        return timezone(timedelta(hours=_ZONES[name])) if _ZONES[name] else UTC
    found = _OFFSET.fullmatch(name)
    if found is None:
        return None
    hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    distance = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    return timezone(-distance if found[1] == "-" else distance)


def _day(year: str | None, month: str, day: str | None) -> datetime | None:
    """The day of three written parts, of which the longest, or the one with an apostrophe, is the year."""
    if year is not None and day is None:
        return _day(None, year, month)
    if year is None and day is not None and _is_year(day):
        year, day = day, None
    if _is_year(month) and month not in _MONTHS:
        year, month, day = month, day or "1", year
    if day is not None and _is_year(day):
        year, day = day, year
    if year is None:
        return None
    return datetime(_full(year), _MONTHS.get(month) or int(month.strip("'")), int(day or 1))


def _is_year(part: str) -> bool:
    return part.startswith("'") or len(part) > 2


def _full(year: str) -> int:
    """The year that two figures stand for."""
    number = int(year.strip("'"))
    return number if len(year.strip("'")) > 2 else number + (1900 if number >= 69 else 2000)


def _day_of_year(year: int, number: int) -> datetime:
    day = datetime(year, 1, 1) + timedelta(days=number - 1)
    if day.year != year:
        raise ValueError(number)
    return day
