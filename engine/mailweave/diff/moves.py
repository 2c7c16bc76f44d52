"""A list of recipients under two campaigns: who gets another block, and who gets no mail any more."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from mailweave.batch.lookup import staged
from mailweave.batch.stage_reader import Stage
from mailweave.campaign import Campaign
from mailweave.decisions import Selection, Skip
from mailweave.rules.reserved import EMPTY

_AT_ONCE: Final = 1_000
_EXAMPLES: Final = 1_000  # kinds of moves, and of what stays, of which one recipient each is kept
NOTHING: Final = "(nothing)"
MAILED: Final = "(mailed)"


@dataclass(frozen=True, slots=True)
class Listed:
    """A recipient of the list, as both campaigns read them."""

    line: int
    old: tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]
    new: tuple[Mapping[str, Any], Sequence[Mapping[str, Any]]]


@dataclass(slots=True)
class Moves:
    """Counts over a list.

    slots: slot to how many, who get mail from both, have which block before and after. mail: skip before and after,
    `(mailed)` where there is none. moved: recipients for whom anything differs. unread: lines that are no recipient.
    examples: one recipient of each kind of move, the first; beside them, of each choice that stays.
    """

    recipients: int = 0
    moved: int = 0
    unread: int = 0
    slots: dict[str, Counter[tuple[str, str]]] = field(default_factory=dict)
    mail: Counter[tuple[str, str]] = field(default_factory=Counter)
    examples: dict[str, Listed] = field(default_factory=dict)

    @property
    def newly_skipped(self) -> int:
        """Those who got mail and get none."""
        return sum(n for (old, new), n in self.mail.items() if old == MAILED != new)

    @property
    def newly_mailed(self) -> int:
        """Those who got none and get mail."""
        return sum(n for (old, new), n in self.mail.items() if new == MAILED != old)

    def add(self, old: Selection | Skip, new: Selection | Skip) -> str:
        """Counts one recipient; what moved, in words, or nothing."""
        self.recipients += 1
        before, after = _mail(old), _mail(new)
        self.mail[before, after] += 1
        moved = [] if before == after else [f"{before} -> {after}"]
        if isinstance(old, Selection) and isinstance(new, Selection):
            for slot in dict.fromkeys((*old, *new)):
                pair = _shown(old, slot), _shown(new, slot)
                self.slots.setdefault(slot, Counter())[pair] += 1
                moved += [] if pair[0] == pair[1] else [f"{slot}: {pair[0]} -> {pair[1]}"]
        self.moved += bool(moved)
        return ", ".join(moved)

    def as_json(self) -> dict[str, Any]:
        """Plain data, without anything of a recipient."""
        return {
            "recipients": self.recipients,
            "moved": self.moved,
            "newly_skipped": self.newly_skipped,
            "newly_mailed": self.newly_mailed,
            "unread": self.unread,
            "mail": _rows(self.mail),
            "slots": {slot: _rows(counted) for slot, counted in self.slots.items()},
        }


def _rows(counted: Counter[tuple[str, str]]) -> list[dict[str, Any]]:
    ordered = sorted(counted.items(), key=lambda item: (-item[1], item[0]))
    return [{"old": old, "new": new, "recipients": n} for (old, new), n in ordered]


def _mail(found: Selection | Skip) -> str:
    return found.code if isinstance(found, Skip) else MAILED


def _shown(chosen: Selection, slot: str) -> str:
    return NOTHING if slot not in chosen else " + ".join(chosen[slot]) or f"({EMPTY})"


def moves(
    old: Campaign, new: Campaign, profiles: Sequence[str], events: Sequence[str], now: datetime
) -> Moves:
    """Decides a list under both campaigns at one moment, each with its own context.

    profiles, events: places as `mailweave batch` takes them. Raises MailweaveError.
    """
    found = Moves()
    with (
        staged(old, profiles, events, now) as (before, total),
        staged(new, profiles, events, now) as (after, _),
    ):
        for line, mine, yours in _pairs(before, after, total):
            if mine is None or yours is None:
                found.unread += 1
                continue
            chosen = _decided(old, mine, now), _decided(new, yours, now)
            what = found.add(*chosen) or _kept(chosen[1])
            if what and len(found.examples) < _EXAMPLES:
                one = Listed(line, (mine.profile, mine.events), (yours.profile, yours.events))
                found.examples.setdefault(what, one)
    return found


def _kept(chosen: Selection | Skip) -> str:
    """What somebody gets as before, whose mail may look different all the same."""
    if isinstance(chosen, Skip):
        return ""
    return "as before: " + ", ".join(f"{slot}: {_shown(chosen, slot)}" for slot in chosen)


def _pairs(before: Stage, after: Stage, total: int) -> Iterator[tuple[int, Any, Any]]:
    """Each line of the list as both read it."""
    for start in range(0, total, _AT_ONCE):
        stop = min(start + _AT_ONCE, total)
        rows = zip(before.read(start, stop), after.read(start, stop), strict=True)
        yield from ((line, mine, yours) for (_, line, mine), (_, _, yours) in rows)


def _decided(campaign: Campaign, recipient: Any, now: datetime) -> Selection | Skip:
    if recipient.refused is not None:
        return Skip("bad_data", str(recipient.refused), recipient.refused.field)
    return campaign.decisions.select(
        recipient.profile, events=recipient.events, now=now, context=campaign.context
    )
