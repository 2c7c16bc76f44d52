"""Arrow in, Arrow out: everybody comes out, in order, with the bytes of a batch."""

from __future__ import annotations

import doctest
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from mailweave import Email, Environment, Skip
from mailweave.batch import BatchError, batches, render_batches, rendering, run
from mailweave.batch.rows import COLUMNS
from mailweave.batch.sources import Recipient, Recipients
from mailweave.message.headers import idempotency_key

ROOT = Path(__file__).resolve().parents[2]
CDNOW, SMALLEST = ROOT / "fixtures/campaigns/cdnow-winback", ROOT / "fixtures/campaigns/smallest"
LIST = ROOT / "fixtures/cdnow"
SOME = 700


def nested(recipients: list[Recipient]) -> pa.Table:
    """Profiles of the CDNOW list with their events beside them, as an engine would hand them over."""
    profiles = pq.read_table(LIST / "profiles.parquet").schema
    events = pq.read_table(LIST / "events.parquet").schema
    kind = pa.list_(pa.struct([field for field in events if field.name != "profile"]))
    listed = [{**one.profile, "events": [*one.events] or None} for one in recipients]
    return pa.Table.from_pylist(listed, schema=profiles.append(pa.field("events", kind)))


@pytest.fixture(scope="module")
def recipients() -> list[Recipient]:
    everybody = iter(Recipients(LIST / "profiles.parquet", LIST / "events.parquet"))
    return [one for _, one in zip(range(SOME), everybody, strict=False)]


def test_one_row_comes_out_for_each_that_goes_in(recipients: list[Recipient]) -> None:
    campaign = Environment().compile(CDNOW)
    found = list(render_batches(campaign, nested(recipients).to_batches(300)))
    assert all(batch.schema.names[: len(COLUMNS)] == list(COLUMNS) for batch in found)
    table = pa.Table.from_batches(found).to_pylist()
    assert [row["key"] for row in table] == [one.key for one in recipients]
    for row, one in zip(table, recipients, strict=True):
        alone = campaign.decide(one.profile, events=one.events)
        if isinstance(alone, Skip):
            assert (row["status"], row["code"], row["html"]) == ("skipped", alone.code, None)
            continue
        chosen, email = alone
        assert (row["status"], row["code"], row["reason"]) == ("message", None, None)
        parts = (email.subject, email.html, email.text, email.amp)
        assert (row["subject"], row["html"], row["text"], row["amp"]) == parts
        assert row["idempotency_key"] == idempotency_key("cdnow-winback", 1, one.key)
        assert json.loads(row["selection"]) == {slot: list(names) for slot, names in chosen.items()}
        assert row["segments"] == sorted(chosen.evaluation.segments)


def test_the_rows_are_those_of_a_batch(recipients: list[Recipient], tmp_path: Path) -> None:
    few = recipients[:60]
    profiles, keys = pq.read_table(LIST / "profiles.parquet"), [one.key for one in few]
    mine = profiles.filter(pa.compute.is_in(profiles["id"], pa.array(keys)))
    pq.write_table(mine, tmp_path / "profiles.parquet")
    run(
        CDNOW,
        str(tmp_path / "profiles.parquet"),
        tmp_path / "out",
        events=str(LIST / "events.parquet"),
        workers=1,
    )
    wanted = pq.read_table(tmp_path / "out/shards/000000.parquet")
    (found,) = render_batches(Environment().compile(CDNOW), nested(few).to_batches())
    sent = pa.Table.from_batches([found]).filter(pa.compute.equal(found["status"], "message"))
    assert sent.select(list(COLUMNS)).to_pylist() == wanted.to_pylist()
    assert sent.schema.names[: len(COLUMNS)] == wanted.schema.names


def person(number: int, **more: Any) -> dict[str, Any]:
    base = {"id": f"{number:03d}", "email": f"p{number}@example.com", "consent": {"marketing": True}}
    return {**base, **more}


def test_wrong_data_is_a_dead_letter_without_its_value() -> None:
    people = [person(1), person(2, consent={"marketing": False}), person(3, email="two words"), {"id": None}]
    batch = pa.Table.from_pylist(people).to_batches()
    (found,) = render_batches(Environment().compile(SMALLEST), batch)
    said = [(row["key"], row["status"], row["code"]) for row in found.to_pylist()]
    assert said == [
        ("001", "message", None),
        ("002", "skipped", "no_consent"),
        ("003", "dead", "bad_data"),
        ("", "dead", "no_key"),
    ]
    assert "two words" not in str(found["reason"].to_pylist())


def test_batches_are_taken_one_after_the_other() -> None:
    taken = []

    def endless() -> Iterator[pa.RecordBatch]:
        while True:
            taken.append(1)
            yield pa.RecordBatch.from_pylist([person(len(taken))])

    found = render_batches(Environment().compile(SMALLEST), endless())
    assert taken == []
    assert [next(found)["key"][0].as_py() for _ in range(2)] == ["001", "002"]
    assert len(taken) == 2


def test_no_list_and_an_empty_batch_give_nothing() -> None:
    campaign = Environment().compile(SMALLEST)
    assert list(render_batches(campaign, [])) == []
    empty = pa.RecordBatch.from_pylist([person(1)]).slice(0, 0)
    assert list(render_batches(campaign, [empty])) == []


def test_whoever_takes_all_memory_stops_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    before = rendering.ShardRenderer._one

    def one(self: Any, outcome: Any, line: int, recipient: Recipient) -> None:
        if recipient.key == "004":
            raise MemoryError
        before(self, outcome, line, recipient)

    monkeypatch.setattr(rendering.ShardRenderer, "_one", one)
    people = pa.Table.from_pylist([person(number) for number in range(9)])
    (found,) = render_batches(Environment().compile(SMALLEST), people.to_batches())
    assert found["status"].to_pylist() == ["message"] * 4 + ["dead"] + ["message"] * 4
    assert found["code"].to_pylist()[4] == "worker_died"


def test_without_an_instant_there_is_nothing_to_decide_by(tmp_path: Path) -> None:
    settings = (SMALLEST / "campaign.toml").read_text(encoding="utf-8").replace("now = 2026", "# now = 2026")
    (tmp_path / "campaign.toml").write_text(settings, encoding="utf-8")
    (tmp_path / "main.rules").write_bytes((SMALLEST / "main.rules").read_bytes())
    campaign = Environment().compile(tmp_path)
    assert isinstance(campaign.render(person(1)), Email)
    with pytest.raises(BatchError, match="MW024"):
        render_batches(campaign, [])


def test_the_example_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert doctest.testmod(batches).failed == 0
