"""When a mail may go by the clock on the wall of a zone: not before a time, and not in quiet hours."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from mailweave.diagnostics import MailweaveError, diagnose, did_you_mean
from mailweave.values.zones import zone_named, zone_names

RECIPIENT: Final = "recipient"
_AT: Final = re.compile(r"(?:(\d{4}-\d\d-\d\d)T)?(\d{1,2}):(\d\d)")
_QUIET: Final = re.compile(r"(\d{1,2}):(\d\d)-(\d{1,2}):(\d\d)")


@dataclass(frozen=True, slots=True)
class Hours:
    """`zone`: one for everybody, or `recipient`, where UTC stands in for mails that say none. `at`: the time of day
    before which nothing goes; on `day`, or else on the first day on which it comes round after `began`, when the output
    was first sent. `quiet`: from when to when nothing goes, each day."""

    zone: str = "UTC"
    at: time | None = None
    day: date | None = None
    quiet: tuple[time, time] | None = None

    @property
    def by_recipient(self) -> bool:
        """Whether the zones of mails matter."""
        return self.zone == RECIPIENT and (self.at is not None or self.quiet is not None)

    def opens(self, zone: str, began: datetime, now: float) -> float:
        """When a mail for a zone may go, in seconds since 1970: `now`, or later.

        >>> hours = Hours(at=time(9), quiet=(time(21), time(8)))
        >>> began = datetime(2026, 12, 1, 22, tzinfo=UTC)
        >>> datetime.fromtimestamp(hours.opens("", began, began.timestamp()), UTC).isoformat()
        '2026-12-02T09:00:00+00:00'
        """
        if self.at is None and self.quiet is None:
            return now
        named = zone if self.zone == RECIPIENT else self.zone
        where = zone_named(named if named in zone_names() else "UTC")
        moment = max(datetime.fromtimestamp(now, UTC), self._due(began.astimezone(where)))
        if self.quiet is not None:
            moment = _awake(moment.astimezone(where), *self.quiet)
        return max(now, moment.timestamp())

    def _due(self, began: datetime) -> datetime:
        """The instant of `at`; `began` is local."""
        if self.at is None:
            return began.astimezone(UTC)
        if self.day is not None:
            return datetime.combine(self.day, self.at, began.tzinfo).astimezone(UTC)
        today = datetime.combine(began.date(), self.at, began.tzinfo)
        if today.astimezone(UTC) < began.astimezone(UTC):
            today = datetime.combine(began.date() + timedelta(days=1), self.at, began.tzinfo)
        return today.astimezone(UTC)


def _awake(local: datetime, start: time, stop: time) -> datetime:
    """This moment, or when the quiet hours end that it falls in."""
    wall = local.time()
    overnight = start > stop
    is_quiet = (wall >= start or wall < stop) if overnight else start <= wall < stop
    if not is_quiet:
        return local
    day = local.date() + timedelta(days=1) if overnight and wall >= start else local.date()
    return datetime.combine(day, stop, local.tzinfo).astimezone(UTC)


def hours(at: str | None, quiet: str | None, zone: str | None) -> Hours:
    """What a person typed: `9:00` or `2026-12-01T9:00`, `21:00-8:00`, a zone or `recipient`. Raises MailweaveError.

    >>> hours("9:00", None, "Europe/Paris").at
    datetime.time(9, 0)
    """
    if zone is None and (at or quiet):
        raise _refused(
            "--at", "no zone says whose clock is meant", "add --zone Europe/Paris, or --zone recipient"
        )
    if zone is not None and not (at or quiet):
        raise _refused("--zone", "it has no effect without --at and --quiet", "leave it out, or name a time")
    if zone not in (None, RECIPIENT) and zone not in zone_names():
        todo = did_you_mean(str(zone), (*zone_names(), RECIPIENT)) or "write one such as Europe/Paris"
        raise _refused("--zone", "there is no zone of this name", todo)
    day, when = _at(at) if at else (None, None)
    return Hours(zone or "UTC", at=when, day=day, quiet=_quiet(quiet) if quiet else None)


def _at(text: str) -> tuple[date | None, time]:
    found = _AT.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        return date.fromisoformat(found[1]) if found[1] else None, time(int(found[2]), int(found[3]))
    except ValueError:
        raise _refused("--at", "it is no time of day", "write 9:00, or 2026-12-01T9:00") from None


def _quiet(text: str) -> tuple[time, time]:
    found = _QUIET.fullmatch(text.strip())
    try:
        if found is None:
            raise ValueError
        start, stop = time(int(found[1]), int(found[2])), time(int(found[3]), int(found[4]))
        if start == stop:
            raise ValueError
    except ValueError:
        raise _refused("--quiet", "it is no span of a day", "write 21:00-8:00") from None
    return start, stop


def _refused(option: str, what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW818", place=option, what=what, todo=todo)])
