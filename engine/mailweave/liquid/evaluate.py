"""What expressions are worth in one render: names, members, comparisons, filters."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
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
from mailweave.liquid.members import quoted
from mailweave.liquid.runtime import MISSING, count, integers

_DEEPEST = 30  # namespaces over each other
Names = Mapping[str, Any]


@dataclass(slots=True)
class Scope:
    """The names of a template or of a rendered partial, and what its tags remember.

    `given`: what a rendered partial was called with; None in the template itself.
    """

    dialect: Dialect
    meter: Meter
    data: Names
    now: datetime | None
    given: Names | None = None
    depth: int = 0
    locals: dict[str, Any] = field(default_factory=dict)
    counters: dict[str, Any] = field(default_factory=dict)
    cycles: dict[object, int] = field(default_factory=dict)
    stops: dict[str, int] = field(default_factory=dict)
    changed: str = ""
    _frames: list[Names] = field(default_factory=list)

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

    def parent(self) -> ForLoop | None:
        """The `for` around the place; a table is none."""
        loops = (names.get("forloop") for names in reversed(self._frames))
        return next((one for one in loops if isinstance(one, ForLoop)), None)

    def _named(self, name: Any) -> Any:
        """What a name means: the innermost of loops and parameters, variables, counters, data, the clock.

        Raises TypeError for what cannot be a name."""
        for frame in reversed(self._frames):
            if name in frame:
                return frame[name]
        clock = {} if self.now is None else {"now": self.now, "today": self.now.date()}
        for names in (self.locals, self.given or {}, self.counters, self.data, clock):
            if name in names:
                return names[name]
        return MISSING

    def find(self, keys: list[Any]) -> tuple[bool, Any]:
        """Whether a path leads somewhere, and where; `self.name` is `name`, unless there is a `self`."""
        try:
            if keys[0] == "self" and len(keys) > 1 and self._named("self") is MISSING:
                keys = keys[1:]
            value = self._named(keys[0])
            if value is MISSING:
                return False, None
            for key in keys[1:]:
                value = self.dialect.operators.item(value, key)
        except (KeyError, IndexError, TypeError):
            return False, None
        return True, value

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
        made = self.dialect.operators
        if node.sign == "contains":
            return made.contains(left, right, self.meter)
        if node.sign in ("==", "!="):
            return made.eq(left, right, self.meter) == (node.sign == "==")
        run, sides = made.lt if len(node.sign) == 1 else made.le, (left, right)
        return bool(_placed(run, node.at, *(sides if node.sign[0] == "<" else sides[::-1]), self.meter))

    def _filter(self, value: Any, step: x.Step) -> Any:
        spec = self.dialect.filters[step.name]
        positional, named = x.passed(step.arguments, self.value)
        if spec.setting:
            named.setdefault("setting", setting_of(self.data.get("campaign"), self.now))
        try:
            return call(spec, self.meter, value, *positional, **named)
        except TypeError as problem:
            raise LiquidTypeError(f"{step.name}: {problem}", token=step.at) from problem
        except (LiquidTypeError, FilterArgumentError) as problem:
            problem.token = step.at
            raise

    def count(self, name: str, up: bool) -> str:
        """One called like something in the data goes on from it; in a partial it is new."""
        start = self.data.get(name) if self.given is None else None
        return count(self.counters, name, start, up)


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
