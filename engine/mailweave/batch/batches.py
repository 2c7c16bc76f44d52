"""Arrow in, Arrow out: for engines that hand over record batches, such as Spark.

One row comes out for each that goes in, in order, so that nobody is lost: `status` says whether it is a
message, a skip or a dead letter. Nothing here writes a file, and nothing outlives a batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Final, TypeAlias

import pyarrow as pa

from mailweave.batch.columns import rows
from mailweave.batch.keys import as_key
from mailweave.batch.ledger import BatchError
from mailweave.batch.rendering import Outcome, ShardRenderer
from mailweave.batch.row_decoding import Events, Profiles
from mailweave.batch.rows import COLUMNS, LISTED
from mailweave.batch.sources import Recipient
from mailweave.batch.stage_writer import Shape
from mailweave.campaign import Campaign
from mailweave.diagnostics import diagnose
from mailweave.rules import BadData

MESSAGE, SKIPPED, DEAD = "message", "skipped", "dead"
EVENTS = "events"
# columns that an engine may add: the key as text, the line of the list, what the rules say in words of 62 bits
# (lowest first), and the scores that it has computed over the whole list
KEY, LINE, MASK, SCORES = "mw_key", "mw_line", "mw_mask", "mw_scores"
WORD = 62
SCHEMA: Final = pa.schema(
    [
        *((name, pa.list_(pa.string()) if name == LISTED else pa.string()) for name in COLUMNS),
        ("status", pa.string()),
        ("code", pa.string()),
        ("field", pa.string()),
        ("reason", pa.string()),
    ]
)
_AT_ONCE = 500  # recipients whose messages are held in memory

TYPED: Final = Shape("columns", "columns")
Numbered: TypeAlias = tuple[int, int, Recipient | None]


def render_batches(
    campaign: Campaign,
    batches: Iterable[pa.RecordBatch],
    *,
    now: datetime | None = None,
    context: Mapping[str, Any] | None = None,
    events: str = EVENTS,
) -> Iterator[pa.RecordBatch]:
    """Batches of recipients as batches of messages, lazily and in order, in this process.

    batches: profiles, a column for each attribute, `consent`, `scores` and `lists` as records, and in the
    column `events` a list of records with `type`, `at` (a timestamp with a zone) and their properties. now: an
    instant with a zone, else the campaign's pinned one.

    What comes out has the columns of a batch's Parquet files (`batch.rows.COLUMNS`), and `status` (`message`,
    `skipped` or `dead`), `code`, `field` and `reason`: why there is no message. One row for each that went in, in
    batches of at most 500. Raises BatchError without a `now`.

    >>> import pyarrow as pa
    >>> from mailweave import Environment
    >>> campaign = Environment().compile("fixtures/campaigns/smallest")
    >>> people = [{"id": "1", "email": "a@example.com", "consent": {"marketing": True}}, {"id": "2"}]
    >>> (found,) = render_batches(campaign, pa.Table.from_pylist(people).to_batches())
    >>> found.select(["key", "subject", "status", "reason"]).to_pylist()[1]
    {'key': '2', 'subject': None, 'status': 'dead', 'reason': 'email is required, and absent'}
    """
    moment = campaign.pinned(now)
    if moment is None:
        what = "rendering batches needs an instant: `now`, or `now` in campaign.toml"
        raise BatchError([diagnose("MW024", place=campaign.config.name, what=what)])
    return _rendered(BatchRenderer(campaign, moment, context, events=events), batches)


def _rendered(renderer: BatchRenderer, batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    for batch in batches:
        for outcome, lines in renderer.render(batch):
            yield answers(outcome, lines)


class BatchRenderer:
    """Renders record batches with one compiled campaign, a bounded number of recipients at a time."""

    def __init__(
        self,
        campaign: Campaign,
        now: datetime,
        context: Mapping[str, Any] | None,
        *,
        events: str = EVENTS,
        shape: Shape = TYPED,
        send_id: str | None = None,
    ) -> None:
        self._shards = ShardRenderer(campaign, now, context, send_id=send_id)
        self._events = events
        self._now = now
        self._key, schema = campaign.key_column, campaign.decisions.program.schema
        self._computed = {name for name, score in schema.scores.items() if score.computed is not None}
        self._profile, self._event = Profiles(schema, shape.profiles), Events(schema, shape.events)

    def render(self, batch: pa.RecordBatch) -> Iterator[tuple[Outcome, list[int]]]:
        """What became of a batch, piece by piece, each with the lines of its recipients."""
        for start in range(0, batch.num_rows, _AT_ONCE):
            people = list(self._people(batch.slice(start, _AT_ONCE)))
            yield self._outcome(people), [line for _, line, _ in people]

    def _people(self, batch: pa.RecordBatch) -> Iterator[Numbered]:
        """Place in the piece, line of the list (where that is known) and recipient."""
        computes = SCORES in batch.schema.names
        for at, row in enumerate(rows(batch)):
            happened, line = row.pop(self._events, ()), row.pop(LINE, at + 1)
            words, scores = row.pop(MASK, None), row.pop(SCORES, {})
            unkeyed = KEY in batch.schema.names and KEY not in row
            key = "" if unkeyed else str(row.pop(KEY, row.get(self._key, "")))
            try:
                profile = self._profile(row)
                mine = tuple(map(self._event, happened))
            except BadData as bad:
                yield at, line, Recipient(key, {}, refused=bad)
                continue
            if profile is None or (unkeyed and _is_told(profile.get(self._key))):
                yield (
                    at,
                    line,
                    None,
                )  # a line in which the engine finds no key, though there is one, is no JSON
                continue
            if key and type(profile.get(self._key)) is int:
                profile[self._key] = key  # keys that are numbers are read as texts
            if computes:
                self._score(profile, scores)
            yield at, line, Recipient(key, profile, mine, None if words is None else _mask(words))

    def _score(self, profile: dict[str, Any], found: Mapping[str, Any]) -> None:
        """Puts in the scores that need the whole list; what the profile says of them does not count."""
        given = profile.get("scores")
        if given is None or isinstance(given, dict):
            others = {name: value for name, value in (given or {}).items() if name not in self._computed}
            dated = {name: {"value": value, "at": self._now.isoformat()} for name, value in found.items()}
            profile["scores"] = {**others, **dated}

    def _outcome(self, people: Sequence[Numbered]) -> Outcome:
        """Those for whom memory does not suffice are dead letters, as those who end a worker of the pool."""
        try:
            return self._shards.render(iter(people))
        except MemoryError:
            ends = {one[0] for one in people if self._ends(one)}
        return self._shards.render(iter(people), ends)

    def _ends(self, one: Numbered) -> bool:
        try:
            self._shards.render(iter([one]))
        except MemoryError:
            return True
        return False


def _is_told(key: object) -> bool:
    return isinstance(key, str) and as_key(key) is not None


def _mask(words: Sequence[int]) -> int:
    return sum(word << WORD * at for at, word in enumerate(words))


def answers(outcome: Outcome, lines: Sequence[int]) -> pa.RecordBatch:
    """One row for each recipient of a piece, in their order."""
    left = {entry["line"]: entry for entry in map(json.loads, outcome.skipped)}
    dead = {entry["line"]: entry for entry in map(json.loads, outcome.dead)}
    sent = iter(outcome.pieces)
    nothing = (None,) * (len(COLUMNS) - 1)
    made = []
    for line in lines:
        if line in dead:
            entry = dead[line]
            made.append((entry["key"], *nothing, DEAD, entry["code"], entry["field"], entry["reason"]))
        elif line in left:
            entry = left[line]
            made.append((entry["key"], *nothing, SKIPPED, entry["code"], None, None))
        else:
            made.append((*next(sent), MESSAGE, None, None, None))
    columns = list(zip(*made, strict=True)) or [()] * len(SCHEMA)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)
