"""What is sent: the mails of an output that is finished, and is what the batch wrote."""

from __future__ import annotations

import json
import tarfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from mailweave.batch.attached import FILES, from_json, load_from
from mailweave.batch.cut_mails import SHEETS, is_whole
from mailweave.batch.extras import require
from mailweave.batch.ledger import MANIFEST, REPORT, SHARDS, BatchError, digest, is_begun, read_manifest
from mailweave.campaign.link_settings import LinkSettings
from mailweave.delivery.links import Keys, rewrite
from mailweave.delivery.links import Signer as LinkSigner
from mailweave.delivery.sending import trigger_mails
from mailweave.delivery.sending.mails import FORMS, Finish, Form, Mail
from mailweave.diagnostics import Diagnostic, MailweaveError, diagnose
from mailweave.message import Email

_NOT_WHOLE: Final = {
    "parquet": "rows of Parquet hold no dates, and so not the bytes of a message",
    "jsonl": "lines of JSON hold no dates, and so not the bytes of a message",
    "mbox": "an mbox does not hold the idempotency keys by which a sender knows what it has sent",
}
_TODO: Final = "render the list with --format values, eml or maildir"


def _as_it_is(email: Email) -> Email:
    return email


@dataclass(frozen=True, slots=True)
class Output:
    """The shards of an output, in order. `finish`: what is done to each e-mail, as far as the format allows it."""

    folder: Path
    shards: tuple[Path, ...]
    form: Form
    finish: Finish = _as_it_is

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
            for mail in self.form.mails(path, wanted, self.finish):
                yield mail._replace(shard=shard)
        except (ValueError, tarfile.TarError) as error:
            raise _not_sendable(path, str(error), "render the list again, into another folder") from None


def opened(folder: Path, keys: Keys | None = None, *, unsigned: bool = False) -> Output:
    """The output of a folder, its files compared with their digests. Raises MailweaveError.

    keys: those that sign links; an output of a campaign that signs them is refused without, unless they may go
    `unsigned`.
    """
    try:
        if not is_begun(folder) and trigger_mails.are_in(folder):
            return _of_triggers(folder)
        entries = read_manifest(folder / MANIFEST) if is_begun(folder) else []
        if not entries:
            what = "the folder holds no output of `mailweave batch`, and no mails of `mailweave trigger run`"
            raise _not_sendable(folder, what, "name the folder of its --out")
        name = str(entries[0].get("options", {}).get("format", "parquet"))
        if name not in FORMS:
            raise _not_sendable(folder, _NOT_WHOLE.get(name, "its format is not known"), _TODO)
        if not (folder / REPORT).is_file():
            raise BatchError([diagnose("MW828", place=str(folder))])
        if FORMS[name].extra:
            require(FORMS[name].extra, place=str(folder), what="sending mails from values")
        files = tuple(_verified(folder, entries, FORMS[name]))
        if name == "values":
            _check_attached(folder, files)
        output = Output(folder, files, FORMS[name], _as_it_is if unsigned else _signing(folder, name, keys))
        _complete(output)
    except OSError as error:
        raise _damaged(folder, error.strerror or type(error).__name__) from None
    return output


def _of_triggers(folder: Path) -> Output:
    """The mails that triggers have started so far. Their links were signed when they were written."""
    output = Output(folder, trigger_mails.files(folder), trigger_mails.FORM)
    for path in output.shards:
        if not trigger_mails.is_whole(path):
            raise _damaged(path, f"{path.name} is not what was written")
    keys, path = set[str](), folder
    try:
        for path in output.shards:
            for key in output.form.keys(path):
                if key in keys:
                    raise _damaged(path, "a mail is in two files")
                keys.add(key)
    except ValueError as error:
        todo = "run the triggers with --messages, a new --state and --out: a state writes each mail once"
        raise _not_sendable(path, str(error), todo) from None
    return output


def _signing(folder: Path, form: str, keys: Keys | None) -> Finish:
    """What signs the links, where the campaign asks for it. Raises MailweaveError."""
    try:
        settings = json.loads((folder / REPORT).read_bytes()).get("links")
        links = None if settings is None else LinkSettings.model_validate(settings)
    except (ValueError, AttributeError):
        raise _damaged(folder / REPORT, "report.json is not what was written") from None
    if links is None:
        return _as_it_is
    if keys is None:
        what = f"its campaign signs links with the key `{links.key}`, and there are no keys"
        todo = "name them, --link-keys FILE or MAILWEAVE_LINK_KEYS; --unsigned-links sends links as they are"
        raise _not_sendable(folder, what, todo)
    if form != "values":
        what = "its campaign signs links, and whole messages can no longer be signed"
        raise _not_sendable(
            folder, what, "render the list with --format values, or send with --unsigned-links"
        )
    return partial(rewrite, signer=LinkSigner(links, keys))


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


def _check_attached(folder: Path, shards: Sequence[Path]) -> None:
    """Whether the files that go with mails are what was written."""
    import pyarrow.parquet as pq

    told = {
        text
        for path in shards
        for text in pq.read_table(path, columns=["attachments"])[0].unique().to_pylist()
    }
    for text in told:
        try:
            from_json(text, load_from(folder))
        except (ValueError, KeyError, TypeError) as error:
            raise _damaged(folder / FILES, str(error)) from None


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
