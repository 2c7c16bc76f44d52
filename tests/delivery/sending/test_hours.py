"""Send times and quiet hours: by the clock on the wall of a zone."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.delivery.sending.hours import hours
from mailweave.delivery.sending.run import send
from mailweave.delivery.sending.sender import Manner
from mailweave.delivery.sending.servers import Server
from mailweave.delivery.sending.smtp import SmtpRoute
from mailweave.diagnostics import MailweaveError
from mailweave.values.zones import zone_named
from tests.delivery.sending.conftest import Made
from tests.delivery.sending.people import ROOT
from tests.delivery.sending.servers import Script, VirtualClock, scripted

CASES = tomllib.loads((ROOT / "fixtures/delivery/sending/hours.toml").read_text("utf-8"))
ZONES = ["Europe/Paris", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC"]


@pytest.mark.parametrize("case", CASES["case"], ids=lambda case: case["name"])
def test_when_a_mail_may_go(case: dict[str, Any]) -> None:
    kept = hours(case.get("at"), case.get("quiet"), case["zone"])
    began, now = (datetime.fromisoformat(case[name]) for name in ("began", "now"))
    found = kept.opens(case.get("recipient", ""), began, now.timestamp())
    assert datetime.fromtimestamp(found, UTC) == datetime.fromisoformat(case["opens"])


@pytest.mark.parametrize("wrong", CASES["wrong"], ids=str)
def test_what_cannot_be_meant_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(MailweaveError) as caught:
        hours(wrong.get("at"), wrong.get("quiet"), wrong.get("zone"))
    assert caught.value.diagnostics[0].code == "MW818"
    assert wrong["todo"] in caught.value.diagnostics[0].help


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)).map(lambda at: at.replace(tzinfo=UTC))
HALVES = st.integers(0, 47).map(lambda half: f"{half // 2}:{half % 2 * 30:02d}")


@given(INSTANTS, st.sampled_from(ZONES), HALVES, HALVES)
def test_nothing_goes_in_quiet_hours_and_all_may_go_within_a_day(
    now: datetime, zone: str, start: str, stop: str
) -> None:
    if start == stop:
        return
    kept = hours(None, f"{start}-{stop}", "recipient")
    opens = kept.opens(zone, now, now.timestamp())
    assert now.timestamp() <= opens <= (now + timedelta(hours=25)).timestamp()
    assert kept.opens(zone, now, opens) == opens, "then it may go"
    wall = datetime.fromtimestamp(opens, UTC).astimezone(zone_named(zone)).strftime("%H:%M")
    first, last = start.zfill(5), stop.zfill(5)
    assert not (first <= wall < last if first < last else wall >= first or wall < last)


def test_mails_go_when_it_is_time_for_their_recipients(made: Made) -> None:
    began = datetime(2026, 12, 1, 3, tzinfo=UTC)
    clock, at = VirtualClock(began.timestamp()), dict[str, float]()
    with scripted(Script()) as (port, taken):
        route = SmtpRoute(Server.named(f"smtp://127.0.0.1:{port}"))
        manner = Manner(hours=hours("9:00", None, "recipient"))
        ended = send(
            made(66),
            route,
            manner,
            clock=clock,
            progress=lambda _: at.update({taken.mails[-1][1]: clock.now()}),
        )
    assert ended.is_whole
    assert len(taken.mails) == 60
    hour = {"Asia/Tokyo": 24, "Europe/Paris": 8, "America/New_York": 14, "": 9}
    zones = ["Europe/Paris", "America/New_York", "Asia/Tokyo", ""]
    for address, sent in at.items():
        zone = zones[int(address[1:].partition("@")[0]) % 4]
        assert sent - datetime(2026, 12, 1, tzinfo=UTC).timestamp() == pytest.approx(
            hour[zone] * 3600, abs=120
        )


def test_zones_of_recipients_that_no_mail_says_are_refused(
    made: Made, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mailweave.delivery.sending.run.zones_of", lambda _: {""})
    with pytest.raises(MailweaveError, match="says its recipient's zone"):
        send(
            made(7),
            SmtpRoute(Server.named("smtp://localhost")),
            Manner(hours=hours("9:00", None, "recipient")),
        )
