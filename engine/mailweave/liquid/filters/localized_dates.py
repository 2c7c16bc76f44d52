"""Filters for dates and times, in the zone and the locale of whom they are written for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any

from babel import Locale
from babel.dates import DateTimePattern, format_timedelta, match_skeleton, parse_pattern

from mailweave.liquid import dates
from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters import costs
from mailweave.liquid.filters.localized import known
from mailweave.liquid.filters.number_shapes import local_digits
from mailweave.liquid.filters.quick import day
from mailweave.liquid.filters.relative_days import DAYS, NEAREST
from mailweave.liquid.filters.signature import DATE
from mailweave.liquid.filters.spec import Filter
from mailweave.liquid.locale_context import LocaleContext
from mailweave.liquid.strftime import formatted
from mailweave.liquid.values import plain
from mailweave.liquid.writing import string
from mailweave.values.locales import chain

_LENGTHS = frozenset({"short", "medium", "long", "full"})
_FIELDS = re.compile(r"'[^']*'|([A-Za-z])\1*")
_TIME = frozenset("hHkKmsSaBbjJC")
_SKELETON = re.compile(r"[GyMLEcdQwhHjmsazv]{1,24}")
_ORDER = "GyQMLEcdahHms"  # as skeletons are written
_LONGEST = 100  # characters of a pattern


def date(value: Any, form: Any, *, locale: Any = None, setting: LocaleContext) -> Any:
    """A date in a strftime form, or, by the names short, medium, long, full, as the campaign's locale
    writes it. "now" and "today" are the render's `now`. What is no date stays as it is.

    {{ "2026-03-05" | date: "%-d %B %Y" }} => 5 March 2026
    {{ "2026-03-05" | date: "long", locale: "de" }} => 5. März 2026
    {{ "soon" | date: "%Y" }} => soon
    """
    return _date(value, form, locale, setting, known(locale) if locale else "en")


def local_date(value: Any, form: Any, *, locale: Any = None, setting: LocaleContext) -> Any:
    """`date` of a campaign that asks for names in its locale: `%A` and `%B` follow it, too."""
    return _date(value, form, locale, setting, known(locale or setting.locale))


def _date(value: Any, form: Any, locale: Any, setting: LocaleContext, names: str) -> Any:
    pattern = string(form)
    when = _moment(value, setting) if pattern and value is not None else None
    if when is None:
        return plain(value)
    if pattern in _LENGTHS:
        return _written(when, f"date {pattern}", known(locale or setting.locale), setting.numerals)
    return formatted(when, pattern, names)


def time(value: Any, form: Any = "short", *, locale: Any = None, setting: LocaleContext) -> Any:
    """A time as the campaign's locale writes it, in the campaign's zone: short, or medium with its seconds.

    {{ "2026-03-05T14:07:09" | time: locale: "de" }} => 14:07
    {{ "2026-03-05T14:07:09" | time: "medium", locale: "pl" }} => 14:07:09
    """
    return _as(value, f"time {_one_of(form, ('short', 'medium'))}", locale, setting)


def datetime_(value: Any, form: Any = "medium", *, locale: Any = None, setting: LocaleContext) -> Any:
    """A date and its time as the campaign's locale writes them: short, or medium with the month as a word.

    {{ "2026-03-05T14:07" | datetime: locale: "de" }} => 05.03.2026, 14:07
    {{ "2026-03-05T14:07" | datetime: "short", locale: "fr" }} => 05/03/2026 14:07
    """
    return _as(value, f"datetime {_one_of(form, ('short', 'medium'))}", locale, setting)


def date_skeleton(value: Any, skeleton: Any, *, locale: Any = None, setting: LocaleContext) -> Any:
    """A date with the fields that a skeleton of CLDR names, in the order and with the signs of the locale.
    `j` is the hour as the locale counts hours.

    {{ "2026-03-05" | date_skeleton: "yMMMd" }} => Mar 5, 2026
    {{ "2026-03-05" | date_skeleton: "MMMMd", locale: "de" }} => 5. März
    {{ "2026-03-05T14:07" | date_skeleton: "MMMdjm", locale: "ja" }} => 3月5日 14:07
    """
    asked = string(skeleton)
    if not _SKELETON.fullmatch(asked):
        raise FilterFailed("this is no skeleton such as yMMMd")
    return _as(value, f"skeleton {asked}", locale, setting)


def date_pattern(value: Any, pattern: Any, *, locale: Any = None, setting: LocaleContext) -> Any:
    """A date in a pattern of CLDR, with the words of the locale; letters that stand for themselves are in quotes.

    {{ "2026-03-05" | date_pattern: "EEEE, d MMMM", locale: "fr" }} => jeudi, 5 mars
    """
    asked = string(pattern)
    if not 0 < len(asked) <= _LONGEST:
        raise FilterFailed("this is no pattern such as d MMMM y")
    return _as(value, f"pattern {asked}", locale, setting)


def relative_day(value: Any, *, locale: Any = None, setting: LocaleContext) -> Any:
    """A day as it lies from the day of `now`, in the campaign's zone: today, tomorrow, in 3 days.

    {{ "today" | relative_day: locale: "de" }} => heute
    """
    when = None if value is None else _moment(value, setting)
    if when is None:
        return plain(value)
    if setting.now is None:
        raise FilterFailed("this render has no `now`")
    here = dates.moment(setting.now, setting.zone) or setting.now
    return relative_days((when.date() - here.date()).days, known(locale or setting.locale), setting.numerals)


@lru_cache(maxsize=4096)
def relative_days(days: int, locale: str, numerals: str) -> str:
    """How so many days from today are said; of the past below zero.

    >>> relative_days(1, "fr", "locale"), relative_days(-3, "en", "locale")
    ('demain', '3 days ago')
    """
    words = next((DAYS[name] for name in chain(locale) if name in DAYS), None)
    if words is not None and abs(days) <= NEAREST and words[days + NEAREST]:
        return words[days + NEAREST]
    said = format_timedelta(
        timedelta(days=days), granularity="day", threshold=10**9, add_direction=True, locale=locale
    )
    return local_digits(said, locale, numerals)


def _as(value: Any, form: str, locale: Any, setting: LocaleContext) -> Any:
    when = None if value is None else _moment(value, setting)
    if when is None:
        return plain(value)
    return _written(when, form, known(locale or setting.locale), setting.numerals)


def _one_of(form: Any, names: tuple[str, ...]) -> str:
    name = string(form)
    if name not in names:
        raise FilterFailed(f"the form is none of {', '.join(names)}")
    return name


def _moment(value: Any, setting: LocaleContext) -> datetime | None:
    if isinstance(value, str) and value.lower() in ("now", "today"):
        if setting.now is None:
            raise FilterFailed("this render has no `now`")
        value = setting.now
    return dates.moment(value, setting.zone)


@lru_cache(maxsize=8192)
def _written(when: datetime, form: str, locale: str, numerals: str) -> str:
    kind, _, name = form.partition(" ")
    return local_digits(_KINDS[kind](name, locale).apply(when, locale), locale, numerals)


@lru_cache(maxsize=1024)
def _by_length(kind: str, name: str, locale: str) -> DateTimePattern:
    known_locale = Locale.parse(locale)
    if kind == "datetime":
        day, hour = known_locale.date_formats[name].pattern, known_locale.time_formats["short"].pattern
        return parse_pattern(known_locale.datetime_formats[name].replace("{1}", day).replace("{0}", hour))
    formats = known_locale.date_formats if kind == "date" else known_locale.time_formats
    found: DateTimePattern = formats[name]
    return found


@lru_cache(maxsize=1024)
def _by_skeleton(skeleton: str, locale: str) -> DateTimePattern:
    known_locale = Locale.parse(locale)
    skeleton = skeleton.replace("j", _hour(known_locale))
    found = _matched(skeleton, known_locale)
    if found is None:
        found = _joined(skeleton, known_locale)
    if found is None:
        raise FilterFailed("this locale has no pattern for such a skeleton")
    return parse_pattern(found)


def _hour(locale: Locale) -> str:
    return "H" if "H" in locale.time_formats["short"].pattern else "h"


def _matched(skeleton: str, locale: Locale) -> str | None:
    """The pattern for the same fields, with words as long as they are asked for."""
    patterns = _patterns(locale)
    name = match_skeleton(skeleton.replace("a", ""), patterns)
    if name is None:
        return None
    asked = {found[1]: found[0] for found in _FIELDS.finditer(skeleton)}

    def widened(found: re.Match[str]) -> str:
        letter = found[1]
        wanted = asked.get({"L": "M", "c": "E"}.get(letter or "", letter or ""), "")
        is_word = len(found[0]) >= 3 or letter in ("E", "c")
        return (letter * len(wanted)) if is_word and len(wanted) >= 3 else found[0]

    return _FIELDS.sub(widened, patterns[name])


def _patterns(locale: Locale) -> dict[str, str]:
    """The patterns of a locale by their skeletons: those of dates by length, where no other has the same fields."""
    lengths = [str(one.pattern) for one in locale.date_formats.values()]
    listed = {name: str(one.pattern) for name, one in locale.datetime_skeletons.items()}
    return {_skeleton(pattern): pattern for pattern in lengths} | listed


def _skeleton(pattern: str) -> str:
    """The fields of a pattern, in CLDR's order."""
    found = {one[1]: one[0] for one in _FIELDS.finditer(pattern) if one[1]}
    return "".join(found[letter] for letter in _ORDER if letter in found)


