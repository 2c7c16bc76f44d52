"""Names that a template gives in a branch alone and reads behind it: they begin as nothing, which Liquid here wants said."""

from __future__ import annotations

from collections.abc import Iterator

from mailweave.migrate.tree import (
    Assign,
    Broken,
    Capture,
    Choice,
    Compare,
    Expr,
    Filtered,
    For,
    If,
    Lit,
    Logic,
    Mark,
    Node,
    Not,
    Output,
    Range,
    Ref,
    Skip,
    Special,
    Tag,
    Text,
    Truth,
    walk,
)

Names = frozenset[str]


def begun(nodes: tuple[Node, ...]) -> tuple[Node, ...]:
    """The nodes, with nothing given to each name that may be read before it has a value, before anything mentions it."""
    own = frozenset(each.name for each in walk(nodes) if isinstance(each, Assign | Capture))
    lacking: set[str] = set()
    _read(nodes, frozenset(), own, lacking)
    made: list[Node] = []
    for node in nodes:
        mentioned = sorted(lacking & _mentioned(node)) if lacking else []
        made += [*(Assign(name, Lit(None)) for name in mentioned), node]
        lacking -= set(mentioned)
    return tuple(made)


def _read(nodes: tuple[Node, ...], given: Names, own: Names, lacking: set[str]) -> Names:
    """The names that surely have a value behind these nodes; those read without one are noted in `lacking`."""
    for node in nodes:
        lacking |= {name for each in _expressions(node) for name in _locals(each)} & own - given
        match node:
            case Assign(name=name):
                given |= {name}
            case Capture(name=name, body=body):
                given = _read(body, given, own, lacking) | {name}
            case For(name=name, body=body, otherwise=otherwise):
                _read(body, given | {name}, own, lacking)
                _read(otherwise, given, own, lacking)
            case If(arms=arms):
                behind = [_read(arm.body, given, own, lacking) for arm in arms]
                if arms and arms[-1].test is None:
                    given = frozenset.intersection(*behind)
            case Text() | Output() | Tag() | Mark() | Skip():
                pass
    return given


def _mentioned(node: Node) -> set[str]:
    """The names that a node reads or gives, with all in it."""
    inside = list(walk((node,)))
    read = {name for each in inside for one in _expressions(each) for name in _locals(one)}
    return read | {each.name for each in inside if isinstance(each, Assign | Capture)}


def _expressions(node: Node) -> Iterator[Expr]:
    """The expressions of a node itself."""
    match node:
        case Output(value=value) | Assign(value=value):
            yield value
        case If(arms=arms):
            yield from (arm.test for arm in arms if arm.test is not None)
        case For(items=items, limit=limit, offset=offset):
            yield items
            yield from (each for each in (limit, offset) if each is not None)
        case Text() | Capture() | Tag() | Mark() | Skip():
            pass


def _locals(value: Expr) -> Iterator[str]:
    """The names of the template's own that an expression reads."""
    match value:
        case Ref(local=name):
            yield from [name] if name else []
        case Filtered(value=inner, arguments=arguments, named=named):
            for each in (inner, *arguments, *(one for _, one in named)):
                yield from _locals(each)
        case Compare(left=one, right=other) | Range(start=one, stop=other):
            yield from (*_locals(one), *_locals(other))
        case Logic(parts=parts):
            yield from (name for each in parts for name in _locals(each))
        case Not(right=inner) | Truth(value=inner):
            yield from _locals(inner)
        case Choice(test=test, yes=yes, no=no):
            yield from (*_locals(test), *_locals(yes), *_locals(no))
        case Lit() | Special() | Broken():
            pass
