"""A list in Spark, rendered by Spark's workers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailweave.batch.batches import SCHEMA
from mailweave.batch.ledger import BatchError
from mailweave.batch.list_import import OWNER
from mailweave.batch.stage_writer import Shape
from mailweave.campaign.arguments import checked_send_id
from mailweave.diagnostics import diagnose
from mailweave.spark.audience import doubles, which
from mailweave.spark.campaign_bundle import CampaignBundle
from mailweave.spark.precomputed_masks import Asked
from mailweave.spark.recipients import answered, declared, keyed, rendered
from mailweave.spark.session import fit
from mailweave.spark.worker import Rendering

if TYPE_CHECKING:
    from pyspark.sql import DataFrame


def render(
    campaign_path: str | Path,
    profiles_df: DataFrame,
    events_df: DataFrame | None = None,
    *,
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
    partitions: int | None = None,
    send_id: str | None = None,
) -> DataFrame:
    """The messages of a list, one row for each recipient, made when Spark runs the plan.

    profiles_df: a column for each attribute, `consent`, `scores` and `lists` as structs. events_df: `profile`
    (the key of its recipient), `type`, `at` and a column for each property. now: an instant with a zone, else
    the campaign's own. context: `lookups` and `catalogs`, over the campaign's own. partitions: into how many
    tasks the rendering is cut, by default `spark.sql.shuffle.partitions`. send_id: tells one sending of a version
    from the next.

    Columns: those of a shard (`batch.rows.COLUMNS`), and `status` (`message`, `skipped` or `dead`), `code`, `field`,
    `reason`. The bytes of a message are those of `mailweave batch`.

    Keys are read at once, so that one that occurs twice is refused. Raises BatchError and CampaignError.
    """
    bundle, campaign = CampaignBundle.of(campaign_path)
    moment = campaign.pinned(now)
    if moment is None:
        what = "rendering a list needs its instant: `now`, or `now` in campaign.toml"
        raise BatchError([diagnose("MW024", place=str(campaign_path), what=what)])
    campaign.snapshot(context)  # what is wrong with it is said once, and here
    if send_id is not None:
        checked_send_id(send_id)
    spark = fit(profiles_df.sparkSession)
    schema = campaign.decisions.program.schema
    whose = "the key of each recipient"
    people = keyed(declared(profiles_df, schema), campaign.key_column, whose, "profiles")
    if count := doubles(people):
        raise BatchError([diagnose("MW806", place="profiles", count=count, which=which(people))])
    owned = "the key of the recipient whom an event belongs to"
    happened = None if events_df is None else keyed(events_df, OWNER, owned, "events")
    tasks = partitions or int(spark.conf.get("spark.sql.shuffle.partitions") or "1")
    about = campaign.context if context is None else {**campaign.context, **context}
    ready = answered(Asked(campaign.decisions, moment, about, people, happened), tasks)
    told = None if context is None else dict(context)
    work = Rendering(bundle, moment, told, Shape("columns", "columns"), send_id)
    return rendered(ready, work, SCHEMA)
