"""The nodes and expressions that the transformed tree has besides python-liquid's own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TextIO

from liquid.builtin.expressions import LoopExpression, Path
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.capture_tag import CaptureNode
from liquid.builtin.tags.case_tag import _AnyExpression
from liquid.builtin.tags.cycle_tag import CycleNode
from liquid.context import RenderContext
from liquid.exceptions import LiquidTypeError
from liquid.expression import Expression
from liquid.token import Token
from liquid.undefined import UNDEFINED, is_undefined

from mailweave.liquid.budget import Meter
from mailweave.liquid.interpreter import Context
from mailweave.liquid.labels import Escape
from mailweave.liquid.operators import OURS, Html, is_vast


class EscapedOutput(OutputNode):
    """An output with the escaper of the place where it stands."""

    __slots__ = ("escape",)

    def __init__(self, node: OutputNode, escape: Escape) -> None:
        super().__init__(node.token, node.expression)
        self.escape = escape

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        return buffer.write(self.escape.run(self.expression.evaluate(context)))


class EscapedCycle(CycleNode):
    """A cycle that prints through an escaper, and counts as Ruby does.

    A named cycle counts by its name. One without a name counts by its texts and numbers, or, when
    it names variables, alone.
    """

    __slots__ = ("escape", "key")

    def __init__(self, node: CycleNode, escape: Escape, *, ruby: bool) -> None:
        super().__init__(node.token, node.group, node.args)
        self.escape = escape
        self.key = cycle_key(node) if ruby else None

    def index(self, context: RenderContext, group: object, values: list[object]) -> int:
        if self.key is None:
            name = "" if self.group is None else context_name(group)
            return context.cycle(name if name else str(values), len(values))
        return next_round(context.tag_namespace["cycles"], self.key if self.group is None else group, values)

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        group = self.group.evaluate(context) if self.group else None
        values = [value.evaluate(context) for value in self.args]
        at = self.index(context, group, values)
        return buffer.write(self.escape.run(values[at])) if at < len(values) else 0


def cycle_key(node: CycleNode) -> str:
    """What a cycle without a name counts by."""
    if any(isinstance(value, Path) for value in node.args):
        return f"\0{node.token.start_index}"
    return "\0" + "\0".join(str(value) for value in node.args)


def context_name(group: object) -> str:
    return "__UNDEFINED" if is_undefined(group) else str(group)


def next_round(rounds: dict[object, int], group: object, values: list[object]) -> int:
    """The position in a named cycle, moved on by one."""
    key = (type(group).__name__, group if isinstance(group, (str, int, float)) else str(group))
    at = rounds.get(key, 0)
    rounds[key] = 0 if at + 1 >= len(values) else at + 1
    return at


class HtmlCapture(CaptureNode):
    """A capture whose outputs were escaped already: its text is HTML."""

    __slots__ = ()

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        captured = context.get_buffer(buffer)
        self.block.render(context, captured)
        context.assign(self.name, Html(captured.getvalue()))
        return 0


class MeteredLoop(LoopExpression):
    """A loop that is charged before its first round; in our dialect `limit: 0` means none."""

    __slots__ = ("ruby", "weight")

    def __init__(self, loop: LoopExpression, weight: int, *, ruby: bool) -> None:
        super().__init__(
            loop.token,
            loop.identifier,
            loop.iterable,
            limit=loop.limit,
            offset=loop.offset,
            reversed_=loop.reversed,
            cols=loop.cols,
        )
        self.weight, self.ruby = weight, ruby

    def evaluate(self, context: RenderContext) -> tuple[Iterator[object], int]:
        assert isinstance(context, Context)
        if self.cols is not None and is_vast(self.cols.evaluate(context)):
            raise LiquidTypeError("a number that is too large", token=self.token)
        items, length = super().evaluate(context)
        context.meter.loop(length, self.weight)
        return items, length

    def _to_iter(self, obj: object, context: RenderContext) -> tuple[Iterator[object], int]:
        assert isinstance(context, Context)
        items = context.dialect.operators.rounds(obj, context.meter)
        if self.reversed:
            context.meter.loop(len(items), 1)
        return iter(items), len(items)

    def _slice(
        self,
        it: Iterator[object],
        length: int,
        context: RenderContext,
        *,
        limit: int | None,
        offset: int | str | None,
    ) -> tuple[Iterator[object], int]:
        if self.ruby and limit is not None:
            start = context.stopindex(self.offset_key()) if offset == "continue" else int(offset or 0)
            if limit + start <= 0:
                return super()._slice(iter(()), 0, context, limit=None, offset=offset)
        return super()._slice(it, length, context, limit=limit, offset=offset)

    def _to_int(self, obj: object, *, token: Token) -> int:
        if is_vast(obj):
            raise LiquidTypeError("a number that is too large", token=token)
        return super()._to_int(obj, token=token)

    def offset_key(self) -> str:
        """What `offset: continue` remembers by."""
        return f"{self.identifier}-{self.iterable}"


class WholeRange(RangeLiteral):
    """A range whose ends can be counted."""

    __slots__ = ()

    def _make_range(self, start: object, stop: object) -> range:
        if is_vast(start) or is_vast(stop):
            raise LiquidTypeError("a range that is too long", token=self.token)
        return super()._make_range(start, stop)


class OptionalPath(Path):
    """A path that may lead nowhere without harm: it is tested, or has a default."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        assert isinstance(context, Context)
        keys = [key.evaluate(context) if isinstance(key, Path) else key for key in self.path]
        found = context.find(keys)
        return None if found is UNDEFINED else found


def _sides(node: Expression, context: RenderContext) -> tuple[object, object]:
    left, right = node.left, node.right  # type: ignore[attr-defined]  # every comparison has both
    return left.evaluate(context), right.evaluate(context)


def _meter(context: RenderContext) -> Meter:
    assert isinstance(context, Context)
    return context.meter


def _placed(
    node: Expression, context: RenderContext, compare: Callable[..., bool], sides: tuple[object, object]
) -> bool:
    try:
        return compare(*sides, _meter(context))
    except LiquidTypeError as problem:
        problem.token = node.token
        raise


class Equal(EqExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        return OURS.eq(*_sides(self, context), _meter(context))


class NotEqual(NeExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        return not OURS.eq(*_sides(self, context), _meter(context))


class Less(LtExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        return _placed(self, context, OURS.lt, _sides(self, context))


class Greater(GtExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        left, right = _sides(self, context)
        return _placed(self, context, OURS.lt, (right, left))


class AtMost(LeExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        return _placed(self, context, OURS.le, _sides(self, context))


class AtLeast(GeExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        left, right = _sides(self, context)
        return _placed(self, context, OURS.le, (right, left))


class Contains(ContainsExpression):
    __slots__ = ()

    def evaluate(self, context: RenderContext) -> object:
        return OURS.contains(*_sides(self, context), _meter(context))


class AnyOf(_AnyExpression):
    """The values of one `when`."""

    __slots__ = ()

    def evaluate(self, context: RenderContext) -> list[bool]:
        left = self.left.evaluate(context)
        return [OURS.eq(left, right.evaluate(context), _meter(context)) for right in self.expressions]


COMPARISONS: dict[type[Expression], type[Expression]] = {
    EqExpression: Equal,
    NeExpression: NotEqual,
    LtExpression: Less,
    GtExpression: Greater,
    LeExpression: AtMost,
    GeExpression: AtLeast,
    ContainsExpression: Contains,
}
