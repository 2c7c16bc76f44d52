"""Segments in Spark SQL are those of the compiled program, of the naive interpreter, and of DuckDB."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, reject, settings
from hypothesis import strategies as st

from mailweave.rules import CheckedDocument
from mailweave.rules.sql import NotInSql, Relations, segments_query, write
from tests.properties.rule_worlds import Recipient, rule_texts
from tests.properties.sql_worlds import SOURCE, Answer
from tests.properties.test_sql import agree, checked, in_duckdb
from tests.spark.worlds import crowds, frames

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

pytestmark = pytest.mark.spark
FOUND = settings(
    suppress_health_check=list(HealthCheck),
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def in_spark(spark: SparkSession, document: CheckedDocument, people: list[Recipient]) -> dict[str, Answer]:
    """What one query says of all recipients; they share `now` and the snapshot."""
    try:
        query = segments_query(
            document,
            now=people[0].now,
            context=people[0].context,
            key=SOURCE,
            dialect="spark",
            relations=Relations("people", "happened"),
        )
    except NotInSql:
        reject()
    profiles, events = frames(spark, document.schema, people)
    profiles.createOrReplaceTempView("people")
    events.createOrReplaceTempView("happened")
    rows = [tuple(row) for row in spark.sql(write(query, "spark")).collect()]
    return {row[0]: Answer.of(document, row[1:]) for row in rows}


def test_generated_rules_in_spark(quick: SparkSession) -> None:
    @settings(FOUND, max_examples=7)
    @given(rule_texts((3, 8)), st.data())
    def run(text: str, data: st.DataObject) -> None:
        document = checked(text)
        people = data.draw(crowds(document))
        found = in_spark(quick, document, people)
        agree(document, people, lambda *_: found)
        assert found == in_duckdb(document, people)

    run()


@pytest.mark.deep
def test_generated_rules_in_spark_at_length(quick: SparkSession) -> None:
    @settings(FOUND, max_examples=120)
    @given(rule_texts((3, 8)), st.data())
    def run(text: str, data: st.DataObject) -> None:
        document = checked(text)
        agree(document, data.draw(crowds(document)), lambda d, p: in_spark(quick, d, p))

    run()
