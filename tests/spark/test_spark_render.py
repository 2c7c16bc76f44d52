"""DataFrames in, a DataFrame of messages out: what each recipient would get alone."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest

from mailweave import Environment, Skip, batch
from mailweave.batch import BatchError
from mailweave.batch.batches import SCHEMA
from mailweave.batch.sources import Recipients
from mailweave.message.headers import idempotency_key
from tests.spark.lists import CDNOW, SMALLEST, customers, person
from tests.spark.outputs import messages, same

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = pytest.mark.spark


@pytest.fixture
def tokyo(spark: SparkSession) -> Iterator[SparkSession]:
    """A session of somebody who thinks in local time."""
    before = spark.conf.get("spark.sql.session.timeZone") or "UTC"
    spark.conf.set("spark.sql.session.timeZone", "Asia/Tokyo")
    yield spark
    spark.conf.set("spark.sql.session.timeZone", before)


def test_each_recipient_gets_what_they_would_get_alone(tokyo: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import render

    profiles, events = customers(tmp_path, 120)
    now = datetime(1998, 7, 2, 6, tzinfo=UTC)
    frames = [tokyo.read.parquet(str(path)) for path in (profiles, events)]
    found = render(CDNOW, *frames, now=now, partitions=3)
    assert found.columns == SCHEMA.names
    rows = {row["key"]: row for row in found.collect()}
    campaign = Environment().compile(CDNOW)
    listed = list(Recipients(profiles, events))
    assert len(rows) == len(listed) == 120
    for one in listed:
        row, alone = rows[one.key], campaign.decide(one.profile, events=one.events, now=now)
        if isinstance(alone, Skip):
            assert (row["status"], row["code"], row["html"]) == ("skipped", alone.code, None)
            continue
        chosen, email = alone
        assert row["status"] == "message"
        assert (row["subject"], row["html"]) == (email.subject, email.html)
        assert (row["text"], row["amp"]) == (email.text, email.amp)
        assert row["idempotency_key"] == idempotency_key("cdnow-winback", 1, one.key)
        assert json.loads(row["selection"]) == {slot: list(names) for slot, names in chosen.items()}
        assert row["segments"] == sorted(chosen.evaluation.segments)


def frame(spark: SparkSession, people: list[dict[str, Any]]) -> DataFrame:
    return spark.createDataFrame(pa.Table.from_pylist(people))


def test_wrong_lists_are_refused_and_wrong_people_are_dead_letters(spark: SparkSession) -> None:
    from mailweave.spark import render

    with pytest.raises(BatchError, match="MW806"):
        render(SMALLEST, frame(spark, [person(1), person(1)]))
    with pytest.raises(BatchError, match=r"MW809.*`id`"):
        render(SMALLEST, frame(spark, [{"ID_": "1"}]))
    people = [person(1), {**person(2), "id": None}, {**person(3), "id": None}, person(5)]
    found = render(SMALLEST, frame(spark, people)).select("key", "status", "code").collect()
    assert sorted(map(tuple, found), key=str) == [
        ("", "dead", "no_key"),
        ("", "dead", "no_key"),
        ("00001", "message", None),
        ("00005", "dead", "bad_data"),
    ]


RFM = """
score rfm : int by rfm(purchase.total in last 365 days) ttl 7 days else 111
score r : int by recency(purchase in last 365 days) ttl 7 days else unknown
score f : int by frequency(purchase) ttl 7 days else 0
score m : int by monetary(purchase.total) ttl 7 days else 1
segment champions = score.rfm >= 444
segment recent    = score.r == 5
segment regular   = score.f >= 4 and score.m >= 2
"""


def test_scores_over_the_whole_list_are_those_of_a_batch(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    campaign = tmp_path / "campaign"
    shutil.copytree(CDNOW, campaign)
    settings, rules = campaign / "campaign.toml", campaign / "winback.rules"
    text = settings.read_text(encoding="utf-8").replace("on any order", "{{ scores.rfm }}")
    settings.write_text(
        text.replace("New discs", "{{ scores.rfm }} discs {{ scores.f }}{{ scores.m }}"), encoding="utf-8"
    )
    before, mark, after = rules.read_text(encoding="utf-8").partition("consent marketing, profiling\n")
    rules.write_text(before + mark + RFM + after, encoding="utf-8")
    profiles, events = customers(tmp_path, 300)
    batch.run(campaign, str(profiles), tmp_path / "home", events=str(events), workers=1)
    run(campaign, str(profiles), tmp_path / "spark", events=str(events))
    same(tmp_path / "home", tmp_path / "spark")
    found = messages(tmp_path / "spark").values()
    for segment in ("champions", "recent", "regular"):
        assert any(segment in one["segments"] for one in found)
    shown = {score for one in found for score in re.findall(r"\b(\d{3}) discs \d\d arrive", one["html"])}
    assert len(shown) > 3


def test_a_list_for_everybody_is_that_of_a_batch(spark: SparkSession, tmp_path: Path) -> None:
    from mailweave.spark import run

    campaign = tmp_path / "campaign"
    shutil.copytree(CDNOW, campaign)
    rules = campaign / "winback.rules"
    text = rules.read_text(encoding="utf-8").replace('max 4 else "bestsellers"', "max 4 else catalog discs")
    text = text.replace("requires consent.profiling shows for_you", "shows for_you")
    rules.write_text(text, encoding="utf-8")
    profiles, events = customers(tmp_path, 60)
    batch.run(campaign, str(profiles), tmp_path / "home", events=str(events), workers=1)
    run(campaign, str(profiles), tmp_path / "spark", events=str(events))
    same(tmp_path / "home", tmp_path / "spark")
    shown = [one for one in messages(tmp_path / "spark").values() if "for_you" in str(one["selection"])]
    assert shown
    assert any("Hidden Signals" in one["html"] for one in shown)
