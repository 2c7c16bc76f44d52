"""The event that goes with the mail of one recipient, from `[calendar]` and their data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from mailweave.campaign.calendar_settings import CalendarSettings
from mailweave.campaign.compiled_parts import Data
from mailweave.campaign.own_texts import OwnText, Setting
from mailweave.campaign.url_templates import UrlTemplate, checked_url
from mailweave.message.attachment import Attachment
from mailweave.message.event_times import When, lasting, moment
from mailweave.message.headers import Envelope, idempotency_key
from mailweave.message.invitation import Event, invitation
from mailweave.values.invalid_value import InvalidValue
from mailweave.values.zones import to_zone


@dataclass(frozen=True, slots=True)
class CalendarTemplates:
    """The templates of an event: `texts` by the name of their setting."""

    settings: CalendarSettings
    texts: Mapping[str, OwnText]
    alarms: tuple[OwnText, ...]
    url: UrlTemplate | None

    def invitation(
        self, data: Data, now: datetime, envelope: Envelope, key: str, subject: str
    ) -> Attachment | None:
        """The file for one recipient; None where nothing says when it starts. Raises InvalidValue, whose `path` is the
        attribute that is wrong."""
        said = {name: text.render(data, now) for name, text in self.texts.items()}
        if not said["start"]:
            return None
        start, end = self._times(said, said.get("timezone") or data["campaign"]["timezone"])
        sent = idempotency_key(envelope.campaign, envelope.version, key, envelope.send_id)
        organizer = self.settings.organizer
        event = Event(
            uid=said.get("uid") or f"{sent}@{envelope.sender.rpartition('@')[2]}",
            at=now.replace(microsecond=0),
            start=start,
            end=end,
            summary=said.get("summary") or subject,
            organizer=(organizer.name, organizer.address)
            if organizer
            else (envelope.sender_name, envelope.sender),
            asked=(envelope.to_name, envelope.to) if self.settings.method == "REQUEST" else None,
            location=said.get("location", ""),
            description=said.get("description", ""),
            url=self._url(data, now),
            alarms=tuple(lasting(before) for text in self.alarms if (before := text.render(data, now))),
        )
        return invitation(event)

    @property
    def _last(self) -> str:
        """The setting that says when it ends."""
        return "end" if "end" in self.texts else "duration"

    def _times(self, said: Mapping[str, str], zone: str) -> tuple[When, When]:
        start, last = moment(said["start"], zone), self._last
        try:
            return start, _end(start, last, said[last], zone)
        except InvalidValue as refusal:
            raise InvalidValue(f"calendar.{last} {refusal.reason}", self.texts[last].field) from None

    def check_fixed(self, zone: str | None) -> None:
        """Raises InvalidValue, whose `path` is the setting, where what is the same for everybody fits nobody.

        zone: that of the campaign; None where recipients have their own.
        """
        start, last = self.texts["start"].known(), self.texts[self._last].known()
        zone = self.texts["timezone"].known() if "timezone" in self.texts else zone
        if start is None or last is None:
            return
        refusals = set[str]()
        zones = _FARTHEST if zone is None else (zone,)
        for each in zones:
            try:
                _end(moment(start, each), self._last, last, each)
            except InvalidValue as refusal:
                refusals.add(refusal.reason)
            else:
                return
        raise InvalidValue(min(refusals), f"calendar.{self._last}")

    def _url(self, data: Data, now: datetime) -> str:
        if self.url is None:
            return ""
        try:
            return checked_url(self.url.render(data, now=now))
        except InvalidValue as refusal:
            field = next(iter(self.url.fields), "calendar.url")
            raise InvalidValue(f"calendar.url {refusal.reason}", field) from None


_FARTHEST = ("Etc/GMT-14", "Etc/GMT+12")
"""Where a day begins first and last: what fits in neither fits nowhere."""


def _end(start: When, last: str, text: str, zone: str) -> When:
    """When an event ends, by the text of its setting `last`. Raises InvalidValue."""
    if not text:
        raise InvalidValue("is blank, though the event has a start")
    if last == "duration":
        return start + _whole(lasting(text), start)
    end = moment(text, zone)
    if isinstance(start, datetime) != isinstance(end, datetime):
        raise InvalidValue("is a day and the start an instant, or the other way")
    if end <= start:
        raise InvalidValue("is not later than the start")
    return end


def _whole(long: timedelta, start: When) -> timedelta:
    """A day and hours would be a day, without a word."""
    if not isinstance(start, datetime) and long % timedelta(days=1):
        raise InvalidValue("is not of whole days, though the start is a day")
    return long


def calendar_settings(calendar: CalendarSettings) -> Iterator[Setting]:
    """Its texts, with the form of each. Alarms stand behind the others, and the address of the event is none of them."""
    for path, text in calendar.texts():
        if path[1] != "url":
            yield Setting(path, text, _FORMS.get(str(path[1]), str))


def _a_moment(text: str) -> str:
    moment(text, "UTC")
    return text


def _a_duration(text: str) -> str:
    lasting(text)
    return text


_FORMS = {
    "start": _a_moment,
    "end": _a_moment,
    "duration": _a_duration,
    "alarms": _a_duration,
    "timezone": to_zone,
}
