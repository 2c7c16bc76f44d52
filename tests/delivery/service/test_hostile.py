"""Whatever is sent, the answer is typed JSON, and never a fault: bodies that were made up, and those of schemathesis."""

from __future__ import annotations

import json
import string
from dataclasses import replace
from functools import cache
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from mailweave.delivery.service.app import Service, application
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.openapi import OPERATIONS
from mailweave.delivery.service.withdrawals import Withdrawals
from tests.delivery.service.asking import ANN, CAMPAIGNS, JSON, LINES, ask, service, verify

PATHS = [*OPERATIONS, "/render/batch"]
NAMES = [
    "campaign",
    "recipient",
    "send_id",
    "message",
    "show_pii",
    "rules",
    "id",
    "email",
    "first_name",
    "consent",
]
NAMES += [
    "marketing",
    "events",
    "type",
    "at",
    "now",
    "context",
    "lookups",
    "catalogs",
    "scores",
    "lists",
    "value",
    "x",
]
TEXTS = [
    "smallest",
    "cdnow-winback",
    "translated",
    "7",
    "ann@example.com",
    "2026-11-22T09:00Z",
    "9999-12-31",
    "\x00",
    "{{ x }}",
]
TEXTS += [
    "a\r\nBcc: b@example.com",
    "\ud800",
    "<script>",
    "\u202e",
    "e\u0301" * 40,
    "P1D",
    "1e400",
    "0001-01-01T00:00+23:59",
]
scalars = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(10**40), 10**40),
    st.floats(allow_nan=True),
    st.sampled_from(TEXTS),
    st.text(st.characters(), max_size=8),
)
values = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)
recipients = st.dictionaries(st.sampled_from(NAMES), values, max_size=5).map(lambda more: {**ANN, **more})
near = st.fixed_dictionaries(
    {"campaign": st.sampled_from(TEXTS[:3]), "recipient": recipients | values},
    optional={"send_id": scalars, "message": scalars, "show_pii": scalars, "x": scalars},
)
bodies = st.one_of(
    near.map(json.dumps).map(str.encode),
    near.map(json.dumps).map(str.encode),
    values.map(json.dumps).map(str.encode),
    st.builds(lambda text, at: text[:at].encode(), near.map(json.dumps), st.integers(0, 60)),
    st.text(st.sampled_from(string.printable), max_size=60).map(str.encode),
    st.binary(max_size=60),
)

_PIECES = [
    *(b"--b", b"--", b"\r\n", b"\n", b"content-type: multipart/mixed; boundary=c", b"--c", b": ", b";"),
    *(
        b'content-disposition: form-data; name="List-Unsubscribe"',
        b"One-Click",
        b"List-Unsubscribe",
        b"=",
        b"&",
    ),
    *(
        b"content-transfer-encoding: base64",
        b"\xff",
        b"%",
        b"name*0*=utf-8''x",
        b"content-type: message/rfc822",
    ),
]


@cache
def app() -> Guard:
    return application(service(CAMPAIGNS))


@cache
def _smallest() -> Service:
    return service(CAMPAIGNS / "smallest")


def judge(path: str, body: bytes) -> None:
    """Below 500, and each line an object that says how it went; errors with a code and what to do."""
    is_batch = path == "/render/batch"
    reply = ask(app(), "POST", path, body, LINES if is_batch else JSON)
    assert reply.status in (200, 400, 404, 413, 422), reply
    told: list[Any] = reply.lines() if is_batch else [reply.json()]
    for one in told:
        assert one["status"] in ("rendered", "skipped", "decided", "explained", "checked", "failed")
        assert (one["status"] == "failed") == ("errors" in one)
        for error in one.get("errors", ()):
            assert error["code"].startswith("MW")
            assert error["code"] != "MW779", error
            assert error["message"]
    assert is_batch or (reply.status == 200) == (told[0]["status"] != "failed")


@settings(max_examples=1000, suppress_health_check=list(HealthCheck), phases=[Phase.generate])
@given(st.sampled_from(PATHS), bodies)
def test_a_thousand_bodies_give_typed_answers(path: str, body: bytes) -> None:
    judge(path, body)


@pytest.mark.deep
@settings(max_examples=10_000, suppress_health_check=list(HealthCheck))
@given(st.sampled_from(PATHS), bodies)
def test_ten_thousand_bodies_give_typed_answers(path: str, body: bytes) -> None:
    judge(path, body)


@settings(max_examples=200, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(
        ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b", "multipart/form-data", "x"]
    ),
    st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(_PIECES), max_size=12).map(b"".join)),
    st.text(
        st.characters(min_codepoint=33, max_codepoint=126, exclude_characters="/?#%"), min_size=1, max_size=30
    ),
)
def test_whatever_is_posted_to_unsubscribe_is_answered(
    tmp_path_factory: pytest.TempPathFactory, media: str, body: bytes, token: str
) -> None:
    kept = Withdrawals(tmp_path_factory.mktemp("kept") / "withdrawals")
    served = application(replace(_smallest(), withdrawals=kept, verify=verify))
    reply = ask(served, "POST", f"/unsubscribe/{token}", body, {"content-type": media})
    assert reply.status in (200, 404, 422)
    assert (reply.status == 200) == bool(kept.has(token.removeprefix("ok-")) and token.startswith("ok-"))
    kept.close()
