"""Generated statements in an order that works, conditions that several of them share asked once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
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
    lines: list[str] = []
    for guard, group in _grouped([each for each in statements if each.actions], depth):
        if guard is None:
            lines += [line for each in group for line in _written(each, pad)]
        else:
            inside = [replace(each, terms=_without(each, guard)) for each in group]
            lines += [f"{pad}if {guard}:", *factored(inside, depth + 1)]
    return lines


def _grouped(statements: Sequence[Statement], depth: int) -> Iterable[tuple[str | None, list[Statement]]]:
    """Each statement under the condition that it shares with the most others, or under None."""
    uses = Counter(code for each in statements for code in _guards(each)) if depth < _DEEPEST else Counter()
    groups: dict[str | None, list[Statement]] = {}
    for each in statements:
        guard = max(_guards(each), key=lambda code: uses[code], default=None)
        groups.setdefault(guard if uses[guard] > 1 else None, []).append(each)
    alone = [each for group in groups.values() if len(group) == 1 for each in group]
    shared = [(guard, group) for guard, group in groups.items() if len(group) > 1]
    return [*shared, (None, alone)]


def _guards(statement: Statement) -> Iterable[str | None]:
    return dict.fromkeys(code for code, cost in statement.terms if cost <= _CHEAP)


def _without(statement: Statement, code: str) -> tuple[Term, ...]:
    return tuple(term for term in statement.terms if term[0] != code)


def _written(statement: Statement, pad: str) -> list[str]:
    condition = " and ".join(code for code, _ in statement.terms)
    if not condition:
        return [pad + action for action in statement.actions]
    return [f"{pad}if {condition}:", *(f"{pad} {action}" for action in statement.actions)]
