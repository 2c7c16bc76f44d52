"""Batches that other processes answer: the same lines, whatever ends or changes meanwhile."""

from __future__ import annotations

import errno
import json
import os
import shutil
import signal
import threading
import time
from collections.abc import Iterator
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mailweave.delivery.service import frames
from mailweave.delivery.service import shelf as shelves
from mailweave.delivery.service.app import Service, application
from mailweave.delivery.service.guard import Guard
from mailweave.delivery.service.server import loaded
from mailweave.delivery.service.withdrawals import Withdrawals
from mailweave.delivery.service.worker import Order, work
from mailweave.delivery.service.workers import Told, Workers
from tests.delivery.service.asking import ANN, CAMPAIGNS, LINES, ask

MOMENT = "2026-11-22T09:00:00Z"


def line(key: int, **more: Any) -> bytes:
    recipient = {**ANN, "id": str(key), "now": MOMENT, **more}
    return json.dumps({"campaign": "smallest", "recipient": recipient}).encode()


class Helped:
    """A service with workers over a copy of the smallest campaign, and one without."""

    def __init__(self, folder: Path, count: int = 2, withdrawals: Path | None = None) -> None:
        self.shelf = loaded(folder)
        self.workers = Workers(self.shelf, Order(folder, withdrawals=withdrawals), count)
        kept = None if withdrawals is None else Withdrawals(withdrawals)
        self.app = application(Service(self.shelf, kept, workers=self.workers))
        self.alone = application(Service(self.shelf, kept))

    def until_ready(self) -> Told:
        """Waits until a worker answers."""
        began = time.monotonic()
        while (found := self.workers.told([line(0)], self.shelf.campaigns)) is None:
            assert time.monotonic() - began < 60
            time.sleep(0.05)
        return found

    def processes(self) -> list[int]:
        return [one.spawned.process.pid or 0 for one in self.workers._idle]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(shelves, "_SETTLED", 0.01)
    shutil.copytree(CAMPAIGNS / "smallest", tmp_path / "campaigns" / "smallest")
    return tmp_path / "campaigns"


@pytest.fixture
def helped(folder: Path) -> Iterator[Helped]:
    made = Helped(folder)
    made.until_ready()
    yield made
    for one in made.workers._idle:
        one.spawned.connection.close()
        one.spawned.process.join(20)


def sent(app: Guard, lines: list[bytes]) -> list[Any]:
    return ask(app, "POST", "/render/batch", b"\n".join(lines), LINES).lines()


def test_the_answers_are_those_of_one_process(helped: Helped) -> None:
    lines = [line(key) for key in range(400)]
    lines[3], lines[70], lines[399] = b"{", line(70, consent={}), b'"nonsense"'
    body = b"\n".join(lines)
    alone = ask(helped.alone, "POST", "/render/batch", body, LINES)
    assert ask(helped.app, "POST", "/render/batch", body, LINES).body == alone.body
    assert len(alone.lines()) == 400
    for app in (helped.app, helped.alone):
        assert 'outcome="rendered"} 397' in app.metrics.text()


def test_each_line_that_a_worker_ends_over_is_told_so_and_another_takes_its_place(helped: Helped) -> None:
    [process] = helped.processes()
    os.kill(process, signal.SIGSTOP)
    told: list[Told | None] = []
    asking = threading.Thread(
        target=lambda: told.append(helped.workers.told([line(1), line(2)], helped.shelf.campaigns))
    )
    asking.start()
    time.sleep(0.2)
    os.kill(process, signal.SIGKILL)
    asking.join(20)
    [lost] = told
    assert lost is not None
    assert [json.loads(one)["errors"][0]["code"] for one in lost.body.splitlines()] == ["MW779", "MW779"]
    assert helped.until_ready().counts == {("smallest", "rendered"): 1}
    assert helped.processes() != [process]


@pytest.mark.parametrize("is_saved", [False, True])
def test_one_that_ended_before_it_was_asked_costs_no_line_and_is_replaced(
    folder: Path, is_saved: bool
) -> None:
    helped = Helped(folder, 1)
    helped.until_ready()
    [process] = helped.processes()
    os.kill(process, signal.SIGKILL)
    helped.workers._idle[0].spawned.process.join(20)
    if is_saved:
        helped.shelf.reload()
    assert helped.workers.told([line(1)], helped.shelf.campaigns) is None, "this process answers"
    assert helped.until_ready().counts == {("smallest", "rendered"): 1}


def test_the_end_waits_for_no_worker(helped: Helped) -> None:
    [process] = helped.processes()
    os.kill(process, signal.SIGSTOP)
    told: list[Told | None] = []
    asking = threading.Thread(
        target=lambda: told.append(helped.workers.told([line(1)], helped.shelf.campaigns))
    )
    asking.start()
    time.sleep(0.2)
    helped.workers.end()
    asking.join(20)
    assert told
    assert helped.workers.told([line(1)], helped.shelf.campaigns) is None, "none begins any more"


