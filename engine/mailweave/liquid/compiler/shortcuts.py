"""Filters that have a faster form for the commonest values, with the same result."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING, Any

from liquid.builtin.expressions.arguments import KeywordArgument
from liquid.builtin.expressions.filtered import Filter as FilterCall

from mailweave.liquid import dates
from mailweave.liquid.compiler.fold import ISO_DAY
from mailweave.liquid.failures import FilterFailed
from mailweave.liquid.filters.places import money, money_writer
from mailweave.liquid.filters.spec import FREE, Filter
from mailweave.liquid.labels import is_inert
from mailweave.liquid.setting import Setting, setting_of
from mailweave.values.memo import Memo

if TYPE_CHECKING:
    from mailweave.liquid.compiler.expressions import Expressions

_SMALL = 1 << 30
_WIDE = re.compile(r"%[^A-Za-z%]*\d")  # a field with a width is paid for


@dataclass(frozen=True, slots=True)
class Recalled:
    """A pure function of one value: where `test` holds, of what stands in `variable`; else there is `general`.

    `key` is the same for the same function.
    """

    key: str
    run: Callable[[Any], Any]
    test: str
    variable: str
    general: str


class Call:
    """One use of a filter while it is compiled."""

    def __init__(self, compiler: Expressions, spec: Filter, subject: str, step: FilterCall) -> None:
        self.compiler, self.spec, self.subject, self.step = compiler, spec, subject, step

    @cached_property
    def arguments(self) -> list[str]:
        """Source of the arguments."""
        made = []
        for arg in self.step.args:
            code = self.compiler.value(arg.value)
            if isinstance(arg, KeywordArgument):
                if not arg.name.isidentifier() or not arg.name.isascii():
                    return ["lost()"]
                code = f"**{{{arg.name!r}: {code}}}"
            made.append(code)
        return made

    @cached_property
    def fixed(self) -> tuple[list[Any], dict[str, Any]] | None:
        """The arguments' values, when they are known now."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for arg in self.step.args:
            known, value = self.compiler.folder.known(arg.value, self.compiler.unit)
            if not known:
                return None
            if isinstance(arg, KeywordArgument):
                named[arg.name] = value
            else:
                positional.append(value)
        return positional, named

    def only(self, *types: type) -> Any:
        """The single fixed argument, when it is of one of these types; else None."""
        if self.fixed is None or self.fixed[1] or len(self.fixed[0]) != 1:
            return None
        value = self.fixed[0][0]
        return value if type(value) in types else None

    def general(self, subject: str) -> str:
        return self.compiler.called(self.spec, subject, self.arguments)

    def chosen(self, test: str, quick: str, subject: str, *, inert: bool) -> str:
        """`quick` when `test` holds, else the general call, which is rare; `inert`: `quick` needs no escaping."""
        general = self.compiler.called(self.spec, subject, self.arguments, is_rare=True)
        code = f"({quick} if {test} else {general})"
        if inert:
            self.compiler.inert[code] = (test, quick, general)
        return code

    def recalled(self, key: str, run: Callable[[str], str]) -> str:
        """`run` for short texts, else the general call; what is written is remembered by the text."""
        compiler, t = self.compiler, self.compiler.temporary()
        test, general = f"type({t} := {self.subject}) is str and len({t}) < {FREE}", self.general(t)
        code = f"({compiler.names.constant(run, 'F', self.spec.name)}({t}) if {test} else {general})"
        compiler.recalled[code] = Recalled(key, run, test, t, general)
        return code

    def guarded(self, condition: str, quick: str) -> str:
        """`quick` when `condition` holds for the subject, else the general call; `VALUE` is the subject."""
        t = self.compiler.temporary()
        condition = condition.replace("VALUE", f"({t} := {self.subject})", 1).replace("VALUE", t)
        return f"({quick.replace('VALUE', t)} if {condition} else {self.general(t)})"


def _method(name: str) -> Callable[[Call], str | None]:
    def shortcut(call: Call) -> str | None:
        if call.step.args:
            return None
        return call.guarded(f"type(VALUE) is str and len(VALUE) < {FREE}", f"VALUE.{name}()")

    return shortcut


def _truncate(call: Call) -> str | None:
    length = call.only(int)
    if length is None or length < 3:
        return None
    most = length if call.compiler.ours else length - 1

    def cut(value: str) -> str:
        return value if len(value) <= most else value[: length - 3] + "..."

    return call.recalled(f"truncate {length}", cut)


def _default(call: Call) -> str | None:
    if len(call.step.args) != 1 or isinstance(call.step.args[0], KeywordArgument):
        return None
    if call.fixed is None and call.compiler.dialect.undefined != "lenient":
        return None  # a missing name is an error there even where it is not needed
    return call.guarded("type(VALUE) is str and VALUE", "VALUE")


