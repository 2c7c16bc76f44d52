"""Killed at random moments: with `hold` nothing comes twice, with `resend` nothing is lost. The server counts."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path
from typing import Any

import dkim
import pytest

from tests.conftest import part_of
from tests.delivery.sending.keys import record, rsa_key
from tests.delivery.sending.people import person, rendered
from tests.delivery.sending.taking_server import Book, taking

CONNECTIONS = 4
_ID = re.compile(rb"^Message-ID: <([^>]+)>\r$", re.MULTILINE)


def command(output: Path, port: int, key: Path, *options: str) -> list[str]:
    base = [sys.executable, "-m", "mailweave", "send", str(output), "--smtp", f"smtp://127.0.0.1:{port}"]
    signed = ["--dkim-selector", "s1", "--dkim-key", str(key), "--connections", str(CONNECTIONS)]
    return [*base, *signed, "--per-connection", "50", *options]


def kill(command: list[str], book: Book, chance: random.Random, most: int) -> bool:
    """Starts a sender and kills it at a random moment, when it has sent at most so many or a few more; False where it
    ended by itself."""
    after = len(book.messages) + chance.randint(1, most)
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while process.poll() is None and len(book.messages) < after:
        time.sleep(0.001)
    try:
        process.wait(timeout=chance.uniform(0.0, 0.02))
    except subprocess.TimeoutExpired:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        return True
    return False


def tear(output: Path, chance: random.Random) -> None:
    """Sometimes what a kill amid a write leaves: the beginning of a line."""
    if chance.random() < 0.5:
        with (output / "sending" / "ledger.jsonl").open("ab") as file:
            file.write(b'{"entry":{"at":"20'[: chance.randint(1, 18)])


def disturbed(tmp_path: Path, size: int, kills: int, in_doubt: str) -> tuple[dict[str, Any], Book, int]:
    """Sends to `size` recipients with so many kills: the last report, the server's book, how often it was killed."""
    output = rendered(tmp_path, map(person, range(size)), shard_size=250, workers=2)
    key, chance = rsa_key(tmp_path), random.Random(f"{size}{in_doubt}")
    done = 0
    with taking() as (port, book):
        sending = command(output, port, key, "--in-doubt", in_doubt)
        for _ in range(kills):
            done += kill(sending, book, chance, size // (kills + 2))
            tear(output, chance)
        ended = subprocess.run(sending, capture_output=True, text=True, check=False, timeout=900)
        assert ended.returncode in (0, 1), ended.stderr
    report = json.loads((output / "sending" / "report.json").read_bytes())
    assert report["sent"] + report["refused"] + report["held"] + report["left"] == report["all"]
    return report, book, done


def often(book: Book) -> Counter[bytes]:
    """How often each message was taken, by its Message-ID."""
    return Counter(_ID.findall(b"\n".join(message.partition(b"\r\n\r\n")[0] for message in book.messages)))


def verified(book: Book) -> None:
    assert all(dkim.verify(message, dnsfunc=record) for message in book.messages)


def held(tmp_path: Path, size: int, kills: int) -> None:
    report, book, done = disturbed(tmp_path, size, kills, "hold")
    assert done == kills, "it is killed while it sends"
    taken = often(book)
    assert max(taken.values()) == 1, "none twice"
    assert report["held"] == len(report["in_doubt"]) <= CONNECTIONS * done
    assert report["left"] == report["refused"] == 0
    assert report["all"] - report["held"] <= len(taken) <= report["all"], "whoever is not in doubt has it"
    verified(book)


def resent(tmp_path: Path, size: int, kills: int) -> None:
    report, book, done = disturbed(tmp_path, size, kills, "resend")
    assert done == kills
    taken = often(book)
    assert len(taken) == report["all"] == report["sent"], "none is lost"
    assert taken.total() - len(taken) <= CONNECTIONS * done, "at most those in doubt come twice"
    verified(book)


def test_held_mails_come_once(tmp_path: Path) -> None:
    held(tmp_path, 330, 3)


def test_resent_mails_all_come(tmp_path: Path) -> None:
    resent(tmp_path, 330, 3)


@pytest.mark.deep
def test_ten_thousand_mails_and_twenty_kills_held(tmp_path: Path) -> None:
    held(tmp_path, part_of(11_100), part_of(20))


@pytest.mark.deep
def test_ten_thousand_mails_and_twenty_kills_resent(tmp_path: Path) -> None:
    resent(tmp_path, part_of(11_100), part_of(20))
