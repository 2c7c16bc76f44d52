"""Who gets in, how many at once, and what is written down: never a word of anybody's data."""

from __future__ import annotations

import asyncio
import json
import logging
import re
import threading
from typing import Any

import pytest

from mailweave.delivery.service import doors
from mailweave.delivery.service.app import application
from mailweave.delivery.service.asgi import Answer
from mailweave.delivery.service.guard import Guard
from tests.delivery.service.asking import ANN, CAMPAIGNS, JSON, LINES, ask, asked, post, service, small

TOKEN = "a-token-of-some-length"
ABOUT_ANN = {"campaign": "smallest", "recipient": ANN}


@pytest.mark.parametrize(
    "header",
    [
        "",
        TOKEN,
        f"Basic {TOKEN}",
        "Bearer",
        "Bearer x",
        f"Bearer {TOKEN}x",
        "Bearer \xff",
        f"Bearer {TOKEN[:-1]}",
    ],
)
def test_without_the_token_nothing_is_answered(header: str) -> None:
    reply = post(small(token=TOKEN), "/render", ABOUT_ANN, authorization=header)
    assert (reply.status, reply.codes()) == (401, ["MW774"])
    assert reply.headers["www-authenticate"] == "Bearer"


def test_with_the_token_others_may_ask_too() -> None:
    served = small(token=TOKEN)
    head = {"authorization": f"bearer {TOKEN}", "host": "mail.example.com"}
    assert post(served, "/render", ABOUT_ANN, **head).status == 200
    assert ask(served, "GET", "/healthz", headers={"host": "mail.example.com"}).status == 200
    assert ask(served, "GET", "/metrics", headers={"host": "mail.example.com"}).status == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:80", "[::1]:8025", "[::1]", "127.0.0.1:1"])
def test_without_a_token_this_machine_may_ask(host: str) -> None:
    assert post(small(), "/render", ABOUT_ANN, host=host).status == 200


@pytest.mark.parametrize("host", ["", "evil.example", "127.0.0.1.evil.example:80", "evil.example:127.0.0.1"])
def test_without_a_token_nobody_else_may(host: str) -> None:
    assert post(small(), "/render", ABOUT_ANN, host=host).status == 421


def test_more_requests_than_it_takes_are_sent_away(monkeypatch: pytest.MonkeyPatch) -> None:
    served, go_on = small(most=2), threading.Event()
    real = doors.Doors.check

    def check(self: doors.Doors, body: bytes) -> Answer:
        go_on.wait(10)
        return real(self, body)

    monkeypatch.setattr(doors.Doors, "check", check)
    served = application(service(CAMPAIGNS / "smallest"), most=2)

    async def many() -> list[int]:
        body = json.dumps({"campaign": "smallest"}).encode()
        running = [asyncio.create_task(asked(served, "POST", "/check", body, JSON)) for _ in range(2)]
        await asyncio.sleep(0.05)
        more = await asked(served, "POST", "/check", body, JSON)
        assert more.headers["retry-after"] == "1"
        assert more.codes() == ["MW776"]
        health = await asked(served, "GET", "/healthz")
        go_on.set()
        first = await asyncio.gather(*running)
        last = await asked(served, "POST", "/check", body, JSON)
        return [more.status, health.status, *(one.status for one in first), last.status]

    assert asyncio.run(many()) == [503, 200, 200, 200, 200]


def test_logs_and_metrics_hold_no_word_of_anybodys_data(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    served = small()
    secret = {**ANN, "email": "secret@example.com", "id": "secret-id", "first_name": "Secret"}
    for recipient in (secret, {**secret, "consent": {}}, {**secret, "first_name": ["Secret"]}, {"secret": 1}):
        for path in ("/render", "/decide", "/explain"):
            post(served, path, {"campaign": "smallest", "recipient": recipient, "secret": 1})
            post(served, path, {"campaign": "smallest", "recipient": recipient})
        line = json.dumps({"campaign": "smallest", "recipient": recipient}).encode()
        ask(served, "POST", "/render/batch", line, LINES)
    ask(served, "GET", "/secret@example.com")
    ask(served, "GET", "/unsubscribe/secret")
    post(served, "/render", {"campaign": "secret", "recipient": {}})
    post(served, "/check", {"campaign": "secret"})
    told = caplog.text + ask(served, "GET", "/metrics").body.decode()
    assert "secret" not in told.lower()
    assert "address=/render status=200 outcome=rendered campaign=smallest codes=- ms=" in told
    assert "address=/render status=422 outcome=failed campaign=smallest codes=MW777" in told
    assert "address=- status=404" in told


def test_metrics_count_what_prometheus_reads() -> None:
    served = small()
    for recipient in (ANN, ANN, {**ANN, "consent": {}}, {**ANN, "id": 3}):
        post(served, "/render", {"campaign": "smallest", "recipient": recipient})
    line = json.dumps(ABOUT_ANN).encode()
    ask(served, "POST", "/render/batch", b"\n".join([line] * 5 + [b"{"]), LINES)
    reply = ask(served, "GET", "/metrics")
    assert reply.headers["content-type"].startswith("text/plain; version=0.0.4")
    samples = dict(line.rsplit(" ", 1) for line in reply.body.decode().splitlines() if line[0] != "#")
    form = re.compile(r'[a-z_]+(\{([a-z]+="[^"]*",?)+\})?')
    assert all(form.fullmatch(name) and float(value) >= 0 for name, value in samples.items())
    labels = 'address="/render",campaign="smallest",outcome="rendered"'
    assert samples[f'mailweave_request_seconds_bucket{{{labels},le="+Inf"}}'] == "2"
    assert samples[f"mailweave_request_seconds_count{{{labels}}}"] == "2"
    assert samples['mailweave_recipients_total{campaign="smallest",outcome="rendered"}'] == "7"
    assert samples['mailweave_recipients_total{campaign="smallest",outcome="skipped"}'] == "1"
    assert samples['mailweave_recipients_total{campaign="smallest",outcome="failed"}'] == "1"
    assert samples['mailweave_recipients_total{campaign="",outcome="failed"}'] == "1"
    buckets = [
        int(value)
        for name, value in samples.items()
        if name.startswith(f"mailweave_request_seconds_bucket{{{labels}")
    ]
    assert buckets == sorted(buckets)


def test_a_fault_of_our_own_is_told_by_its_kind_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    def about(*_: Any) -> Answer:
        raise KeyError("ann@example.com")

    monkeypatch.setattr(doors.Doors, "about", about)
    served: Guard = small()
    reply = post(served, "/render", ABOUT_ANN)
    assert (reply.status, reply.codes()) == (500, ["MW779"])
    assert b"ann@" not in reply.body
    assert b"KeyError" in reply.body
