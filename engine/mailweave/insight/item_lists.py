"""Lists of items for recipients: their own where something is learned of them, else what is popular."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple, TypeAlias

import numpy as np
import numpy.typing as npt

from mailweave.insight.factors import tastes
from mailweave.insight.popularity import Popularity
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.taken_items import Places, Taken

Flags: TypeAlias = npt.NDArray[np.bool_]
Learn: TypeAlias = Callable[[Places, Places, tuple[int, int]], Callable[[int], Numbers]]
"""From places of people and items, and how many there are of both: for a recipient a number for each item."""


class Wanted(NamedTuple):
    """shape: how many recipients and items. most: of a list. allowed: items that may be listed. may: recipients of whom
    something may be learned."""

    shape: tuple[int, int]
    most: int
    allowed: Flags
    may: Flags


def by_taste(people: Places, items: Places, shape: tuple[int, int]) -> Callable[[int], Numbers]:
    """The products of the factors of `insight.factors`."""
    mine, theirs = tastes(people, items, shape)
    return lambda person: np.asarray(theirs @ mine[person])


def lists_of(
    taken: Taken, wanted: Wanted, popular: Popularity, learn: Learn | None = None
) -> list[list[int]]:
    """For who has taken something, and may be learned from, what `learn` puts first, popular items first where it puts
    none; for others what is popular. Nobody is shown what they have."""
    teaches = wanted.may[taken.people]
    ranked = (
        learn(taken.people[teaches], taken.items[teaches], wanted.shape) if learn and teaches.any() else None
    )
    own, found = taken.by_person(), []
    for person in range(wanted.shape[0]):
        order, had = popular.of(person), own.get(person, set())
        if ranked is not None and wanted.may[person] and had:
            order = order[np.argsort(-ranked(person)[order], kind="stable")]
        kept = (item for item in order.tolist() if wanted.allowed[item] and item not in had)
        found.append([item for item, _ in zip(kept, range(wanted.most), strict=False)])
    return found
