"""Data flow: which data a template writes where, and the variables that it goes through."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any

from mailweave.diagnostics import TemplateError
from mailweave.liquid.ir import expressions as x
from mailweave.liquid.ir import nodes as n
from mailweave.liquid.ir.walk import operands
from mailweave.liquid.template import Escaping, Template
from mailweave.source import Source, Span

ANY, ITEM = "*", "[]"
"""In a path: a name that is computed, and an item of a list."""

_DEEPEST = 12  # partials within partials
_ROUNDS = 3  # of a loop: what is carried from one round to the next, and on to the one behind it


@dataclass(frozen=True, slots=True)
class Written:
    """Data at `path` that is written; `label` names its place, as escapers do.

    `way`: the names under which it is read and where, from the data itself to the output.
    """

    path: tuple[str, ...]
    way: tuple[tuple[str, Span], ...]
    label: str


def data_flow(
    source: str | Source,
    *,
    escape: Escaping = "html",
    slots: Collection[str] = (),
    constants: Mapping[str, Any] | None = None,
) -> tuple[Written, ...]:
    """All that a template writes of its data, in the order of the text; nothing of a template that does not compile.

    The options are those of the template; `constants` fix computed names, as in `profile[block.field]`.

    >>> (found,) = data_flow("{% assign a = profile.city %}{% assign b = a | upcase %}{{ b }}")
    >>> found.path, [name for name, _ in found.way], found.label
    (('profile', 'city'), ['profile.city', 'a', 'b'], 'text')
    """
    try:
        made = Template.from_string(source, escape=escape, slots=slots)
    except TemplateError:
        return ()
    flow = _Flow(constants or {})
    flow.run(made._program.template.nodes)
    return tuple(dict.fromkeys(flow.found))


@dataclass(frozen=True, slots=True)
class _Data:
    """Data that a value is made of; `is_whole`: the value is the data, so that names hang on it."""

    path: tuple[str, ...]
    way: tuple[tuple[str, Span], ...]
    is_whole: bool = True


_Value = tuple[_Data, ...]


@dataclass(slots=True)
class _Flow:
    """The walk: `names` are the variables that are set, with what they are made of."""

    constants: Mapping[str, Any]
    names: dict[str, _Value] = field(default_factory=dict)
    found: list[Written] = field(default_factory=list)
    depth: int = 0

    def run(self, nodes: Iterable[n.Node]) -> _Value:
        """Walks nodes; what they write."""
        return tuple(one for node in nodes for one in self.node(node))

    def node(self, node: n.Node) -> _Value:
        match node:
            case n.Output(value=value, escape=escape):
                return self.write(self.value(value), escape.label)
            case n.Cycle(values=values, escape=escape):
                return self.write(tuple(one for each in values for one in self.value(each)), escape.label)
            case n.Assign(name=name, value=value):
                self.names[name] = self.value(value)
            case n.Capture(name=name, body=body):
                before = len(self.found)
                self.names[name] = _parts_of(self.run(body.nodes))
                if not node.html:
                    del self.found[before:]  # it is written where the variable is
            case n.Branch(arms=arms):
                return self.branches([a.body for a in arms], is_sure=any(a.test is None for a in arms))
            case n.Case(arms=arms):
                return self.branches([a.body for a in arms], is_sure=any(a.values is None for a in arms))
            case n.Loop():
                return self.loop(node)
            case n.Block():
                return self.run(node.nodes)
            case n.IfChanged(body=body):
                return self.run(body.nodes)
            case n.Call():
                return self.call(node)
            case _:  # no other node writes what comes of data
                pass
        return ()

    def write(self, value: _Value, label: str) -> _Value:
        self.found += [Written(one.path, one.way, label) for one in value]
        return value

    def branches(self, bodies: Iterable[n.Block], *, is_sure: bool = False) -> _Value:
        """Any of the bodies may be written, or none unless `is_sure`."""
        before, ends = dict(self.names), []
        written: list[_Data] = []
        for body in bodies:
            self.names = dict(before)
            written += self.run(body.nodes)
            ends.append(self.names)
        ends += [] if is_sure else [before]
        self.names = reduce(_joined, ends)
        return tuple(written)

    def loop(self, node: n.Loop) -> _Value:
        items = tuple(replace(one, path=(*one.path, ITEM)) for one in self.value(node.items))
        written: _Value = ()
        for _ in range(_ROUNDS):
            before = dict(self.names)
            self.names[node.name] = items
            written = self.run(node.body.nodes)
            self.names.pop(node.name, None)
            self.names = _joined(before, self.names)
        return written if node.otherwise is None else (*written, *self.branches([node.otherwise]))

    def call(self, node: n.Call) -> _Value:
        """A partial, with what it is given."""
        if node.partial is None or self.depth >= _DEEPEST:
            return ()
        before = dict(self.names)
        given = {one.name: self.value(one.value) for one in node.arguments}
        if node.value is not None:
            given[node.key] = self.value(node.value)
        self.names = given if node.isolated else {**before, **given}
        self.depth += 1
        written = self.run(node.partial.nodes)
        self.depth -= 1
        self.names = before if node.isolated else _joined(before, self.names)
        return written

    # ---- expressions

    def value(self, node: x.Expression) -> _Value:
        """What a value is made of: not what it is chosen or measured by."""
        match node:
            case x.Path():
                return self.path(node)
            case x.Filtered(left=left, steps=steps):
                found = self.value(left)
                for step in steps:
                    given = tuple(one for each in step.arguments for one in self.value(each.value))
                    found = () if step.name == "size" else _parts_of((*found, *given), step.name)
                return found
            case x.Range():
                return _parts_of(tuple(one for each in operands(node) for one in self.value(each)))
            case _:  # any other expression is true or false, or written by the author
                pass
        return ()

    def path(self, node: x.Path) -> _Value:
        keys = [self.key(key) for key in node.keys]
        if keys[-1] == "size" and len(keys) > 1:
            return ()
        head, rest = keys[0], tuple(keys[1:])
        known = self.names.get(head)
        name = ".".join(keys[:2] if known is None else keys[:1])
        start = 0 if node.at is None else node.at.start_index
        here = (name, Span(start, start + len(name)))
        if known is None:
            return (_Data((head, *rest), (here,)),)
        return tuple(
            replace(one, path=(*one.path, *rest) if one.is_whole else one.path, way=(*one.way, here))
            for one in known
        )

    def key(self, key: str | int | x.Expression) -> str:
        if isinstance(key, int):
            return ITEM
        if isinstance(key, x.Const):
            return str(key.value)
        return key if isinstance(key, str) else self.computed(key)

    def computed(self, key: x.Expression) -> str:
        found: Any = self.constants
        for name in key.keys if isinstance(key, x.Path) else ():
            found = found.get(name) if isinstance(found, Mapping) else None
        return found if isinstance(found, str) else ANY


_KEEPS = frozenset(
    {"default", "first", "last", "where", "reject", "find", "sort", "reverse", "uniq", "compact"}
)
"""Filters that give their input, or items of it: names still hang on what they give."""


def _parts_of(value: Iterable[_Data], step: str = "") -> _Value:
    """What is made of data: a text, a number, on which no names hang."""
    if step in _KEEPS:
        return tuple(value)
    return tuple(replace(one, is_whole=False) for one in value)


def _joined(one: Mapping[str, _Value], other: Mapping[str, _Value]) -> dict[str, _Value]:
    """The variables behind two ways of which either may be taken."""
    names = dict.fromkeys([*one, *other])
    return {name: tuple(dict.fromkeys((*one.get(name, ()), *other.get(name, ())))) for name in names}
