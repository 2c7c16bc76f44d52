"""Filters that are applied: a quick form where there is one, what is remembered, or the general call."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property
from typing import Any

from mailweave.liquid.emit.emission import Emission, Quick
from mailweave.liquid.filters.spec import FREE, Filter, placed, placed_alone
from mailweave.liquid.ir.expressions import Const, Expression, Step, passed
from mailweave.liquid.runtime import charged
from mailweave.values.bounded_cache import Memo

Value = Callable[[Expression], str]


class Call:
    """One use of a filter."""

    def __init__(self, e: Emission, spec: Filter, subject: str, step: Step, value: Value) -> None:
        self.e, self.spec, self.subject, self.step, self._value = e, spec, subject, step, value
        self.constants, self.memos, self.lenient = e.constants, e.memos, not e.marks_missing
        self.temporary, self.constant = e.temporary, e.names.constant
        self.has_none = not step.arguments
        self.has_one = len(step.arguments) == 1 and not step.arguments[0].name

    @cached_property
    def arguments(self) -> list[str]:
        """Source of the arguments."""
        made = []
        for one in self.step.arguments:
            code = self._value(one.value)
            if one.name and not (one.name.isidentifier() and one.name.isascii()):
                return ["lost()"]
            made.append(f"**{{{one.name!r}: {code}}}" if one.name else code)
        return made

    @cached_property
    def fixed(self) -> tuple[list[Any], dict[str, Any]] | None:
        """The arguments' values, when they are known now."""
        if not all(isinstance(one.value, Const) for one in self.step.arguments):
            return None
        return passed(self.step.arguments, lambda one: one.value)  # type: ignore[union-attr]  # each is known

    def only(self, *types: type) -> Any:
        """The single fixed argument, when it is of one of these types; else None."""
        if self.fixed is None or self.fixed[1] or len(self.fixed[0]) != 1:
            return None
        return self.fixed[0][0] if type(self.fixed[0][0]) in types else None

    def general(self, subject: str, arguments: list[str] | None = None, *, is_rare: bool = False) -> str:
        """The call itself; a rare one works out its setting when it comes to it."""
        e, spec, given = self.e, self.spec, [subject, *(arguments or self.arguments)]
        if spec.setting and is_rare:
            given.append(f"setting={setting_code(e)}")
        elif spec.setting:
            given.append("setting=setting")
        if spec.cost is None:
            return f"{e.names.constant(spec.run, 'F', spec.name)}({', '.join(given)})"
        return f"{e.names.constant(charged(spec), 'F', spec.name)}(meter, {', '.join(given)})"

    def chosen(self, test: str, quick: str, subject: str, *, inert: bool) -> str:
        """`quick` when `test` holds, else the general call, which is rare; `inert`: `quick` needs no escaping."""
        general = self.general(subject, is_rare=True)
        return self.quickly(Quick(test, quick, general), quick, is_kept=inert)

    def recalled(self, key: str, run: Callable[[str], str]) -> str:
        """`run` for short texts, else the general call; what is written is remembered by the text."""
        t = self.temporary()
        test, general = f"type({t} := {self.subject}) is str and len({t}) < {FREE}", self.general(t)
        return self.quickly(
            Quick(test, t, general, key, run), f"{self.constant(run, 'F', self.spec.name)}({t})"
        )

    def quickly(self, quick: Quick, code: str, *, is_kept: bool = True) -> str:
        """Source with a quick way, which outputs know of when it `is_kept`."""
        made = f"({code} if {quick.test} else {quick.general})"
        if is_kept:
            self.e.quick[made] = quick
        return made

    def guarded(self, condition: str, quick: str) -> str:
        """`quick` when `condition` holds for the subject, else the general call; `VALUE` is the subject."""
        t = self.temporary()
        condition = condition.replace("VALUE", f"({t} := {self.subject})", 1).replace("VALUE", t)
        return f"({quick.replace('VALUE', t)} if {condition} else {self.general(t)})"


def setting_code(e: Emission) -> str:
    """The moment and the place of the render."""
    campaign = "C_campaign" if "campaign" in e.constants else "data.get('campaign')"
    return f"setting_of({campaign}, now)"


def filtered(e: Emission, code: str, step: Step, value: Value) -> str:
    """A filter applied to what `code` gives; `value` makes the source of its arguments."""
    spec = e.dialect.filters[step.name]
    if spec.own:
        spec = replace(spec, run=placed(spec.run, step.at))
    call = Call(e, spec, code, step, value)
    quick = spec.quick(call) if spec.quick is not None else None
    if quick is not None:
        return quick
    if spec.own and call.fixed is not None:
        return _remembered(call)
    return call.general(code)


def _remembered(call: Call) -> str:
    """A caller's own filter is pure: its results for texts and whole numbers are kept."""
    assert call.fixed is not None
    run, (positional, named) = call.e.dialect.filters[call.step.name].run, call.fixed

    def late(given: Any) -> Any:
        return run(given, *positional, **named)

    alone = placed_alone(late if positional or named else run, call.step.at)
    kept = call.constant(Memo(alone), "M", call.spec.name)
    t = call.temporary()
    general = call.general(t)
    test = f"type({t} := {call.subject}) is int or type({t}) is str"
    key = f"{call.spec.name} {positional} {named}"
    return call.quickly(Quick(test, t, general, key, alone), f"{kept}[{t}]")
