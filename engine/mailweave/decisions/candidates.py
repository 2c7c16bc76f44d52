"""Candidates of one slot: cells that hold, with blocks that may be shown, and which of them come first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypeAlias

from mailweave.decisions.eligibility import Live, Rank, end_of, is_free, rank_of
from mailweave.decisions.plan import BlockPlan, CellPlan, OverridePlan
from mailweave.rules.policies import SortKey


class Candidate(NamedTuple):
    """A cell with the rank that it has for one recipient."""

    cell: CellPlan
    rank: Rank = 0


Ask: TypeAlias = Callable[[SortKey, Candidate], Any]
"""What a key says of a candidate; the smaller one comes first."""

_value = itemgetter(0)


def asking(blocks: Mapping[str, BlockPlan], live: Live) -> Ask:
    """What the keys say for one recipient."""
    return partial(_standing, blocks, live)


def _standing(blocks: Mapping[str, BlockPlan], live: Live, key: SortKey, one: Candidate) -> Any:
    match key:
        case "rank":
            return -one.rank
        case "least recently sent":
            return live.last_sent(blocks[one.cell.block])
        case "expires soonest":
            return end_of(blocks[one.cell.block].end, live)
        case "drawn" | "row":  # `drawn` tells none apart here: the hash decides between all of them at once
            return one.cell.row


def eligible(cells: Iterable[CellPlan], blocks: Mapping[str, BlockPlan], live: Live) -> list[Candidate]:
    """The cells whose block may be shown, with their ranks; a cell whose rank is unknown drops out."""
    free = (cell for cell in cells if is_free(blocks[cell.block], live))
    ranked = ((cell, rank_of(cell, live)) for cell in free)
    return [Candidate(cell, rank) for cell, rank in ranked if rank == rank]


def in_force(candidates: Sequence[Candidate], overrides: Sequence[OverridePlan]) -> list[OverridePlan]:
    """The overrides that take rows away: all at once, so a row that loses still takes others away."""
    rows = {one.cell.segment for one in candidates}
    return [o for o in overrides if o.winner in rows]


def survivors(candidates: list[Candidate], overrides: Sequence[OverridePlan]) -> list[Candidate]:
    """The candidates that no override takes away."""
    if not overrides:
        return candidates
    lost = {o.loser for o in in_force(candidates, overrides)}
    return [one for one in candidates if one.cell.segment not in lost]


def best_first(candidates: Sequence[Candidate], keys: Sequence[SortKey], ask: Ask) -> Iterable[Candidate]:
    """The candidates in order. A key is asked only about those that all keys before it leave equal."""
    return candidates if len(candidates) < 2 else _sorted(candidates, keys, ask)


def _sorted(candidates: Sequence[Candidate], keys: Sequence[SortKey], ask: Ask) -> Iterator[Candidate]:
    asked = sorted([(ask(keys[0], one), one) for one in candidates], key=_value)
    for _, equals in groupby(asked, key=_value):
        yield from best_first([one for _, one in equals], keys[1:], ask)


def first_blocks(ordered: Iterable[Candidate], limit: int) -> list[Candidate]:
    """The first `limit` distinct blocks, each by its best candidate; no more are looked at."""
    found: dict[str, Candidate] = {}
    for one in ordered:
        found.setdefault(one.cell.block, one)
        if len(found) == limit:
            break
    return list(found.values())
