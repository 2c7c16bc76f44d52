"""An event as the file that calendars take: iCalendar (RFC 5545), sent by mail (RFC 6047).

Instants are written in UTC: readers differ in how they understand a zone that a file brings along.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Literal, NamedTuple
from urllib.parse import quote

from mailweave.message.attachment import Attachment
from mailweave.message.event_times import When

if TYPE_CHECKING:
    import icalendar

_MADE_BY = "-//mailweave//mailweave//EN"
_IN_MAILTO = "@!$'*+-._~^`{|}"


class Event(NamedTuple):
    """An event. start, end: both instants, or both days, of which the last is the one behind the event. `asked` is who
    should answer, and `at` when the file was made. `alarms` are how long before the start."""

    uid: str
    at: datetime
    start: When
    end: When
    summary: str
    organizer: tuple[str, str]
    asked: tuple[str, str] | None = None
    location: str = ""
    description: str = ""
    url: str = ""
    alarms: tuple[timedelta, ...] = ()

    @property
    def method(self) -> Literal["PUBLISH", "REQUEST"]:
        return "PUBLISH" if self.asked is None else "REQUEST"


def invitation(event: Event) -> Attachment:
    """The file. The same event gives the same bytes."""
    return Attachment("invite.ics", f"text/calendar; charset=utf-8; method={event.method}", _written(event))


@lru_cache(maxsize=64)
def _written(event: Event) -> bytes:
    import icalendar  # the extra `delivery`

    calendar = icalendar.Calendar()
    calendar.add("prodid", _MADE_BY)
    calendar.add("version", "2.0")
    calendar.add("method", event.method)
    calendar.add_component(_event(event))
    return bytes(calendar.to_ical())


def _event(event: Event) -> icalendar.Event:
    import icalendar

    made = icalendar.Event()
    made.add("uid", event.uid)
    made.add("dtstamp", event.at)
    made.add("dtstart", event.start)
    made.add("dtend", event.end)
    made.add("summary", event.summary)
    made.add("organizer", _person(event.organizer))
    if event.asked is not None:
        asked = _person(event.asked)
        asked.params |= {"PARTSTAT": "NEEDS-ACTION", "ROLE": "REQ-PARTICIPANT", "RSVP": "TRUE"}
        made.add("attendee", asked)
    for name in ("location", "description", "url"):
        if getattr(event, name):
            made.add(name, getattr(event, name))
    for before in event.alarms:
        made.add_component(_alarm(before, event.summary))
    return made


def _person(mailbox: tuple[str, str]) -> icalendar.vCalAddress:
    import icalendar

    name, address = mailbox
    found = icalendar.vCalAddress(f"mailto:{quote(address, safe=_IN_MAILTO)}")
    if name:
        found.params["CN"] = name.replace(
            "\\", ""
        )  # some readers take `\n` for a line end, which it is not (RFC 6868)
    return found


def _alarm(before: timedelta, summary: str) -> icalendar.Alarm:
    import icalendar

    made = icalendar.Alarm()
    made.add("action", "DISPLAY")
    made.add("description", summary)
    made.add("trigger", -before)
    return made
