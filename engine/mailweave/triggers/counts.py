"""What a run of triggers did, in numbers; nobody is named."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.values.instants import iso

_SHOWN = 10


@dataclass(slots=True)
class Counts:
    """What a run did.

    events: by `new`, `doubled`, `other` (of types that nothing asks for), `contradicting` (the id of another event of
    that person), `old` (longer ago than rules keep, so that they may have been read and
    forgotten) and `unread`; `late` are those that came behind the moment that was reached. late_mails: those that late
    events would have started before it. mails: by campaign and trigger. kept_back: by campaign, trigger and
    reason. waits: those under experiments that began, by campaign, experiment, and arm, `held_out` or `outside`. unread:
    places of the first lines that were no events, with the reason. reached: the moment up to which all
    is mailed, in microseconds. passed: the one that an earlier run reached, where this one asked for an earlier moment.
    nearly: as `Intake` counts.
    """

    events: Counter[str] = field(default_factory=Counter)
    late_mails: int = 0
    mails: Counter[tuple[str, str]] = field(default_factory=Counter)
    kept_back: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    waits: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    unread: list[str] = field(default_factory=list)
    profiles_unread: Counter[str] = field(default_factory=Counter)
    reached: int | None = None
    passed: int | None = None
    nearly: Counter[tuple[str, str]] = field(default_factory=Counter)

    def refuse(self, place: str, why: str) -> None:
        """Counts a line that is no event."""
        self.events["unread"] += 1
        if len(self.unread) < _SHOWN:
            self.unread.append(f"{place}: {why}")

    @property
    def dead(self) -> int:
        """Mails that could not be made: a template that failed, data that break the schema."""
        return sum(
            number for (_, _, why), number in self.kept_back.items() if why in ("dead", "skip bad_data")
        )

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What somebody has to look at."""
        found = []
        if self.events["unread"]:
            found.append(diagnose("MW864", number=f"{self.events['unread']:,}", first="; ".join(self.unread)))
        if self.nearly:
            types = ", ".join(f"`{type}`" for type, _ in self.nearly)
            hint = f"did you mean {', '.join(dict.fromkeys(f'`{meant}`' for _, meant in self.nearly))}?"
            number = f"{self.nearly.total():,}"
            found.append(diagnose("MW869", number=number, types=types, hint=hint))
        if self.events["contradicting"]:
            found.append(diagnose("MW865", number=f"{self.events['contradicting']:,}"))
        if self.profiles_unread:
            fields = ", ".join(
                f"{name} ({number:,})" for name, number in sorted(self.profiles_unread.items())
            )
            found.append(diagnose("MW866", number=f"{self.profiles_unread.total():,}", fields=fields))
        if self.dead:
            found.append(diagnose("MW867", number=f"{self.dead:,}"))
        return tuple(found)

    def as_json(self) -> dict[str, object]:
        """The report of a run."""
        return {
            "reached": None if self.reached is None else iso(self.reached),
            "events": dict(sorted(self.events.items())),
            "late_mails": self.late_mails,
            "mails": {"/".join(place): number for place, number in sorted(self.mails.items())},
            "kept_back": {"/".join(place): number for place, number in sorted(self.kept_back.items())},
            "waits": {"/".join(place): number for place, number in sorted(self.waits.items())},
        }
