"""Dates: read from what data holds, written in Ruby's strftime forms. No clock, no zone of the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from typing import Any

from babel.dates import get_day_names, get_month_names
from dateutil import parser as dateutil_parser  # type: ignore[import-untyped]  # ships no types

from mailweave.liquid.failures import FilterFailed

_LONGEST = 60  # characters of a text that may be a date
_DIRECTIVE = re.compile(r"%([-_0^#:]*)(\d*)([A-Za-z%+])")
_WIDEST = 100
_PLAUSIBLE = 1e11  # seconds from 1970; beyond, a number is no time


def moment(value: Any, zone: tzinfo | None) -> datetime | None:
    """The date and time that a value stands for; None when it is none.

    Texts, dates, and seconds since 1970 are read. An instant with a zone is shown in `zone`; a text
    that leaves the day or the year open is no date, for only a clock could fill it.

    >>> moment("2026-11-22", None)
    datetime.datetime(2026, 11, 22, 0, 0)
    >>> moment("10:30", None) is None
    True
    """
    if isinstance(value, datetime):
        return value.astimezone(zone) if zone and value.tzinfo else value
    if isinstance(value, date):
        return datetime.combine(value, time.min)
    if type(value) is int:
        return _since_1970(value, zone)
    return _read(value.strip(), zone) if isinstance(value, str) and len(value) <= _LONGEST else None


def of_day(value: str) -> datetime | None:
    """`moment` of a text like 2026-11-22, which no zone can move."""
    try:
        return datetime.fromisoformat(value)
    except ValueError:
        return moment(value, None)


def _since_1970(seconds: int, zone: tzinfo | None) -> datetime | None:
    if abs(seconds) > _PLAUSIBLE:
        return None
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)).astimezone(zone or UTC)


def _read(value: str, zone: tzinfo | None) -> datetime | None:
    if value.isascii() and value.isdigit() and len(value) != 8:
        return _since_1970(int(value), zone) if len(value) < 12 else None
    try:
        found = datetime.fromisoformat(value)
    except ValueError:
        found_loosely = _read_loosely(value)
        if found_loosely is None:
            return None
        found = found_loosely
    return found.astimezone(zone) if zone and found.tzinfo else found


def _read_loosely(value: str) -> datetime | None:
    """A date in words. It is read against two different days: where they show through, it is no date."""
    if not any(char.isdigit() for char in value):
        return None
    try:
        first = dateutil_parser.parse(value, default=datetime(2000, 1, 1))
        second = dateutil_parser.parse(value, default=datetime(2003, 2, 2))
    except (ValueError, OverflowError, TypeError, AttributeError):
        return None
    return first if first == second else None


def formatted(when: datetime, form: str, locale: str = "en") -> str:
    """A date in a strftime form, with Ruby's flags and widths, names in a locale.

    >>> formatted(datetime(2026, 3, 5, 14, 7), "%-d %B %Y, %H:%M")
    '5 March 2026, 14:07'
    >>> formatted(datetime(2026, 3, 5), "%A, %d. %B", "de")
    'Donnerstag, 05. März'
    """
    return "".join([part if type(part) is str else part(when) for part in _pattern(form, locale)])  # type: ignore[operator]  # a part that is no text is a function


Part = str | Callable[[datetime], str]


@lru_cache(maxsize=1_000)
def _pattern(form: str, locale: str) -> tuple[Part, ...]:
    """A form as texts and functions, read once."""
    parts: list[Part] = []
    at = 0
    for found in _DIRECTIVE.finditer(form):
        parts.append(form[at : found.start()])
        parts += _directive(found, locale)
        at = found.end()
    return tuple(part for part in (*parts, form[at:]) if part != "")


def _directive(found: re.Match[str], locale: str) -> tuple[Part, ...]:
    flags, width, letter = found[1], found[2], found[3]
    if letter in _COMPOSED:
        return _pattern(_COMPOSED[letter], locale)
    if letter in "zZ":
        return (lambda when: _zone(when, letter, flags),)
    if letter in _PLAIN and not flags and not width:
        return (_PLAIN[letter],)
    if letter in _NUMBERS:
        pad, standard, value = _NUMBERS[letter]
        return (_number(value, *_padding(flags, width or str(standard), pad)),)
    if letter in _NAMES:
        return (_name(_NAMES[letter](locale), flags, width),)
    if letter in _WORDS:
        word = _WORDS[letter]
        size, fill = _padding(flags, width, " ")
        return (lambda when: _cased(word(when), flags).rjust(size, fill),)
    return (found[0],)


def _padding(flags: str, width: str, pad: str) -> tuple[int, str]:
    """How wide a field is, and what fills it."""
    if "-" in flags or not width:
        return 0, pad
    if int(width[:6]) > _WIDEST:
        raise FilterFailed("the date would be too wide")
    return int(width), " " if "_" in flags else "0" if "0" in flags else pad


def _number(value: Callable[[datetime], int], width: int, fill: str) -> Part:
    if width < 2:
        return lambda when: str(value(when))
    return lambda when: str(value(when)).rjust(width, fill)


def _name(names: tuple[Callable[[datetime], int], Mapping[int, str]], flags: str, width: str) -> Part:
    """A name of a day or month, its wordings made beforehand."""
    number, wordings = names
    size, fill = _padding(flags, width, " ")
    ready = {key: _cased(wording, flags).rjust(size, fill) for key, wording in wordings.items()}
    return lambda when: ready[number(when)]


def _cased(text: str, flags: str) -> str:
    return text.upper() if "^" in flags else text.swapcase() if "#" in flags else text


def _zone(when: datetime, letter: str, flags: str) -> str:
    if letter == "Z":
        return when.tzname() or ""
    offset = when.strftime("%z") or "+0000"
    return f"{offset[:3]}:{offset[3:5]}" if ":" in flags else offset[:5]


_COMPOSED = {
    "D": "%m/%d/%y",
    "x": "%m/%d/%y",
    "F": "%Y-%m-%d",
    "T": "%H:%M:%S",
    "X": "%H:%M:%S",
    "R": "%H:%M",
    "r": "%I:%M:%S %p",
    "c": "%a %b %e %H:%M:%S %Y",
    "v": "%e-%^b-%Y",
    "+": "%a %b %e %H:%M:%S %Z %Y",
}


def _week(first_day: int) -> Callable[[datetime], int]:
    """The week of the year, the first one starting with its first Monday (1) or Sunday (0)."""

    def week(when: datetime) -> int:
        day = (when.weekday() + 1) % 7 if first_day == 0 else when.weekday()
        return (when.timetuple().tm_yday + 6 - day) // 7

    return week


def _epoch(when: datetime) -> int:
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


_NUMBERS: dict[str, tuple[str, int, Callable[[datetime], int]]] = {
    "Y": ("0", 1, lambda d: d.year),
    "C": ("0", 2, lambda d: d.year // 100),
    "y": ("0", 2, lambda d: d.year % 100),
    "m": ("0", 2, lambda d: d.month),
    "d": ("0", 2, lambda d: d.day),
    "e": (" ", 2, lambda d: d.day),
    "j": ("0", 3, lambda d: d.timetuple().tm_yday),
    "H": ("0", 2, lambda d: d.hour),
    "k": (" ", 2, lambda d: d.hour),
    "I": ("0", 2, lambda d: d.hour % 12 or 12),
    "l": (" ", 2, lambda d: d.hour % 12 or 12),
    "M": ("0", 2, lambda d: d.minute),
    "S": ("0", 2, lambda d: d.second),
    "u": ("0", 1, lambda d: d.isoweekday()),
    "w": ("0", 1, lambda d: d.isoweekday() % 7),
    "G": ("0", 4, lambda d: d.isocalendar().year),
    "g": ("0", 2, lambda d: d.isocalendar().year % 100),
    "V": ("0", 2, lambda d: d.isocalendar().week),
    "U": ("0", 2, _week(0)),
    "W": ("0", 2, _week(1)),
    "s": ("0", 1, _epoch),
}
_TWO = tuple(f"{number:02}" for number in range(100))
_PLAIN: dict[str, Callable[[datetime], str]] = {  # the commonest, made quick
    "Y": lambda d: str(d.year),
    "m": lambda d: _TWO[d.month],
    "d": lambda d: _TWO[d.day],
    "H": lambda d: _TWO[d.hour],
    "M": lambda d: _TWO[d.minute],
}
_NAMES: dict[str, Callable[[str], tuple[Callable[[datetime], int], Mapping[int, str]]]] = {
    "A": lambda locale: (datetime.weekday, get_day_names("wide", locale=locale)),
    "a": lambda locale: (datetime.weekday, get_day_names("abbreviated", locale=locale)),
    "B": lambda locale: (lambda d: d.month, get_month_names("wide", locale=locale)),
    "b": lambda locale: (lambda d: d.month, get_month_names("abbreviated", locale=locale)),
    "h": lambda locale: (lambda d: d.month, get_month_names("abbreviated", locale=locale)),
}
_WORDS: dict[str, Callable[[datetime], str]] = {
    "p": lambda d: "AM" if d.hour < 12 else "PM",
    "P": lambda d: "am" if d.hour < 12 else "pm",
    "L": lambda d: f"{d.microsecond // 1000:03}",
    "N": lambda d: f"{d.microsecond * 1000:09}",
    "n": lambda _: "\n",
    "t": lambda _: "\t",
    "%": lambda _: "%",
}