def test_where_no_process_can_be_had_this_one_answers(
    folder: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def no_process(*given: object) -> None:
        raise BlockingIOError(errno.EAGAIN, "Resource temporarily unavailable")

    monkeypatch.setattr("mailweave.delivery.service.workers.spawned", no_process)
    helped = Helped(folder)
    told = sent(helped.app, [line(key) for key in range(300)])
    assert [one["status"] for one in told] == ["rendered"] * 300
    assert [one.getMessage() for one in caplog.records if one.levelname == "ERROR"] == [
        "a worker for batches cannot begin: Resource temporarily unavailable"
    ]


def test_a_save_is_met_by_batches_that_begin_after_it(helped: Helped, folder: Path) -> None:
    before = helped.shelf.campaigns
    rules = folder / "smallest" / "main.rules"
    rules.write_text(rules.read_text(encoding="utf-8").replace("Hello, ", "Good day, "), encoding="utf-8")
    helped.shelf.reload()
    assert sent(helped.app, [line(1)])[0]["subject"] == "Good day, Ann"
    assert json.loads(helped.until_ready().body)["subject"] == "Good day, Ann"
    assert helped.workers.told([line(1)], before) is None, "a request ends with what it began with"


def test_a_save_that_is_refused_leaves_the_last_good_one(helped: Helped, folder: Path) -> None:
    (folder / "smallest" / "main.rules").write_text("nonsense", encoding="utf-8")
    helped.shelf.reload()
    for _ in range(3):
        assert [one["subject"] for one in sent(helped.app, [line(1)] * 3)] == ["Hello, Ann"] * 3
        time.sleep(0.3)


def test_who_withdraws_meanwhile_is_skipped(folder: Path, tmp_path: Path) -> None:
    file = tmp_path / "withdrawals.jsonl"
    helped = Helped(folder, 1, file)
    helped.until_ready()
    Withdrawals(file).add("7")
    found = helped.workers.told([line(7), line(8)], helped.shelf.campaigns)
    assert found is not None
    assert [json.loads(one)["status"] for one in found.body.splitlines()] == ["skipped", "rendered"]


def test_a_worker_that_cannot_begin_is_done_without(folder: Path, tmp_path: Path) -> None:
    shelf = loaded(folder)
    workers = Workers(shelf, Order(folder, withdrawals=tmp_path / "none" / "file"), 1)
    app = application(Service(shelf, workers=workers))
    began = time.monotonic()
    while not workers._not_before:
        assert sent(app, [line(1)])[0]["status"] == "rendered"
        assert time.monotonic() - began < 60
        time.sleep(0.05)
    assert sent(app, [line(1)])[0]["status"] == "rendered"


def test_a_folder_that_is_between_two_names_ends_no_worker(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def gone(self: shelves.Shelf) -> None:
        raise FileNotFoundError

    monkeypatch.setattr("mailweave.delivery.service.worker.live_as_worker", lambda parent: None)
    monkeypatch.setattr(shelves.Shelf, "reload", gone)
    ours, theirs = Pipe()
    working = threading.Thread(target=work, args=(theirs, Order(folder), os.getpid()))
    working.start()
    for _ in range(2):
        ours.send(None)
        assert ours.poll(20)
        assert ours.recv() == {}
    ours.close()
    working.join(20)
    assert not working.is_alive()


@given(st.lists(st.binary(max_size=40), max_size=1200), st.integers())
def test_a_frame_is_read_as_it_was_written(body: list[bytes], about: int) -> None:
    ours, theirs = os.pipe()
    writing = threading.Thread(target=frames.write, args=(theirs, about, body))
    writing.start()
    try:
        assert frames.Reader(ours).read() == (about, b"".join(body))
    finally:
        writing.join()
        os.close(ours)
        os.close(theirs)


def test_a_frame_may_be_longer_than_the_memory_that_is_kept() -> None:
    ours, theirs = os.pipe()
    body = [b"a" * 1_500_000, b"", b"b" * 900_000]
    writing = threading.Thread(target=frames.write, args=(theirs, None, body))
    writing.start()
    assert frames.Reader(ours).read() == (None, b"".join(body))
    writing.join()
    os.close(ours)
    os.close(theirs)


@pytest.mark.parametrize("written", [b"", b"half"])
def test_an_end_is_no_frame(written: bytes) -> None:
    ours, theirs = os.pipe()
    os.write(theirs, written)
    os.close(theirs)
    with pytest.raises(EOFError):
        frames.Reader(ours).read()
    os.close(ours)
