"""Lines in, lines out: in order, whatever the pieces that they come in, and no faster than they are taken."""

from __future__ import annotations

import asyncio
import json
from functools import cache
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.delivery.service import batch, line_stream
from mailweave.delivery.service.asgi import Message
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.line_stream import LONGEST_LINE, Lines
from tests.delivery.service.asking import ANN, LINES, ask, small


@cache
def app() -> Guard:
    return small()


def line(key: int, **more: Any) -> bytes:
    return json.dumps({"campaign": "smallest", "recipient": {**ANN, "id": str(key), **more}}).encode()


@given(st.lists(st.binary(max_size=6).map(lambda part: part.replace(b"\r", b""))), st.data())
def test_lines_are_those_of_split_however_they_come(parts: list[bytes], data: st.DataObject) -> None:
    whole = b"\n".join(parts)
    cuts = sorted(data.draw(st.lists(st.integers(0, len(whole)), max_size=5)))
    lines = Lines()
    pieces = [whole[start:end] for start, end in pairwise([0, *cuts, len(whole)])]
    found = [one for piece in pieces for one in lines.taken(piece)] + list(lines.ended())
    assert found == [one for one in whole.split(b"\n") if one.strip()]


@pytest.mark.parametrize("piece", [1, 7, 1000, 10_000_000])
def test_answers_come_in_order_a_line_for_a_line(piece: int) -> None:
    sent = [line(key) for key in range(70)]
    sent[3], sent[5], sent[69] = b"{", line(5, consent={}), b"nonsense"
    body = b"\n\n".join(sent)
    pieces = [body[start : start + piece] for start in range(0, len(body), piece)]
    found = ask(app(), "POST", "/render/batch", pieces, LINES).lines()
    told = [one.get("key", one["status"]) for one in found]
    assert told == [*"012", "failed", "4", "skipped", *map(str, range(6, 69)), "failed"]
    assert found[3]["errors"][0]["code"] == "MW772"


def test_nothing_gives_nothing() -> None:
    assert ask(app(), "POST", "/render/batch", b"\n \n", LINES).body == b""


def test_a_line_that_is_too_long_is_refused_in_its_place() -> None:
    long = b'{"x": "' + b"a" * (2 * LONGEST_LINE) + b'"}'
    body = b"\n".join([line(1), long, line(2)])
    pieces = [body[start : start + 60_000] for start in range(0, len(body), 60_000)]
    for parts in (pieces, [body]):
        found = ask(app(), "POST", "/render/batch", parts, LINES).lines()
        assert [one.get("key") for one in found] == ["1", None, "2"]
        assert found[1]["errors"][0]["code"] == "MW773"


def test_a_line_that_grows_byte_by_byte_costs_no_square() -> None:
    lines = Lines()
    assert [one for _ in range(300_000) for one in lines.taken(b"a")] == []
    assert [len(one) for one in lines.ended()] == [300_000]


def test_who_takes_no_answers_is_read_no_more() -> None:
    read = 0

    async def receive() -> Message:
        nonlocal read
        read += 1
        return {"type": "http.request", "body": line(read) + b"\n", "more_body": True}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.body":
            await asyncio.Event().wait()  # the client takes nothing

    async def stuck() -> None:
        scope = {
            "type": "http",
            "method": "POST",
            "path": "/render/batch",
            "query_string": b"",
            "root_path": "",
        }
        head = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-ndjson")]
        await asyncio.wait_for(app()({**scope, "headers": head}, receive, send), 0.5)

    with pytest.raises(TimeoutError):
        asyncio.run(stuck())
    assert read == 1


def test_a_stream_that_stops_ends_with_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch, "PATIENCE", 0.05)
    sent: list[Message] = []
    pieces = iter([line(1) + b"\n"])

    async def receive() -> Message:
        for piece in pieces:
            return {"type": "http.request", "body": piece, "more_body": True}
        await asyncio.Event().wait()
        raise AssertionError

    async def send(message: Message) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/render/batch", "query_string": b"", "root_path": ""}
    head = [(b"host", b"127.0.0.1"), (b"content-type", b"application/x-ndjson")]
    asyncio.run(app()({**scope, "headers": head}, receive, send))
    first, last = b"".join(one.get("body", b"") for one in sent).splitlines()
    assert json.loads(first)["key"] == "1"
    assert json.loads(last)["errors"][0]["code"] == "MW773"
    assert sent[-1] == {"type": "http.response.body", "body": b""}


def test_a_fault_of_our_own_in_a_line_ends_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    found = small().addresses.table["/render/batch"]["POST"]
    assert isinstance(found, batch.Batch)
    real = type(found.doors).about

    def about(self: Any, kind: Any, body: bytes, campaigns: Any) -> Any:
        if b'"id": "2"' in body:
            raise RuntimeError("ann@example.com")
        return real(self, kind, body, campaigns)

    monkeypatch.setattr(type(found.doors), "about", about)
    lines = [line(1), line(2), line(3)]
    answers = found.ended(found.begun(lines, found.doors.shelf.campaigns))
    told = [json.loads(one.body) for one in answers]
    assert [one["status"] for one in told] == ["rendered", "failed", "rendered"]
    assert told[1]["errors"][0]["code"] == "MW779"
    assert b"ann@" not in json.dumps(told[1]).encode()
    assert len(answers) == 3


def test_a_portion_is_small_enough_for_others_to_get_their_turn() -> None:
    async def portions() -> list[int]:
        async def body() -> Any:
            yield b"1\n" * 1000

        return [len(one) async for one in line_stream.portions(body())]

    assert max(asyncio.run(portions())) == 64
