"""How an element looks where several conditions decide over it: over its words, and over the ground below them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import product
from typing import Final

from mailweave.content.condition_paths import ConditionPaths
from mailweave.lint.computed_looks import Look, canvas, look
from mailweave.lint.conditions import VIEWS, View
from mailweave.lint.looks import knows_dark
from mailweave.lint.pages import Reading
from mailweave.markup.branches import Choice, Decision, Leaf
from mailweave.markup.cascade.document import Element

_MOST: Final = 64
_TEXTS = re.compile(r"\"[^\"]*\"|'[^']*'")
_NAMES = re.compile(r"[A-Za-z_][\w-]*(?:\.[\w-]+)*")
_WORDS = frozenset("if unless elsif else case when and or contains true false nil blank empty not".split())

Test = tuple[str, int]
"""A condition as written, and the branch of it."""


def combined(reading: Reading, element: Element, around: Sequence[str]) -> Iterator[tuple[View, Look]]:
    """Each look of an element that somebody may see by several conditions at once.

    around: the tests under which it stands. Conditions that ask about one thing may exclude each other, and are left out.
    """
    one, path = reading.prepared, [*reversed([element, *element.ancestors()])]
    numbers = [e.number for e in path if e.number is not None and e.number in one.ways.decisions]
    if len(numbers) < 2 or len(one.sheets) != 1 or not reading.looks:
        return
    leaves = [list(_leaves(one.ways.decisions[number])) for number in numbers]
    if math.prod(map(len, leaves)) > _MOST:
        return
    for chosen in product(*leaves):
        tests = [test for _, tests in chosen for test in tests]
        if _may_meet(tests, around):
            indexes = {number: leaf.index for number, (leaf, _) in zip(numbers, chosen, strict=True)}
            for at, view in enumerate(VIEWS):
                yield view, _look(reading, path, one.ways, indexes, at)


def _leaves(decision: Decision, tests: tuple[Test, ...] = ()) -> Iterator[tuple[Leaf, tuple[Test, ...]]]:
    if isinstance(decision, Choice):
        for branch, below in enumerate(decision.branches):
            yield from _leaves(below, (*tests, (" ".join(decision.tags[:-1]), branch)))
    else:
        yield decision, tests


def _may_meet(tests: Sequence[Test], around: Sequence[str]) -> bool:
    """Whether nothing says that the conditions exclude each other: each asks about something else, or they are the same."""
    known: dict[str, int] = {}
    for text, branch in tests:
        if known.setdefault(text, branch) != branch:
            return False
    asked = [_names(text) for text in (*known, *around)]
    return all(not asked[a] & asked[b] for a in range(len(asked)) for b in range(a)) and not any(
        name.startswith("let.") for names in asked for name in names
    )


def _names(test: str) -> frozenset[str]:
    return frozenset(_NAMES.findall(_TEXTS.sub(" ", test))) - _WORDS


def _look(
    reading: Reading, path: Sequence[Element], ways: ConditionPaths, indexes: Mapping[int, int], view: int
) -> Look:
    """The look of the last element of a path, with the chosen variants of all its conditions."""
    one = reading.prepared
    dark = knows_dark(one, reading.looks[view].said, VIEWS[view])
    found = canvas(VIEWS[view], dark)
    for element in path:
        own = ways.deciding(-1 if element.number is None else element.number)
        run = ways.run({number: indexes[number] for number in own if number in indexes})
        said = reading.looks[run * len(VIEWS) + view].said[element]
        found = look(element, said, found, VIEWS[view], dark, one.document.fold)
    return found
