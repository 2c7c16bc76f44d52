"""The requests of docs/service.md are sent, and answered as it says; its addresses and limits are those that are."""

from __future__ import annotations

import json
import re

import pytest

from mailweave.delivery.service.app import MOST_AT_ONCE, MOST_BYTES, application
from mailweave.delivery.service.bodies import PATIENCE
from mailweave.delivery.service.json_body import DEEPEST
from mailweave.delivery.service.line_stream import LONGEST_LINE
from mailweave.delivery.service.openapi import document
from tests.delivery.service.asking import CAMPAIGNS, ROOT, post, service

PAGE = (ROOT / "docs" / "service.md").read_text(encoding="utf-8")
REQUESTS = re.findall(r"^```json (/\w+) (\w+)\n(.*?)^```$", PAGE, re.M | re.S)


@pytest.mark.parametrize(("path", "outcome", "body"), REQUESTS)
def test_each_request_is_answered_as_the_page_says(path: str, outcome: str, body: str) -> None:
    reply = post(application(service(CAMPAIGNS / "smallest")), path, json.loads(body))
    assert reply.json()["status"] == outcome
    assert outcome != "failed" or reply.codes() == ["MW777"]


def test_the_page_names_every_address_and_limit() -> None:
    assert len(REQUESTS) == 3
    named = set(re.findall(r"^\| `(?:GET|POST) (/[\w./]+)`", PAGE, re.M))
    assert named | {"/unsubscribe/{token}"} == set(document()["paths"])
    limits = PAGE.partition("| limit |")[2].partition("\n\n")[0]
    for limit in (f"{MOST_BYTES:,} bytes", f"{DEEPEST} levels", f"{PATIENCE:g} seconds", f"{MOST_AT_ONCE} ("):
        assert limit in limits
    assert MOST_BYTES == LONGEST_LINE
