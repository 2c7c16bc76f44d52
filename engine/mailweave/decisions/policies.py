"""Hit policies, with DMN's names and meaning: which of the candidates of one slot win.

A policy sees candidates only: rows that hold, with blocks that are eligible, after overrides. The
order it works with is total: rank, then the column's tie keys, then the row's place in the matrix.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from types import MappingProxyType
from typing import Any, TypeAlias

Rank: TypeAlias = int | float


@dataclass(frozen=True, slots=True)
class Candidate:
    """A cell that may win: `row` counts from 0."""

    row: int
    block: str
    rank: Rank = 0


TieKey: TypeAlias = Callable[[Candidate], Any]
"""What the tie keys of a column say of a candidate; the smaller one wins. Asked only among equal ranks."""


@dataclass(frozen=True, slots=True)
class Choice:
    """The winners in order, or that the promise of the policy is broken (then the fallback stands in)."""

    winners: tuple[Candidate, ...] = ()
    broken: bool = False


_NOBODY, _BROKEN = Choice(), Choice(broken=True)


def unique(candidates: Sequence[Candidate], limit: int, tie: TieKey) -> Choice:
    """At most one row may hold; two are a broken promise, even when they name the same block."""
    return _BROKEN if len(candidates) > 1 else Choice(tuple(candidates))


def any_(candidates: Sequence[Candidate], limit: int, tie: TieKey) -> Choice:
    """Several rows may hold when all name the same block."""
    if len({candidate.block for candidate in candidates}) > 1:
        return _BROKEN
    return first(candidates, limit, tie)


def first(candidates: Sequence[Candidate], limit: int, tie: TieKey) -> Choice:
    """The row that stands first."""
    return Choice((min(candidates, key=_row),)) if candidates else _NOBODY


def best(candidates: Sequence[Candidate], limit: int, tie: TieKey) -> Choice:
    """The greatest rank (`priority`, `score`), then ties, then row order."""
    return collect(candidates, 1, tie)


def collect(candidates: Sequence[Candidate], limit: int, tie: TieKey) -> Choice:
    """The first `limit` distinct blocks by rank, ties, row order; a block counts by its best cell."""
    winners: dict[str, Candidate] = {}
    for candidate in in_order(candidates, tie):
        winners.setdefault(candidate.block, candidate)
        if len(winners) == limit:
            break
    return Choice(tuple(winners.values()))


def in_order(candidates: Sequence[Candidate], tie: TieKey) -> Iterator[Candidate]:
    """Best first: greatest rank, smallest tie keys, first row."""
    ranked = sorted(candidates, key=_rank, reverse=True)
    for _, equals in groupby(ranked, key=_rank):
        group = list(equals)
        if len(group) > 1:
            group.sort(key=lambda candidate: (tie(candidate), candidate.row))
        yield from group


def _row(candidate: Candidate) -> int:
    return candidate.row


def _rank(candidate: Candidate) -> Rank:
    return candidate.rank


Chooser: TypeAlias = Callable[[Sequence[Candidate], int, TieKey], Choice]

POLICIES: Mapping[str, Chooser] = MappingProxyType(
    {"unique": unique, "any": any_, "first": first, "priority": best, "score": best, "collect": collect}
)
RANKED = frozenset({"priority", "score", "collect"})
