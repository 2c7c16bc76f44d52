"""A list of files from input to report, on Spark: the same output as a batch at home."""

from __future__ import annotations

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailweave.batch.arguments import (
    check_callable,
    check_count,
    checked_lists,
    checked_output,
    checked_people,
)
from mailweave.batch.attached import write_files
from mailweave.batch.audience import BEYOND, SAME_ADDRESS, SAME_KEY, SUPPRESSED, Choice, Duplicates
from mailweave.batch.batches import KEY, LINE
from mailweave.batch.folders import place, write_report, writing
from mailweave.batch.ledger import BatchError, Head, Lock
from mailweave.batch.list_import import OWNER, RAW
from mailweave.batch.options import Options
from mailweave.batch.precomputed_masks import Answers
from mailweave.batch.report import Timing, summarize
from mailweave.batch.run import SHARD
from mailweave.batch.stage_writer import Shape, Staged
from mailweave.batch.undeclared import Undeclared, refusal
from mailweave.campaign.arguments import check_flag
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.spark.audience import Chosen, chosen
from mailweave.spark.campaign_bundle import CampaignBundle
from mailweave.spark.lists import Listed, files, read
from mailweave.spark.name_counts import undeclared
from mailweave.spark.names import address
from mailweave.spark.output import Output
from mailweave.spark.precomputed_masks import Asked
from mailweave.spark.recipients import answered, declared, keyed, orphans, rendered, with_events
from mailweave.spark.session import session
from mailweave.spark.worker import KIND, SHARDS, ForShards, Rendering
from mailweave.values.zones import zone_data_version

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

    from mailweave.campaign import Campaign


def run(
    campaign: str | Path,
    profiles: str | Path | Sequence[str | Path],
    out: str | Path,
    *,
    events: str | Path | Sequence[str | Path] = (),
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
    master: str = "local[*]",
    conf: Mapping[str, str] | None = None,
    shard_size: int = SHARD,
    duplicates: Duplicates = "refuse",
    resume: bool = False,
    strict: bool = False,
    dry_run: bool = False,
    limit: int | None = None,
    unique: str | None = None,
    suppress: str | Path | None = None,
    send_id: str | None = None,
    max_dead: float | None = None,
    warn: Callable[[Sequence[Diagnostic]], None] = lambda _: None,
) -> dict[str, Any]:
    """Renders a list of files on Spark into the folder `out` and returns its report.

    profiles, events: paths or globs of Parquet, CSV or JSONL files that driver and workers see at the same place,
    as they do `out`. master, conf: as `start` takes them, unless a session is active: that one is used then.
    shard_size: recipients a task, about. The others are those of `mailweave.batch.run`, and so is what is in `out`.

    Raises BatchError, CampaignError, and ArgumentError for what cannot be meant.
    """
    started = time.perf_counter()
    target, places = checked_output(out), (checked_people(profiles), checked_lists("events", events))
    check_count("shard_size", shard_size)
    check_flag("resume", resume)
    check_callable("warn", warn)
    bundle, compiled = CampaignBundle.of(campaign)
    moment = compiled.pinned(now)
    if moment is None:
        what = "a batch needs its instant, so that it can be resumed: --now, or `now` in campaign.toml"
        raise BatchError([diagnose("MW024", place=str(campaign), what=what)])
    options = Options.of(
        compiled, duplicates, limit, unique, suppress, None, send_id, strict, dry_run, max_dead
    )
    compiled.snapshot(context)  # what is wrong with it is said once, and here
    lists = _Lists(*places, options.choice)
    told = {
        "engine": "spark",
        "now": moment.isoformat(),
        "zones": zone_data_version(),
        "shard_size": shard_size,
        **options.named(context),
    }
    head = Head(compiled.digest, lists.digest(), told, 0, version("mailweave"))
    timing = Timing()
    with writing(target), place(target.resolve(), dry_run) as folder, Lock(folder):
        output = Output(folder, head, resume=resume)
        if not dry_run:
            write_files(folder, compiled.files)
        if not output.is_committed:
            name = f"mailweave {compiled.config.name}"
            with session(master, name, conf) as spark, telling(str(campaign)):
                found = lists.take(spark, compiled)
                names = _named(found, compiled, options, warn)
                output.begin(found.staged, names, found.lines(), found.unread)
                rendering = Rendering(bundle, moment, context, found.staged.shape, send_id)
                work = ForShards(rendering, dry_run)
                commit(found.ready(compiled, moment, context, shard_size), work, output.staged)
        output.finish()
        counts = output.counts
        timing.add(counts["cpu"], counts["good"] + counts["skipped"] + counts["dead"], counts["slowest"])
        timing.seconds = time.perf_counter() - started
        answers = Answers(in_sql=counts["in_sql"])
        report = summarize([counts], output.list, answers, timing, output.undeclared)
        write_report(folder, report, compiled)
    options.judge(report, target)
    return report


