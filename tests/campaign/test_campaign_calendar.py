"""fixtures/message/calendar.toml: the event that goes with a mail, as a reader's calendar takes it."""

from __future__ import annotations

import email
import email.policy
import re
import sys
import tomllib
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.message.mail_readers import by_ical_js
from tests.message.small_campaign import GIVEN, compiled, write

from mailweave import Email, Environment, Skip

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "message" / "calendar.toml"
CASES = {case["id"]: case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]}


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "error" not in case])
def test_an_event_goes_with_the_mail(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    made = compiled(tmp_path, calendar=case["settings"]).render({**GIVEN, **case.get("profile", {})})
    if "field" in case:
        assert isinstance(made, Skip)
        assert (made.code, made.field) == ("bad_data", case["field"])
        return
    assert isinstance(made, Email)
    if not case["reads"]:
        assert made.attachments == ()
        return
    message = email.message_from_bytes(made.as_bytes(), policy=email.policy.default)
    parts = [one for one in message.walk() if one.get_content_type() == "text/calendar"]
    texts = {bytes(one.get_payload(decode=True)).rstrip(b"\r\n") for one in parts}
    assert len(parts) == 2
    assert texts == {made.attachments[0].content.rstrip(b"\r\n")}
    (found,) = by_ical_js(texts)
    told = {**found, "start": iso(found["start"]), "end": iso(found["end"])}
    told["alarms"] = [iso(at) for _, at in found["alarms"]]
    assert {key: told[key] for key in case["reads"]} == case["reads"]


def iso(when: Any) -> str:
    return datetime.fromtimestamp(when, UTC).isoformat() if isinstance(when, int) else str(when)


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "error" in case])
def test_an_event_that_cannot_be_is_told(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    found = Environment().check(write(tmp_path / "small", {"calendar": case["settings"]}))
    told = [f"{one.message} {one.help}" for one in found if one.severity.value == "error"]
    assert len(told) == 1
    assert re.search(case["error"], told[0]), told


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    campaign = compiled(tmp_path, calendar={"start": "2026-07-01", "duration": "1 day"})
    first, second = campaign.render(GIVEN), campaign.render(GIVEN)
    assert isinstance(first, Email)
    assert isinstance(second, Email)
    assert first.as_bytes() == second.as_bytes()


def test_who_is_asked_needs_an_address(tmp_path: Path) -> None:
    calendar = {"start": "2026-07-01", "duration": "1 day", "method": "REQUEST"}
    found = Environment().check(write(tmp_path / "small", {"to": "", "calendar": calendar}))
    assert any("needs the address in `to`" in one.message for one in found)


def test_without_the_package_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "icalendar", None)
    path = write(tmp_path / "small", {"calendar": {"start": "2026-07-01", "duration": "1 day"}})
    (found,) = [one for one in Environment().check(path) if one.severity.value == "error"]
    assert (found.code, found.help) == ("MW022", "pip install 'mailweave[delivery]'")
