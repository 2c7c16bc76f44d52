"""The service asks sources before it answers; where there are none, nothing waits."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from mailweave.delivery.service.app import application
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.delivery.service.worker import Order
from mailweave.delivery.service.workers import Workers
from tests.delivery.service.asking import LINES, ask, post, service, small
from tests.delivery.sources.server import Site, site
from tests.delivery.sources.shop import ANN, with_sources

LEAVING = {"answer": "0.9"}


@pytest.fixture
def there() -> Iterator[Site]:
    with site({"churn": LEAVING, "down": {"answer": "", "status": 500}}) as found:
        yield found


def app(folder: Path, there: Site, path: str = "churn", **more: Any) -> Guard:
    url = f"http://127.0.0.1:{there.port}/{path}?who={{{{ profile.id }}}}"
    mine = {"churn": {"url": url, "fills": "scores.churn", "ttl": "1m", "timeout": "5s"}}
    return application(service(with_sources(folder / "shop", mine), **more))


def body(key: str = "7", **more: Any) -> dict[str, Any]:
    return {"campaign": "shop", "recipient": {**ANN, "id": key, **more}}


def counted(guard: Guard) -> list[str]:
    found = ask(guard, "GET", "/metrics").body.decode().splitlines()
    return [line for line in found if line.startswith("mailweave_sources_total")]


def test_a_mail_is_made_of_what_a_source_says(tmp_path: Path, there: Site) -> None:
    guard = app(tmp_path, there)
    assert post(guard, "/render", body()).json()["subject"] == "We would miss you"
    given = {"churn": {"value": 0.1, "at": "2026-11-22T06:00Z"}}
    assert post(guard, "/render", body(scores=given)).json()["subject"] != "We would miss you"
    assert counted(guard) == [
        'mailweave_sources_total{campaign="shop",source="churn",outcome="fetched",why=""} 1',
        'mailweave_sources_total{campaign="shop",source="churn",outcome="given",why=""} 1',
    ]


def test_every_address_asks_first(tmp_path: Path, there: Site) -> None:
    guard = app(tmp_path, there)
    assert "leaving" in json.dumps(post(guard, "/decide", body()).json()["segments"])
    assert post(guard, "/explain", body()).json()["status"] == "explained"
    assert there.paths == ["/churn?who=7"]


def test_a_batch_asks_for_its_lines_together(tmp_path: Path, there: Site) -> None:
    there.answers["churn"] = {**LEAVING, "wait": 0.05}
    guard = app(tmp_path, there)
    lines = [json.dumps(body(str(at % 20))).encode() for at in range(40)] + [b"{}", b"no JSON"]
    reply = ask(guard, "POST", "/render/batch", b"\n".join(lines), LINES)
    told = reply.lines()
    assert [one["status"] for one in told] == ["rendered"] * 40 + ["failed"] * 2
    assert {one["subject"] for one in told[:40]} == {"We would miss you"}
    assert len(there.asked) == 20


def test_a_worker_leaves_them_to_the_process_that_asks(tmp_path: Path, there: Site) -> None:
    app(tmp_path, there)
    served = service(tmp_path)
    workers = Workers(served.shelf, Order(tmp_path), 1)
    guard = application(replace(served, workers=workers))
    line, began = json.dumps(body()).encode(), time.monotonic()
    while not any(one.known for one in workers._idle):
        assert ask(guard, "POST", "/render/batch", line, LINES).lines()[0]["status"] == "rendered"
        assert time.monotonic() - began < 60
    found = ask(guard, "POST", "/render/batch", b"\n".join([line, b"{}", line]), LINES).lines()
    assert [one["status"] for one in found] == ["rendered", "failed", "rendered"]
    assert found[0]["subject"] == "We would miss you"
    assert workers.told([line], served.shelf.campaigns) is None


def test_a_source_that_fails_fails_nobody(tmp_path: Path, there: Site) -> None:
    guard = app(tmp_path, there, "down")
    assert post(guard, "/render", body()).json()["status"] == "rendered"
    (line,) = counted(guard)
    assert line.endswith('outcome="failed",why="status"} 1')
    assert "who=" not in line


def test_a_context_that_can_be_none_is_refused(tmp_path: Path, there: Site) -> None:
    guard = app(tmp_path, there)
    bad = post(guard, "/render", body(context={"lookups": {"stock": {"CD-1": "three"}}}))
    assert (bad.status, bad.codes()) == (422, ["MW041"])
    line = json.dumps(body(context={"lookups": {"stock": {"CD-1": "three"}}})).encode()
    assert ask(guard, "POST", "/render/batch", line, LINES).lines()[0]["errors"][0]["code"] == "MW041"


def test_who_has_withdrawn_is_told_to_nobody(tmp_path: Path, there: Site) -> None:
    kept = Withdrawals(tmp_path / "withdrawals.jsonl")
    (tmp_path / "withdrawals.jsonl").write_text(
        '{"key": "7", "at": "2026-11-22T09:00:00Z"}\n', encoding="utf-8"
    )
    guard = app(tmp_path, there, withdrawals=kept)
    assert post(guard, "/render", body()).json()["status"] == "skipped"
    assert not there.asked


def test_where_there_are_none_nothing_is_counted() -> None:
    guard = small()
    assert post(guard, "/render", {"campaign": "smallest", "recipient": ANN}).json()["status"] == "rendered"
    assert not counted(guard)
