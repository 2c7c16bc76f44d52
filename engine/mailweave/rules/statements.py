"""Generated statements in an order that works, conditions that several of them share asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, TypeAlias

Term: TypeAlias = tuple[str, int]
"""Code of a condition, and what it costs."""

_CHEAP: Final = 2  # a dearer condition is not worth asking before its neighbours
_DEEPEST: Final = 12  # Python allows 100 levels of indentation


@dataclass(frozen=True, slots=True)
class Statement:
    """When all of `terms` are true, `actions` happen.

    `needs` names the segments and tiers whose variables are read; `before` are lines that come first, `start`
    lines that come before every condition.
    """

    name: str
    terms: tuple[Term, ...]
    actions: tuple[str, ...]
    needs: tuple[str, ...]
    before: tuple[str, ...]
    start: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """Lines that choose one of several answers."""

    name: str
    lines: tuple[str, ...]
    needs: tuple[str, ...]
    before: tuple[str, ...]


def arranged(statements: Sequence[Statement | Choice], read: Iterable[str] = ()) -> list[str]:
    """Lines of code: whatever is needed stands before what needs it. Statements come in such an order.

    `read` names segments and tiers whose variables are read behind these lines.
    """
    read = {*read, *(name for statement in statements for name in statement.needs)}
    lines: list[str] = []
    for level in _levels(statements):
        plain = [_trimmed(each, read) for each in level if isinstance(each, Statement)]
        lines += [line for each in plain for line in each.start]
        lines += [line for each in level for line in each.before]
        lines += [line for each in level if isinstance(each, Choice) for line in each.lines]
        lines += factored(plain)
    return lines


def _trimmed(statement: Statement, read: set[str]) -> Statement:
    """Without the variable, when nobody reads it."""
    if statement.name in read or not statement.start:
        return statement
    return replace(statement, start=(), actions=statement.actions[1:])


def _levels(statements: Iterable[Statement | Choice]) -> list[list[Statement | Choice]]:
    """Statements that do not need each other, level by level."""
    heights: dict[str, int] = {}
    levels: list[list[Statement | Choice]] = []
    for each in statements:
        height = max((heights[name] + 1 for name in each.needs), default=0)
        if each.name:
            heights[each.name] = height
        while len(levels) <= height:
            levels.append([])
        levels[height].append(each)
    return levels


def factored(statements: Sequence[Statement], depth: int = 0) -> list[str]:
    """Lines in which a cheap condition that several statements share guards them all."""
    pad = " " * depth
    active = [each for each in statements if each.actions]
    guard = _most_shared(active) if depth < _DEEPEST else None
    if guard is None:
        return [line for each in active for line in _written(each, pad)]
    inside = [replace(each, terms=_without(each, guard)) for each in active if _has(each, guard)]
    outside = [each for each in active if not _has(each, guard)]
    return [f"{pad}if {guard}:", *factored(inside, depth + 1), *factored(outside, depth)]


def _most_shared(statements: Iterable[Statement]) -> str | None:
    uses = Counter(
        code for each in statements for code in {code for code, cost in each.terms if cost <= _CHEAP}
    )
    order: Mapping[str, int] = {code: at for at, code in enumerate(_codes(statements))}
    best = max(uses, key=lambda code: (uses[code], -order[code]), default=None)
    return best if best is not None and uses[best] > 1 else None


def _codes(statements: Iterable[Statement]) -> Iterable[str]:
    return dict.fromkeys(code for each in statements for code, _ in each.terms)


def _has(statement: Statement, code: str) -> bool:
    return any(code == term for term, _ in statement.terms)


def _without(statement: Statement, code: str) -> tuple[Term, ...]:
    return tuple(term for term in statement.terms if term[0] != code)


def _written(statement: Statement, pad: str) -> list[str]:
    condition = " and ".join(code for code, _ in statement.terms)
    if not condition:
        return [pad + action for action in statement.actions]
    return [f"{pad}if {condition}:", *(f"{pad} {action}" for action in statement.actions)]
