"""The output formats: how the messages of a shard become bytes."""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from mailweave.batch.rendering import Row

COLUMNS = ("key", "idempotency_key", "subject", "html", "text", "amp", "selection", "segments")


_GROUP = 125  # messages of a row group: what Arrow holds of a shard at once


def parquet(rows: Sequence[Row]) -> bytes:
    """One row a message; zstd. The same rows give the same bytes with the same pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = [pa.string()] * (len(COLUMNS) - 1) + [pa.list_(pa.string())]
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
    sink = io.BytesIO()
    options = {"compression": "zstd", "use_dictionary": ["segments", "selection", "subject"]}
    with pq.ParquetWriter(sink, schema, **options) as writer:
        for start in range(0, len(rows), _GROUP):
            columns = zip(*map(values, rows[start : start + _GROUP]), strict=True)
            arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return sink.getvalue()


def jsonl(rows: Sequence[Row]) -> bytes:
    """One JSON object a message, in lines of ASCII."""
    return b"".join(_json(row) for row in rows)


def _json(row: Row) -> bytes:
    named = dict(zip(COLUMNS, values(row), strict=True))
    named |= {"selection": json.loads(row.selection), "segments": list(row.segments)}
    return json.dumps(named).encode() + b"\n"


def values(row: Row) -> tuple[object, ...]:
    """A message as its columns."""
    email = row.email
    parts = (email.subject, email.html, email.text, email.amp)
    return (row.key, row.idempotency_key, *parts, row.selection, list(row.segments))


def eml(rows: Sequence[Row]) -> bytes:
    """A tar of messages, each in a file named after its idempotency key."""
    return _tar([(f"{row.idempotency_key}.eml", message(row)) for row in rows], rows)


def maildir(rows: Sequence[Row]) -> bytes:
    """A tar that unpacks into a Maildir: the messages are new."""
    return _tar([(f"new/{row.idempotency_key}:2,", message(row)) for row in rows], rows)


def mbox(rows: Sequence[Row]) -> bytes:
    """The messages one behind the other, `From ` lines between them, quoted where a body has one."""
    out = []
    for row in rows:
        sent = row.email.now.strftime("%a %b %d %H:%M:%S %Y")
        separator = f"From {row.email.envelope.sender} {sent}\n".encode()
        body = message(row).replace(b"\r\n", b"\n")
        out.append(separator + _quoted(body) + b"\n")
    return b"".join(out)


def _quoted(body: bytes) -> bytes:
    """mboxrd: a line that begins with `From `, quoted or not, gets one more `>`."""
    return b"\n".join(
        b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in body.split(b"\n")
    )


def message(row: Row) -> bytes:
    """The message of a row on the wire, with its idempotency key."""
    built = row.email.as_message()
    built["X-Idempotency-Key"] = row.idempotency_key
    return built.as_bytes()


def _tar(files: list[tuple[str, bytes]], rows: Sequence[Row]) -> bytes:
    sink = io.BytesIO()
    when = int(rows[0].email.now.timestamp()) if rows else 0
    with tarfile.open(fileobj=sink, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for name, content in files:
            info = tarfile.TarInfo(name)
            info.size, info.mtime, info.mode = len(content), when, 0o644
            tar.addfile(info, io.BytesIO(content))
    return sink.getvalue()


FORMATS: Mapping[str, tuple[str, Callable[[Sequence[Row]], bytes]]] = MappingProxyType(
    {
        "parquet": (".parquet", parquet),
        "jsonl": (".jsonl", jsonl),
        "eml": (".eml.tar", eml),
        "mbox": (".mbox", mbox),
        "maildir": (".maildir.tar", maildir),
    }
)
