"""A tier in the rule language that puts recipients where clusters have them, as far as a few bounds can."""

from __future__ import annotations

from collections.abc import Container, Iterator, Sequence
from itertools import count
from math import ceil
from typing import Any, Final, NamedTuple

import numpy as np
from sklearn.tree import DecisionTreeClassifier

from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.insight.clusters import Clustered, Said
from mailweave.insight.purchase_counts import Numbers
from mailweave.insight.responses import Flags
from mailweave.insight.taken_items import Places
from mailweave.rules.formatter import format_source

_LEAVES: Final = 2  # for each cluster, at most
_ENOUGH: Final = 0.95  # of those that bounds are learned from: more leaves are harder to read
_SEED: Final = 1


class Bound(NamedTuple):
    """A column that is below a value, or else at least it."""

    column: int
    value: float
    is_below: bool

    def holds(self, rows: Numbers) -> Flags:
        column = rows[:, self.column]
        return np.asarray(column < self.value if self.is_below else column >= self.value)

    def text(self, said: Sequence[Said]) -> str:
        what = said[self.column]
        number = f"{self.value:.0f}" if what.whole else f"{self.value:.4f}".rstrip("0").rstrip(".")
        return f"{what.text} {'<' if self.is_below else '>='} {number}{what.unit}"


class Proposal(NamedTuple):
    """text: the tier. share: of a third of the recipients, of whom the bounds were not learned, those that it puts into the
    cluster they are in. untold: clusters into which no line puts anybody."""

    text: str
    share: float
    untold: tuple[int, ...]


def proposal(found: Clustered, taken: Container[str]) -> Proposal:
    """A tier of one line for each cluster, by a small decision tree over two thirds of the recipients.

    taken: names that the rules have already. Raises MailweaveError (MW882) where bounds tell one cluster only.
    """
    shuffled = np.random.default_rng(_SEED).permutation(len(found.rows))
    others, learned = np.split(shuffled, [len(shuffled) // 3])
    number = int(found.places.max()) + 1
    rows = found.rows[learned]
    leaves: dict[int, list[tuple[Bound, ...]]] = {}
    for cluster, bounds in _leaves(_tree(rows, found.places[learned], number), found.said):
        leaves.setdefault(cluster, []).append(_needed(bounds, rows))
    if len(leaves) < 2:
        what = "all but a few recipients are in one cluster, and no bounds tell the others"
        raise MailweaveError([diagnose("MW882", place="clusters", what=what)])
    rest = min(leaves)  # the largest of those that any leaf tells
    put = _put(found.rows[others], leaves, rest)
    name = next(one for at in count(1) if (one := f"behaviour{'' if at == 1 else at}") not in taken)
    text = format_source("\n".join(_lines(name, leaves, rest, found)))
    untold = tuple(cluster for cluster in range(number) if cluster not in leaves)
    return Proposal(text, float((put == found.places[others]).mean()), untold)


def _tree(rows: Numbers, places: Places, number: int) -> DecisionTreeClassifier:
    """The smallest that tells enough and all clusters, else the largest."""
    for leaves in range(number, _LEAVES * number + 1):
        tree = DecisionTreeClassifier(max_leaf_nodes=leaves, random_state=_SEED).fit(rows, places)
        put = tree.predict(rows)
        if len(np.unique(put)) == number and (put == places).mean() >= _ENOUGH:
            break
    return tree


def _leaves(fitted: DecisionTreeClassifier, said: Sequence[Said]) -> Iterator[tuple[int, tuple[Bound, ...]]]:
    tree: Any = fitted.tree_
    waiting: list[tuple[int, tuple[Bound, ...]]] = [(0, ())]
    while waiting:
        node, bounds = waiting.pop()
        if tree.children_left[node] < 0:
            yield int(fitted.classes_[np.argmax(tree.value[node])]), bounds
            continue
        column = int(tree.feature[node])
        value = float(tree.threshold[node])
        value = float(ceil(value)) if said[column].whole else round(value, 4)
        sides = ((tree.children_left[node], True), (tree.children_right[node], False))
        waiting += [(int(child), _with(bounds, Bound(column, value, below))) for child, below in sides]


def _with(bounds: tuple[Bound, ...], new: Bound) -> tuple[Bound, ...]:
    """A bound of a column on one side says all that the wider one before it says."""
    kept = (one for one in bounds if (one.column, one.is_below) != (new.column, new.is_below))
    return (*kept, new)


def _needed(bounds: tuple[Bound, ...], rows: Numbers) -> tuple[Bound, ...]:
    """Without bounds that leave nobody out whom the others let in: three purchases in 90 days are three in 365."""
    kept, inside = list(bounds), _hold(bounds, rows)
    for bound in bounds:
        fewer = [one for one in kept if one is not bound]
        if fewer and (_hold(fewer, rows) == inside).all():
            kept = fewer
    return tuple(sorted(kept))


def _hold(bounds: Sequence[Bound], rows: Numbers) -> Flags:
    return np.asarray(np.logical_and.reduce([bound.holds(rows) for bound in bounds]))


def _put(rows: Numbers, leaves: dict[int, list[tuple[Bound, ...]]], rest: int) -> Places:
    """In which cluster the tier puts each: the first line that is true."""
    put = np.full(len(rows), rest)
    for cluster, ways in sorted(leaves.items(), reverse=True):
        for bounds in ways if cluster != rest else ():
            put[_hold(bounds, rows)] = cluster
    return put


def _lines(
    name: str, leaves: dict[int, list[tuple[Bound, ...]]], rest: int, found: Clustered
) -> Iterator[str]:
    yield f"tier {name} {{"
    for cluster, ways in sorted(leaves.items()):
        if cluster != rest:
            said = (" and ".join(bound.text(found.said) for bound in bounds) for bounds in ways)
            yield f"  group_{cluster + 1} = " + " or ".join(
                f"({one})" if len(ways) > 1 else one for one in said
            )
    yield f"  otherwise group_{rest + 1}"
    yield "}"
