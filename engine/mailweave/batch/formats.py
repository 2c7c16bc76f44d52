"""The output formats: how one message becomes a piece, and how the pieces of a shard become a file.

All that can fail for one message is done in its piece, so that it is charged to its recipient; what puts pieces together
only copies.
"""

from __future__ import annotations

import io
import json
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mailweave.batch import cut_mails
from mailweave.batch.rows import COLUMNS, DRAWS, JSON, LISTED, OWN, Row

RETURN_PATH: Final = "MAILWEAVE.return_path"
TIMEZONE: Final = "MAILWEAVE.timezone"
"""What a tar says of a message that the message does not say itself, in records of PAX: where bounces go, where that is
not its sender; and the zone of its recipient, where the campaign asks recipients for it."""

_GROUP: Final = 125  # messages of a row group: what Arrow holds of a shard at once


@dataclass(frozen=True, slots=True)
class Format:
    """`suffix`: how the file of a shard ends. `piece`: one message as `gather` takes it. `cuts`: whether it needs them
    cut in two; `shared` gives what many shards have in common, by names that say what is held. `lists_files`: whether
    rows name the files that go with mails."""

    suffix: str
    piece: Callable[[Row], Any]
    gather: Callable[[Sequence[Any]], bytes]
    cuts: bool = False
    lists_files: bool = False
    shared: Callable[[Sequence[Any]], Mapping[str, Callable[[], bytes]]] | None = None


# ---- rows


def parquet(pieces: Sequence[tuple[Any, ...]]) -> bytes:
    """One row a message; zstd. The same rows give the same bytes with the same pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = [pa.list_(pa.string()) if name == LISTED else pa.string() for name in COLUMNS]
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)))
    sink = io.BytesIO()
    repeated = ["segments", "selection", DRAWS, "subject", "from", "reply_to", "preheader", *OWN]
    with pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=repeated) as writer:
        for start in range(0, len(pieces), _GROUP):
            columns = zip(*pieces[start : start + _GROUP], strict=True)
            arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return sink.getvalue()


def _line(row: Row) -> bytes:
    """One JSON object in a line of ASCII."""
    texts = [one.decode() if isinstance(one, bytes) else one for one in row.values()]
    named = dict(zip(COLUMNS, texts, strict=True))
    named |= {name: json.loads(named[name]) for name in JSON}
    return json.dumps(named).encode() + b"\n"


# ---- messages


class _File(NamedTuple):
    """A file of a tar. `when` is in seconds since 1970. `told`: what is said of it, by name."""

    name: str
    content: bytes
    when: int
    told: Mapping[str, str]


def _eml(row: Row) -> _File:
    return _file(f"{row.email.idempotency_key}.eml", row)


def _maildir(row: Row) -> _File:
    """In a Maildir, where it is new."""
    return _file(f"new/{row.email.idempotency_key}:2,", row)


def _file(name: str, row: Row) -> _File:
    email = row.email
    about = {RETURN_PATH: email.envelope.return_path, TIMEZONE: email.timezone}
    told = {known: text for known, text in about.items() if text}
    return _File(name, email.as_bytes(), int(email.now.timestamp()), told)


def _tar(files: Sequence[_File]) -> bytes:
    sink = io.BytesIO()
    with tarfile.open(fileobj=sink, mode="w", format=tarfile.PAX_FORMAT) as tar:
        for file in files:
            info = tarfile.TarInfo(file.name)
            info.size, info.mtime, info.mode = len(file.content), file.when, 0o644
            info.pax_headers = dict(file.told)
            tar.addfile(info, io.BytesIO(file.content))
    return sink.getvalue()


def _mbox(row: Row) -> bytes:
    """A message behind its `From ` line; lines of its body that look like one are quoted."""
    sent = row.email.now.strftime("%a %b %d %H:%M:%S %Y")
    separator = f"From {row.email.envelope.sender} {sent}\n".encode()
    body = row.email.as_bytes().replace(b"\r\n", b"\n")
    return separator + _quoted(body) + b"\n"


def _quoted(body: bytes) -> bytes:
    """mboxrd: a line that begins with `From `, quoted or not, gets one more `>`."""
    return b"\n".join(
        b">" + line if line.lstrip(b">").startswith(b"From ") else line for line in body.split(b"\n")
    )


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "parquet": Format(".parquet", Row.values, parquet, lists_files=True),
        "jsonl": Format(".jsonl", _line, b"".join, lists_files=True),
        "eml": Format(".eml.tar", _eml, _tar),
        "mbox": Format(".mbox", _mbox, b"".join),
        "maildir": Format(".maildir.tar", _maildir, _tar),
        "values": Format(
            cut_mails.SUFFIX,
            cut_mails.piece,
            cut_mails.gather,
            cuts=True,
            lists_files=True,
            shared=cut_mails.sheets,
        ),
    }
)
