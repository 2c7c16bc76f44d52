"""Recipients as workers take them: a profile, its key as text, and its events beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import pyarrow as pa

from mailweave.batch.batches import EVENTS, KEY, MASK
from mailweave.batch.keys import PLAIN, as_key
from mailweave.batch.list_import import RAW
from mailweave.rules.sql import NotInSql
from mailweave.schema.model import Schema
from mailweave.spark.names import datum, kind, quoted
from mailweave.spark.precomputed_masks import SURE, Asked
from mailweave.spark.worker import ROW

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

Work: TypeAlias = Callable[[Iterator[pa.RecordBatch]], Iterator[pa.RecordBatch]]

_PERSON = "mw_person"  # whether SQL is sure of the profile
_BESIDE = ("consent", "scores", "lists")


def keyed(rows: DataFrame, key: str, what: str, shown: str) -> DataFrame:
    """Rows with `key`, a column or a member of their JSON, as text in KEY, which is NULL where that names nobody.

    Which texts are keys, Python is asked where some are not plain. Raises BatchError where there is no such column.
    """
    from pyspark.sql import functions as f

    given = rows.withColumn(KEY, datum(rows, key, shown, what))
    if RAW in rows.columns:
        given = given.withColumn(KEY, f.when(kind(key).rlike(r"\A(STRING|BIGINT)\z"), f.col(KEY)))
    if not given.where(~f.col(KEY).rlike(rf"\A{PLAIN}\z")).select(KEY).limit(1).count():
        return given
    return given.withColumn(KEY, f.udf(as_key, "string", useArrow=False)(KEY))


def declared(people: DataFrame, schema: Schema) -> DataFrame:
    """Only what the rules declare: nothing else needs to travel."""
    if RAW in people.columns:
        return people
    wanted = {*_BESIDE, *(field.column or name for name, field in schema.profile.items())}
    return people.select(*(quoted(n) for n in people.columns if n.split(".")[0] in wanted or _is_own(n)))


def _is_own(name: str) -> bool:
    return name.startswith("mw_")


def with_events(people: DataFrame, events: DataFrame | None, schema: Schema) -> DataFrame:
    """Each recipient's events, which have their owner in KEY, as a list of records beside the profile.

    Where events say whether they are SURE, so does the recipient, of all of them.
    """
    from pyspark.sql import functions as f

    if events is None:
        return people
    raw = RAW in events.columns
    kept = [RAW] if raw else [n for n in events.columns if n in _event_columns(schema)]
    seen = events if raw else events.where(_matters(schema))
    record = f.struct(*map(quoted, kept)).alias(EVENTS)
    own, also = [f.collect_list(EVENTS).alias(EVENTS)], []
    if SURE in events.columns:
        own, also = [*own, f.min(SURE).alias(SURE)], [SURE]
    return people.join(seen.select(KEY, record, *also).groupBy(KEY).agg(*own), KEY, "left")


def answered(asked: Asked, tasks: int) -> DataFrame:
    """Recipients for the workers, in `tasks` parts, each in the order of their keys: profile, events, and what the
    rules say of those of whom SQL is sure, who need only the events that a decision may still ask for."""
    from pyspark.sql import functions as f

    schema, people, events = asked.decisions.program.schema, asked.people, asked.events
    masks = _masks(asked)
    if masks is not None:
        people = people.withColumn(_PERSON, asked.sure)
        events = None if events is None else events.withColumn(SURE, asked.sure_event(events))
    ready = with_events(people.repartition(tasks, KEY), events, schema)
    if asked.computed:
        ready = ready.join(asked.scores(), KEY, "left")
    if masks is not None:
        is_sure = f.col(_PERSON) & (f.lit(True) if events is None else f.coalesce(f.col(SURE), f.lit(True)))
        ready = ready.join(masks, KEY, "left").withColumn(MASK, f.when(is_sure, f.col(MASK)))
        if events is not None:
            live = f.filter(f.col(EVENTS), lambda event: event["type"].isin(*asked.live_events))
            ready = ready.withColumn(EVENTS, f.when(f.col(MASK).isNull(), f.col(EVENTS)).otherwise(live))
    return ready.drop(_PERSON, SURE).sortWithinPartitions(KEY)


def _masks(asked: Asked) -> DataFrame | None:
    if asked.obstacle():
        return None
    try:
        return asked.masks()
    except NotInSql:
        return None


def orphans(people: DataFrame, events: DataFrame) -> int:
    """How many events belong to nobody on the list."""
    return events.join(people.select(KEY), KEY, "left_anti").count()


def _event_columns(schema: Schema) -> set[str]:
    fields = [field for event in schema.events.values() for field in event.fields.values()]
    return {"type", "at", *(field.column or field.name for field in fields)}


def _matters(schema: Schema) -> Column:
    """Events of undeclared types are not read; one without a type is wrong data, and is shown to admission."""
    from pyspark.sql import functions as f

    return f.col("type").isNull() | f.col("type").isin(*schema.events)


def rendered(ready: DataFrame, work: Work, schema: pa.Schema) -> DataFrame:
    """What the workers make of recipients, in the columns of a schema."""
    from pyspark.sql import functions as f

    columns = ", ".join(
        f"{quoted(each.name)} {'string' if each.type == pa.string() else 'array<string>'}" for each in schema
    )
    return ready.select(f.struct(*map(quoted, ready.columns)).alias(ROW)).mapInArrow(work, columns)
