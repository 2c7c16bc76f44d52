"""What stands in the text of a template: its calls of snippets, the names that it reads and sets, and where."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from liquid.ast import Node
from liquid.builtin.expressions import (
    FilteredExpression,
    LoopExpression,
    Path,
    PositionalArgument,
    StringLiteral,
)
from liquid.builtin.expressions.primitive import Blank, Empty, IntegerLiteral, Nil
from liquid.builtin.output import OutputNode
from liquid.builtin.tags.case_tag import CaseNode
from liquid.builtin.tags.for_tag import BreakNode, ContinueNode, ForNode
from liquid.builtin.tags.if_tag import IfNode
from liquid.builtin.tags.render_tag import RenderNode
from liquid.builtin.tags.tablerow_tag import TablerowNode
from liquid.builtin.tags.unless_tag import UnlessNode
from liquid.expression import Expression

from mailweave.liquid.contexts.captures import children
from mailweave.markup.pieces import Piece, pieces
from mailweave.source import Source, Span

_WORD: Final = re.compile(r"[\w?-]+")
_STEP: Final = re.compile(r"\s*\.\s*[\w?-]+")
_HELPERS: Final = {"forloop", "tablerowloop"}


@dataclass(frozen=True, slots=True)
class Argument:
    """A value that a call hands over, where it stands."""

    name: str
    span: Span
    value: Expression
    place: Span


@dataclass(frozen=True, slots=True)
class Call:
    """One `{% render %}`. `piece` is None inside a `liquid` tag, whose lines hold no markup.

    loop: whether the snippet is written for each item of `bound`. depth: how many loops it stands in.
    """

    name: str
    name_span: Span
    piece: Piece | None
    arguments: tuple[Argument, ...]
    bound: Argument | None
    loop: bool
    depth: int


@dataclass(frozen=True, slots=True)
class Read:
    """A name that is read: its word, the whole path that begins with it, and whether steps follow.

    listed: it is what a loop goes over. inner: it is a computed key. written: the output that writes it and does nothing
    else but give it a default, which is `default`: a value as Liquid has it, or empty.
    """

    name: str
    word: Span
    path: Span
    has_steps: bool
    listed: bool
    inner: bool
    written: Piece | None
    default: str = ""


@dataclass(slots=True)
class Reading:
    """One text. `sets`: the words by which tags set names that stay; `binds`: those that name the items of a loop.

    `reads` of names that a loop binds have those of the loop, by the start of its word. `asked`: names that are tested,
    or have a default. `leaves`: tags that leave a loop around the text.
    """

    source: Source
    calls: list[Call] = field(default_factory=list)
    reads: list[tuple[Read, int | None]] = field(default_factory=list)
    sets: list[tuple[str, Span]] = field(default_factory=list)
    binds: list[tuple[str, Span]] = field(default_factory=list)
    asked: set[str] = field(default_factory=set)
    leaves: list[Span] = field(default_factory=list)


def read(source: Source, nodes: Iterable[Node]) -> Reading:
    """What stands in a text, of which `nodes` is python-liquid's tree."""
    walk = _Walk(source)
    walk.block(nodes, {})
    return walk.found


