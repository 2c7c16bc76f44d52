"""Days and moments in the formats that the mapping names; one that could be two is refused."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

from mailweave.data.intake.refusals import CellRefused
from mailweave.data.settings import EPOCHS
from mailweave.values.instants import EPOCH, iso, to_day, to_instant
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import zone_named

_SHORT: Final = re.compile(r"[0-9]{1,2}[./ -][0-9]{1,2}[./ -][0-9]{2,4}\b.*", re.ASCII)
_LOCAL: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2}([.][0-9]{1,6})?)?", re.ASCII
)
_TWO: Final = "could be two days: say `format` in data.toml"


def read_day(text: str, formats: Sequence[str]) -> str:
    """The day as ISO 8601. Without formats, ISO 8601 alone is read. Raises CellRefused (`date`, `ambiguous_date`).

    >>> read_day("17.05.1990", ["%d.%m.%Y"]), read_day("1990-05-17", [])
    ('1990-05-17', '1990-05-17')
    >>> read_day("01/02/2026", ["%d/%m/%Y", "%m/%d/%Y"])
    Traceback (most recent call last):
    mailweave.data.intake.refusals.CellRefused: ambiguous_date: is another day in another of the formats
    """
    if formats:
        found = {moment.date() for moment in _parsed(text, formats)}
        return _only(found, "date").isoformat()
    try:
        return date.fromordinal(to_day(text)).isoformat()
    except InvalidValue as refusal:
        if _SHORT.fullmatch(text):
            raise CellRefused("ambiguous_date", _TWO) from None
        raise CellRefused("date", refusal.reason) from None


def read_moment(text: str, formats: Sequence[str], zone: str | None) -> tuple[str, bool]:
    """The moment in UTC as ISO 8601, and whether `zone` had to say where it is.

    Raises CellRefused: `instant` for what is none, `ambiguous_date`, `zone` where no zone is known, `clock_change` for
    a local time that the clocks of the zone show twice or never.

    >>> read_moment("2026-07-01 09:00", [], "Europe/Paris")
    ('2026-07-01T07:00:00Z', True)
    """
    found = set(_parsed(text, formats)) if formats else {_iso(text)}
    moment = _only(found, "instant")
    is_local = moment.tzinfo is None
    if is_local:
        moment = _placed(moment, zone)
    try:
        return iso(to_instant(moment)), is_local
    except InvalidValue as refusal:
        raise CellRefused("instant", refusal.reason) from None


_T = TypeVar("_T", datetime, date)


def _only(found: set[_T], kind: str) -> _T:
    if not found:
        raise CellRefused(kind, "is in none of the formats")
    if len(found) > 1:
        raise CellRefused("ambiguous_date", "is another day in another of the formats")
    return found.pop()


def _parsed(text: str, formats: Sequence[str]) -> list[datetime]:
    found = []
    for one in formats:
        try:
            found.append(_counted(text, EPOCHS[one]) if one in EPOCHS else datetime.strptime(text, one))
        except (ValueError, OverflowError, InvalidOperation):
            continue
    return found


def _counted(text: str, per_second: int) -> datetime:
    """A count since 1970; strptime has no word for it, and a float would lose digits."""
    if not re.fullmatch(r"-?[0-9]{1,16}(\.[0-9]{1,9})?", text, re.ASCII):
        raise ValueError
    return EPOCH + timedelta(microseconds=int(Decimal(text) * 1_000_000 / per_second))


def _iso(text: str) -> datetime:
    try:
        if _LOCAL.fullmatch(text):
            return datetime.fromisoformat(text)
        return EPOCH + timedelta(microseconds=to_instant(text))
    except InvalidValue as refusal:
        if _SHORT.fullmatch(text):
            raise CellRefused("ambiguous_date", _TWO) from None
        raise CellRefused("instant", refusal.reason) from None
    except ValueError:
        raise CellRefused("instant", "is not an instant in ISO 8601") from None


def _placed(moment: datetime, zone: str | None) -> datetime:
    """A local time in its zone: one moment, or none."""
    if zone is None:
        raise CellRefused("zone", "is a time without a zone: say `zone` in data.toml")
    here = zone_named(zone)
    first, second = (moment.replace(tzinfo=here, fold=fold) for fold in (0, 1))
    try:
        if first.utcoffset() != second.utcoffset():
            raise CellRefused("clock_change", "is a time that comes twice or never, where the clocks change")
        return first.astimezone(UTC)
    except OverflowError:
        raise CellRefused("instant", "is an instant outside the years 1 to 9999") from None
