"""`[calendar]` of campaign.toml: an event that goes with the mail, for the reader's own calendar."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from mailweave.campaign.mailboxes import Mailbox, Strict
from mailweave.campaign.setting_forms import Line, or_liquid, told, zone
from mailweave.message.event_times import lasting, moment

Zone = Annotated[Line, or_liquid(zone)]


def _moment(text: str) -> str:
    if text:
        moment(text, "UTC")
    return text


def _lasting(text: str) -> str:
    if text:
        lasting(text)
    return text


Moment = Annotated[Line, or_liquid(told(_moment))]
Lasting = Annotated[Line, or_liquid(told(_lasting))]


class CalendarSettings(Strict):
    """An event. All texts but the zone's name may hold Liquid; without a `start` a recipient gets none."""

    start: Annotated[Moment, Field(min_length=1)]
    end: Moment = ""
    duration: Lasting = ""
    timezone: Zone = ""
    summary: Line = ""
    location: Line = ""
    description: str = ""
    url: Line = ""
    organizer: Mailbox | None = None
    uid: Line = ""
    alarms: Annotated[tuple[Lasting, ...], Field(max_length=5)] = ()
    method: Literal["PUBLISH", "REQUEST"] = "PUBLISH"

    @model_validator(mode="after")
    def _ends(self) -> Self:
        if bool(self.end) == bool(self.duration):
            raise ValueError("needs either `end` or `duration`")
        return self

    def texts(self) -> Iterator[tuple[tuple[str | int, ...], str]]:
        """Path and text of what may hold Liquid, as far as it is set."""
        for name in (
            "start",
            "end",
            "duration",
            "timezone",
            "summary",
            "location",
            "description",
            "url",
            "uid",
        ):
            text = getattr(self, name)
            if text:
                yield ("calendar", name), text
        for number, text in enumerate(self.alarms):
            yield ("calendar", "alarms", number), text
