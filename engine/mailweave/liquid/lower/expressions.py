"""Expressions from python-liquid's tree to ours."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from liquid.builtin import expressions as theirs
from liquid.builtin.expressions import logical, primitive
from liquid.builtin.expressions._tokenize import tokenize
from liquid.builtin.expressions.arguments import KeywordArgument, PositionalArgument
from liquid.builtin.expressions.path import RE_PROPERTY
from liquid.exceptions import LiquidError, UnknownFilterError
from liquid.expression import Expression as Theirs
from liquid.token import (
    TOKEN_DOT,
    TOKEN_IDENTINDEX,
    TOKEN_IDENTSTRING,
    TOKEN_LBRACKET,
    TOKEN_RBRACKET,
    TOKEN_WORD,
)

from mailweave.liquid.dialect import Dialect
from mailweave.liquid.ir import expressions as x
from mailweave.liquid.members import COMMANDS

_SIGNS: dict[type[Theirs], str] = {
    logical.EqExpression: "==",
    logical.NeExpression: "!=",
    logical.LtExpression: "<",
    logical.GtExpression: ">",
    logical.LeExpression: "<=",
    logical.GeExpression: ">=",
    logical.ContainsExpression: "contains",
}
_WORDS: dict[type[Theirs], str] = {logical.LogicalAndExpression: "and", logical.LogicalOrExpression: "or"}
_NAMES = (TOKEN_WORD, TOKEN_IDENTSTRING, TOKEN_IDENTINDEX, TOKEN_DOT, TOKEN_RBRACKET)


@dataclass(frozen=True, slots=True)
class Expressions:
    """Makes expressions; `problems` collects the filters that are not known."""

    dialect: Dialect
    problems: list[LiquidError]

    def of(self, node: Theirs, *, tested: bool = False, dropped: int = 0) -> x.Expression:
        """The expression; `tested` when nil would do no harm there; `dropped`: how many of its last filters go."""
        match node:
            case theirs.Path():
                return self._path(node, tested)
            case theirs.FilteredExpression():
                return self._filtered(node, dropped)
            case logical.BooleanExpression():
                return self.of(node.expression, tested=True)
            case logical.LogicalNotExpression():
                return x.Not(self.of(node.right, tested=True))
            case logical.LogicalAndExpression() | logical.LogicalOrExpression():
                return self._logic(node)
            case primitive.RangeLiteral():
                return x.Range(*_bounds(self.of(node.start), self.of(node.stop)), node.token)
            case theirs.Nil():
                return x.const(None)
            case theirs.Literal():
                return x.const(node.value)
            case primitive.Empty() | primitive.Blank():
                return x.const("")
            case _:  # a comparison: a KeyError for what is none
                sign = _SIGNS[type(node)]
                left, right = self.side(node.left), self.side(node.right)  # type: ignore[attr-defined]
                return x.Compare(sign, left, right, node.token)

    def _logic(self, node: logical.LogicalAndExpression | logical.LogicalOrExpression) -> x.Logic:
        """All that one word joins: `a or (b or c)` is as good as `a or b or c`."""
        kind, rest = type(node), cast(Theirs, node)
        parts = []
        while isinstance(rest, kind):
            parts.append(self.of(rest.left, tested=True))
            rest = rest.right
        return x.Logic(_WORDS[kind], (*parts, self.of(rest, tested=True)))

    def maybe(self, node: Theirs | None) -> x.Expression | None:
        return None if node is None else self.of(node)

    def side(self, node: Theirs) -> x.Expression:
        """One side of a comparison: only there `empty` and `blank` are more than an empty text."""
        if isinstance(node, (primitive.Empty, primitive.Blank)):
            return x.Const(node, type(node).__name__)
        return self.of(node, tested=True)

    def arguments(self, given: list[KeywordArgument | PositionalArgument]) -> tuple[x.Argument, ...]:
        return tuple(x.Argument(getattr(one, "name", ""), self.of(one.value)) for one in given)

    def _filtered(self, node: theirs.FilteredExpression, dropped: int) -> x.Expression:
        filters = (node.filters or [])[: -dropped or None]
        left = self.of(node.left, tested=bool(filters) and filters[0].name == "default")
        self.problems.extend(
            UnknownFilterError(f"unknown filter '{one.name}'", token=one.token)
            for one in filters
            if one.name not in self.dialect.filters
        )
        steps = tuple(x.Step(one.name, self.arguments(one.args), one.token) for one in filters)
        return x.Filtered(left, steps) if steps else left

    def _path(self, node: theirs.Path, tested: bool) -> x.Path:
        undefined = self.dialect.undefined
        optional = undefined == "lenient" or (tested and undefined == "default")
        if list(node.path) == ["self"] and not tested:
            optional = False  # in Ruby it is the whole data: it must not be written as nothing
        bracketed = _bracketed(node)
        keys = tuple(
            self._path(key, tested)
            if isinstance(key, theirs.Path)
            else x.const(key)
            if at in bracketed
            else key
            for at, key in enumerate(node.path)
        )
        return x.Path(keys, optional, node.token)


def _bounds(start: x.Expression, stop: x.Expression) -> tuple[x.Expression, x.Expression]:
    """Both bounds of a range; numbers with a point that are both written out lose their fractions."""
    if isinstance(start, x.Const) and isinstance(stop, x.Const):
        return _cut(start), _cut(stop)
    return start, stop


def _cut(bound: x.Const) -> x.Const:
    return x.const(int(bound.value)) if isinstance(bound.value, float) else bound


def written(node: Theirs) -> str:
    """An expression as text; paths that mean different things are written differently."""
    if not isinstance(node, theirs.Path):
        return str(node)
    root = node.path[0]
    if isinstance(root, str) and RE_PROPERTY.fullmatch(root) and not _bracketed(node):
        return str(node)
    return "".join(f"[{written(key) if isinstance(key, theirs.Path) else repr(key)}]" for key in node.path)


def _bracketed(node: theirs.Path) -> set[int]:
    """Which keys are called like a command and stand in brackets; python-liquid's tree does not say it."""
    called = {at for at, key in enumerate(node.path) if at and type(key) is str and key in COMMANDS}
    if not called:
        return called
    kinds = _kinds(node)
    return {at for at in called if kinds[at : at + 1] == [TOKEN_IDENTSTRING]}


def _kinds(node: theirs.Path) -> list[str]:
    """The kind of token that each key was written as."""
    found: list[str] = []
    depth = 0
    for token in tokenize(node.token.source[node.token.start_index :], node.token):
        depth += (token.kind == TOKEN_LBRACKET) - (token.kind == TOKEN_RBRACKET)
        if not depth and token.kind != TOKEN_DOT:
            found.append(token.kind)
        if len(found) == len(node.path) or (not depth and token.kind not in _NAMES):
            break
    return found
