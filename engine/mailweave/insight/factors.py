"""Tastes of recipients and items from what was bought or clicked: implicit feedback, by alternating least squares.

Y. Hu, Y. Koren, C. Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", IEEE ICDM, 2008. Solved exactly
and in one thread, so that the same events give the same lists.
"""

from __future__ import annotations

from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from mailweave.insight.purchase_counts import Numbers

FACTORS: Final = 32
_ROUNDS: Final = 15
_WEIGHT: Final = 10.0  # of one more time that somebody took an item, against one that was not taken
_RIDGE: Final = 5.0
_SEED: Final = 1


def tastes(
    people: npt.NDArray[np.int64], items: npt.NDArray[np.int64], shape: tuple[int, int]
) -> tuple[Numbers, Numbers]:
    """Factors of each of the people and of each of the items, whose products rank items.

    people, items: places, one pair each time that somebody took an item. shape: how many there are of both.
    """
    taken = csr_matrix((np.ones(len(people)), (people, items)), shape=shape)
    by_item = csr_matrix(taken.T)
    size = min(FACTORS, *shape)
    mine: Numbers = np.zeros((shape[0], size))
    theirs: Numbers = np.random.default_rng(_SEED).normal(0, 0.1, (shape[1], size))
    for _ in range(_ROUNDS):
        mine = _solved(taken, theirs)
        theirs = _solved(by_item, mine)
    return mine, theirs


def _solved(taken: csr_matrix, other: Numbers) -> Numbers:
    """The least squares of each row, the factors of the other side held."""
    size = other.shape[1]
    everything = other.T @ other + _RIDGE * np.eye(size)
    found = np.zeros((taken.shape[0], size))
    for row in np.flatnonzero(np.diff(taken.indptr)):
        at = slice(taken.indptr[row], taken.indptr[row + 1])
        near, weights = other[taken.indices[at]], _WEIGHT * taken.data[at]
        found[row] = np.linalg.solve(everything + (near.T * weights) @ near, near.T @ (1 + weights))
    return found
