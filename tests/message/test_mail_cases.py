"""fixtures/message/cases.toml: what a reader reads of messages, and who gets none."""

from __future__ import annotations

import email
import email.policy
import json
import tomllib
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from click.testing import CliRunner
from tests.message.small_campaign import GIVEN, compiled, write

from mailweave import Email, Skip
from mailweave.cli import group

FILE = Path(__file__).resolve().parents[2] / "fixtures" / "message" / "cases.toml"
CASES = {case["id"]: case for case in tomllib.loads(FILE.read_text(encoding="utf-8"))["case"]}
ONE = [name for name, case in CASES.items() if "profile" in case]
MANY = [name for name, case in CASES.items() if "people" in case]
KNOWN = {
    "From",
    "To",
    "Reply-To",
    "Subject",
    "Date",
    "Message-ID",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
}
KNOWN |= {"MIME-Version", "Content-Type"}


@pytest.mark.parametrize("name", ONE)
def test_a_message_is_read_as_it_was_meant(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    campaign = compiled(tmp_path, **case.get("settings", {}))
    result = campaign.render({**GIVEN, **json.loads(case["profile"])})
    if case["outcome"] == ["skip"]:
        assert isinstance(result, Skip)
        assert (result.code, result.field) == ("bad_data", case.get("field", result.field))
    else:
        assert isinstance(result, Email)
        judge(case, result.as_bytes())
        assert result.as_message().as_bytes() == result.as_bytes()


def judge(case: dict[str, Any], sent: bytes) -> None:
    message = email.message_from_bytes(sent, policy=email.policy.default)
    raw = email.message_from_bytes(sent, policy=email.policy.compat32)
    assert len(message.keys()) == len(set(message.keys()))
    assert set(message.keys()) <= KNOWN
    assert max(map(len, sent.split(b"\r\n"))) <= 998
    assert {key: message[key] for key in case.get("reads", {})} == case.get("reads", {})
    fields = {key: raw[key].replace("\r\n", "") for key in case.get("raw", {})}
    assert fields == case.get("raw", {})
    if "display" in case:
        assert [one.display_name for one in message["To"].addresses] == [case["display"]]
    if "link" in case:
        link = urlsplit(raw["List-Unsubscribe"].strip("<>"))
        parts = {
            "host": link.netloc,
            "path": unquote(link.path),
            "query": link.query,
            "fragment": link.fragment,
        }
        assert parts | case["link"] == parts
    for key, sign in case.get("lacks", {}).items():
        assert sign not in message[key]


@pytest.mark.parametrize("name", MANY)
def test_one_recipient_ends_no_batch(name: str, tmp_path: Path) -> None:
    case = CASES[name]
    write(tmp_path / "campaign", case.get("settings", {}))
    people = [{**GIVEN, **one} for one in json.loads(case["people"])]
    (tmp_path / "list.jsonl").write_text("".join(json.dumps(one) + "\n" for one in people), encoding="utf-8")
    given = ["batch", str(tmp_path / "campaign"), "--profiles", str(tmp_path / "list.jsonl")]
    given += ["--out", str(tmp_path / "out"), "--workers", "1", "--format", case["format"]]
    result = CliRunner().invoke(group, given)
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert report["rendered"] == case["rendered"]
