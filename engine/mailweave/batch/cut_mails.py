"""Mails that are cut in two: a row of values for each, in Parquet, and the sheets that they share, each a file of JSON.

What is said of a file of rows (`mailweave`, JSON): `envelope` with what all have in common, and `now`. From rows and
sheets `read` makes the rows of the other formats again, byte for byte.
"""

from __future__ import annotations

import io
import json
import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from mailweave.batch.attached import from_json, load_from
from mailweave.batch.disk import Disk
from mailweave.batch.rows import DRAWS, OWN, Row, own_of, whole
from mailweave.message import Attachment, Email
from mailweave.message.cut_mail import Sheet
from mailweave.message.headers import Envelope
from mailweave.values.bounded_cache import Memo

SUFFIX: Final = ".values.parquet"
SHEETS: Final = "sheets"
"""The folder of an output that holds them, each under its digest."""
COLUMNS: Final = (
    *("key", "idempotency_key", "sheet", "values", "amp_reason", "selection", "segments", DRAWS),
    *("subject", "preheader", "to", "to_name", "message_id", "unsubscribe_url", "locale", "timezone"),
    *(*OWN, "custom_headers"),
)
"""All are texts but `values` and `segments`, which are lists of them. `selection`, `metadata` and `draws` are JSON objects,
`tags`, `attachments` and `custom_headers` JSON lists, the last of pairs. `amp_reason` says why
there is no AMP part; it is null where there is one."""
_LISTS: Final = frozenset({"values", "segments"})
_MORE: Final = ("timezone", *OWN)
_REPEATED: Final = [
    "sheet",
    "amp_reason",
    "selection",
    "segments",
    DRAWS,
    "subject",
    "preheader",
    "locale",
    *_MORE,
]
_OWN: Final = ("to", "to_name", "unsubscribe_url", "return_path")
_NOBODYS: Final[Mapping[str, Any]] = MappingProxyType(
    {**dict.fromkeys(_OWN, ""), "custom_headers": (), "tags": (), "metadata": ()}
)
_TOLD: Final = b"mailweave"
_GROUP: Final = 2_000  # messages of a row group


class Piece(NamedTuple):
    """One mail: its sheet, what its envelope has in common with others, and its row."""

    sheet: Sheet
    envelope: Envelope
    now: datetime
    row: tuple[Any, ...]


def piece(row: Row) -> Piece:
    """A mail as it is gathered. Raises what its headers raise, and UnicodeEncodeError for what has no UTF-8."""
    email = row.email
    envelope, cut = email.envelope, email.cut
    assert cut is not None
    texts = (email.key, email.idempotency_key, cut.sheet.digest)
    reason = None if email.amp is not None else email.amp_reason
    about = (
        email.subject,
        email.preheader,
        envelope.to,
        envelope.to_name,
        email.message_id,
        envelope.unsubscribe_url,
        email.locale,
        email.timezone,
        *own_of(email),
        json.dumps(envelope.custom_headers) if envelope.custom_headers else "[]",
    )
    values = list(map(whole, cut.values))
    made = (
        *map(whole, texts),
        values,
        whole(reason),
        row.selection,
        list(row.segments),
        row.draws,
        *map(whole, about),
    )
    return Piece(cut.sheet, envelope._replace(**_NOBODYS), email.now, made)


def gather(pieces: Sequence[Piece]) -> bytes:
    """A file; zstd. The same mails give the same bytes with the same pyarrow."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    kinds = [pa.list_(pa.string()) if name in _LISTS else pa.string() for name in COLUMNS]
    schema = pa.schema(list(zip(COLUMNS, kinds, strict=True)), {_TOLD: _told(pieces)})
    sink = io.BytesIO()
    with pq.ParquetWriter(sink, schema, compression="zstd", use_dictionary=_REPEATED) as writer:
        for start in range(0, len(pieces), _GROUP):
            columns = zip(*(one.row for one in pieces[start : start + _GROUP]), strict=True)
            arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))
    return sink.getvalue()


def sheets(pieces: Sequence[Piece]) -> dict[str, Callable[[], bytes]]:
    """The names of the files of their sheets, with what makes what they hold."""
    return {f"{one.sheet.digest}.json": partial(_written, one.sheet) for one in pieces}


def write_sheets(output: Path, shared: Mapping[str, Callable[[], bytes]]) -> None:
    """Writes sheets into the folder of an output, those that nobody has written yet."""
    folder, disk = output / SHEETS, Disk()
    folder.mkdir(exist_ok=True)
    for name, make in shared.items():
        if not (folder / name).exists():
            part = folder / f".{name}.{os.getpid()}.part"
            disk.write(part, make())
            disk.rename(part, folder / name)
    disk.sync_folder(folder)


def is_whole(output: Path, name: str) -> bool:
    """Whether the sheet of that name is what its name says."""
    try:
        _sheet(output / SHEETS / name)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return False
    return True


def _written(sheet: Sheet) -> bytes:
    return json.dumps(sheet.as_parts()).encode()


def _told(pieces: Sequence[Piece]) -> bytes:
    first = pieces[0] if pieces else None
    told = {"envelope": first and first.envelope._asdict(), "now": first and first.now.isoformat()}
    return json.dumps(told).encode()


def read(path: Path) -> Iterator[Row]:
    """The mails of a file of an output, as they were rendered.

    Raises ValueError, KeyError or TypeError for a file that `gather` did not write, and OSError.
    """
    import pyarrow.parquet as pq

    output = path.parent.parent
    known = Memo(lambda digest: _sheet(output / SHEETS / f"{digest}.json"))
    files = Memo(lambda told: from_json(told, load_from(output)))
    with pq.ParquetFile(path) as file:
        told = json.loads(file.schema_arrow.metadata[_TOLD])
        for batch in file.iter_batches(batch_size=_GROUP):
            for row in batch.to_pylist():
                yield _row(row, known[row["sheet"]], told, files[row["attachments"]])


def _sheet(path: Path) -> Sheet:
    try:
        sheet = Sheet.from_parts(json.loads(path.read_bytes()))
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise ValueError(f"the sheet {path.name} is missing, or not what was written") from None
    if sheet.digest != path.stem:
        raise ValueError(f"the sheet {path.name} is not what was written")
    return sheet


def _row(row: dict[str, Any], sheet: Sheet, told: dict[str, Any], files: tuple[Attachment, ...]) -> Row:
    html, text, amp = sheet.filled(row["values"])
    email = Email(
        subject=row["subject"],
        preheader=row["preheader"],
        html=html,
        text=text,
        amp=amp if row["amp_reason"] is None else None,
        selection={slot: tuple(blocks) for slot, blocks in json.loads(row["selection"]).items()},
        key=row["key"],
        now=datetime.fromisoformat(told["now"]),
        envelope=_envelope(row, told["envelope"]),
        amp_reason=row["amp_reason"] or "",
        locale=row["locale"],
        attachments=files,
        timezone=row["timezone"],
    )
    return Row(email, row["selection"], tuple(row["segments"]), row[DRAWS])


def _envelope(row: dict[str, Any], shared: dict[str, Any]) -> Envelope:
    return Envelope(**shared)._replace(
        **{name: row[name] for name in _OWN},
        custom_headers=tuple((name, text) for name, text in json.loads(row["custom_headers"])),
        tags=tuple(json.loads(row["tags"])),
        metadata=tuple(json.loads(row["metadata"]).items()),
    )
