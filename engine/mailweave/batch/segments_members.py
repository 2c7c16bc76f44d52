"""Who is in which segment, as a Parquet file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mailweave.campaign import Campaign


class Members:
    """A Parquet file with what the rules say of each: the key, segments, tiers, the skip, and further conditions."""

    def __init__(self, path: Path, campaign: Campaign) -> None:
        import pyarrow as pa
        import pyarrow.parquet as pq

        self._program, bits = campaign.decisions.program, campaign.decisions.program.bits
        tiers = [name for name, _ in bits.tiers]
        kinds = {campaign.key_column: pa.string(), **dict.fromkeys(bits.segments, pa.bool_())}
        kinds |= {
            **dict.fromkeys([*tiers, "skip"], pa.string()),
            **dict.fromkeys(bits.conditions, pa.bool_()),
        }
        self._schema = pa.schema(list(kinds.items()))
        self._segments, self._tiers, self._conditions = bits.segments, tiers, bits.conditions
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")

    def add(self, keys: Mapping[int, str], masks: Mapping[int, int]) -> None:
        """Everybody of a range who reads."""
        import pyarrow as pa

        rows = [self._row(keys[number], mask) for number, mask in sorted(masks.items())]
        if rows:
            columns = [
                pa.array(c, f.type) for c, f in zip(zip(*rows, strict=True), self._schema, strict=True)
            ]
            self._writer.write_table(pa.Table.from_arrays(columns, schema=self._schema))

    def _row(self, key: str, mask: int) -> tuple[object, ...]:
        found = self._program.evaluation_of(mask)
        segments = (name in found.segments for name in self._segments)
        tiers = (found.tiers[name] for name in self._tiers)
        skip = None if found.skip is None else found.skip.code
        return key, *segments, *tiers, skip, *(name in found.conditions for name in self._conditions)

    def __enter__(self) -> Members:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()
