"""Faster forms of filters for the commonest values, with the same result: Python source in generated code."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from decimal import Decimal
from typing import Any, Protocol

from mailweave.liquid import dates
from mailweave.liquid.escapers.openings import safe_in_text
from mailweave.liquid.escapers.text import html_text
from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters.spec import FREE, Filter
from mailweave.liquid.locale_context import LocaleContext, setting_of
from mailweave.liquid.strftime import formatted
from mailweave.values.bounded_cache import Memo

ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SMALL = 1 << 30
_SOME_DAY = dt.datetime(2026, 9, 30)
_WIDE = re.compile(r"%[^A-Za-z%]*\d")  # a field with a width is paid for

Convert = Callable[[Any], Any]


class Use(Protocol):
    """One use of a filter in a template, as the emitter knows it.

    `subject`: the source of its value. `fixed`: the values of its arguments, when they are known now.
    """

    @property
    def spec(self) -> Filter: ...
    @property
    def subject(self) -> str: ...
    @property
    def arguments(self) -> list[str]: ...
    @property
    def fixed(self) -> tuple[list[Any], dict[str, Any]] | None: ...
    @property
    def has_one(self) -> bool: ...
    @property
    def has_none(self) -> bool: ...
    @property
    def lenient(self) -> bool: ...
    @property
    def constants(self) -> Mapping[str, Any]: ...
    @property
    def memos(self) -> dict[str, Convert]: ...
    def only(self, *types: type) -> Any: ...
    def temporary(self) -> str: ...
    def constant(self, value: object, prefix: str = "K", hint: str = "") -> str: ...
    def general(self, subject: str, arguments: list[str] | None = None) -> str: ...
    def chosen(self, test: str, quick: str, subject: str, *, inert: bool) -> str: ...
    def recalled(self, key: str, run: Callable[[str], str]) -> str: ...
    def guarded(self, condition: str, quick: str) -> str: ...


Quick = Callable[[Any], str | None]
"""Makes the source for a `Use`; None where it has no faster form."""


def method(name: str, given: str = "") -> Quick:
    """A method of a text; `given` is what it takes."""

    def shortcut(use: Use) -> str | None:
        if not use.has_none:
            return None
        return use.guarded(f"type(VALUE) is str and len(VALUE) < {FREE}", f"VALUE.{name}({given})")

    return shortcut


def cut_short(use: Use) -> str | None:
    length = use.only(int)
    if length is None or length < 3:
        return None

    def cut(value: str) -> str:
        return value if len(value) <= length else value[: length - 3] + "..."

    return use.recalled(f"truncate {length}", cut)


def fallback(use: Use) -> str | None:
    if not use.has_one:
        return None
    if use.fixed is None and not use.lenient:
        return None  # a missing name is an error there even where it is not needed
    return use.guarded("type(VALUE) is str and VALUE", "VALUE")


def arithmetic(operator: str) -> Quick:
    def shortcut(use: Use) -> str | None:
        if not use.has_one:
            return None
        fixed = use.only(int)
        if fixed is not None and abs(fixed) < _SMALL:
            return use.guarded(_small("VALUE", use), f"(VALUE {operator} {fixed})")
        t, u = use.temporary(), use.temporary()
        general = use.general(t, [u])
        both = f"(({t} := {use.subject}), ({u} := {use.arguments[0]})) and {_whole(u)} and ({_small(t, use)})"
        return f"(({t} {operator} {u}) if {both} else {general})"

    return shortcut


def _whole(name: str) -> str:
    return f"type({name}) is int and -{_SMALL} < {name} < {_SMALL}"


def _small(name: str, use: Use) -> str:
    """A test for numbers that Python's operators combine with a whole number as the filter does, for nothing."""
    decimal = use.constant(Decimal, "D")
    return f"{_whole(name)} or type({name}) is {decimal} and {name}.is_finite() and {name}.adjusted() < 16"


def length(use: Use) -> str | None:
    if not use.has_none:
        return None
    return use.guarded("type(VALUE) is list or type(VALUE) is str", "len(VALUE)")


def day(use: Use) -> str | None:
    """A day in a fixed form is remembered: it reads the same at all times and places.

    The forms that have names are not fixed: they follow the locale.
    """
    form = use.only(str)
    if not form or "%" not in form or _WIDE.search(form):
        return None
    if "%s" in form or "Z" in form.upper() or "%+" in form or "%c" in form:
        return None
    run = use.spec.run

    def of_day(value: str) -> str | None:
        if not is_day(value):
            return None
        day = dates.of_day(value)
        return formatted(day, form) if day else run(value, form, setting=LocaleContext())

    is_day = ISO_DAY.fullmatch
    t, u = use.temporary(), use.temporary()
    kept = use.constant(Memo(of_day), "M", "date")
    test = f"type({t} := {use.subject}) is str and len({t}) == 10 and ({u} := {kept}[{t}]) is not None"
    return use.chosen(test, u, t, inert=_reads_inertly(form))


def _reads_inertly(form: str) -> bool:
    """Whether days come out as signs that no escaper changes: they differ in letters and digits alone."""
    try:
        return is_inert(formatted(_SOME_DAY, form))
    except FilterFailed:
        return False


def amount(writer: Callable[[Any, LocaleContext], Convert] | None = None) -> Quick:
    """An amount as a campaign of one locale and currency writes it: both are looked up now."""

    def shortcut(use: Use) -> str | None:
        if use.fixed is None or "campaign" not in use.constants:
            return None
        key = f"{use.spec.name} {use.fixed}"
        if key not in use.memos:
            setting = setting_of(use.constants["campaign"], None)  # amounts read the same at all times
            use.memos[key] = _writer(use.spec, *use.fixed, setting, writer)
        write = use.constant(use.memos[key], "M", use.spec.name)
        t, decimal = use.temporary(), use.constant(Decimal, "D")
        is_amount = f"type({t} := {use.subject}) is {decimal} or type({t}) is int"
        return use.chosen(is_amount, f"{write}({t})", t, inert=_writes_inertly(use.memos[key]))

    return shortcut


def _writes_inertly(write: Convert) -> bool:
    """Whether amounts come out as signs that no escaper changes; all are made of the same ones."""
    try:
        return all(is_inert(str(write(sign * Decimal("9876543210.5")))) for sign in (1, -1))
    except FilterFailed:
        return False


def _writer(
    spec: Filter,
    positional: list[Any],
    named: dict[str, Any],
    setting: LocaleContext,
    writer: Callable[[Any, LocaleContext], Convert] | None,
) -> Convert:
    if writer is not None and len(positional) < 2 and not named:
        with suppress(FilterFailed):  # it fails for each recipient then, and says where
            return writer(positional[0] if positional else None, setting)
    return Memo(lambda amount: spec.run(amount, *positional, setting=setting, **named)).__getitem__


def is_inert(text: str) -> bool:
    """Whether a text is the same as HTML and as plain text.

    >>> is_inert("$1,234.50"), is_inert("a < b")
    (True, False)
    """
    return html_text(text) == text == safe_in_text(text)
