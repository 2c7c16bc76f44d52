"""The mails of an output of values, as another format has them."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from unicodedata import normalize

from mailweave.batch.arguments import check_one_of, checked_output
from mailweave.batch.attached import FILES
from mailweave.batch.cut_mails import SUFFIX, read
from mailweave.batch.disk import Disk
from mailweave.batch.extras import require
from mailweave.batch.folders import appearing
from mailweave.batch.formats import FORMATS, Format
from mailweave.batch.ledger import MANIFEST, REPORT, SHARDS, BatchError, is_begun, read_manifest
from mailweave.batch.ledger import digest as digest_of
from mailweave.batch.rows import Row
from mailweave.batch.seed_copies import PROOFS
from mailweave.diagnostics import diagnose

WHOLE: Final = tuple(name for name, form in FORMATS.items() if not form.cuts)
"""The formats whose mails are whole."""


def expand(output: str | Path, out: str | Path, form: str = "parquet") -> tuple[int, int]:
    """Writes the mails of an output of values into the new folder `out`, and its proofs into `seeds` there; how many
    there are of both.

    A file is byte for byte what a batch with `form` writes for the same list. `out` appears when all is written.
    Raises BatchError, and ArgumentError for what cannot be meant.
    """
    check_one_of("form", form, WHOLE)
    held, target = checked_output(output), checked_output(out)
    files, proofs = shards(held), sorted((held / PROOFS).glob(f"*{SUFFIX}"))
    if target.resolve().is_relative_to(held.resolve()):
        what, todo = "--out lies in the output that is expanded", "name a folder beside it"
        raise BatchError([diagnose("MW818", place=str(out), what=what, todo=todo)])
    with appearing(target) as made:
        if FORMATS[form].lists_files and (held / FILES).is_dir():
            shutil.copytree(held / FILES, made / FILES)
        number = _written(files, made, FORMATS[form])
        if not proofs:
            return number, 0
        (made / PROOFS).mkdir()
        return number, _written(proofs, made / PROOFS, FORMATS[form])


def message_of(output: str | Path, key: str) -> bytes | None:
    """The message of a recipient; None where the output has none. Raises BatchError."""
    asked = normalize("NFC", key)
    found = (row for file in shards(checked_output(output)) for row in rows(file) if row.email.key == asked)
    row = next(found, None)
    return None if row is None else row.email.as_bytes()


def shards(output: Path) -> list[Path]:
    """The files of values of an output that is finished, in order. Raises BatchError."""
    require("batch", place=str(output), what="an output")
    try:
        entries = read_manifest(output / MANIFEST) if is_begun(output) else []
        named = [(file["name"], file["sha256"]) for entry in entries[1:] for file in entry["files"]]
        values = [(output / SHARDS / name, digest) for name, digest in named if name.endswith(SUFFIX)]
        if not values:
            raise BatchError([diagnose("MW826", place=str(output))])
        if not (output / REPORT).is_file():
            raise BatchError([diagnose("MW828", place=str(output))])
        for path, digest in values:
            if not path.is_file() or digest_of(path) != digest:
                raise _damaged(path, f"{path.name} is missing, or not what was written")
    except OSError as error:
        raise _damaged(output, error.strerror or type(error).__name__) from None
    return [path for path, _ in values]


def rows(file: Path) -> Iterator[Row]:
    """The mails of a shard. Raises BatchError where a sheet of it is not there, or not what it was."""
    try:
        yield from read(file)
    except ValueError as error:
        raise _damaged(file, str(error)) from None
    except (OSError, KeyError, TypeError, IndexError) as error:
        raise _damaged(file, f"{file.name} cannot be read ({type(error).__name__})") from None


def _written(files: list[Path], folder: Path, kind: Format) -> int:
    number = 0
    for file in files:
        pieces = [kind.piece(row) for row in rows(file)]
        number += len(pieces)
        Disk().write(folder / f"{file.name.removesuffix(SUFFIX)}{kind.suffix}", kind.gather(pieces))
    Disk().sync_folder(folder)
    return number


def _damaged(path: Path, what: str) -> BatchError:
    help = "render the list again, into another folder; nothing here has been changed"
    return BatchError([diagnose("MW803", place=str(path), what=what, help=help)])
