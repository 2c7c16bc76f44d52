"""What evaluating an expression reads."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from liquid.ast import Node
from liquid.builtin.expressions import (
    BooleanExpression,
    FilteredExpression,
    Literal,
    LoopExpression,
    Path,
    StringLiteral,
)
from liquid.builtin.expressions.filtered import Filter, TernaryFilteredExpression
from liquid.builtin.expressions.logical import (
    ContainsExpression,
    EqExpression,
    GeExpression,
    GtExpression,
    LeExpression,
    LogicalAndExpression,
    LogicalNotExpression,
    LogicalOrExpression,
    LtExpression,
    NeExpression,
)
from liquid.builtin.expressions.primitive import Blank, Empty, Nil, RangeLiteral
from liquid.expression import Expression

from mailweave.liquid.contract.guards import Guards
from mailweave.liquid.contract.model import ANY, ITEM, Occurrence
from mailweave.liquid.contract.values import MADE, Listed, Made, Value, item, member, ref, refs
from mailweave.liquid.filters.catalog import filter_named
from mailweave.liquid.filters.signature import Gives, Signature, Use
from mailweave.source import Source, Span

_WRITTEN = re.compile(r"[\w?-]*(?:\s*\.\s*[\w?-]+|\[[^\]]*\])*")
_COMPARISONS = (EqExpression, NeExpression, LtExpression, GtExpression, LeExpression, GeExpression)
_LOGICAL = (
    BooleanExpression,
    LogicalNotExpression,
    LogicalAndExpression,
    LogicalOrExpression,
    ContainsExpression,
    *_COMPARISONS,
)
_OF_ITEMS = {"sum": Use.NUMBER, "join": Use.TEXT}


class Reader:
    """Reads expressions of one text; `lookup` says what a name stands for just now."""

    def __init__(
        self,
        source: Source,
        lookup: Callable[[str], Value],
        found: dict[Occurrence, None],
        constants: Mapping[str, Any],
    ) -> None:
        self.source, self.lookup, self.found, self.constants = source, lookup, found, constants
        self.guarded: Guards = frozenset()

    def value(self, node: Expression | None, use: Use, *, safe: bool = False) -> Value:
        """What an expression may be; notes all it reads, the last step as `use`."""
        match node:
            case Path():
                return self.path(node, use, safe=safe)
            case FilteredExpression():
                return self.filtered(node, use, safe=safe)
            case StringLiteral():
                return frozenset((Made(str(node.value)),))
            case Literal() | Nil() | Empty() | Blank() | None:
                return MADE
            case RangeLiteral():
                self.value(node.start, Use.NUMBER)
                self.value(node.stop, Use.NUMBER)
            case TernaryFilteredExpression():
                return self.ternary(node, use)
            case LoopExpression():
                return self.loop(node)
            case _ if isinstance(node, _LOGICAL):
                self.condition(node)
            case _:  # a node of the library that we do not know: all of what it holds is read
                for inner in node.children():
                    self.value(inner, Use.WHOLE)
        return MADE

    def path(self, node: Path, use: Use, *, safe: bool = False, literal: str | None = None) -> Value:
        """A path: each computed key is read, then the path itself."""
        head, *rest = node.path
        known = self.key(head) if isinstance(head, Path) else str(head)
        value = ref(ANY) if known is None else self.lookup(known)
        for segment in rest:
            name = self.segment(segment)
            value = member(value, name)
        self.note(value, use, node, safe=safe, literal=literal)
        return value

    def segment(self, segment: object) -> str:
        if isinstance(segment, Path):
            return self.key(segment) or ANY
        return ITEM if isinstance(segment, int) else str(segment)

    def key(self, node: Path) -> str | None:
        """A computed key: its value where the template or a constant fixes it, else None."""
        value = self.path(node, Use.KEY)
        (only, *others) = value
        if others or not isinstance(only, Made):
            return self.constant(value)
        return only.text

    def constant(self, value: Value) -> str | None:
        """The text behind a path into the constants."""
        paths = [one.path for one in refs(value)]
        if len(paths) != 1 or len(value) != 1:
            return None
        found: Any = self.constants
        for name in paths[0]:
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) and found else None

    def note(
        self,
        value: Value,
        use: Use,
        node: Expression | Node | Filter,
        *,
        safe: bool = False,
        literal: str | None = None,
    ) -> None:
        """Remembers that the data behind a value is read here."""
        at = node.token.start_index
        written = _WRITTEN.match(self.source.text, at)
        span = Span(at, max(at + 1, written.end() if written else 0))
        for one in refs(value):
            is_safe = safe or one.path in self.guarded
            self.found[Occurrence(one.path, use, self.source, span, is_safe, literal)] = None

    # -- filters

    def filtered(self, node: FilteredExpression, use: Use, *, safe: bool = False) -> Value:
        filters: Sequence[Filter] = node.filters or ()
        safe = safe or any(f.name == "default" for f in filters)
        uses = [*(_signature(f).takes for f in filters), use]
        value = self.value(node.left, uses[0], safe=safe)
        for step, after in zip(filters, uses[1:], strict=True):
            value = self.step(step, value, after)
            if after is not Use.TEST:
                self.note(value, after, node.left, safe=safe)
        return value

    def step(self, step: Filter, value: Value, after: Use) -> Value:
        signature = _signature(step)
        arguments = [arg.value for arg in step.args]
        member_name = self.member_name(signature, arguments, value, step)
        others = arguments[1:] if signature.by else arguments
        with_ = after if signature.gives is Gives.EITHER else signature.with_
        given = [self.value(argument, with_) for argument in others]
        if step.name in _OF_ITEMS and member_name is None:
            self.note(item(value), _OF_ITEMS[step.name], step)
        match signature.gives:
            case Gives.SAME:
                return value
            case Gives.ITEM:
                return item(value)
            case Gives.MEMBERS:
                return frozenset((Listed(member(item(value), member_name or ANY)),))
            case Gives.EITHER | Gives.BOTH:
                return value.union(*given)
            case Gives.LIST:
                return frozenset((Listed(MADE),))
            case Gives.MADE:
                return MADE

    def member_name(
        self, signature: Signature, arguments: Sequence[Expression], value: Value, step: Filter
    ) -> str | None:
        """The member of each item that the first argument names, which is read."""
        if not signature.by or not arguments:
            return None
        named = self.value(arguments[0], Use.KEY)
        texts = {one.text for one in named if isinstance(one, Made)}
        name = texts.pop() if len(named) == 1 and len(texts) == 1 else self.constant(named)
        use = {"sum": Use.NUMBER, "map": Use.NAMED}.get(step.name, Use.COMPARED)
        self.note(member(item(value), name or ANY), use, arguments[0])
        return name

    def ternary(self, node: TernaryFilteredExpression, use: Use) -> Value:
        self.condition(node.condition)
        value = self.value(node.left, use) | self.value(node.alternative, use)
        for step in [*(node.filters or ()), *(node.tail_filters or ())]:
            self.note(value, _signature(step).takes, node)
            value = self.step(step, value, use)
        return value

    # -- loops and conditions

    def loop(self, node: LoopExpression) -> Value:
        """What one round of a loop goes over."""
        value = self.value(node.iterable, Use.LIST)
        for bound in (node.limit, node.offset, node.cols):
            self.value(bound, Use.NUMBER)
        return item(value)

    def condition(self, node: Expression | None) -> None:
        """Notes what a condition reads; `guards` says what it proves."""
        match node:
            case BooleanExpression():
                self.condition(node.expression)
            case LogicalNotExpression():
                self.condition(node.right)
            case LogicalAndExpression() | LogicalOrExpression():
                self.condition(node.left)
                self.condition(node.right)
            case _ if isinstance(node, _COMPARISONS):
                self.compared(node.left, node.right)
            case ContainsExpression():
                self.value(node.left, Use.SEARCHED, safe=True)
                self.value(node.right, Use.COMPARED, safe=True)
            case None:
                pass
            case _:  # no connective
                self.value(node, Use.TEST, safe=True)

    def compared(self, left: Expression, right: Expression) -> None:
        for one, other in ((left, right), (right, left)):
            literal = str(other.value) if isinstance(other, StringLiteral) else None
            use = Use.COMPARED if literal is None else Use.COMPARED_TEXT
            if isinstance(other, Literal) and type(other.value) in (int, float):
                use = Use.COMPARED_NUMBER
            if isinstance(one, Path):
                self.path(one, use, safe=True, literal=literal)
            else:
                self.value(one, use, safe=True)


def _signature(step: Filter) -> Signature:
    return filter_named(step.name).takes
