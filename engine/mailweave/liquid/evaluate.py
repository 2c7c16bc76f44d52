"""What expressions are worth in one render: names, members, comparisons, filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from liquid.builtin.tags.for_tag import ForLoop
from liquid.exceptions import ContextDepthError, FilterArgumentError, LiquidTypeError
from liquid.token import Token

from mailweave.liquid.budget import Meter
from mailweave.liquid.dialect import Dialect
from mailweave.liquid.failures import MissingVariable
from mailweave.liquid.filters.spec import call
from mailweave.liquid.ir import expressions as x
from mailweave.liquid.locale_context import setting_of
from mailweave.liquid.loop_slices import integers
from mailweave.liquid.members import quoted
from mailweave.liquid.values import countable
from mailweave.liquid.writing import text

_DEEPEST = 30  # namespaces over each other
_MISSING = object()
Names = Mapping[str, Any]
_NO_NAMES: Names = {}


class Scope:
    """The names of a template or of a rendered partial, and what its tags remember.

    `given`: what a rendered partial was called with; None in the template itself.
    """

    __slots__ = (
        *("_clock", "_frames", "changed", "counters", "cycles", "data", "depth", "dialect", "given"),
        *("_loops", "locals", "meter", "now", "stops"),
    )

    def __init__(
        self,
        dialect: Dialect,
        meter: Meter,
        data: Names,
        now: datetime | None,
        given: Names | None = None,
        depth: int = 0,
    ) -> None:
        self.dialect, self.meter, self.data, self.now = dialect, meter, data, now
        self.given, self.depth = given, depth
        self.locals: dict[str, Any] = {}
        self.counters: dict[str, Any] = {}
        self.cycles: dict[object, int] = {}
        self.stops: dict[str, int] = {}
        self._loops: list[Any] = []
        self.changed = ""
        self._clock: Names = _NO_NAMES if now is None else {"now": now, "today": now.date()}
        self._frames: list[Names] = []

    def rendered(self, given: Names) -> Scope:
        """The scope of a partial that is rendered. Raises ContextDepthError where they go too deep."""
        if self.depth > _DEEPEST:
            raise ContextDepthError("maximum context depth reached, possible recursive render", token=None)
        return Scope(self.dialect, self.meter, self.data, self.now, given, self.depth + 1)

    @contextmanager
    def over(self, names: Names) -> Iterator[None]:
        """Names that lie over the others. Raises ContextDepthError where they go too deep."""
        if len(self._frames) + (4 if self.given is None else 5) > _DEEPEST:
            raise ContextDepthError("maximum context depth reached, possible recursive include", token=None)
        self._frames.append(names)
        try:
            yield
        finally:
            self._frames.pop()

    @contextmanager
    def round(self, name: str, loop: Any) -> Iterator[dict[str, Any]]:
        """The names of a loop that lie over the others."""
        names = {name: loop}
        self._loops.append(loop)
        try:
            with self.over(names):
                yield names
        finally:
            self._loops.pop()

    def parent(self) -> ForLoop | None:
        """The `for` around the place; a table is none."""
        return next((one for one in reversed(self._loops) if isinstance(one, ForLoop)), None)

    def _named(self, name: Any) -> Any:
        """What a name means: the innermost of loops and parameters, variables, counters, data, the clock.

        Raises TypeError for what cannot be a name."""
        for frame in reversed(self._frames):
            if name in frame:
                return frame[name]
        for names in (self.locals, self.given or _NO_NAMES, self.counters, self.data, self._clock):
            if name in names:
                return names[name]
        return _MISSING

    def find(self, keys: list[Any]) -> tuple[bool, Any]:
        """Whether a path leads somewhere, and where; `self.name` is `name`, unless there is a `self`."""
        try:
            if keys[0] == "self" and len(keys) > 1 and self._named("self") is _MISSING:
                keys = keys[1:]
            value = self._named(keys[0])
            if value is _MISSING:
                return False, None
            for key in keys[1:]:
                value = self.dialect.operators.item(value, key)
        except (KeyError, IndexError, TypeError):
            return False, None
        return True, value

    def counted(self, name: str) -> Any:
        """Where a counter stands. One called like something in the data goes on from it; in a partial it is new."""
        if name in self.counters or self.given is not None:
            return self.counters.get(name, 0)
        return countable(self.data.get(name))

    # --- expressions ---

    def value(self, node: x.Expression) -> Any:
        """What an expression is worth. Raises python-liquid's errors and `Overrun`."""
        match node:
            case x.Const():
                return node.value
            case x.Path():
                return self._path(node)
            case x.Filtered():
                found = self.value(node.left)
                for step in node.steps:
                    found = self._filter(found, step)
                return found
            case x.Compare():
                return self._compare(node)
            case x.Logic():
                return (all if node.word == "and" else any)(map(self.holds, node.parts))
            case x.Not():
                return not self.holds(node.right)
            case x.Range():
                return _placed(integers, node.at, self.value(node.start), self.value(node.stop))

    def holds(self, node: x.Expression) -> bool:
        """Whether an expression is neither nil nor false."""
        found = self.value(node)
        return found is not None and found is not False

    def _path(self, node: x.Path) -> Any:
        keys = [key if isinstance(key, (str, int)) else quoted(self.value(key)) for key in node.keys]
        known, found = self.find(keys)
        if not known and not node.optional:
            raise MissingVariable(_shown(keys), node.at)
        return found

    def _compare(self, node: x.Compare) -> bool:
        left, right = self.value(node.left), self.value(node.right)
        made, meter = self.dialect.operators, self.meter
        match node.sign:
            case "==" | "!=":
                return made.eq(left, right, meter) == (node.sign == "==")
            case "<" | ">":
                sides = (left, right) if node.sign == "<" else (right, left)
                return bool(_placed(made.lt, node.at, *sides, meter))
            case "<=" | ">=":
                sides = (left, right) if node.sign == "<=" else (right, left)
                return bool(_placed(made.le, node.at, *sides, meter))
            case _:  # `contains`
                return made.contains(left, right, meter)

    def _filter(self, value: Any, step: x.Step) -> Any:
        spec = self.dialect.filters[step.name]
        positional, named = self.arguments(step.arguments)
        if spec.setting:
            named.setdefault("setting", setting_of(self.data.get("campaign"), self.now))
        try:
            return call(spec, self.meter, value, *positional, **named)
        except TypeError as problem:
            raise LiquidTypeError(f"{step.name}: {problem}", token=step.at) from problem
        except (LiquidTypeError, FilterArgumentError) as problem:
            problem.token = step.at
            raise

    def arguments(self, given: tuple[x.Argument, ...]) -> tuple[list[Any], dict[str, Any]]:
        """The values of arguments, by position and by name."""
        positional: list[Any] = []
        named: dict[str, Any] = {}
        for one in given:
            if one.name:
                named[one.name] = self.value(one.value)
            else:
                positional.append(self.value(one.value))
        return positional, named

    def count(self, name: str, up: bool) -> str:
        """What `increment` and `decrement` write."""
        value = self.counted(name) - (not up)
        self.counters[name] = value + up
        return text(value)


def _placed(run: Callable[..., Any], at: Token | None, *given: Any) -> Any:
    """What a function gives; its error has the place of the expression."""
    try:
        return run(*given)
    except LiquidTypeError as problem:
        problem.token = at
        raise


def _shown(keys: list[Any]) -> str:
    """A path as its author writes it; what stands in brackets is data and not shown."""
    head, *rest = keys
    return str(head) + "".join(f".{key}" if isinstance(key, str) else "[]" for key in rest)
