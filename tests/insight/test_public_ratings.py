"""Taste against popularity on a public set: MovieLens 100K (GroupLens), as a package ships it.

Each person's first four fifths are learned from, in the order of time, and their last fifth judges. With one moment for
all, as `mailweave recommend` judges, the set cannot tell: most people of it rated on one day, so few stand on both
sides.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from mailweave.insight.item_lists import Wanted, lists_of
from mailweave.insight.list_measures import interval, ndcg
from mailweave.insight.popularity import Popularity
from mailweave.insight.recommending import TASTE, recommend
from mailweave.insight.taken_items import Taken

RATINGS = Path(__file__).resolve().parents[2] / ".cache" / "movielens100k.tab"
MOST = 4

pytestmark = pytest.mark.skipif(
    not RATINGS.is_file(), reason="no public ratings: python3 tools/public_ratings.py"
)


def rated() -> tuple[Taken, Wanted]:
    rows = np.loadtxt(RATINGS, skiprows=3)
    people, items = rows[:, 0].astype(np.int64) - 1, rows[:, 1].astype(np.int64) - 1
    shape = (int(people.max()) + 1, int(items.max()) + 1)
    wanted = Wanted(shape, MOST, np.ones(shape[1], dtype=np.bool_), np.ones(shape[0], dtype=np.bool_))
    return Taken(people, items, rows[:, 3]), wanted


def own_splits(taken: Taken) -> tuple[Taken, Taken]:
    """What each person took first and last, four fifths and one."""
    by_person = np.lexsort((taken.order, taken.people))
    early = np.zeros(len(by_person), dtype=np.bool_)
    for person in range(int(taken.people.max()) + 1):
        theirs = by_person[taken.people[by_person] == person]
        early[theirs[: -(-len(theirs) * 4 // 5)]] = True
    return _of(taken, early), _of(taken, ~early)


def _of(taken: Taken, rows: npt.NDArray[np.bool_]) -> Taken:
    return Taken(taken.people[rows], taken.items[rows], taken.order[rows])


def test_taste_beats_popularity_on_the_last_films_of_each() -> None:
    taken, wanted = rated()
    early, late = own_splits(taken)
    later = late.by_person()
    popular = lists_of(early, wanted, Popularity(early, wanted.shape[1]))
    own = lists_of(early, wanted, Popularity(early, wanted.shape[1]), TASTE.learn)
    gains = np.array([ndcg(own[p], later[p], MOST) - ndcg(popular[p], later[p], MOST) for p in sorted(later)])
    assert len(gains) == 943
    assert gains.mean() == pytest.approx(0.0456, abs=0.005)
    assert interval(gains).above


def test_one_moment_for_all_leaves_too_few_to_tell() -> None:
    taken, wanted = rated()
    found = recommend("films", taken, wanted)
    assert found.gain.people == 109
    assert [one.code for one in found.diagnostics] == ["MW889"]
