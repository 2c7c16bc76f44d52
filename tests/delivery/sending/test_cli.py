"""The verb `send`, as a person calls it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from mailweave.cli import group
from tests.delivery.sending.conftest import Made
from tests.delivery.sending.servers import Script, scripted


def sent(*arguments: str) -> tuple[int, str, str]:
    done = CliRunner().invoke(group, ["send", *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_all_are_sent(made: Made) -> None:
    out = made(66)
    with scripted(Script()) as (port, taken):
        code, told, _ = sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}")
        assert code == 0
        assert told.startswith("60 e-mails: 60 sent, 0 refused, 0 held, 0 left; 60 in this run")
        code, told, _ = sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}")
    assert code == 0
    assert "; 0 in this run" in told
    assert len(taken.mails) == 60
    ledger = (out / "sending" / "ledger.jsonl").read_text()
    assert "@" not in ledger + (out / "sending" / "report.json").read_text(), "nothing of a person"


@pytest.mark.parametrize(
    ("script", "options", "code", "words"),
    [
        (Script(answers={"RCPT": ["550 5.1.1 no"]}), (), 1, "MW765"),
        (Script(answers={".": ["hang up"]}), ("--connections", "1"), 1, "MW764"),
        (Script(offers=("SIZE 10",)), (), 1, "MW766"),
        (Script(always={"RCPT": "451 4.7.1 later"}), ("--tries", "1", "--max-errors", "100%"), 75, "MW769"),
        (Script(always={"RCPT": "550 5.7.1 no"}), (), 4, "MW767"),
        (Script(always={"MAIL": "530 5.7.0 log in"}), (), 75, "MW762"),
    ],
    ids=["refused", "in doubt", "unfit", "put off", "paused", "turned away"],
)
def test_exit_codes(script: Script, options: tuple[str, ...], code: int, words: str, made: Made) -> None:
    with scripted(script) as (port, _):
        found, _, err = sent(str(made(66)), "--smtp", f"smtp://127.0.0.1:{port}", *options)
    assert found == code
    assert words in err


def in_doubt(out: Path) -> list[str]:
    keys: list[str] = json.loads((out / "sending" / "report.json").read_text())["in_doubt"]
    return keys


def test_mails_in_doubt_are_settled_by_hand(made: Made, tmp_path: Path) -> None:
    out, told = made(66), tmp_path / "told.txt"
    with scripted(Script(answers={".": ["hang up", "hang up"]})) as (port, _):
        sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}", "--connections", "1", "--max-errors", "100%")
    one, other = in_doubt(out)
    told.write_text(f"# of the log\n{one} sent\n{other} unsent\n", encoding="utf-8")
    assert sent(str(out), "--settle", str(told))[:2] == (
        0,
        "settled: 1 sent, 1 unsent, which go with the next sending\n",
    )
    with scripted(Script()) as (port, taken):
        code, words, _ = sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}")
    assert code == 0
    assert "60 sent, 0 refused, 0 held, 0 left; 1 in this run" in words
    assert len(taken.mails) == 1


@pytest.mark.parametrize(
    "line",
    ["{key}", "{key} taken", "{key} sent now", "abc sent", "00112233445566778899aabbccddeeff sent"],
)
def test_what_settles_nothing_is_refused_whole(made: Made, tmp_path: Path, line: str) -> None:
    out, told = made(66), tmp_path / "told.txt"
    told.write_text("00112233445566778899aabbccddeeff sent\n", encoding="utf-8")
    assert "nothing of this output was sent" in sent(str(out), "--settle", str(told))[2]
    with scripted(Script(answers={".": ["hang up"]})) as (port, _):
        sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}", "--connections", "1")
    (key,) = in_doubt(out)
    ledger = (out / "sending" / "ledger.jsonl").read_bytes()
    told.write_text(f"{key} sent\n{line.format(key=key)}\n", encoding="utf-8")
    code, _, words = sent(str(out), "--settle", str(told))
    assert code == 1
    assert "MW748" in words
    assert f"{told}:2" in words
    assert (out / "sending" / "ledger.jsonl").read_bytes() == ledger


def test_a_file_of_an_editor_settles_and_a_log_is_refused_in_few_lines(made: Made, tmp_path: Path) -> None:
    out, told = made(66), tmp_path / "told.txt"
    with scripted(Script(answers={".": ["hang up"]})) as (port, _):
        sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}", "--connections", "1")
    (key,) = in_doubt(out)
    told.write_bytes(f"{key} sent".encode("utf-16"))
    assert "not UTF-8 text" in sent(str(out), "--settle", str(told))[2]
    told.write_text("Nov 30 09:00:00 mx postfix/smtp[1]: status=sent\n" * 5_000, encoding="utf-8")
    code, _, words = sent(str(out), "--settle", str(told))
    assert (code, words.count("MW748")) == (1, 21)
    assert "nor do 4,980 more" in words
    told.write_bytes(b"\xef\xbb\xbf" + f"{key.upper()} sent\r\n\r\n".encode())
    assert sent(str(out), "--settle", str(told))[1].startswith("settled: 1 sent")


def test_a_dry_run_tells_what_would_go_and_changes_nothing(made: Made) -> None:
    out = made(66)
    before = sorted(path for path in out.rglob("*"))
    code, told, _ = sent(str(out), "--dry-run", "--rate", "10/m")
    assert code == 0
    assert told.splitlines() == [
        "60 e-mails: 60 would go; 0 sent already, 0 refused, 0 in doubt",
        "        40  example.org",
        "        20  mail.example.net",
        "at this rate: 6 min",
    ]
    assert sorted(path for path in out.rglob("*")) == before
    with scripted(Script(answers={".": ["250 ok", "hang up"]})) as (port, _):
        sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}", "--connections", "1")
    assert "0 would go; 59 sent already, 0 refused, 1 in doubt" in sent(str(out), "--dry-run")[1]
    assert "1 would go" in sent(str(out), "--dry-run", "--in-doubt", "resend")[1]


def test_few_of_a_domain_are_not_named(made: Made) -> None:
    told = sent(str(made(7)), "--dry-run")[1]
    assert "elsewhere" in told
    assert "example" not in told.partition("\n")[2]


def test_hours_are_told(made: Made) -> None:
    _, told, _ = sent(str(made(66)), "--dry-run", "--at", "2099-12-24T9:00", "--zone", "recipient")
    assert "from 2099-12-24T00:00 UTC on, the last ones from 2099-12-24T14:00 UTC on" in told


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        ((), 2, "--smtp URL"),
        (("--ses", "--smtp", "smtp://localhost:1"), 2, "--smtp URL or --ses"),
        (("--smtp", "smtp://mail.example.com"), 1, "MW761"),
        (("--smtp", "smtp://localhost:1", "--rate", "fast"), 1, "MW818"),
        (("--smtp", "smtp://localhost:1", "--max-errors", "5"), 2, "--max-errors"),
        (("--smtp", "smtp://localhost:1", "--dkim-selector", "s1"), 2, "--dkim-key"),
        (("--smtp", "smtp://localhost:1", "--zone", "UTC"), 1, "MW818"),
    ],
    ids=str,
)
def test_what_cannot_be_meant(arguments: tuple[str, ...], code: int, words: str, made: Made) -> None:
    found, _, err = sent(str(made(7)), *arguments)
    assert found == code
    assert words in err


def test_a_signal_lets_what_is_under_way_end(made: Made) -> None:
    out = made(66)
    with scripted(Script(delay=0.2)) as (port, taken):
        base = [sys.executable, "-m", "mailweave", "send", str(out), "--smtp", f"smtp://127.0.0.1:{port}"]
        process = subprocess.Popen([*base, "--connections", "2"], stderr=subprocess.PIPE, text=True)
        while len(taken.mails) < 3 and process.poll() is None:
            time.sleep(0.01)
        os.kill(process.pid, signal.SIGTERM)
        _, err = process.communicate(timeout=60)
    report = json.loads((out / "sending" / "report.json").read_bytes())
    assert process.returncode == 75
    assert "stopped" in err
    assert (report["sent"], report["held"]) == (len(taken.mails), 0)
    assert 3 <= report["sent"] < 20


def test_who_sends_already_is_not_disturbed(made: Made) -> None:
    from mailweave.delivery.sending.send_ledger import SendLedger

    out = made(7)
    with SendLedger(Path(out), 1_796_000_000.0):
        code, _, err = sent(str(out), "--smtp", "smtp://localhost:1")
    assert code == 1
    assert "MW804" in err
