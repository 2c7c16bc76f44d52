"""The mails that triggers have started, as `mailweave trigger run --messages` writes them: files that go on coming."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from mailweave.delivery.sending.mails import Finish, Form, Mail, Wanted, mailbox, sender_of

FOLDER: Final = "mails"
_NAME: Final = re.compile(r"[0-9]{8}-([0-9a-f]{16})\.jsonl")
_KEY: Final = re.compile(r"[0-9a-f]{32}")


def are_in(folder: Path) -> bool:
    """Whether a folder is one that triggers write their mails into."""
    return (folder / FOLDER).is_dir()


def files(folder: Path) -> tuple[Path, ...]:
    """The files of mails, in the order in which they were written; one that is being written is not there yet."""
    return tuple(sorted(path for path in (folder / FOLDER).iterdir() if _NAME.fullmatch(path.name)))


def is_whole(path: Path) -> bool:
    """Whether a file is what its name says."""
    named = _NAME.fullmatch(path.name)
    return named is not None and sha256(path.read_bytes()).hexdigest().startswith(named[1])


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for line in path.read_bytes().splitlines():
        row = json.loads(line)
        if not isinstance(row, dict) or not _KEY.fullmatch(str(row.get("idempotency_key"))):
            raise ValueError("a line is no mail")
        if not isinstance(row.get("message"), str):
            raise ValueError("it holds mails without their messages, written without --messages")
        yield row


def _keys(path: Path) -> Iterator[str]:
    for row in _rows(path):
        yield row["idempotency_key"]


def _mails(path: Path, wanted: Wanted, _: Finish) -> Iterator[Mail]:
    for row in _rows(path):
        key, zone = row["idempotency_key"], str(row.get("timezone", ""))
        if wanted(key, zone):
            content = row["message"].encode()
            sender = sender_of(str(row.get("return_path", "")), content)
            yield Mail(key, sender, mailbox(content, "To"), content, zone)


FORM: Final = Form(".jsonl", _keys, _mails)
