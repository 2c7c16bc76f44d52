"""What was counted over a list, as numbers and as rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

OPEN = "(decided per recipient)"
UNREAD: Final = 10  # rows that do not read, of which each is told


@dataclass(slots=True)
class Counts:
    """What was counted.

    recipients: rows of the list. unread: the first of those that do not read as the rules declare, and `unread_count`
    how many they are; they are in no other number.
    skipped: by code. segments: members. tiers: by tier and member. overlaps: members of both of a pair.
    conflicts: by slot, those for whom more than one block is a candidate, of those who get mail. blocks: by slot,
    who gets what; `(decided per recipient)` where sends, lists or expressions decide. groups: the same for each group,
    where one was asked for; in its `recipients` are only those who read.
    """

    recipients: int = 0
    unread: list[Unread] = field(default_factory=list)
    unread_count: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    segments: Counter[str] = field(default_factory=Counter)
    tiers: dict[str, Counter[str]] = field(default_factory=dict)
    overlaps: Counter[tuple[str, str]] = field(default_factory=Counter)
    conflicts: Counter[str] = field(default_factory=Counter)
    blocks: dict[str, Counter[str]] = field(default_factory=dict)
    groups: dict[str, Counts] = field(default_factory=dict)

    @property
    def mailed(self) -> int:
        """Those whom no `skip` keeps from being mailed."""
        return self.recipients - self.unread_count - self.skipped.total()

    def add_unread(self, row: Unread) -> None:
        """One more row that does not read; the first of the list are kept."""
        self.unread_count += 1
        self.unread = sorted([*self.unread, row], key=lambda one: one.line)[:UNREAD]

    def rows(self) -> Iterator[tuple[str, str, str, int, float]]:
        """Kind, name, second name, recipients, and their share."""
        everybody, mailed = self.recipients or 1, self.mailed or 1
        for name, n in self.segments.items():
            yield "segment", name, "", n, n / everybody
        for tier, members in self.tiers.items():
            for member, n in members.items():
                yield "tier", tier, member, n, n / everybody
        for (one, other), n in self.overlaps.most_common():
            yield "overlap", one, other, n, n / (min(self.segments[one], self.segments[other]) or 1)
        for code, n in self.skipped.items():
            yield "skip", code, "", n, n / everybody
        for slot, n in self.conflicts.items():
            yield "conflict", slot, "", n, n / mailed
        for slot, chosen in self.blocks.items():
            for block, n in chosen.most_common():
                yield "block", slot, block, n, n / mailed


@dataclass(frozen=True, slots=True)
class Unread:
    """A row that does not read as the rules declare: its line, its key, and what is wrong, never its value."""

    line: int
    key: str
    field: str | None
    reason: str


def table(counts: Counts) -> Mapping[str, list[Any]]:
    """The counts as columns: kind, name, other, recipients, share."""
    names = ("kind", "name", "other", "recipients", "share")
    return dict(zip(names, map(list, zip(*counts.rows(), strict=True)), strict=True))
