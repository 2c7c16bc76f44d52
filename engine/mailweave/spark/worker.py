"""What Spark's Python workers do with the recipients of a task."""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import pyarrow as pa

from mailweave.batch.batches import DEAD, KEY, LINE, MASK, MESSAGE, SCHEMA, SKIPPED, BatchRenderer, answers
from mailweave.batch.rendering import Outcome
from mailweave.batch.rows import COLUMNS
from mailweave.batch.stage_writer import Shape
from mailweave.spark import counters
from mailweave.spark.campaign_bundle import CampaignBundle

KIND, FACTS = "kind", "facts"
ROW = "mw_row"  # all columns in one: mapInArrow itself cannot take a column with a dot in its name
SHARDS: Final = pa.schema([*(SCHEMA.field(name) for name in COLUMNS), (KIND, pa.string())])


@dataclass(frozen=True, slots=True)
class Rendering:
    """The function for `mapInArrow` that gives one row for each recipient.

    It is pickled as this data and the name of its class, so workers run their own mailweave.
    """

    bundle: CampaignBundle
    now: datetime
    context: Mapping[str, Any] | None
    shape: Shape
    send_id: str | None = None

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        renderer = self.renderer()
        for batch in map(unpacked, batches):
            for outcome, lines in renderer.render(batch):
                yield answers(outcome, lines)

    def renderer(self) -> BatchRenderer:
        """A renderer with the campaign of this process."""
        campaign = self.bundle.open()
        return BatchRenderer(campaign, self.now, self.context, shape=self.shape, send_id=self.send_id)


@dataclass(frozen=True, slots=True)
class ForShards:
    """The function for `mapInArrow` that gives what one write splits into files, by `kind`.

    Messages have the columns of a shard. Skips, dead letters and, once a task, its counts are JSON in the
    column `selection`, beside the key. In a dry run messages are made and left.
    """

    rendering: Rendering
    dry_run: bool = False

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        renderer, counted = self.rendering.renderer(), counters.added([])
        for batch in map(unpacked, batches):
            nobody = _without_key(batch)
            started = time.process_time()
            counted["in_sql"] += batch.num_rows - batch[MASK].null_count if MASK in batch.schema.names else 0
            for outcome, _ in renderer.render(batch):
                took = time.process_time() - started
                counted = counters.added([counted, counters.of(outcome, took)])
                if self.dry_run:
                    outcome.pieces.clear()
                yield _split(outcome, nobody)
                started = time.process_time()
        yield _rows([_packed(None, json.dumps(counted), FACTS)])


def unpacked(batch: pa.RecordBatch) -> pa.RecordBatch:
    """The columns of the record in ROW."""
    return pa.RecordBatch.from_struct_array(batch[ROW])


def _without_key(batch: pa.RecordBatch) -> frozenset[int]:
    """The lines of those whom nothing identifies."""
    lines, keys = batch[LINE].to_pylist(), batch[KEY].to_pylist()
    return frozenset(line for line, key in zip(lines, keys, strict=True) if key is None)


def _split(outcome: Outcome, nobody: Collection[int]) -> pa.RecordBatch:
    """`nobody`: the lines of those without a key."""
    found = [(*piece, MESSAGE) for piece in outcome.pieces]
    for lines, kind in ((outcome.skipped, SKIPPED), (outcome.dead, DEAD)):
        for line in lines:
            text = line.decode().rstrip("\n")
            entry = json.loads(text)
            found.append(_packed(None if entry["line"] in nobody else entry["key"], text, kind))
    return _rows(found)


def _packed(key: str | None, text: str, kind: str) -> tuple[object, ...]:
    named: dict[str, object] = dict.fromkeys(SHARDS.names) | {"key": key, "selection": text, KIND: kind}
    return tuple(named.values())


def _rows(rows: list[tuple[object, ...]]) -> pa.RecordBatch:
    columns = list(zip(*rows, strict=True)) or [()] * len(SHARDS)
    arrays = [pa.array(column, field.type) for column, field in zip(columns, SHARDS, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SHARDS)
