"""Dates written in Ruby's strftime forms, with its flags and widths. No clock, no zone of the machine."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache

from babel.dates import get_day_names, get_month_names

from mailweave.liquid.failures import FilterFailed

_DIRECTIVE = re.compile(r"%([-_0^#]*)(\d*)([EO]?|:{0,3})([A-Za-z%+])", re.ASCII)
_UNFINISHED = re.compile(r"%[-_0^#]*\d*\Z", re.ASCII)
_ALTERNATIVE = {"E": "cCxXyY", "O": "deHkIlmMSuUVwWy"}  # letters that a modifier may stand before
_WIDEST = 100

Part = str | Callable[[datetime], str]


def formatted(when: datetime, form: str, locale: str = "en") -> str:
    """A date in a strftime form, with Ruby's flags and widths, names in a locale.

    Raises `FilterFailed` for a form that ends within a directive, or asks for too wide a field.

    >>> formatted(datetime(2026, 3, 5, 14, 7), "%-d %B %Y, %H:%M")
    '5 March 2026, 14:07'
    >>> formatted(datetime(2026, 3, 5), "%A, %d. %B", "de")
    'Donnerstag, 05. März'
    """
    return "".join([part if type(part) is str else part(when) for part in _pattern(form, locale)])  # type: ignore[operator]  # a part that is no text is a function


@lru_cache(maxsize=1_000)
def _pattern(form: str, locale: str) -> tuple[Part, ...]:
    """A form as texts and functions, read once."""
    parts: list[Part] = []
    at = 0
    for found in _DIRECTIVE.finditer(form):
        parts.append(form[at : found.start()])
        parts += _directive(found, locale)
        at = found.end()
    if _UNFINISHED.search(form, at):
        raise FilterFailed("the form of the date ends within a directive")
    return tuple(part for part in (*parts, form[at:]) if part != "")


def _directive(found: re.Match[str], locale: str) -> tuple[Part, ...]:
    flags, width, modifier, letter = found.groups()
    if modifier and not (letter == "z" if ":" in modifier else letter in _ALTERNATIVE[modifier]):
        return (found[0],)
    if letter in _PLAIN and not flags and not width:
        return (_PLAIN[letter],)
    if letter in _COMPOSED:
        return _composed(letter, flags, width, locale)
    if letter in _NUMBERS:
        pad, standard, value = _NUMBERS[letter]
        return (_number(value, *_padding(flags, width or str(standard), pad)),)
    size, fill = _padding(flags, width, " ")
    if letter in _NAMES:
        return (_name(_NAMES[letter](locale), flags, size, fill),)
    if letter in _FRACTIONS:
        digits = int(width) if width and size >= 0 else _FRACTIONS[letter]
        return (lambda when: f"{when.microsecond:06}".ljust(digits, "0")[:digits],)
    if letter == "z":
        return (lambda when: _offset(when, len(modifier), int(width or 0), flags),)
    if letter in _WORDS:
        word = _WORDS[letter]
        return (lambda when: _cased(word(when), flags, str.lower).rjust(size, fill),)
    return (found[0],)


def _composed(letter: str, flags: str, width: str, locale: str) -> tuple[Part, ...]:
    """What is made of other directives is a word with its own width."""
    pattern = _COMPOSED[letter]
    if not flags and not width:
        return _pattern(pattern, locale)
    size, fill = _padding(flags, width, " ")
    return (lambda when: _cased(formatted(when, pattern, locale), flags, str).rjust(size, fill),)


def _padding(flags: str, width: str, pad: str) -> tuple[int, str]:
    """How wide a field is, and what fills it."""
    if width and int(width[:6]) > _WIDEST:
        raise FilterFailed("the date would be too wide")
    if "-" in flags or not width:
        return 0, pad
    fills = [flag for flag in flags if flag in "_0"]
    return int(width), pad if not fills else " " if fills[-1] == "_" else "0"


def _number(value: Callable[[datetime], int], width: int, fill: str) -> Part:
    if width < 2:
        return lambda when: str(value(when))
    return lambda when: str(value(when)).rjust(width, fill)


def _name(
    names: tuple[Callable[[datetime], int], Mapping[int, str]], flags: str, size: int, fill: str
) -> Part:
    """A name of a day or month, its wordings made beforehand."""
    number, wordings = names
    ready = {key: _cased(wording, flags, str.upper).rjust(size, fill) for key, wording in wordings.items()}
    return lambda when: ready[number(when)]


def _cased(text: str, flags: str, changed: Callable[[str], str]) -> str:
    """A word in upper case, or in the other case, which is not the same one for all words."""
    return text.upper() if "^" in flags else changed(text) if "#" in flags else text


def _offset(when: datetime, colons: int, width: int, flags: str) -> str:
    """The distance from UTC: +0100, +01:00, +01:00:00, or with three colons as short as it can be."""
    seconds = int((when.utcoffset() or timedelta()).total_seconds())
    hours, minutes, rest = abs(seconds) // 3600, abs(seconds) // 60 % 60, abs(seconds) % 60
    tail = ("", f"{minutes:02}") if colons == 0 else ("", f":{minutes:02}", f":{minutes:02}:{rest:02}")
    chosen = max(colons, 1) if colons < 3 else 2 if rest else 1 if minutes else 0
    behind, sign = tail[chosen], "-" if seconds < 0 else "+"
    room = max(width - len(behind), 3)
    if "_" in flags:
        return f"{sign}{hours}".rjust(room) + behind
    return sign + str(hours).rjust(room - 1, "0") + behind


def _zone_name(when: datetime) -> str:
    """A zone that is only a distance has no name."""
    if when.tzinfo is None or when.tzinfo is UTC:
        return "UTC"
    return "" if isinstance(when.tzinfo, timezone) else when.tzname() or ""


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
}
_FRACTIONS = {"L": 3, "N": 9}


def _week(first_day: int) -> Callable[[datetime], int]:
    """The week of the year, the first one starting with its first Monday (1) or Sunday (0)."""

    def week(when: datetime) -> int:
        day = (when.weekday() + 1) % 7 if first_day == 0 else when.weekday()
        return (when.timetuple().tm_yday + 6 - day) // 7

    return week


def _epoch(when: datetime) -> int:
    return int((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp())


_NUMBERS: dict[str, tuple[str, int, Callable[[datetime], int]]] = {
    "Y": ("0", 4, lambda d: d.year),
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
    "Y": lambda d: f"{d.year:04}",
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
    "Z": _zone_name,
    "n": lambda _: "\n",
    "t": lambda _: "\t",
    "%": lambda _: "%",
}
