"""The interpreter: python-liquid's tree, run in a context that is metered and has no clock."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import partial
from io import StringIO
from typing import Any, TextIO

from liquid.context import RenderContext
from liquid.exceptions import UnknownFilterError
from liquid.template import BoundTemplate
from liquid.token import Token
from liquid.undefined import UNDEFINED
from liquid.utils import ReadOnlyChainMap

from mailweave.liquid.budget import Meter
from mailweave.liquid.dialect import Dialect, OurEnvironment
from mailweave.liquid.failures import MissingVariable
from mailweave.liquid.filters.spec import call
from mailweave.liquid.setting import Setting, setting_of


class Output(StringIO):
    """The result, counted while it is written."""

    def __init__(self, meter: Meter, room: int) -> None:
        super().__init__()
        self._meter, self._room = meter, room

    def write(self, text: str) -> int:
        self._room -= len(text)
        if self._room < 0:
            raise self._meter.over_output()
        return super().write(text)


class Captured(Output):
    """Text that stays in memory; paid for when it is read."""

    def write(self, text: str) -> int:
        self._room -= len(text)
        if self._room < 0:
            raise self._meter.over_capture()
        return StringIO.write(self, text)

    def getvalue(self) -> str:
        value = super().getvalue()
        self._meter.allocate(len(value))
        return value


class Clock(Mapping[str, object]):
    """`now` and `today`: the render's, never the machine's."""

    def __init__(self, now: datetime | None) -> None:
        self._names: dict[str, object] = {} if now is None else {"now": now, "today": now.date()}

    def __getitem__(self, key: str) -> object:
        return self._names[key]

    def __len__(self) -> int:
        return len(self._names)

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)


class Context(RenderContext):
    """A render context that charges a meter and takes its meaning from a dialect."""

    __slots__ = ("dialect", "meter", "moment")

    dialect: Dialect
    meter: Meter
    moment: datetime | None

    def bound(self, dialect: Dialect, meter: Meter, moment: datetime | None) -> Context:
        """This context with what python-liquid's constructor has no place for."""
        self.dialect, self.meter, self.moment = dialect, meter, moment
        self.scope = ReadOnlyChainMap(self.locals, self.globals, Clock(moment), self.counters)
        return self

    def copy(self, *args: Any, **named: Any) -> Context:
        made = super().copy(*args, **named)
        assert isinstance(made, Context)
        return made.bound(self.dialect, self.meter, self.moment)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        spec = self.dialect.filters.get(name)
        if spec is None:
            raise UnknownFilterError(f"unknown filter '{name}'", token=token)
        if spec.setting:
            return partial(call, spec, self.meter, setting=self.setting())
        return partial(call, spec, self.meter)

    def setting(self) -> Setting:
        campaign = self.globals.get("campaign")
        return setting_of(campaign, self.moment)

    def get_buffer(self, buf: TextIO | None = None) -> StringIO:
        return Captured(self.meter, self.dialect.budget.allocation)

    def get_item(self, obj: Any, key: Any) -> Any:
        if self.dialect.nil_for_missing:
            return self.dialect.operators.item(obj, key)
        return super().get_item(obj, key)

    def parentloop(self) -> object:
        if not self.dialect.nil_for_missing:
            return super().parentloop()
        return next((loop for loop in reversed(self.loops) if hasattr(loop, "parentloop")), None)

    def get(self, path: list[object], *, token: Token | None, default: object = UNDEFINED) -> object:
        if not self.dialect.nil_for_missing:
            return super().get(path, token=token, default=default)
        found = self.find(path)
        if found is UNDEFINED:
            if self.dialect.undefined == "lenient":
                return None
            raise MissingVariable(shown(path), token)
        return found

    def find(self, path: list[object]) -> object:
        """What a path leads to, or UNDEFINED."""
        try:
            value: object = self.scope[path[0]]  # type: ignore[index]  # a number as a root is simply absent
            for key in path[1:]:
                value = self.dialect.operators.item(value, key)
        except (KeyError, IndexError, TypeError):
            return UNDEFINED
        return value


def shown(path: list[object]) -> str:
    """A path as its author writes it; what stands in brackets is data and not shown."""
    head, *rest = path
    return str(head) + "".join(f".{key}" if isinstance(key, str) else "[]" for key in rest)


class PartialText(BoundTemplate):
    """A parsed text; what it renders is charged each time it is entered."""

    weight = 1

    def make_partial_namespace(
        self, partial: bool, render_args: Mapping[str, object]
    ) -> Mapping[str, object]:
        """python-liquid has a variable `partial`; Ruby has none."""
        if isinstance(self.env, OurEnvironment):
            return dict(render_args)
        return super().make_partial_namespace(partial, render_args)

    def render_with_context(
        self,
        context: RenderContext,
        buffer: TextIO,
        *args: Any,
        partial: bool = False,
        block_scope: bool = False,
        **named: Any,
    ) -> None:
        if partial:
            assert isinstance(context, Context)
            context.meter.loop(1, self.weight)
        super().render_with_context(context, buffer, *args, partial=partial, block_scope=block_scope, **named)


def interpret(template: PartialText, dialect: Dialect, data: Mapping[str, Any], now: datetime | None) -> str:
    """Render by walking the tree. Raises python-liquid's errors and `Overrun`."""
    meter = Meter(dialect.budget)
    context = Context(template, globals=data).bound(dialect, meter, now)
    output = Output(meter, dialect.budget.output)
    template.render_with_context(context, output)
    return output.getvalue()
