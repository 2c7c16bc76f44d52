"""A block drawn by the hash of the experiments: each eligible one with its number in the table, renormalised.

Whoever is drawn for is hashed, so that no random source is read, and the same table draws the same again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import fsum
from typing import Final

from mailweave.decisions.selection import Draw
from mailweave.rules.checked import Tier
from mailweave.values.hashing import fnv1a32, has_unit, place_after

EVERYBODY: Final = "all"
"""The bucket where the table knows no tier."""
NO_MEMBER: Final = "-"
"""The bucket of who is in no member of the tier."""

Chances = Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Table:
    """What was learned for one slot, as it is read: probabilities of blocks by bucket.

    by: the tier whose members are the buckets, None for one bucket, `all`. salt: what is hashed before the recipient, so
    that another one draws anew.
    """

    by: str | None
    salt: str
    buckets: Mapping[str, Chances]


@dataclass(frozen=True, slots=True)
class Drawing:
    """How a column draws. members: bit of the mask and bucket, in the order of the tier. chances: by bucket, those of all
    blocks of the column, which add up to 1. table: what was learned, if anything was."""

    unit: str
    salt: str
    members: tuple[tuple[int, str], ...]
    chances: Mapping[str, Chances]
    table: Table | None = None
    state: int = field(init=False, compare=False, default=0)

    def __post_init__(self) -> None:
        object.__setattr__(self, "state", fnv1a32(self.salt))

    def bucket(self, mask: int) -> str:
        """The bucket of who has this mask."""
        if not self.members:
            return EVERYBODY
        return next((name for bit, name in self.members if mask & bit), NO_MEMBER)

    def over(self, bucket: str, blocks: Iterable[str]) -> Draw:
        """The chances of these blocks, in their order, and of no other: they add up to 1."""
        known = self.chances[bucket]
        kept = {block: known[block] for block in dict.fromkeys(blocks)}
        total = fsum(kept.values())
        return Draw(bucket, {block: chance / total for block, chance in kept.items()})

    def place(self, unit: object) -> float:
        """Where somebody stands in [0, 1); at 0 who has nothing to hash."""
        return place_after(self.state, str(unit)) if has_unit(unit) else 0.0


def buckets_of(tier: Tier | None) -> tuple[str, ...]:
    """The buckets of a tier: its members, and who is in none where there can be such; without one, `all`."""
    if tier is None:
        return (EVERYBODY,)
    closed = tier.complete or tier.otherwise is not None
    return tier.answers if closed else (*tier.answers, NO_MEMBER)


def drawn(draw: Draw, place: float) -> str:
    """The block whose stretch of [0, 1) holds a place; stretches follow one another in the order of the blocks.

    >>> [drawn(Draw("all", {"a": 0.25, "b": 0.75}), place) for place in (0.0, 0.2, 0.25, 0.9)]
    ['a', 'a', 'b', 'b']
    """
    end = 0.0
    for block, chance in draw.chances.items():
        end += chance
        if place < end:
            return block
    return block  # the sum of the stretches may lie a rounding below 1


def chances_of(table: Table | None, buckets: Sequence[str], blocks: Sequence[str]) -> Mapping[str, Chances]:
    """By bucket the chances of all blocks. What the table does not name has an equal share of all, and the others share
    the rest as the table says.

    >>> chances_of(Table(None, "", {"all": {"a": 0.9, "b": 0.1}}), ["all"], ["a", "b", "c", "d"])
    {'all': {'a': 0.45, 'b': 0.05, 'c': 0.25, 'd': 0.25}}
    """
    given = {} if table is None else table.buckets
    return {bucket: _shared(given.get(bucket, {}), blocks) for bucket in buckets}


def _shared(given: Chances, blocks: Sequence[str]) -> Chances:
    known = {block: given[block] for block in blocks if block in given}
    if not known:
        return dict.fromkeys(blocks, 1 / len(blocks))
    rest, total = len(known) / len(blocks), fsum(known.values())
    return {block: known[block] / total * rest if block in known else 1 / len(blocks) for block in blocks}
