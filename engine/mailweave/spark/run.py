"""A list of files from input to report, on Spark: the same output as a batch at home."""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailweave.batch.answers import Answers
from mailweave.batch.batches import KEY
from mailweave.batch.intake import OWNER
from mailweave.batch.ledger import BatchError, Head, Lock
from mailweave.batch.report import Timing, summarize
from mailweave.batch.run import SHARD, write_report, writing
from mailweave.batch.staging import Duplicates, Shape, Staged
from mailweave.diagnostics import diagnose
from mailweave.spark.answers import Asked
from mailweave.spark.lists import Listed, files, read
from mailweave.spark.names import address
from mailweave.spark.output import Output
from mailweave.spark.parcel import Parcel
from mailweave.spark.recipients import (
    answered,
    declared,
    in_nfc,
    keyed,
    merged,
    orphans,
    rendered,
    with_events,
)
from mailweave.spark.session import session
from mailweave.spark.worker import KIND, SHARDS, ForShards, Rendering

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from mailweave.campaign import Campaign


def run(
    campaign: str | Path,
    profiles: str | Sequence[str],
    out: str | Path,
    *,
    events: str | Sequence[str] = (),
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
    master: str = "local[*]",
    conf: Mapping[str, str] | None = None,
    shard_size: int = SHARD,
    duplicates: Duplicates = "refuse",
    resume: bool = False,
) -> dict[str, Any]:
    """Renders a list of files on Spark into the folder `out` and returns its report.

    profiles, events: paths or globs of Parquet, CSV or JSONL files that driver and workers see at the same place,
    as they do `out`. master, conf: as `start` takes them, unless a session is active: that one is used then.
    shard_size: recipients a task, about. The others are those of `mailweave.batch.run`, and so is what is in `out`.

    Raises BatchError and CampaignError.
    """
    started = time.perf_counter()
    parcel, compiled = Parcel.of(campaign)
    moment = compiled.pinned(now)
    if moment is None:
        what = "a batch needs its instant, so that it can be resumed: --now, or `now` in campaign.toml"
        raise BatchError([diagnose("MW024", place=str(campaign), what=what)])
    lists = _Lists(_patterns(profiles), _patterns(events), duplicates)
    options = _digest("spark", moment.isoformat(), context, shard_size, duplicates)
    head = Head(parcel.digest, lists.digest(), options, 0, version("mailweave"))
    folder = Path(out).resolve()
    timing = Timing()
    with writing(folder), Lock(folder):
        output = Output(folder, head, resume=resume)
        if not output.is_committed:
            name = f"mailweave {compiled.config.name}"
            with session(master, name, conf) as spark, telling(str(campaign)):
                found = lists.take(spark, compiled)
                output.begin(found.staged)
                work = ForShards(Rendering(parcel, moment, context, found.staged.shape))
                commit(found.ready(compiled, moment, context, shard_size), work, output.staged)
        output.finish()
        counts = output.counts
        timing.add(counts["cpu"], counts["good"] + counts["skipped"] + counts["dead"], counts["slowest"])
        timing.seconds = time.perf_counter() - started
        report = summarize([counts], output.list, Answers(in_sql=counts["in_sql"]), timing)
        write_report(folder, report, compiled)
    return report


def commit(ready: DataFrame, work: ForShards, staged: Path) -> None:
    """Renders, and has Spark's committer make the whole of it visible at once."""
    written = rendered(ready, work, SHARDS).write.mode("overwrite").partitionBy(KIND)
    written.option("compression", "zstd").parquet(address(staged))


@dataclass(frozen=True, slots=True)
class Found:
    """A list in Spark: its people and their events, keyed, and what there was to count."""

    people: DataFrame
    events: DataFrame | None
    staged: Staged

    def ready(
        self, campaign: Campaign, now: datetime, context: Mapping[str, Any] | None, shard_size: int
    ) -> DataFrame:
        """Recipients for the workers, in tasks of about `shard_size`. Raises BatchError."""
        decisions, shape = campaign.decisions, self.staged.shape
        tasks = max(1, -(-self.staged.recipients // shard_size))
        people = declared(self.people, decisions.program.schema)
        about = campaign.context if context is None else {**campaign.context, **context}
        asked = Asked(decisions, now, about, people, self.events)
        if (shape.profiles, shape.events) == ("columns", "columns"):
            return answered(asked, tasks)
        if asked.computed:
            what = f"the score `{asked.computed[0]}`, which is computed over a whole list, with CSV or JSON"
            raise BatchError([diagnose("MW824", what=what, todo="give it Parquet")])
        return with_events(
            people.repartition(tasks, KEY), self.events, decisions.program.schema
        ).sortWithinPartitions(KEY)


@dataclass(frozen=True, slots=True)
class _Lists:
    """The files of a list, as they are named."""

    profiles: list[str]
    events: list[str]
    duplicates: Duplicates

    def digest(self) -> str:
        """Of names, sizes and times: reading all of a list twice would cost more than it is worth here."""
        facts = []
        for patterns in (self.profiles, self.events):
            paths = files(patterns).paths if patterns else ()
            stats = [(str(path), path.stat()) for path in paths]
            facts.append([(name, stat.st_size, stat.st_mtime_ns) for name, stat in stats])
        return _digest(facts)

    def take(self, spark: SparkSession, campaign: Campaign) -> Found:
        """Reads the lists. Raises MailweaveError."""
        given = read(spark, self.profiles, numbered=True)
        named = keyed(given.rows, campaign.key_column, "the key of each recipient", given.shown)
        people, left_out = merged(in_nfc(named), self.duplicates, given.shown)
        happened = self._events(spark)
        lost = 0 if happened is None else orphans(people, happened.rows)
        shape = Shape(given.form, happened.form if happened else "columns")
        staged = Staged(given.count - left_out, given.count, left_out, lost, shape, self.digest())
        return Found(people, happened.rows if happened else None, staged)

    def _events(self, spark: SparkSession) -> Listed | None:
        if not self.events:
            return None
        given = read(spark, self.events)
        named = keyed(given.rows, OWNER, "the key of the recipient whom an event belongs to", given.shown)
        return replace(given, rows=in_nfc(named))


@contextmanager
def telling(campaign: str) -> Iterator[None]:
    """What Spark raises becomes a finding without a traceback. Its own words may quote data, so only its code is told."""
    from py4j.protocol import Py4JError
    from pyspark.errors import PySparkException

    try:
        yield
    except PySparkException as error:
        raise _gave_up(campaign, _ours(error) or error.getCondition() or type(error).__name__) from None
    except Py4JError as error:
        cause = getattr(error, "java_exception", None)
        name = type(error).__name__ if cause is None else cause.getClass().getName()
        raise _gave_up(campaign, _ours(error) or name) from None


def _gave_up(campaign: str, what: str) -> BatchError:
    return BatchError([diagnose("MW823", place=campaign, what=what)])


def _ours(error: Exception) -> str:
    """The line of a worker's traceback that tells a finding of ours, or a module that is not installed there."""
    lines = (line.strip() for line in str(error).splitlines())
    known = [line for line in lines if line.startswith(("mailweave.", "ModuleNotFoundError:"))]
    return known[-1][:500] if known else ""


def _patterns(given: str | Sequence[str]) -> list[str]:
    return [given] if isinstance(given, str) else [str(name) for name in given]


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
