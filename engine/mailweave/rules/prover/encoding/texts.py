"""What globs and parts say of one text, as truth values: an automaton tells which of them go together.

z3's own theory of strings answers whether one glob lies in another only after minutes, if at all.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations
from typing import Any, TypeAlias

from mailweave.rules.prover.encoding.values import plain_value
from mailweave.rules.prover.smt import smt
from mailweave.schema.types import Text

_ANY, _ONE = "*", "?"
_MOST_STATES = 3_000
_MOST_TEXTS = 12
_FILL = "abcdefghijklmnopqrstuvwxyz0123456789"

Pattern: TypeAlias = tuple[tuple[str, bool], ...]
"""Characters, and whether each is a wildcard."""
Signs: TypeAlias = tuple[bool, ...]
Asked: TypeAlias = dict[Pattern, Any]
_States: TypeAlias = tuple[frozenset[int], ...]


def globbed(glob: str) -> Pattern:
    """The pattern of a glob; stars beside each other are one."""
    found: list[tuple[str, bool]] = []
    for char in glob:
        one = (char, char in (_ANY, _ONE))
        if one != (_ANY, True) or not found or found[-1] != one:
            found.append(one)
    return tuple(found)


def exactly(text: str) -> Pattern:
    """The pattern of one text."""
    return tuple((char, False) for char in text)


def holding(part: str) -> Pattern:
    """The pattern of the texts that have this part."""
    star = ((_ANY, True),)
    return (*star, *exactly(part), *star) if part else star


class Texts:
    """The text terms of a question, and the patterns that each is compared with."""

    def __init__(self) -> None:
        self._asked: dict[int, Asked] = {}
        self._terms: dict[int, Any] = {}

    def fits(self, term: Any, pattern: Pattern) -> Any:
        """Where a text fits a pattern."""
        asked = self._about(term)
        if pattern not in asked:
            text = _only(pattern)
            fresh = smt().Bool(f"{term} fits {len(asked)}")
            asked[pattern] = fresh if text is None else term == smt().StringVal(text)
        return asked[pattern]

    def _about(self, term: Any) -> Asked:
        self._terms[term.get_id()] = term  # kept, as terms are told apart by their number
        return self._asked.setdefault(term.get_id(), {})

    def rules(self, *terms: Any) -> Iterator[Any]:
        """Which patterns a text can fit at once; of these terms, or of all."""
        for number in [term.get_id() for term in terms] or list(self._asked):
            asked = self._asked.get(number, {})
            if any(_only(pattern) is None for pattern in asked):
                yield from _rules(asked)

    def told(self, model: Any, term: Any) -> str:
        """The text of a solution: what z3 chose, or one that fits what it said of the patterns."""
        chosen = str(plain_value(model, term, Text()))
        asked = self._asked.get(term.get_id(), {})
        so = {
            pattern: bool(smt().is_true(model.eval(each, model_completion=True)))
            for pattern, each in asked.items()
        }
        if all(fit(pattern, chosen) is sign for pattern, sign in so.items()):
            return chosen
        kept = _in_one_go(asked)
        return (together(kept) or {}).get(tuple(so[pattern] for pattern in kept), chosen)


def _only(pattern: Pattern) -> str | None:
    """The text of a pattern without wildcards."""
    return None if any(wild for _, wild in pattern) else "".join(char for char, _ in pattern)


def _in_one_go(asked: Asked) -> tuple[Pattern, ...]:
    """The patterns that are put before the automaton: long lists of constants are not."""
    texts = [pattern for pattern in asked if _only(pattern) is not None]
    return tuple(pattern for pattern in asked if len(texts) <= _MOST_TEXTS or pattern not in texts)


def _rules(asked: Asked) -> Iterator[Any]:
    kept = _in_one_go(asked)
    found = together(kept)
    if found is not None:
        yield smt().Or(*[_signed(asked, kept, signs) for signs in found])
    else:
        yield from _two_by_two(asked, kept)
    for pattern in [each for each in asked if each not in kept]:
        text = _only(pattern) or ""
        fitting = _signed(asked, kept, tuple(fit(other, text) for other in kept))
        yield smt().Implies(asked[pattern], fitting)


def _signed(asked: Asked, patterns: Sequence[Pattern], signs: Signs) -> Any:
    z3 = smt()
    return z3.And(
        *[asked[each] if so else z3.Not(asked[each]) for each, so in zip(patterns, signs, strict=True)]
    )


def _two_by_two(asked: Asked, patterns: Sequence[Pattern]) -> Iterator[Any]:
    """Where there are too many to go through together."""
    for pair in combinations(patterns, 2):
        found = together(pair)
        if found is not None:
            yield smt().Or(*[_signed(asked, pair, signs) for signs in found])


# ---- the automaton


def fit(pattern: Pattern, text: str) -> bool:
    """Whether a text fits a pattern."""
    states = _start(pattern)
    for char in text:
        states = _next(pattern, states, char)
    return len(pattern) in states


@lru_cache(maxsize=256)
def together(patterns: tuple[Pattern, ...]) -> dict[Signs, str] | None:
    """Which of some patterns a text can fit at once, each with a shortest text; None where that takes too long."""
    letters = _letters(patterns)
    first = tuple(_start(pattern) for pattern in patterns)
    seen, found, queue = {first}, {_signs(patterns, first): ""}, deque([(first, "")])
    while queue:
        states, text = queue.popleft()
        for char in letters:
            after = tuple(_next(p, s, char) for p, s in zip(patterns, states, strict=True))
            if after not in seen:
                seen.add(after)
                found.setdefault(_signs(patterns, after), text + char)
                queue.append((after, text + char))
        if len(seen) > _MOST_STATES:
            return None
    return found


def _letters(patterns: Sequence[Pattern]) -> list[str]:
    """The characters that patterns name, and one that none does."""
    named = sorted({char for pattern in patterns for char, wild in pattern if not wild})
    other = next((char for char in _FILL if char not in named), "\u00e9")
    return [other, *named]


def _start(pattern: Pattern) -> frozenset[int]:
    return _closed(pattern, {0})


def _next(pattern: Pattern, states: frozenset[int], char: str) -> frozenset[int]:
    found = set()
    for at in states:
        if at < len(pattern):
            own, wild = pattern[at]
            if wild and own == _ANY:
                found.add(at)
            elif wild or own == char:
                found.add(at + 1)
    return _closed(pattern, found)


def _closed(pattern: Pattern, states: set[int]) -> frozenset[int]:
    """A star may stand for nothing."""
    found = set(states)
    for at in states:
        while at < len(pattern) and pattern[at] == (_ANY, True):
            at += 1
            found.add(at)
    return frozenset(found)


def _signs(patterns: Sequence[Pattern], states: _States) -> Signs:
    return tuple(len(pattern) in each for pattern, each in zip(patterns, states, strict=True))
