"""What a campaign says besides its parts, in an export: beside the values, or refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mailweave import Environment, MailweaveError
from mailweave.export.run import export
from tests.message.small_campaign import GIVEN, write

SAID = {"headers": {"X-A": "{{ profile.name }}"}, "tags": ["spring"], "metadata": {"who": "{{ profile.id }}"}}
FILES = {"attachments": ["a.txt"]}, {"calendar": {"start": "2026-03-01", "duration": "1 day"}}


def exported(folder: Path, settings: dict[str, Any]) -> list[dict[str, Any]]:
    made = write(folder / "small", {"return_path": "b@example.com", **settings})
    (made / "a.txt").write_text("a", encoding="utf-8")
    (folder / "people.jsonl").write_text(json.dumps({**GIVEN, "name": "Zoë"}), encoding="utf-8")
    campaign = Environment().compile(made)
    now = campaign.pinned(None)
    assert now is not None
    export(campaign, "sendgrid", folder / "people.jsonl", folder / "out", now=now)
    return [json.loads(line) for line in (folder / "out/values.jsonl").read_bytes().splitlines()]


def test_what_the_sender_must_say_stands_beside_the_values(tmp_path: Path) -> None:
    (line,) = exported(tmp_path, SAID)
    assert {name: line[name] for name in ("return_path", "headers", "tags", "metadata")} == {
        "return_path": "b@example.com",
        "headers": {"X-A": "Zoë"},
        "tags": ["spring"],
        "metadata": {"who": "7"},
    }


@pytest.mark.parametrize("settings", FILES)
def test_files_are_refused(settings: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(MailweaveError, match="MW024"):
        exported(tmp_path, settings)
