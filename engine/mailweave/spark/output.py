"""The folder of a list that Spark renders: one commit by Spark's own committer, then files under their names.

    staged/kind=.../part-*.parquet   written by Spark; there, whole and for good when it holds _SUCCESS
    shards/000000.parquet            the messages of a task, moved from there
    shards/000000.skipped.jsonl      who gets no mail
    dead.jsonl                       who could not be rendered
    manifest.jsonl                   what the output is made from; at the end, its files and counts

Whatever dies before the commit leaves nothing that counts; whatever dies behind it is gone on with by `--resume`,
without rendering anything again.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from mailweave.batch.batches import DEAD as DEAD_KIND
from mailweave.batch.batches import MESSAGE, SKIPPED
from mailweave.batch.disk import Disk
from mailweave.batch.head_changes import changed
from mailweave.batch.ledger import (
    DEAD,
    LEFT_OUT,
    MANIFEST,
    SHARDS,
    BatchError,
    Head,
    manifest_line,
    read_manifest,
    refuse_unasked,
)
from mailweave.batch.stage_writer import STAGED_LEFT_OUT, UNREAD_EVENTS, Shape, Staged, unread_event
from mailweave.batch.undeclared import Undeclared
from mailweave.batch.worker import SKIPPED_SUFFIX
from mailweave.diagnostics import diagnose
from mailweave.spark import counters
from mailweave.spark.worker import FACTS

_STAGED, _COMMITTED, _LIST, _NAMES = "staged", "_SUCCESS", ".list.json", "undeclared"
_PART = re.compile(r"part-(\d+)")
_AT_ONCE = 10_000


class Output:
    """An output folder; the caller holds its lock."""

    def __init__(self, folder: Path, head: Head, *, resume: bool) -> None:
        """Begins an output, or goes on with one that was made from the same. Raises BatchError."""
        refuse_unasked(folder, resume=resume)
        self.folder, self._head, self._disk = folder, asdict(head), Disk()
        manifest = folder / MANIFEST
        self._entries = (read_manifest(manifest) if manifest.exists() else []) or [self._head]
        self._compare(self._entries[0])
        self._disk.write(manifest, b"".join(map(manifest_line, self._entries)))
        (folder / SHARDS).mkdir(exist_ok=True)

    def _compare(self, found: Mapping[str, Any]) -> None:
        what = changed(found, self._head)
        if what is not None:
            raise BatchError([diagnose("MW802", place=str(self.folder), what=what)])

    @property
    def staged(self) -> Path:
        """Where Spark writes."""
        return self.folder / _STAGED

    @property
    def is_committed(self) -> bool:
        """Whether nothing is left to render."""
        return self.is_finished or (self.staged / _COMMITTED).exists()

    @property
    def is_finished(self) -> bool:
        return len(self._entries) > 1

    @property
    def counts(self) -> Mapping[str, Any]:
        """The counts of a finished output."""
        return self._entries[1]

    def begin(
        self, list: Staged, names: Undeclared, left_out: Iterable[bytes], unread_events: Sequence[int]
    ) -> None:
        """Keeps what was found out about a list before it is rendered."""
        about = {**asdict(list), _NAMES: names.as_json()}
        lines = [*map(unread_event, unread_events)]
        self._disk.write(self.folder / UNREAD_EVENTS, b"".join(lines))
        with (self.folder / STAGED_LEFT_OUT).open("wb") as file:
            file.writelines(left_out)
        self._disk.write(self.folder / _LIST, json.dumps(about).encode())

    @property
    def list(self) -> Staged:
        """What was counted of the list of a finished output."""
        found = {name: value for name, value in self.counts["list"].items() if name != _NAMES}
        return Staged(**{**found, "shape": Shape(**found["shape"])})

    @property
    def undeclared(self) -> Undeclared:
        """What list and rules did not agree on."""
        found = self.counts["list"][_NAMES]
        return Undeclared(**{**found, "absent": tuple(found["absent"])})

    def finish(self) -> None:
        """Gives what Spark has committed its names. Each step may be done twice."""
        if self.is_finished:
            return
        counts = counters.added(json.loads(line) for line in self._lines(FACTS))
        self._messages()
        self._skipped()
        self._dead()
        self._left_out()
        files = sorted((self.folder / SHARDS).iterdir())
        named = [{"name": file.name, "bytes": file.stat().st_size} for file in files]
        about = json.loads((self.folder / _LIST).read_bytes())
        entry = {"shard": 0, "files": named, "list": about, **counts}
        self._disk.append(self.folder / MANIFEST, manifest_line(entry))
        self._entries.append(entry)
        for name in (_LIST, UNREAD_EVENTS, STAGED_LEFT_OUT):
            self._disk.remove(self.folder / name)
        shutil.rmtree(self.staged)

    def _messages(self) -> None:
        for number, file in self._parts(MESSAGE):
            self._disk.rename(file, self.folder / SHARDS / f"{number}.parquet")
        self._disk.sync_folder(self.folder / SHARDS)

    def _skipped(self) -> None:
        import pyarrow.parquet as pq

        for number, file in self._parts(SKIPPED):
            lines = pq.read_table(file, columns=["selection"])["selection"].to_pylist()
            content = "".join(f"{line}\n" for line in lines).encode()
            self._disk.write(self.folder / SHARDS / f"{number}{SKIPPED_SUFFIX}", content)

    def _dead(self) -> None:
        """In the order of a batch at home: by key, those without one at the end, in the order of the list."""
        order = "ORDER BY nullif(key, '') NULLS LAST, CAST(json_extract(selection, '$.line') AS BIGINT)"
        temporary = self.folder / f".{DEAD}.part"
        with temporary.open("wb") as file:
            for line in self._lines(DEAD_KIND, order):
                file.write(line.encode() + b"\n")
            file.write((self.folder / UNREAD_EVENTS).read_bytes())
        self._disk.rename(temporary, self.folder / DEAD)

    def _left_out(self) -> None:
        staged = self.folder / STAGED_LEFT_OUT
        if staged.stat().st_size:
            self._disk.write(self.folder / LEFT_OUT, staged.read_bytes())
        else:  # not whom an earlier dry run left out
            self._disk.remove(self.folder / LEFT_OUT)

    def _parts(self, kind: str) -> Iterator[tuple[str, Path]]:
        """The files of a kind, with the number of their task in six digits."""
        for file in sorted((self.staged / f"kind={kind}").glob("part-*.parquet")):
            found = _PART.match(file.name)
            assert found is not None
            yield f"{int(found[1]):06d}", file

    def _lines(self, kind: str, order: str = "") -> Iterator[str]:
        """The JSON that rows of a kind hold; there may be more than memory takes."""
        import duckdb

        files = [str(file) for _, file in self._parts(kind)]
        if not files:
            return
        with duckdb.connect() as connection:
            found = connection.execute(
                f"SELECT selection FROM read_parquet($files) {order}", {"files": files}
            )
            while rows := found.fetchmany(_AT_ONCE):
                yield from (row[0] for row in rows)
