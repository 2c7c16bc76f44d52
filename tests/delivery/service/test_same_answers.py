"""What comes over HTTP is what the Python API gives, byte for byte."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from mailweave import Campaign, Email, Environment, Skip
from mailweave.campaign.saved_recipients import saved_recipient
from mailweave.decisions import Selection
from mailweave.delivery.service.app import application
from mailweave.delivery.service.guard import Guard
from tests.delivery.service.asking import CAMPAIGNS, LINES, ROOT, ask, post, service


@cache
def app() -> Guard:
    return application(service())


@cache
def campaign(name: str) -> Campaign:
    return Environment().compile(CAMPAIGNS / name)


def people() -> Iterator[Any]:
    """Recipients of every fixture: those that stand beside a campaign, and a few with difficult texts."""
    for path in sorted((CAMPAIGNS / "cdnow-winback" / "recipients").glob("*.json")):
        yield pytest.param("cdnow-winback", json.loads(path.read_text(encoding="utf-8")), id=path.name[:12])
    for at, name in enumerate(["Ann", "Zoë \u2028 \x7f", '"\\', "😀 <b>", "{{ x }}", ""]):
        who = {"id": f"7{at}", "email": "ann@example.com", "first_name": name, "consent": {"marketing": True}}
        yield pytest.param("smallest", who, id=f"smallest-{at}")
        yield pytest.param("smallest", {**who, "consent": {}}, id=f"skipped-{at}")
        yield pytest.param("translated", {**who, "name": name, "now": "2026-11-23T10:00+01:00"}, id=f"t-{at}")


def expected(name: str, who: dict[str, Any]) -> Email | Skip:
    saved = saved_recipient(campaign(name), who, "recipient")
    return campaign(name).render(
        saved.profile, events=saved.events, now=saved.moment(), context=saved.context, send_id="s1"
    )


@pytest.mark.parametrize(("name", "who"), list(people()))
def test_a_mail_is_that_of_render(name: str, who: dict[str, Any]) -> None:
    given = {"campaign": name, "recipient": who, "send_id": "s1", "message": True}
    reply, email = post(app(), "/render", given), expected(name, who)
    if isinstance(email, Skip):
        is_bad = email.code == "bad_data"
        assert reply.status == (422 if is_bad else 200)
        told = reply.json()["errors"][0]["message"] if is_bad else reply.json()["skip"]["reason"]
        assert told.removeprefix("bad data: ") == email.reason
        return
    told = reply.json()
    assert told["message"].encode() == email.as_bytes()
    assert [tuple(pair) for pair in told["headers"]] == list(email.headers)
    assert told["selection"] == {slot: list(blocks) for slot, blocks in email.selection.items()}
    assert datetime.fromisoformat(told["now"]) == email.now
    same = ("html", "text", "amp", "amp_reason", "subject", "preheader", "key", "idempotency_key", "locale")
    assert {part: told[part] for part in same} == {part: getattr(email, part) for part in same}


def test_a_line_of_a_batch_is_answered_as_if_it_were_alone() -> None:
    given: list[Any] = [{"campaign": one.values[0], "recipient": one.values[1]} for one in people()]
    given += [{"campaign": "smallest", "recipient": {}}, {"campaign": "none", "recipient": {}}, []]
    lines = b"\n".join(json.dumps(one).encode() for one in given)
    alone = [post(app(), "/render", one).body for one in given]
    assert ask(app(), "POST", "/render/batch", lines, LINES).body.splitlines() == [
        line for body in alone for line in body.splitlines()
    ]
    assert all(b"\n" not in body and b"\r" not in body for body in alone)


def test_decide_and_explain_say_what_select_and_explain_say() -> None:
    for one in people():
        name, who = one.values
        saved = saved_recipient(campaign(name), who, "recipient")
        about: dict[str, Any] = {"events": saved.events, "now": saved.moment(), "context": saved.context}
        chosen = campaign(name).select(saved.profile, **about)
        told = post(app(), "/decide", {"campaign": name, "recipient": who})
        if isinstance(chosen, Skip):
            assert told.json().get("skip", {}).get("code") == chosen.code or told.status == 422
        else:
            assert told.json()["selection"] == {slot: list(blocks) for slot, blocks in chosen.items()}
            assert told.json()["segments"] == sorted(chosen.evaluation.segments)
        why = post(app(), "/explain", {"campaign": name, "recipient": who}).json()["explanation"]
        assert why == json.loads(campaign(name).explain(saved.profile, **about).to_json())


def test_half_of_a_pair_of_surrogates_breaks_no_answer() -> None:
    body = b'{"campaign":"smallest","recipient":{"id":"7","email":"a@example.com","first_name":"\\ud83d",'
    body += b'"consent":{"marketing":true}}}'
    reply = ask(app(), "POST", "/render", body, {"content-type": "application/json"})
    assert reply.status in (200, 422)
    reply.body.decode()


def test_the_folder_itself_may_be_a_campaign() -> None:
    alone = application(service(Path(ROOT / "fixtures" / "docs" / "shop")))
    assert [one["name"] for one in ask(alone, "GET", "/campaigns").json()["campaigns"]] == ["shop"]


def test_draws_are_told_as_the_campaign_makes_them() -> None:
    who = {
        "id": "7",
        "email": "ann@example.com",
        "orders": 4,
        "consent": {"marketing": True},
        "interests": ["jazz"],
    }
    chosen = campaign("learned").select(who)
    assert isinstance(chosen, Selection)
    wanted = {
        slot: {"bucket": one.bucket, "chances": dict(one.chances)} for slot, one in chosen.draws.items()
    }
    assert set(wanted) == {"hero"}
    for address in ("/decide", "/render"):
        assert post(app(), address, {"campaign": "learned", "recipient": who}).json()["draws"] == wanted
