"""Whatever raises while a message is made or encoded is charged to its one recipient, in every format."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from mailweave.batch import run
from mailweave.batch.formats import FORMATS
from mailweave.batch.rendering import Outcome, ShardRenderer
from mailweave.batch.rows import COLUMNS, Row
from mailweave.batch.sources import Recipient
from mailweave.diagnostics import ArgumentError
from mailweave.environment import Environment
from mailweave.message import Email
from tests.batch.conftest import CAMPAIGN, batch


def recipients(*addresses: str | None) -> Iterator[tuple[int, int, Recipient]]:
    for number, address in enumerate(addresses):
        profile = {"id": str(number), "email": address, "consent": {"marketing": True}}
        yield number, number + 1, Recipient(str(number), profile)


def rendered(form: str, *addresses: str | None) -> tuple[Outcome, list[dict[str, Any]]]:
    campaign = Environment().compile(CAMPAIGN)
    now = campaign.pinned(None)
    assert now is not None
    kind = FORMATS[form]
    outcome = ShardRenderer(campaign, now, None, kind.piece, cuts=kind.cuts).render(recipients(*addresses))
    assert kind.gather(outcome.pieces)
    return outcome, [json.loads(line) for line in outcome.dead]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize(
    "address", ["ann..b@example.com", "", "c.@example.com", None, "two words", "a@b, c@d"]
)
def test_a_bad_address_is_one_dead_letter(form: str, address: str | None) -> None:
    outcome, dead = rendered(form, "ann@example.com", address, "bob@example.com")
    assert len(outcome.pieces) == 2
    assert [(letter["line"], letter["code"], letter["field"]) for letter in dead] == [
        (2, "bad_data", "email")
    ]


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("name", ["as_bytes", "message_id"])
def test_an_encoder_that_raises_stops_nobody_else(
    form: str, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = getattr(Email, name)

    def broken(self: Email) -> Any:
        if self.key == "1":
            raise IndexError("a value")
        return before(self) if name == "as_bytes" else before.fget(self)

    monkeypatch.setattr(Email, name, broken if name == "as_bytes" else property(broken))
    outcome, dead = rendered(form, "ann@example.com", "b@example.com", "c@example.com")
    reads = name == "message_id" if form in ("parquet", "jsonl", "values") else name == "as_bytes"
    assert len(outcome.pieces) == (2 if reads else 3)
    if reads:
        assert dead[0] | {"key": "1"} == dead[0]
        assert (dead[0]["code"], dead[0]["reason"]) == ("internal_error", "IndexError")
        assert outcome.facts()["reasons"] == {"internal_error": {"": {"IndexError": 1}}}


def test_a_text_that_no_file_can_hold_is_charged_to_its_message() -> None:
    campaign = Environment().compile(CAMPAIGN)
    email = campaign.render({"id": "1", "email": "ann@example.com", "consent": {"marketing": True}})
    assert isinstance(email, Email)
    row = Row(email, "{}", ())
    assert dict(zip(COLUMNS, row.values(), strict=True))["to"] == "ann@example.com"
    object.__setattr__(email, "html", "\ud800")
    for form in ("parquet", "jsonl"):
        with pytest.raises(UnicodeEncodeError):
            FORMATS[form].piece(row)


def test_rows_carry_the_envelope() -> None:
    outcome, _ = rendered("jsonl", "ann@example.com")
    found = json.loads(outcome.pieces[0])
    assert list(found) == list(COLUMNS)
    assert (found["to"], found["to_name"], found["reply_to"]) == ("ann@example.com", "", "")
    assert found["from"] == "news@example.com"
    assert found["message_id"].startswith("<")
    assert found["unsubscribe_url"].endswith("who=0")
    assert list(found["headers"]) == ["List-Unsubscribe", "List-Unsubscribe-Post"]
    assert found["headers"]["List-Unsubscribe"] == f"<{found['unsubscribe_url']}>"


def test_a_batch_of_messages_with_one_bad_address_ends_well(tmp_path: Path) -> None:
    rows = ["ann@example.com", "ann..b@example.com", "bob@example.com"]
    people = [
        {"id": str(n), "email": address, "consent": {"marketing": True}} for n, address in enumerate(rows)
    ]
    listed = tmp_path / "people.jsonl"
    listed.write_text("\n".join(map(json.dumps, people)), encoding="utf-8")
    done = batch(listed, tmp_path / "out", "--format", "eml", "--workers", "1")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("3 recipients: 2 rendered, 0 skipped, 1 dead")
    (letter,) = map(json.loads, (tmp_path / "out/dead.jsonl").read_text(encoding="utf-8").splitlines())
    assert (letter["line"], letter["key"]) == (2, "1")
    assert (letter["code"], letter["field"]) == ("bad_data", "email")


def test_a_send_id_makes_other_keys_and_a_wrong_one_is_said_once(tmp_path: Path) -> None:
    campaign = Environment().compile(CAMPAIGN)
    now = campaign.pinned(None)
    assert now is not None
    keys = set()
    for send_id in (None, "2026-w48", "2026-w49"):
        renderer = ShardRenderer(campaign, now, None, FORMATS["jsonl"].piece, send_id)
        (piece,) = renderer.render(recipients("ann@example.com")).pieces
        keys.add((json.loads(piece)["idempotency_key"], json.loads(piece)["message_id"]))
    assert len(keys) == 3
    with pytest.raises(ArgumentError):
        run(CAMPAIGN, "nobody.jsonl", tmp_path / "out", send_id="two words")
    with pytest.raises(ArgumentError):
        run(CAMPAIGN, "nobody.jsonl", tmp_path / "out", context={"lookups": 5})
    assert not (tmp_path / "out").exists()