def _joined(skeleton: str, locale: Locale) -> str | None:
    """A date and a time that have a pattern each, as the locale joins them."""
    day = "".join(letter for letter in skeleton if letter not in _TIME)
    hour = "".join(letter for letter in skeleton if letter in _TIME)
    parts = (_matched(day, locale), _matched(hour, locale)) if day and hour else (None, None)
    if parts[0] is None or parts[1] is None:
        return None
    length = "long" if "MMMM" in day else "medium" if "MMM" in day else "short"
    if length == "long" and "E" in day:
        length = "full"
    return str(locale.datetime_formats[length]).replace("{1}", parts[0]).replace("{0}", parts[1])


def _by_pattern(pattern: str, locale: str) -> DateTimePattern:
    try:
        return parse_pattern(pattern)
    except (ValueError, KeyError):
        raise FilterFailed("this is no pattern such as d MMMM y") from None


_KINDS: dict[str, Callable[[str, str], DateTimePattern]] = {
    "date": lambda name, locale: _by_length("date", name, locale),
    "time": lambda name, locale: _by_length("time", name, locale),
    "datetime": lambda name, locale: _by_length("datetime", name, locale),
    "skeleton": _by_skeleton,
    "pattern": _by_pattern,
}

LOCAL_DATE = Filter("date", local_date, costs.formatted, setting=True, takes=DATE)
"""`date` where the campaign says `date_names = "locale"`."""

FILTERS = (
    Filter("date", date, costs.formatted, setting=True, quick=day, takes=DATE),
    Filter("time", time, setting=True, takes=DATE),
    Filter("datetime", datetime_, setting=True, takes=DATE),
    Filter("date_skeleton", date_skeleton, setting=True, takes=DATE),
    Filter("date_pattern", date_pattern, setting=True, takes=DATE),
    Filter("relative_day", relative_day, setting=True, takes=DATE),
)
