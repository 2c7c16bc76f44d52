"""What Spark's Python workers do with the recipients of a partition."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pyarrow as pa

from mailweave.batch.batches import BatchRenderer, answers
from mailweave.spark.parcel import Parcel


@dataclass(frozen=True, slots=True)
class Rendering:
    """The function that is given to `mapInArrow`. It is pickled as this data and the name of its class."""

    parcel: Parcel
    now: datetime
    context: Mapping[str, Any] | None

    def __call__(self, batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        renderer = BatchRenderer(self.parcel.open(), self.now, self.context)
        for batch in batches:
            for outcome, lines in renderer.render(batch):
                yield answers(outcome, lines)
