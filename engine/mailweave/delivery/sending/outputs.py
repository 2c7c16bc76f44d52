"""What is sent: the mails of an output that is finished, and is what the batch wrote."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from mailweave.batch.cut_mails import SHEETS, is_whole
from mailweave.batch.extras import require
from mailweave.batch.ledger import MANIFEST, REPORT, SHARDS, BatchError, digest, is_begun, read_manifest
from mailweave.delivery.sending.mails import FORMS, Form, Mail
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose

_NOT_WHOLE: Final = {
    "parquet": "rows of Parquet hold no dates, and so not the bytes of a message",
    "jsonl": "lines of JSON hold no dates, and so not the bytes of a message",
    "mbox": "an mbox does not hold the idempotency keys by which a sender knows what it has sent",
}
_TODO: Final = "render the list with --format values, eml or maildir"


@dataclass(frozen=True, slots=True)
class Output:
    """The shards of an output, in order."""

    folder: Path
    shards: tuple[Path, ...]
    form: Form

    def every_key(self) -> Iterator[str]:
        """The idempotency keys of all mails."""
        for path in self.shards:
            yield from self.form.keys(path)

    def mails(self, shard: int, wanted: Callable[[str, str], bool]) -> Iterator[Mail]:
        """The mails of a shard. wanted: whether one is, by its key and zone; others are not put together.

        Raises MailweaveError for a mail that does not read as one of ours.
        """
        path = self.shards[shard]
        try:
            for mail in self.form.mails(path, wanted):
                yield mail._replace(shard=shard)
        except (ValueError, tarfile.TarError) as error:
            raise _not_sendable(path, str(error), "render the list again, into another folder") from None


def opened(folder: Path) -> Output:
    """The output of a folder, its files compared with their digests. Raises MailweaveError."""
    try:
        entries = read_manifest(folder / MANIFEST) if is_begun(folder) else []
        if not entries:
            what = "the folder holds no output of `mailweave batch`"
            raise _not_sendable(folder, what, "name the folder of its --out")
        name = str(entries[0].get("options", {}).get("format", "parquet"))
        if name not in FORMS:
            raise _not_sendable(folder, _NOT_WHOLE.get(name, "its format is not known"), _TODO)
        if not (folder / REPORT).is_file():
            raise BatchError([diagnose("MW828", place=str(folder))])
        if FORMS[name].extra:
            require(FORMS[name].extra, place=str(folder), what="sending mails from values")
        output = Output(folder, tuple(_verified(folder, entries, FORMS[name])), FORMS[name])
        _complete(output)
    except OSError as error:
        raise _damaged(folder, error.strerror or type(error).__name__) from None
    return output


def _verified(folder: Path, entries: list[dict[str, object]], form: Form) -> Iterator[Path]:
    for entry in entries[1:]:
        files = entry["files"]
        assert isinstance(files, list)
        for file in files:
            path = folder / SHARDS / file["name"]
            if not path.is_file() or digest(path) != file["sha256"]:
                raise _damaged(path, f"{path.name} is missing, or not what was written")
            if path.name.endswith(form.suffix):
                yield path
    named = {name for entry in entries[1:] for name in entry.get("sheets", ())}  # type: ignore[attr-defined]  # a list
    for name in sorted(named):
        if not is_whole(folder, name):
            what = f"the sheet {name} is missing, or not what was written"
            raise _damaged(folder / SHEETS / name, what)


def _complete(output: Output) -> None:
    """Whether there are as many mails as the report says, each with a key of its own."""
    number, keys = 0, set[bytes]()
    for key in output.every_key():
        number += 1
        keys.add(bytes.fromhex(key))
    try:
        told = json.loads((output.folder / REPORT).read_bytes())["rendered"]
    except (ValueError, KeyError, TypeError):
        told = None
    if not told == number == len(keys):
        what = "its mails are not those that report.json counts"
        raise _damaged(output.folder, what)


def _damaged(path: Path, what: str) -> BatchError:
    help = "render the list again, into another folder; nothing was sent"
    return BatchError([diagnose("MW803", place=str(path), what=what, help=help)])


def _not_sendable(path: Path, what: str, todo: str) -> MailweaveError:
    return MailweaveError([_finding(path, what, todo)])


def _finding(path: Path, what: str, todo: str) -> Diagnostic:
    return diagnose("MW760", place=str(path), what=what, todo=todo)