def _named(
    found: Found,
    campaign: Campaign,
    options: Options,
    warn: Callable[[Sequence[Diagnostic]], None],
) -> Undeclared:
    """What list and rules do not agree on. Raises BatchError where that is to be refused."""
    schema = campaign.decisions.program.schema
    names = undeclared(found.people, found.events, schema, campaign.key_column)
    if options.strict and not names.is_nothing:
        raise BatchError([refusal(names, schema, found.shown)])
    warn(names.diagnostics(schema, found.shown, found.events_shown))
    return names


def commit(ready: DataFrame, work: ForShards, staged: Path) -> None:
    """Renders, and has Spark's committer make the whole of it visible at once."""
    written = rendered(ready, work, SHARDS).write.mode("overwrite").partitionBy(KIND)
    written.option("compression", "zstd").parquet(address(staged))


@dataclass(frozen=True, slots=True)
class Found:
    """A list in Spark: its people and their events, keyed, and what there was to count. `unread`: lines of the events
    that are no JSON. `shown`, `events_shown`: what the lists are called."""

    people: DataFrame
    events: DataFrame | None
    staged: Staged
    chosen: Chosen
    unread: Sequence[int]
    shown: str
    events_shown: str

    def lines(self) -> Iterator[bytes]:
        """Who is left out."""
        return self.chosen.lines()

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
    choice: Choice

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
        who = chosen(named, self.choice, given.shown, given.count)
        happened, unread = self._events(spark), self._unread(spark)
        lost = 0 if happened is None else orphans(who.people, happened.rows) - len(unread)
        shape = Shape(given.form, happened.form if happened else "columns")
        left = Counter(who.counted)
        staged = Staged(
            given.count - left.total(),
            given.count,
            left[SAME_KEY],
            lost,
            shape,
            self.digest(),
            left[SAME_ADDRESS],
            left[SUPPRESSED],
            left[BEYOND],
            len(unread),
        )
        rows, called = (happened.rows, happened.shown) if happened else (None, "")
        return Found(who.people, rows, staged, who, unread, given.shown, called)

    def _events(self, spark: SparkSession) -> Listed | None:
        if not self.events:
            return None
        given = read(spark, self.events)
        named = keyed(given.rows, OWNER, "the key of the recipient whom an event belongs to", given.shown)
        return replace(given, rows=named)

    def _unread(self, spark: SparkSession) -> list[int]:
        """The lines of the events that are no JSON object; they are numbered only where there are any."""
        from pyspark.sql import functions as f

        if not self.events or files(self.events).kind != "jsonl":
            return []
        is_none = f.try_parse_json(RAW).isNull() | f.json_object_keys(RAW).isNull()
        if not read(spark, self.events).rows.where(is_none).limit(1).count():
            return []
        rows = read(spark, self.events, numbered=True).rows.where(is_none)
        return sorted(row[LINE] for row in rows.select(LINE).collect())


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


def _digest(*parts: object) -> str:
    return hashlib.sha256(json.dumps(parts, sort_keys=True, default=str).encode()).hexdigest()
