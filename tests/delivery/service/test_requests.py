"""What is asked and what comes back: fixtures/delivery/service/requests.toml, and the limits."""

from __future__ import annotations

import json
import tomllib
from functools import cache
from typing import Any

import pytest

from mailweave.delivery.service.app import MOST_BYTES
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.json_body import DEEPEST
from tests.delivery.service.asking import ANN, JSON, ROOT, ask, post, small

TEXT = (ROOT / "fixtures" / "delivery" / "service" / "requests.toml").read_text(encoding="utf-8")
CASES = tomllib.loads(TEXT)["case"]


@cache
def app() -> Guard:
    return small()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_each_request_has_its_answer(case: dict[str, Any]) -> None:
    body = case.get("body") or (json.dumps(case["json"]) if "json" in case else "")
    headers = {**JSON, **case.get("headers", {})}
    reply = ask(app(), case.get("method", "POST"), case["path"], body.encode(), headers)
    assert reply.status == case["status"], reply.body
    if "code" in case:
        first = reply.json()["errors"][0]
        assert first["code"] == case["code"]
        assert "place" not in case or first["place"] == case["place"]
        assert set(first) == {"code", "name", "message", "place", "help"}
        assert first["help"] or case["code"] in ("MW040", "MW020")
    assert reply.headers.get("allow") == case.get("allow")
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["cache-control"] == "no-store"


def test_several_mistakes_are_told_at_once() -> None:
    assert post(app(), "/render", {"camp": 1, "recipient": 2}).codes() == ["MW772"] * 3


def test_a_body_beyond_the_limit_is_refused_before_it_has_come() -> None:
    pieces = (b" " * 100_000 for _ in range(1_000_000))  # it would take minutes
    reply = ask(app(), "POST", "/render", pieces, JSON)
    assert (reply.status, reply.codes()) == (413, ["MW773"])
    whole = json.dumps({"campaign": "smallest", "recipient": ANN}).encode()
    assert ask(app(), "POST", "/render", whole.ljust(MOST_BYTES), JSON).status == 200


@pytest.mark.parametrize(("depth", "status"), [(DEEPEST, 422), (DEEPEST + 1, 400), (100_000, 400)])
def test_a_body_that_is_nested_too_deeply_is_refused(depth: int, status: int) -> None:
    body = b"[" * depth + b"]" * depth
    assert ask(app(), "POST", "/render", body, JSON).status == status
    inside = b'{"campaign":"smallest","recipient":{"x":' + body[:400_000] + b"}}"
    assert ask(app(), "POST", "/render", inside, JSON).status in (400, 422)


def test_a_moment_that_nobody_named_is_told() -> None:
    reply = post(app(), "/render", {"campaign": "smallest", "recipient": ANN}).json()
    assert reply["now"] == "2026-11-22T09:00:00+00:00"  # the campaign's own
    named = post(
        app(), "/render", {"campaign": "smallest", "recipient": {**ANN, "now": "2026-11-23T10:00+01:00"}}
    )
    assert named.json()["now"] == "2026-11-23T09:00:00+00:00"
