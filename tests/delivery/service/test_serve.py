"""`mailweave serve` as it is called: a process of its own."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from mailweave.delivery.service.server import listening_at as service_socket
from mailweave.preview.loopback import listening_at as preview_socket
from tests.delivery.service.asking import ANN, CAMPAIGNS, JSON

ABOUT_ANN = json.dumps({"campaign": "smallest", "recipient": ANN})


class Running:
    """A service that runs over a copy of the smallest campaign."""

    def __init__(self, folder: Path, *options: str) -> None:
        self.log = folder.parent / "log"
        command = [sys.executable, "-m", "mailweave", "serve", str(folder), "--port", "0", *options]
        clean = {name: value for name, value in os.environ.items() if not name.startswith("MAILWEAVE_")}
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True, env=clean)
        assert self.process.stdout is not None
        self.address = self.process.stdout.readline().strip()
        self.host = self.address.removeprefix("http://")

    def ask(self, method: str, path: str, body: str = "", **headers: str) -> tuple[int, Any]:
        connection = http.client.HTTPConnection(self.host, timeout=60)
        connection.request(method, path, body.encode(), {**JSON, **headers})
        answer = connection.getresponse()
        text = answer.read()
        connection.close()
        return answer.status, json.loads(text) if text else None

    def subject(self) -> str:
        status, told = self.ask("POST", "/render", ABOUT_ANN)
        assert status == 200, told
        return str(told["subject"])


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []
    folder = tmp_path / "campaigns"
    shutil.copytree(CAMPAIGNS / "smallest", folder / "smallest")

    def begun(*options: str) -> Running:
        running.append(Running(folder, *options))
        return running[-1]

    yield begun
    for one in running:
        one.process.kill()
        one.process.wait()


def until(holds: Callable[[], bool]) -> None:
    """Waits for a save to be seen."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < 60
        time.sleep(0.05)


def test_a_save_is_served_and_a_bad_one_is_refused(serve: Callable[..., Running], tmp_path: Path) -> None:
    running, rules = serve(), tmp_path / "campaigns" / "smallest" / "main.rules"
    text = rules.read_text(encoding="utf-8")
    assert running.subject() == "Hello, Ann"
    time.sleep(1)  # until the folder is watched
    rules.write_text(text.replace("Hello, ", "Good day, "), encoding="utf-8")
    until(lambda: running.subject() == "Good day, Ann")
    rules.write_text("nonsense", encoding="utf-8")
    until(lambda: running.ask("GET", "/healthz")[1]["refused"] == 1)
    assert running.subject() == "Good day, Ann"
    assert running.ask("POST", "/check", '{"campaign": "smallest"}')[1]["findings"]
    rules.write_text(text, encoding="utf-8")
    until(lambda: running.subject() == "Hello, Ann")
    log = running.log.read_text(encoding="utf-8")
    assert "campaign=smallest is refused: the last good one is served" in log
    assert "ann@example.com" not in log
    assert "Traceback" not in log


def test_it_ends_quietly(serve: Callable[..., Running]) -> None:
    running = serve()
    running.subject()
    running.process.terminate()
    assert running.process.wait(20) in (0, -15)
    assert "Traceback" not in running.log.read_text(encoding="utf-8")


def test_a_batch_is_answered_while_it_is_sent(serve: Callable[..., Running]) -> None:
    running = serve()
    connection = http.client.HTTPConnection(running.host, timeout=60)
    connection.putrequest("POST", "/render/batch")
    connection.putheader("content-type", "application/x-ndjson")
    connection.putheader("transfer-encoding", "chunked")
    connection.endheaders()
    line = ABOUT_ANN.encode() + b"\n"
    connection.send(b"%x\r\n%b\r\n" % (len(line), line))
    answer = connection.getresponse()
    assert json.loads(answer.readline())["key"] == "7"  # before the request is whole
    connection.send(b"%x\r\n%b\r\n0\r\n\r\n" % (len(line), line))
    assert json.loads(answer.readline())["key"] == "7"
    assert answer.read() == b""


def test_a_token_file_is_asked_for(serve: Callable[..., Running], tmp_path: Path) -> None:
    file = tmp_path / "token"
    file.write_text("a-secret-of-some-length\n", encoding="ascii")
    running = serve("--token-file", str(file), "--host", "0.0.0.0")
    host = running.host.replace("0.0.0.0", "127.0.0.1")
    running.host = host
    assert running.ask("POST", "/render", ABOUT_ANN)[0] == 401
    assert running.ask("POST", "/render", ABOUT_ANN, authorization="Bearer a-secret-of-some-length")[0] == 200
    assert "a-secret" not in running.log.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "environment", "told"),
    [
        (["--host", "0.0.0.0"], {}, "there is no token"),
        (["--token-file", "none"], {}, "cannot be read"),
        ([], {"MAILWEAVE_TOKEN": "short"}, "at least 16 signs"),
        ([], {"MAILWEAVE_TOKEN": ""}, "at least 16 signs"),
        (["--withdrawals", "."], {}, "MW778"),
        (["--host", "256.256.256.256"], {"MAILWEAVE_TOKEN": "a-secret-of-some-length"}, "cannot listen"),
    ],
)
def test_what_would_not_be_safe_is_not_begun(
    options: list[str],
    environment: dict[str, str],
    told: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    given = [str(CAMPAIGNS / "smallest"), *options]
    ended = CliRunner().invoke(group, ["serve", *given], env={"MAILWEAVE_TOKEN": None, **environment})
    assert ended.exit_code == 1
    assert told in ended.output
    assert "short" not in ended.output.replace("too short", "")


def test_a_folder_without_campaigns_is_not_served(tmp_path: Path) -> None:
    ended = CliRunner().invoke(group, ["serve", str(tmp_path)])
    assert (ended.exit_code, "MW770" in ended.output) == (1, True)


def test_without_its_packages_it_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "uvicorn", None)
    ended = CliRunner().invoke(group, ["serve", str(CAMPAIGNS)])
    assert ended.exit_code == 1
    assert "mailweave[service]" in ended.output


def test_small_answers_do_not_wait_for_one_another() -> None:
    """asyncio turns Nagle's algorithm off for sockets that name TCP alone: others answer 40 ms late, all but the first."""
    for listening in (service_socket("127.0.0.1", 0), preview_socket(0)):
        with listening:
            assert listening.proto == socket.IPPROTO_TCP
