"""The mails that triggers start, sent: each once, as their campaign renders them, those that come later as well."""

from __future__ import annotations

import json
import shutil
from base64 import b64encode
from email import message_from_bytes
from email.utils import parsedate_to_datetime
from pathlib import Path
from secrets import token_bytes
from typing import Any

import pytest
from click.testing import CliRunner

from mailweave import Environment
from mailweave.cli import group
from mailweave.delivery.links import Keys, verify
from tests.delivery.sending.servers import Script, scripted
from tests.delivery.sending.test_cli import sent

CART = Path(__file__).resolve().parents[3] / "examples" / "cart"
NEVER, EARLY, LATE = "2026-11-27T00:00Z", "2026-11-29T12:00Z", "2026-11-30T09:00Z"
LINKS = """
[links]
key = "k1"
click = "https://go.example.com/{token}"
"""


def started(folder: Path, campaign: Path, until: str, *options: str) -> tuple[int, str]:
    """The exit code of a run over the stream of the example, and what it says of what is wrong."""
    lists = ("--events", str(campaign / "stream.jsonl"), "--profiles", str(campaign / "people.jsonl"))
    places = ("--state", str(folder / "state.db"), "--out", str(folder / "out"), "--until", until)
    done = CliRunner().invoke(group, ["trigger", "run", str(campaign), *lists, *places, *options])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stderr


def rows(out: Path) -> list[dict[str, Any]]:
    return [
        json.loads(line)
        for file in sorted((out / "mails").glob("*.jsonl"))
        for line in file.read_text("utf-8").splitlines()
    ]


def test_each_is_sent_once_and_those_that_come_later_are_sent_later(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with scripted(Script()) as (port, taken):
        counts = []
        for until in (NEVER, EARLY, LATE, LATE):
            assert started(tmp_path, CART, until, "--messages")[0] == 0
            code, told, _ = sent(str(out), "--smtp", f"smtp://127.0.0.1:{port}")
            assert code == 0
            counts.append((len(rows(out)), told))
    (none, first), (early, _), (late, told), (again, last) = counts
    assert none == 0
    assert first.startswith("0 e-mails: 0 sent")
    assert 0 < early < late == again == len(taken.mails)
    assert f"{late} sent, 0 refused, 0 held, 0 left; {late - early} in this run" in told
    assert "; 0 in this run" in last
    by_id = {message_from_bytes(content)["Message-ID"]: (to, content) for _, to, content in taken.mails}
    assert len(by_id) == late
    for row in rows(out):
        to, content = by_id[row["message_id"]]
        assert to == row["to"]
        assert content.replace(b"\r\n", b"\n") == row["message"].encode().replace(b"\r\n", b"\n")
        assert row["due"][:10] == message_date(content)


def message_date(content: bytes) -> str:
    return parsedate_to_datetime(message_from_bytes(content)["Date"]).date().isoformat()


def test_mails_without_messages_are_refused_and_say_what_to_do(tmp_path: Path) -> None:
    started(tmp_path, CART, LATE)
    code, _, err = sent(str(tmp_path / "out"), "--smtp", "smtp://127.0.0.1:9")
    assert code == 1
    assert "MW760" in err
    assert "--messages" in err


@pytest.mark.parametrize("what", ["changed", "twice"])
def test_a_file_that_is_not_what_was_written_is_refused(tmp_path: Path, what: str) -> None:
    started(tmp_path, CART, LATE, "--messages")
    file = next((tmp_path / "out" / "mails").glob("*.jsonl"))
    if what == "changed":
        file.write_bytes(file.read_bytes().replace(b"2026", b"2027"))
    else:
        shutil.copy(file, file.with_name(f"00009999{file.name[8:]}"))
    code, _, err = sent(str(tmp_path / "out"), "--smtp", "smtp://127.0.0.1:9")
    assert code == 1
    assert "MW803" in err


def test_links_are_signed_where_the_campaign_asks_for_it(tmp_path: Path) -> None:
    campaign = Path(shutil.copytree(CART, tmp_path / "cart"))
    settings = campaign / "campaign.toml"
    settings.write_text(settings.read_text("utf-8") + LINKS, encoding="utf-8")
    code, err = started(tmp_path, campaign, LATE, "--messages")
    assert (code, "MW731" in err, (tmp_path / "out").exists()) == (1, True, False)
    keys = tmp_path / "keys.txt"
    keys.write_text(f"k1 = {b64encode(token_bytes(32)).decode()}\n", encoding="utf-8")
    assert started(tmp_path, campaign, LATE, "--messages", "--link-keys", str(keys))[0] == 0
    found = [
        word.split("/")[-1]
        for row in rows(tmp_path / "out")
        for word in decoded(row["message"]).replace('"', " ").split()
        if word.startswith("https://go.example.com/")
    ]
    assert found
    links = [verify(token, Keys.from_file(keys), purpose="click") for token in found]
    assert {one.campaign for one in links} == {Environment().compile(campaign).config.name}
    assert {one.key for one in links} <= {row["idempotency_key"] for row in rows(tmp_path / "out")}


def decoded(message: str) -> str:
    parts = [part for part in message_from_bytes(message.encode()).walk() if not part.is_multipart()]
    html = next(part for part in parts if part.get_content_type() == "text/html")
    content = html.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode()
