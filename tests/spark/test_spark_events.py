"""Events that templates read, offers that end after them and slots that are empty mean on Spark what they mean at home."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from mailweave import batch
from tests.batch.event_lists import listed, typed
from tests.campaign.event_campaign import NOW, written
from tests.spark.outputs import same

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


@pytest.mark.parametrize("form", ["typed", "lines"])
def test_mails_and_counts_are_the_same(spark: SparkSession, form: str, tmp_path: Path) -> None:
    """Rules of the typed list are answered in SQL, and workers get the events that templates and ends read."""
    from mailweave.spark import run

    folder = written(tmp_path / "campaign")
    who, happened = (typed if form == "typed" else listed)(tmp_path, 120, 11)
    batch.run(folder, who, tmp_path / "home", events=happened, now=NOW, workers=1)
    report = run(folder, who, tmp_path / "spark", events=happened, now=NOW)
    assert report["rules"]["answered_in_sql"] == (120 if form == "typed" else 0)
    same(tmp_path / "home", tmp_path / "spark")