class _Walk:
    def __init__(self, source: Source) -> None:
        self.found, self.text = Reading(source), source.text
        self.pieces = {each.span.start: each for each in pieces(source.text)}
        self.starts = sorted(self.pieces)
        self.depth = 0

    def block(self, nodes: Iterable[Node], bound: dict[str, int]) -> None:
        for node in nodes:
            self.node(node, bound)

    def node(self, node: Node, bound: dict[str, int]) -> None:
        for name in node.template_scope():
            self.found.sets.append((str(name), self._word(name.token.start_index)))
        if isinstance(node, RenderNode):
            self.call(node, bound)
            return
        if isinstance(node, BreakNode | ContinueNode) and not self.depth:
            self.found.leaves.append(
                Span(node.token.start_index, node.token.start_index + len(node.token.value))
            )
        written = self._written(node)
        for expression in node.expressions():
            self.expression(expression, bound, written=written)
        self._asks(node)
        if isinstance(node, ForNode | TablerowNode):
            self.loop(node, bound)
        else:
            self.block(children(node), bound)

    def loop(self, node: ForNode | TablerowNode, bound: dict[str, int]) -> None:
        word = self._word(node.expression.token.start_index)
        name = str(node.expression.identifier)
        self.found.binds.append((name, word))
        self.depth += 1
        inner = {**bound, name: word.start} | dict.fromkeys(_HELPERS, -1)
        self.block(node.block.nodes, inner)
        self.depth -= 1
        default = getattr(node, "default", None)
        if default is not None:
            self.block(default.nodes, bound)

    def call(self, node: RenderNode, bound: dict[str, int]) -> None:
        start = node.name.token.start_index
        given = tuple(self._argument(one.name, one.token.start_index, one.value) for one in node.args)
        name = str(getattr(node.name, "value", node.name))
        with_ = None
        if node.var is not None and not isinstance(node.var, Nil):
            as_ = str(node.alias) if node.alias else name.split(".")[0].rpartition("/")[2]
            with_ = self._argument(as_, start, node.var)
        for one in (*given, *(() if with_ is None else (with_,))):
            self.expression(one.value, bound)
        self.found.calls.append(
            Call(
                name,
                extent(self.text, start),
                self._piece(node.token.start_index, "render"),
                given,
                with_,
                bool(node.loop),
                self.depth,
            )
        )

    def expression(
        self,
        one: Expression,
        bound: dict[str, int],
        *,
        inner: bool = False,
        listed: bool = False,
        written: Piece | None = None,
        default: str = "",
    ) -> None:
        if isinstance(one, Path):
            self._path(one, bound, inner=inner, listed=listed, written=written, default=default)
        items = one.iterable if isinstance(one, LoopExpression) else None
        if isinstance(one, FilteredExpression) and one.filters and one.filters[0].name == "default":
            self._ask(one.left)
        fallback = self._default(one)
        for child in one.children():
            self.expression(
                child,
                bound,
                inner=isinstance(one, Path),
                listed=child is items,
                written=written if fallback is not None else None,
                default=fallback or "",
            )

    def _default(self, one: Expression) -> str | None:
        """The literal that a value falls back to, empty without one; None where it is changed in other ways."""
        if not isinstance(one, FilteredExpression) or len(one.filters or ()) > 1:
            return None
        if not one.filters:
            return ""
        only = one.filters[0]
        if only.name != "default" or len(only.args) != 1 or not isinstance(only.args[0], PositionalArgument):
            return None
        value = only.args[0].value
        if not isinstance(value, StringLiteral | IntegerLiteral):
            return None
        span = extent(self.text, value.token.start_index)
        return self.text[span.start : span.stop]

    def _path(
        self,
        one: Path,
        bound: dict[str, int],
        *,
        inner: bool,
        listed: bool,
        written: Piece | None,
        default: str,
    ) -> None:
        head, start = one.path[0], one.token.start_index
        if not isinstance(head, str) or not self.text.startswith(head, start):
            return  # written in brackets: no name of a snippet's
        word, path = Span(start, start + len(head)), extent(self.text, start)
        is_whole = len(one.path) == 1
        whole = written if written is not None and is_whole else None
        found = Read(head, word, path, not is_whole, listed, inner, whole, default)
        self.found.reads.append((found, bound.get(head)))

    def _asks(self, node: Node) -> None:
        if isinstance(node, IfNode | UnlessNode):
            self._ask(node.condition)
            for each in node.alternatives:
                self._ask(each.expression)
        elif isinstance(node, CaseNode):
            self._ask(node.expression)

    def _ask(self, one: Any) -> None:
        if isinstance(one, Path):
            self.found.asked.add(str(one.path[0]))
        for child in one.children():
            self._ask(child)

    def _argument(self, name: str, at: int, value: Expression) -> Argument:
        start = value.token.start_index
        return Argument(name, extent(self.text, start), value, Span(at, at + len(name)))

    def _word(self, start: int) -> Span:
        quoted = self.text[start : start + 1] in ("'", '"')
        found = _WORD.match(self.text, start + quoted)
        return Span(start, start) if found is None else Span(*found.span())

    def _written(self, node: Node) -> Piece | None:
        if not isinstance(node, OutputNode):
            return None
        return self.pieces.get(node.token.start_index)

    def _piece(self, at: int, name: str) -> Piece | None:
        found = self.pieces[self.starts[bisect_right(self.starts, at) - 1]]
        return found if found.name == name else None


def extent(text: str, start: int) -> Span:
    """The value that begins at an offset: a text in quotes, a range in brackets, a number, a word or a path.

    >>> text = "a[b.c[0]].d, x"
    >>> extent(text, 0), extent("'b, c' | upcase", 0), extent("(1..n) ", 0)
    (Span(start=0, stop=11), Span(start=0, stop=6), Span(start=0, stop=6))
    """
    first = text[start : start + 1]
    if first in ("'", '"'):
        stop = text.find(first, start + 1)
        return Span(start, len(text) if stop < 0 else stop + 1)
    if first == "(":
        return Span(start, _closed(text, start, "()"))
    word = _WORD.match(text, start)
    at = start if word is None else word.end()
    while True:
        if text[at : at + 1] == "[":
            at = _closed(text, at, "[]")
        elif (step := _STEP.match(text, at)) is not None:
            at = step.end()
        else:
            return Span(start, at)


def _closed(text: str, at: int, pair: str) -> int:
    """Behind the bracket that closes the one at an offset."""
    depth, quote = 0, ""
    for index in range(at, len(text)):
        char = text[index]
        if quote:
            quote = "" if char == quote else quote
        elif char in "'\"":
            quote = char
        elif char in pair:
            depth += 1 if char == pair[0] else -1
            if not depth:
                return index + 1
    return len(text)


def is_plain(value: Expression) -> bool:
    """Whether a value is a path: it stands for itself wherever a name may stand."""
    return isinstance(value, Path)


def is_nothing(value: Expression) -> bool:
    """Whether a value is one of the words for nothing."""
    return isinstance(value, Nil | Empty | Blank)


def names(found: Sequence[tuple[str, Span]]) -> Iterator[str]:
    """The names of words, each once."""
    yield from dict.fromkeys(name for name, _ in found)
