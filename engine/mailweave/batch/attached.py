"""The files that go with mails, in the rows of an output: each once in its folder, whoever gets it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from mailweave.batch.disk import Disk
from mailweave.campaign import Campaign
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Attachment

FILES: Final = "attachments"
"""The folder of an output that holds them, each under the SHA-256 of its content."""
Load = Callable[[str], bytes]
"""Gives the content of a file by its path in the output."""


def check_files(campaign: Campaign) -> None:
    """Raises MailweaveError where a campaign asks each call for files: a list has none."""
    if campaign.files_to_give:
        what = "[[attachments]] without `file` is given to each call of `render`, and a list has no files"
        raise MailweaveError([diagnose("MW024", place=campaign.config.name, what=what)])


def as_json(attachments: tuple[Attachment, ...]) -> str:
    """The files of a mail as a JSON list. Those of the campaign are named by their path in the output (`file`);
    an invitation, which is each recipient's own, is there as its text (`text`).

    >>> as_json((Attachment("a.txt", "text/plain", b"a"),))[:70]
    '[{"name": "a.txt", "type": "text/plain", "content_id": "", "file": "at'
    """
    return json.dumps([_told(one) for one in attachments]) if attachments else "[]"


def _told(one: Attachment) -> dict[str, str]:
    about = {"name": one.name, "type": one.type, "content_id": one.content_id}
    return about | ({"text": one.content.decode()} if one.is_invitation else {"file": _path(one)})


@lru_cache(maxsize=64)
def _path(one: Attachment) -> str:
    return f"{FILES}/{hashlib.sha256(one.content).hexdigest()}"


def from_json(text: str, load: Load) -> tuple[Attachment, ...]:
    """What `as_json` gave. Raises KeyError, TypeError or ValueError for what it did not, and what `load` raises."""
    return tuple(_read(one, load) for one in json.loads(text))


def _read(told: dict[str, Any], load: Load) -> Attachment:
    content = told["text"].encode() if "text" in told else load(told["file"])
    return Attachment(told["name"], told["type"], content, told["content_id"])


def load_from(output: Path) -> Load:
    """Loads the files of an output. It raises ValueError for one that is missing, or not what was written."""

    def load(name: str) -> bytes:
        path = output / FILES / Path(name).name
        try:
            content = path.read_bytes()
        except OSError:
            content = b""
        if hashlib.sha256(content).hexdigest() != path.name:
            raise ValueError(f"the file {path.name[:16]} of {FILES} is missing, or not what was written")
        return content

    return load


def write_files(output: Path, attachments: Iterable[Attachment]) -> None:
    """Writes files into the folder of an output; what is there already, whole or not, is written anew."""
    shared = {_path(one): one.content for one in attachments if not one.is_invitation}
    if not shared:
        return
    folder, disk = output / FILES, Disk()
    folder.mkdir(exist_ok=True)
    for name, content in shared.items():
        part = output / f"{name}.part"
        disk.write(part, content)
        disk.rename(part, output / name)
    disk.sync_folder(folder)