def _arithmetic(operator: str) -> Callable[[Call], str | None]:
    def shortcut(call: Call) -> str | None:
        if len(call.step.args) != 1 or isinstance(call.step.args[0], KeywordArgument):
            return None
        fixed = call.only(int)
        if fixed is not None and abs(fixed) < _SMALL:
            return call.guarded(_small("VALUE", call), f"(VALUE {operator} {fixed})")
        t, u = call.compiler.temporary(), call.compiler.temporary()
        general = call.compiler.called(call.spec, t, [u])
        both = (
            f"(({t} := {call.subject}), ({u} := {call.arguments[0]})) and {_whole(u)} and ({_small(t, call)})"
        )
        return f"(({t} {operator} {u}) if {both} else {general})"

    return shortcut


def _whole(name: str) -> str:
    return f"type({name}) is int and -{_SMALL} < {name} < {_SMALL}"


def _small(name: str, call: Call) -> str:
    """A test for numbers that Python's operators combine with a whole number as the filter does, for nothing."""
    if not call.compiler.ours:
        return _whole(name)
    decimal = call.compiler.names.constant(Decimal, "D")
    return f"{_whole(name)} or type({name}) is {decimal} and {name}.is_finite() and {name}.adjusted() < 16"


def _size(call: Call) -> str | None:
    if call.step.args:
        return None
    return call.guarded("type(VALUE) is list or type(VALUE) is str", "len(VALUE)")


def _date(call: Call) -> str | None:
    """A day in a fixed form is remembered: it reads the same at all times and places.

    The forms that have names are not fixed: they follow the locale.
    """
    form = call.only(str)
    if not form or "%" not in form or _WIDE.search(form):
        return None
    if "%s" in form or "Z" in form.upper() or "%+" in form or "%c" in form:
        return None
    ours, run = call.compiler.ours, call.spec.run

    def of_day(value: str) -> str | None:
        if not is_day(value):
            return None
        day = dates.of_day(value) if ours else None
        return dates.formatted(day, form) if day else run(value, form, setting=Setting())

    is_day = ISO_DAY.fullmatch
    names, t, u = call.compiler.names, call.compiler.temporary(), call.compiler.temporary()
    kept = names.constant(Memo(of_day), "M", "date")
    test = f"type({t} := {call.subject}) is str and len({t}) == 10 and ({u} := {kept}[{t}]) is not None"
    return call.chosen(test, u, t, inert=is_inert(form))  # names of days and months are letters


def _amount(call: Call) -> str | None:
    """An amount as a campaign of one locale and currency writes it: both are looked up now."""
    compiler = call.compiler
    if call.fixed is None or "campaign" not in compiler.constants:
        return None
    setting = setting_of(compiler.constants["campaign"], None)  # amounts read the same at all times
    key = f"{call.spec.name} {call.fixed}"
    if key not in compiler.memos:
        compiler.memos[key] = _writer(call.spec, *call.fixed, setting)
    write = compiler.names.constant(compiler.memos[key], "M", call.spec.name)
    t, decimal = compiler.temporary(), compiler.names.constant(Decimal, "D")
    is_amount = f"type({t} := {call.subject}) is {decimal} or type({t}) is int"
    return call.chosen(is_amount, f"{write}({t})", t, inert=_writes_inertly(compiler.memos[key]))


def _writes_inertly(write: Callable[[Any], Any]) -> bool:
    """Whether amounts come out as signs that no escaper changes; all are made of the same ones."""
    try:
        return all(is_inert(str(write(sign * Decimal("9876543210.5")))) for sign in (1, -1))
    except FilterFailed:
        return False


def _writer(
    spec: Filter, positional: list[Any], named: dict[str, Any], setting: Setting
) -> Callable[[Any], Any]:
    if spec.run is money and len(positional) < 2 and not named:
        with suppress(FilterFailed):  # it fails for each recipient then, and says where
            return money_writer(positional[0] if positional else None, setting)
    return Memo(lambda amount: spec.run(amount, *positional, setting=setting, **named)).__getitem__


AMOUNTS = frozenset({"money", "number", "percent"})
"""Filters that read the same at all times, in a campaign whose locale and currency are known."""

SHORTCUTS: dict[str, Callable[[Call], str | None]] = {
    "upcase": _method("upper"),
    "downcase": _method("lower"),
    "capitalize": _method("capitalize"),
    "strip": _method("strip"),
    "lstrip": _method("lstrip"),
    "rstrip": _method("rstrip"),
    "truncate": _truncate,
    "default": _default,
    "plus": _arithmetic("+"),
    "minus": _arithmetic("-"),
    "times": _arithmetic("*"),
    "size": _size,
    "date": _date,
    "money": _amount,
    "number": _amount,
    "percent": _amount,
}
