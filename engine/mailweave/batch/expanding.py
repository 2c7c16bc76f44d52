"""The mails of an output of values, as another format has them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from mailweave.batch.cut_mails import SHEETS, SUFFIX, read
from mailweave.batch.disk import Disk
from mailweave.batch.extras import require
from mailweave.batch.folders import writing
from mailweave.batch.formats import FORMATS
from mailweave.batch.ledger import MANIFEST, SHARDS, BatchError, is_begun, read_manifest
from mailweave.batch.ledger import digest as digest_of
from mailweave.batch.rows import Row
from mailweave.diagnostics import diagnose

WHOLE = tuple(name for name, form in FORMATS.items() if not form.cuts)
"""The formats whose mails are whole."""


def expand(output: Path, out: Path, form: str = "parquet") -> int:
    """Writes the mails of every committed shard of `output` into the folder `out`; how many there were.

    A file is byte for byte what a batch with `form` writes for the same list. Raises BatchError.
    """
    files, number = shards(output), 0
    kind = FORMATS[form]
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BatchError([diagnose("MW801", place=str(out), folder=out, help="name another folder")])
    with writing(out):
        out.mkdir(parents=True, exist_ok=True)
        for file in files:
            pieces = [kind.piece(row) for row in rows(file)]
            number += len(pieces)
            Disk().write(out / f"{file.name.removesuffix(SUFFIX)}{kind.suffix}", kind.gather(pieces))
        Disk().sync_folder(out)
    return number


def message_of(output: Path, key: str) -> bytes | None:
    """The message of a recipient; None where the output has none. Raises BatchError."""
    found = (row for file in shards(output) for row in rows(file) if row.email.key == key)
    row = next(found, None)
    return None if row is None else row.email.as_bytes()


def shards(output: Path) -> list[Path]:
    """The files of values of an output that are committed, in order. Raises BatchError."""
    require("batch", place=str(output), what="an output")
    entries = read_manifest(output / MANIFEST) if is_begun(output) else []
    named = [(file["name"], file["sha256"]) for entry in entries[1:] for file in entry["files"]]
    values = [(output / SHARDS / name, digest) for name, digest in named if name.endswith(SUFFIX)]
    if not values:
        raise BatchError([diagnose("MW826", place=str(output))])
    for path, digest in values:
        if not path.is_file() or digest_of(path) != digest:
            what = f"{path.name} is missing, or not what was written"
            raise BatchError([diagnose("MW803", place=str(path), what=what)])
    return [path for path, _ in values]


def rows(file: Path) -> Iterator[Row]:
    """The mails of a shard. Raises BatchError where a sheet of it is not there, or not what it was."""
    try:
        yield from read(file)
    except (OSError, ValueError, KeyError, TypeError, IndexError) as error:
        what = f"{SHEETS}: {error}" if isinstance(error, OSError | ValueError) else type(error).__name__
        raise BatchError([diagnose("MW803", place=str(file), what=what)]) from None
