"""How the segments of a text lie to each other: apart, overlapping, inside one another, equal."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import Literal, TypeAlias

from mailweave.rules.checked import CheckedDocument
from mailweave.rules.prover.memberships import inside
from mailweave.rules.prover.prover import Answer, Found, Nobody, Prover
from mailweave.rules.prover.questions import AllOf, NotSo

Relation: TypeAlias = Literal["apart", "overlap", "inside", "around", "equal", "undecided"]
MOST = 100
"""Segments that a picture holds: more of them nobody could read."""

_TURNED: Mapping[Relation, Relation] = {"inside": "around", "around": "inside"}


@dataclass(frozen=True, slots=True)
class Overlaps:
    """Segments in file order; for each pair how the first lies to the second, and how many of the made-up recipients
    who answered the questions are in both."""

    segments: tuple[str, ...]
    relations: Mapping[tuple[str, str], Relation]
    witnesses: Mapping[tuple[str, str], int]


def overlaps(document: CheckedDocument, prover: Prover) -> Overlaps:
    """Asks of each pair of segments whether somebody is in both, and in either alone."""
    relations: dict[tuple[str, str], Relation] = {}
    for one, other in combinations(document.segments, 2):
        found = _relation(one, other, document, prover)
        relations[one, other], relations[other, one] = found, _TURNED.get(found, found)
    members = {name: prover.samples.members(name) for name in document.segments}
    counts = {
        (one, other): (members[one] & members[other]).bit_count()
        for one in document.segments
        for other in document.segments
    }
    return Overlaps(tuple(document.segments), relations, counts)


def _relation(one: str, other: str, document: CheckedDocument, prover: Prover) -> Relation:
    here, there = inside(document.segments[one]), inside(document.segments[other])
    both = prover.ask(AllOf((here, there)), one)
    if isinstance(both, Nobody):
        return "apart"
    alone = prover.ask(AllOf((here, NotSo(there))), one)
    beside = prover.ask(AllOf((there, NotSo(here))), other)
    return _named(both, alone, beside)


def _named(both: Answer, alone: Answer, beside: Answer) -> Relation:
    if not all(isinstance(each, Found | Nobody) for each in (both, alone, beside)):
        return "undecided"
    if isinstance(alone, Nobody) and isinstance(beside, Nobody):
        return "equal"
    if isinstance(alone, Nobody):
        return "inside"
    return "around" if isinstance(beside, Nobody) else "overlap"
