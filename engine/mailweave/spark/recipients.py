"""Recipients as workers take them: a profile, its key as text, and its events beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mailweave.batch.batches import EVENTS, KEY
from mailweave.batch.ledger import BatchError
from mailweave.batch.sources import OWNER
from mailweave.batch.staging import RAW
from mailweave.diagnostics import diagnose
from mailweave.schema.model import Schema

if TYPE_CHECKING:
    from pyspark.sql import Column, DataFrame

_BESIDE = ("consent", "scores", "lists")


def keyed(profiles: DataFrame, key: str) -> DataFrame:
    """Profiles with their key as text. Raises BatchError for profiles without such a column."""
    from pyspark.sql import functions as f

    if KEY in profiles.columns:
        return profiles
    if key not in profiles.columns:
        what = f"profiles have no column `{key}`, which identifies a recipient"
        raise BatchError([diagnose("MW805", what=what)])
    return profiles.withColumn(KEY, f.col(_quoted(key)).cast("string"))


def refuse_twins(people: DataFrame) -> None:
    """Raises BatchError when two recipients have one key; this reads all keys, once."""
    from pyspark.sql import functions as f

    known = people.where(f.col(KEY).isNotNull()).groupBy(KEY).count()
    found = known.agg(f.sum(f.col("count") - 1).alias("more")).first()
    if found is not None and found["more"]:
        raise BatchError([diagnose("MW806", place="profiles", count=found["more"])])


def declared(people: DataFrame, schema: Schema) -> DataFrame:
    """Only what the rules declare: nothing else needs to travel."""
    if RAW in people.columns:
        return people
    wanted = {field.column or name for name, field in schema.profile.items()}
    return people.select(*(_quoted(n) for n in people.columns if n in wanted or n in _BESIDE or _own(n)))


def _own(name: str) -> bool:
    return name.startswith("mw_")


def with_events(people: DataFrame, events: DataFrame | None, schema: Schema) -> DataFrame:
    """Each recipient's events as a list of records beside the profile."""
    from pyspark.sql import functions as f

    if events is None:
        return people
    raw = RAW in events.columns
    owner = f.col(KEY if KEY in events.columns else OWNER).cast("string").alias(KEY)
    kept = [RAW] if raw else [n for n in events.columns if n in _event_columns(schema)]
    seen = events if raw else events.where(_matters(schema))
    grouped = (
        seen.select(owner, f.struct(*map(_quoted, kept)).alias(EVENTS))
        .groupBy(KEY)
        .agg(f.collect_list(EVENTS).alias(EVENTS))
    )
    return people.join(grouped, KEY, "left")


def _event_columns(schema: Schema) -> set[str]:
    fields = [field for event in schema.events.values() for field in event.fields.values()]
    return {"type", "at", *(field.column or field.name for field in fields)}


def _matters(schema: Schema) -> Column:
    """Events of undeclared types are not read; one without a type is wrong data, and is shown to admission."""
    from pyspark.sql import functions as f

    return f.col("type").isNull() | f.col("type").isin(*schema.events)


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"
