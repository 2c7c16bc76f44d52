"""docs/events-back.md is true: its examples run, and campaigns take its events."""

from __future__ import annotations

import json
import re
import shutil
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from mailweave import Campaign, Email, Environment, Skip
from mailweave.delivery import DeliveryEvent, EventError, Sns
from mailweave.delivery.webhooks import Kind, Reason
from mailweave.delivery.webhooks.entrance import EventProvider
from tests.delivery.webhooks.calls import ALL, CASES, KEY, NAMES, NOW, PEM, TOPIC, Request, request

ROOT = Path(__file__).resolve().parents[3]
PAGE = (ROOT / "docs/events-back.md").read_text(encoding="utf-8")
ANN = {"id": "1", "email": "ann@example.com", "consent": {"marketing": True}}


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```$", PAGE, re.S | re.M)


@pytest.fixture(scope="module")
def campaign(tmp_path_factory: pytest.TempPathFactory) -> Campaign:
    """The smallest campaign, with what the page declares and skips."""
    folder = shutil.copytree(
        ROOT / "fixtures/campaigns/smallest", tmp_path_factory.mktemp("page") / "campaign"
    )
    rules = folder / "main.rules"
    declared, skips = fenced("rules")
    text = rules.read_text(encoding="utf-8")
    rules.write_text(
        text.replace("skip no_consent", f"{declared}\n{skips}\nskip no_consent"), encoding="utf-8"
    )
    return Environment().compile(folder)


@pytest.mark.parametrize(("provider", "case"), ALL, ids=NAMES)
def test_campaigns_take_what_comes_back(
    campaign: Campaign, provider: EventProvider, case: dict[str, Any]
) -> None:
    for event in request(provider, case["body"]).read():
        row = event.as_event()
        assert json.loads(json.dumps(row)) == row
        if event.kind != "other":
            assert campaign.undeclared(ANN, events=[row]) == ()
            assert set(row) <= {"type", "at", *campaign.schema.events[event.kind].fields}
        skip = {"complained": "complained"}.get(event.kind, "unreachable" if event.permanent else "")
        made = campaign.render(ANN, events=[row], now=NOW + timedelta(days=1))
        assert (made.code if isinstance(made, Skip) else "") == skip


def answered(call: Request) -> tuple[int, dict[str, Any]]:
    stored: dict[str, Any] = {}
    names: dict[str, Any] = {
        "provider": call.provider,
        "headers": call.headers,
        "body": call.body,
        "keys": call.keys,
        "store": stored.__setitem__,
        "profile_of": {KEY: "1"}.get,
    }
    code = fenced("python")[0].replace("datetime.now(UTC)", "NOW")
    exec(code, {**names, "NOW": NOW}, names)
    return names["status"], stored


def test_the_first_example_answers_and_stores() -> None:
    call = request("resend", CASES["resend"][1]["body"])
    status, stored = answered(call)
    assert status == 200
    assert [(row["profile"], row["type"], row["mail"]) for row in stored.values()] == [
        ("1", "delivered", KEY)
    ]
    assert answered(call.but(**{"svix-id": "x"})) == (401, {})
    assert answered(request("resend", {})) == (400, {})


def test_the_example_of_topics_makes_keys() -> None:
    names: dict[str, Any] = {"fetch": lambda _: PEM}
    exec(fenced("python")[1], names)
    assert isinstance(names["keys"], Sns)
    assert names["keys"].topics == (TOPIC,)


def test_the_tables_are_whole() -> None:
    members = re.findall(r"`(\w+)`", " ".join(re.findall(r"^\| (`\w+`(?:, `\w+`)*) \|", PAGE, re.M)))
    assert {one.name for one in fields(DeliveryEvent)} <= set(members)
    words = set(re.findall(r"`(\w+)`", PAGE))
    assert {*get_args(Kind), *get_args(Reason)} - {""} <= words
    assert {f"MW{number}" for number in range(740, 748)} <= set(re.findall(r"^\| (MW\d+)", PAGE, re.M))
    assert all(f'`"{provider}"`' in PAGE for provider in CASES)


def test_a_file_of_events_is_one_that_a_batch_takes(campaign: Campaign) -> None:
    rows = [event.as_event("1") for provider, case in ALL for event in request(provider, case["body"]).read()]
    assert {row["profile"] for row in rows} == {"1"}
    made = campaign.render(ANN, events=[row for row in rows if row["type"] == "delivered"], now=NOW)
    assert isinstance(made, Email)


def test_refusals_are_errors_of_mailweave() -> None:
    with pytest.raises(EventError) as found:
        request("resend", {}).read()
    assert found.value.diagnostics[0].code == found.value.code
