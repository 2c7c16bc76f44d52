"""What becomes of each pair: merged, kept apart, or asked about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final, NamedTuple

from mailweave.data.doubles.candidates import Pair
from mailweave.data.doubles.clusters import Clusters
from mailweave.data.doubles.likeness import alike, contradict, names_alike
from mailweave.data.doubles.review import Question, pair_name

SAME_NAME: Final = 0.8
"""Rows with a key in common are one person where their names are so much alike at least, or one has none."""


class Bands(NamedTuple):
    """From `merge` on two people are one, from `review` on it is asked."""

    merge: float
    review: float


class Verdict(NamedTuple):
    """A pair to be merged; the surest are merged first."""

    first: int
    second: int
    digests: tuple[str, str]
    score: float
    surely: bool


def judged(
    pairs: Iterable[Pair], clusters: Clusters, bands: Bands, decided: Mapping[str, bool]
) -> tuple[list[Question], set[str]]:
    """Joins rows in `clusters`, and says which pairs are to be asked about; also which decisions were met.

    Pairs are joined the surest first. A pair that was decided is not asked about again.
    """
    asked: list[Question] = []
    merged: list[Verdict] = []
    met: set[str] = set()
    for pair in pairs:
        for row, person in zip((pair.first, pair.second), pair.people, strict=True):
            clusters.know(row, person.differ)
        name = pair_name(pair.digests)
        said = decided.get(name)
        if said is not None:
            met.add(name)
        if said is False:
            clusters.keep_apart(pair.first, pair.second)
        elif said:
            merged.append(Verdict(pair.first, pair.second, pair.digests, 2.0, True))
        else:
            _judge(pair, bands, merged, asked)
    asked += _join(merged, clusters)
    return [one for one in asked if clusters.first(one.first) != clusters.first(one.second)], met


def _judge(pair: Pair, bands: Bands, merged: list[Verdict], asked: list[Question]) -> None:
    score, why = _of_key(pair) if pair.shared else _of_likeness(pair, bands)
    if why:
        asked.append(Question(pair.first, pair.second, pair.digests, why, score))
    elif score:
        merged.append(Verdict(pair.first, pair.second, pair.digests, score, False))


def _of_likeness(pair: Pair, bands: Bands) -> tuple[float, str]:
    """How like two rows are, 0 where they are nobody's doubles; and why they are asked about, if they are."""
    one, other = pair.people
    score = 0.0 if contradict(one, other) else alike(one, other)
    return (0.0, "") if score < bands.review else (score, "" if score >= bands.merge else "alike")


def _of_key(pair: Pair) -> tuple[float, str]:
    """The same of two rows with a key in common; that they share it counts more than any likeness.

    Two names with two birthdays are two people of one household.
    """
    one, other = pair.people
    shared = " and ".join(pair.shared)
    has_names = any(a and b for a, b in zip(one.names, other.names, strict=True))
    score = names_alike(one, other) if has_names else 1.0
    if contradict(one, other):
        return (
            (score, f"one {shared}, and a value that is two")
            if score >= SAME_NAME or "key" in pair.shared
            else (0.0, "")
        )
    return (1.0 + score, "") if score >= SAME_NAME else (score, f"one {shared}, and two names")


def _join(merged: list[Verdict], clusters: Clusters) -> Iterator[Question]:
    for one in sorted(merged, key=lambda each: (-each.score, each.first, each.second)):
        if not clusters.join(one.first, one.second, surely=one.surely):
            why = "alike, and somebody of the same group differs"
            yield Question(one.first, one.second, one.digests, why, min(one.score, 1.0))
