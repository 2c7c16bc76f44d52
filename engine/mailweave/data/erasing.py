"""mailweave data erase: one person, or what is older than it may be kept, out of the consents and all lists held."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from mailweave.data.consent.store import ConsentStore
from mailweave.data.files import unusable
from mailweave.data.held import Row, Swept, aliases, check_held, has_merges, is_of, nameless, sweep, unread
from mailweave.data.mapping import DataMapping
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.schema.types import Key
from mailweave.values.durations import to_duration
from mailweave.values.instants import iso, to_instant
from mailweave.values.invalid_value import InvalidValue


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased: consents, and lines by file."""

    consents: int
    files: tuple[Swept, ...]


@dataclass(frozen=True, slots=True)
class Holdings:
    """Everything of a project in which personal data lie: the record of consents, the files that data.toml names."""

    mapping: DataMapping

    @property
    def store(self) -> ConsentStore:
        """The record of consents."""
        return ConsentStore(self.mapping.folder / self.mapping.settings.consents)

    @property
    def named(self) -> tuple[Path, ...]:
        """The files that the mapping names. Raises MailweaveError (MW833) for what can be none of them."""
        found = tuple(self.mapping.folder / name for name in self.mapping.settings.held)
        check_held(found)
        return found

    @property
    def files(self) -> tuple[Path, ...]:
        """Those that are there."""
        return tuple(path for path in self.named if path.is_file())

    @property
    def absent(self) -> tuple[Path, ...]:
        """Those that are not."""
        return tuple(path for path in self.named if not path.is_file())

    def aliases(self, *, but: Path | None = None) -> Mapping[str, str]:
        """The keys that merges have joined, each with the one that stands for all of them.

        but: a file that need not be there yet. Raises MailweaveError (MW833) for others that are not: a log of merges may
        be among them.
        """
        gone = [path for path in self.absent if but is None or path.resolve() != but.resolve()]
        if gone:
            raise unusable(gone[0], "it is not there: take it out of `held` in data.toml, or bring it back")
        return aliases(self.files)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """A warning (MW846) for each file that is not there, or of which lines do not read."""
        found = [(path, "this file is not there") for path in self.absent]
        counted = [(path, unread(path)) for path in self.files]
        found += [(path, f"{count:,} lines of this file do not read") for path, count in counted if count]
        refused = [(path, nameless(path)) for path in self.files]
        nobodys = "refused rows of this file do not say whose they are"
        found += [(path, f"{count:,} {nobodys}") for path, count in refused if count]
        return tuple(diagnose("MW846", place=str(path), what=what) for path, what in found)

    def keys_of(self, key: str) -> frozenset[str]:
        """All keys of one person."""
        same = aliases(self.files)
        return frozenset({key, *(one for one, first in same.items() if first == same.get(key, key))})

    @property
    def key_column(self) -> str:
        """What the key of a recipient is called in lists."""
        profile = self.mapping.schema.profile
        return next(
            (field.column or name for name, field in profile.items() if isinstance(field.type, Key)), "id"
        )


def erase(holdings: Holdings, key: str, now: datetime) -> Erased:
    """Destroys everything about one person: consents with their salts, rows, merged lines. The chain says so, and holds.

    Logs of merges go last, so that what was killed can be done again. Raises MailweaveError: MW844 where nothing is held,
    MW842 for a record of consents that was tampered with.
    """
    files, store, column = holdings.files, holdings.store, holdings.key_column
    keys = holdings.keys_of(key)
    consents = store.erase(lambda one: one.record.who in keys, iso(to_instant(now))) if store.exists else 0
    swept = tuple(sweep(path, lambda row: is_of(row, keys, column)) for path in sorted(files, key=has_merges))
    if not consents and not any(one.erased for one in swept):
        raise MailweaveError([diagnose("MW844", place="KEY")])
    return Erased(consents, swept)


def erase_expired(holdings: Holdings, now: datetime) -> Erased:
    """Destroys what is older at `now` than it may be kept: events by the `keep` of their declaration, consents by
    `keep_consents` unless they say yes at `now`. What anybody agrees to at `now` stays what it is.
    """
    keep, store = holdings.mapping.settings.keep_consents, holdings.store
    consents = 0
    if keep is not None and store.exists:
        limit = to_instant(now) - to_duration(keep)
        counting = _counting(store, now, aliases(holdings.files))
        consents = store.erase(
            lambda one: to_instant(one.record.at) < limit and one.n not in counting, iso(to_instant(now))
        )
    is_unseen = _old_events(holdings, now)
    return Erased(consents, tuple(sweep(path, is_unseen) for path in holdings.files))


def _counting(store: ConsentStore, now: datetime, same: Mapping[str, str]) -> set[int]:
    """The consents by which somebody agrees at `now`: what was taken back under one key of a person is so under all."""
    moment = to_instant(now)
    last: dict[tuple[str, str], tuple[int, int, bool]] = {}
    for one in store.kept():
        name, said = (
            (same.get(one.record.who, one.record.who), one.record.purpose),
            (to_instant(one.record.at), one.n, one.record.given),
        )
        if said[0] <= moment:
            last[name] = max(last.get(name, said), said)
    return {n for _, n, given in last.values() if given}


def _old_events(holdings: Holdings, now: datetime) -> Callable[[Row], bool]:
    """Whether a row is an event that no rule may see any more. What has no moment that reads is not one."""
    moment = to_instant(now)
    keep = {name: event.keep for name, event in holdings.mapping.schema.events.items()}

    def is_old(row: Row) -> bool:
        kept = keep.get(row.get("type", "")) if isinstance(row.get("type"), str) else None
        if kept is None:
            return False
        try:
            return to_instant(row.get("at")) <= moment - kept
        except InvalidValue:
            return False

    return is_old
