"""Events as files for calendars, read back by ical.js; and when texts say that something is."""

from __future__ import annotations

import doctest
import random
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import unquote
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.message.mail_readers import Read, by_ical_js

from mailweave.message import event_times
from mailweave.message.cleaning import one_line
from mailweave.message.event_times import lasting, moment
from mailweave.message.invitation import Event, invitation
from mailweave.values.invalid_value import InvalidValue

PIECES = (
    "é",
    "日本語",
    "😀",
    ",",
    ";",
    ":",
    "\\",
    '"',
    "'",
    "^",
    "^n",
    "\\n",
    " ",
    "a",
    "word " * 30,
    "BEGIN:VEVENT",
    "=",
)


def text(source: random.Random) -> str:
    return one_line("".join(source.choices(PIECES, k=source.randrange(8))))


def drawn(source: random.Random, number: int) -> Event:
    days = source.random() < 0.3
    first = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=source.randrange(4_000_000))
    start = first.date() if days else first
    return Event(
        uid=f"{number}@example.com",
        at=datetime(2026, 11, 22, 9, tzinfo=UTC),
        start=start,
        end=start
        + (timedelta(days=source.randrange(1, 9)) if days else timedelta(minutes=source.randrange(1, 9000))),
        summary=text(source),
        organizer=(text(source), "news@example.com"),
        asked=(text(source), "ann+x%y@example.com") if source.random() < 0.5 else None,
        location=text(source),
        description="\n".join((text(source), text(source))).strip(),
        url=source.choice(("", "https://example.com/a,b;c?d=%C3%A9&e")),
        alarms=tuple(timedelta(minutes=source.randrange(1, 20_000)) for _ in range(source.randrange(3))),
    )


def when(value: date) -> Any:
    return int(value.timestamp()) if isinstance(value, datetime) else value.isoformat()


def before(event: Event, alarm: timedelta) -> int:
    """An alarm is an instant; of a day it is that of midnight, wherever its reader is: in these tests in UTC."""
    start = (
        event.start
        if isinstance(event.start, datetime)
        else datetime(*event.start.timetuple()[:3], tzinfo=UTC)
    )
    return int((start - alarm).timestamp())


def expected(event: Event) -> Read:
    return {
        "method": "PUBLISH" if event.asked is None else "REQUEST",
        "uid": event.uid,
        "stamp": when(event.at),
        "start": when(event.start),
        "end": when(event.end),
        "summary": event.summary,
        "location": event.location,
        "description": event.description,
        "url": event.url,
        "organizer": person(event.organizer),
        "asked": None if event.asked is None else person(event.asked),
    }


def person(mailbox: tuple[str, str]) -> list[str]:
    name, address = mailbox
    return [name.replace("\\", ""), address]


def test_ical_js_reads_what_was_said() -> None:
    source = random.Random(3)
    events = [drawn(source, number) for number in range(300)]
    for found, event in zip(by_ical_js([invitation(one).content for one in events]), events, strict=True):
        wanted = expected(event)
        for name in ("organizer", "asked"):
            if found[name] is not None:
                found[name][1] = unquote(found[name][1].removeprefix("mailto:"))
        assert {name: found[name] for name in wanted} == wanted
        assert found["zone"] == ("UTC" if isinstance(event.start, datetime) else "floating")
        if isinstance(event.start, datetime):
            assert [at for _, at in found["alarms"]] == [before(event, alarm) for alarm in event.alarms]


def test_the_same_event_is_the_same_file_with_short_lines() -> None:
    source = random.Random(4)
    for number in range(50):
        event = drawn(source, number)
        made = invitation(event)
        assert made == invitation(event)
        assert made.is_invitation
        assert max(map(len, made.content.split(b"\r\n"))) <= 75
        assert made.content.endswith(b"END:VCALENDAR\r\n")
        assert b"TZID" not in made.content


@given(
    st.datetimes(datetime(1990, 1, 1), datetime(2037, 1, 1)),
    st.sampled_from(["Europe/Paris", "America/New_York"]),
)
def test_local_times_are_those_of_the_zone(local: datetime, zone: str) -> None:
    local = local.replace(second=0, microsecond=0)
    found = moment(local.isoformat(timespec="minutes"), zone)
    assert isinstance(found, datetime)
    assert found == local.replace(tzinfo=ZoneInfo(zone))
    assert found.tzinfo is UTC


@pytest.mark.parametrize(
    ("said", "zone", "wanted"),
    [
        (
            "2026-03-29T02:30",
            "Europe/Paris",
            "2026-03-29T01:30:00+00:00",
        ),  # not there: the offset before the gap
        ("2026-10-25T02:30", "Europe/Paris", "2026-10-25T00:30:00+00:00"),  # there twice: the first
        ("2026-03-01 09:30:00 UTC", "Europe/Paris", "2026-03-01T09:30:00+00:00"),
        ("2026-03-01T09:30Z", "Europe/Paris", "2026-03-01T09:30:00+00:00"),
        ("2026-03-01T09:30:15.5+05:30", "UTC", "2026-03-01T04:00:15+00:00"),
        ("2026-03-01", "Europe/Paris", "2026-03-01"),
    ],
)
def test_moments(said: str, zone: str, wanted: str) -> None:
    assert moment(said, zone).isoformat() == wanted


@pytest.mark.parametrize(
    "said",
    [
        "",
        "soon",
        "2026-02-30",
        "2026-03-01T25:00",
        "1200-01-01",
        "9999-12-31",
        "2026-3-1",
        "2026-03-01T09:30 CET",
    ],
)
def test_what_is_no_moment(said: str) -> None:
    with pytest.raises(InvalidValue, match="no moment"):
        moment(said, "UTC")


@pytest.mark.parametrize("said", ["", "0 minutes", "-1 hour", "1 hour 30", "10000 weeks", "1 month"])
def test_what_is_no_duration(said: str) -> None:
    with pytest.raises(InvalidValue, match="duration"):
        lasting(said)


def test_docstring_examples() -> None:
    assert doctest.testmod(event_times).failed == 0
