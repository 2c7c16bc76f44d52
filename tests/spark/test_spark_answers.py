"""The masks that Spark gives are those of the compiled program; whoever is not sure has none."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st

from mailweave.decisions import DecisionProgram
from tests.properties.rule_worlds import rule_texts
from tests.properties.sql_worlds import SOURCE
from tests.properties.test_sql import checked
from tests.spark.test_spark_sql import FOUND
from tests.spark.worlds import crowds, tables

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark


def answered(spark: SparkSession, asked: Any) -> dict[str, int | None]:
    """The mask of each recipient, None for those who are left to Python."""
    from mailweave.batch.batches import _mask
    from mailweave.spark import recipients

    ready = recipients.answered(asked, 1)
    if "mw_mask" not in ready.columns:  # a query that cannot be said, or is not exact
        reject()
    rows = ready.select("mw_key", "mw_mask").collect()
    return {row["mw_key"]: None if row["mw_mask"] is None else _mask(row["mw_mask"]) for row in rows}


def asked_of(
    spark: SparkSession,
    decisions: DecisionProgram,
    now: datetime,
    context: Any,
    people: pa.Table,
    events: pa.Table,
) -> Any:
    from mailweave.spark.precomputed_masks import Asked
    from mailweave.spark.recipients import keyed

    profiles = keyed(
        spark.createDataFrame(people), "id" if SOURCE not in people.schema.names else SOURCE, "", ""
    )
    return Asked(decisions, now, context, profiles, keyed(spark.createDataFrame(events), "profile", "", ""))


def masks_are_those_of_the_program(spark: SparkSession, examples: int, at_least: float) -> None:
    seen, sure = 0, 0

    @settings(FOUND, max_examples=examples)
    @given(rule_texts((3, 8)), st.data())
    def run(text: str, data: st.DataObject) -> None:
        nonlocal seen, sure
        document = checked(text)
        decisions = DecisionProgram.of(document)
        everybody = data.draw(crowds(document))
        asked = asked_of(
            spark, decisions, everybody[0].now, everybody[0].context, *tables(document.schema, everybody)
        )
        found = answered(spark, asked)
        assert len(found) == len(everybody)
        for at, person in enumerate(everybody):
            mask, seen = found[f"k{at}"], seen + 1
            if mask is None:
                continue
            sure += 1
            said = decisions.program.evaluation_of(mask)
            wanted = decisions.program.evaluate(
                person.profile, events=person.events, context=person.context, now=person.now
            )
            assert (said.segments, said.tiers, said.conditions) == (
                wanted.segments,
                wanted.tiers,
                wanted.conditions,
            )
            assert said.skip == wanted.skip

    run()
    assert sure >= at_least * seen, f"{sure} of {seen} were answered in SQL"


def test_masks_of_generated_rules(quick: SparkSession) -> None:
    masks_are_those_of_the_program(quick, 4, 0.0)


@pytest.mark.deep
def test_masks_of_generated_rules_at_length(quick: SparkSession) -> None:
    masks_are_those_of_the_program(quick, 80, 0.1)
