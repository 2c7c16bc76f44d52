"""One mail as a server is given it, out of the files of an output that hold whole messages."""

from __future__ import annotations

import re
import tarfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple

from mailweave.batch import expanding
from mailweave.batch.formats import FORMATS, RETURN_PATH, TIMEZONE
from mailweave.delivery.links import LinkError
from mailweave.message import Email
from mailweave.message.addresses import address
from mailweave.values.invalid_value import InvalidValue

Wanted = Callable[[str, str], bool]
"""Whether a mail is wanted, by its idempotency key and its recipient's zone."""
Finish = Callable[[Email], Email]
"""What is done to an e-mail before it becomes a message: its links are signed. Raises LinkError."""

_NAMED: Final = re.compile(r"(?:new/)?([0-9a-f]{32})(?:\.eml|:2,)")
_FOLD: Final = re.compile(r"\r\n(?=[ \t])")


class Mail(NamedTuple):
    """One message. `key`: its idempotency key, 32 hexadecimal digits. `sender`: who hears of bounces. `zone`: the
    recipient's, where the output says it. `shard`: the number of the file that it is in. `unfit`: why it cannot be sent
    at all, where it cannot."""

    key: str
    sender: str
    to: str
    content: bytes
    zone: str = ""
    shard: int = 0
    unfit: str = ""

    def __repr__(self) -> str:
        """Nothing of a person, for logs."""
        return f"<Mail {self.key}: {len(self.content)} octets>"


@dataclass(frozen=True, slots=True)
class Form:
    """`suffix`: how its files end. `keys`, `mails`: what is read of one. They raise ValueError, without a datum of
    anybody, for what the batch did not write. `extra`: what reading them needs."""

    suffix: str
    keys: Callable[[Path], Iterator[str]]
    mails: Callable[[Path, Wanted, Finish], Iterator[Mail]]
    extra: str = ""


def mailbox(content: bytes, name: str) -> str:
    """The address in a header of a message that `Email.as_bytes` wrote. Raises ValueError where it has not one.

    >>> mailbox(b'From: "Lee, Ann"\\r\\n <ann@example.com>\\r\\n\\r\\n', "From")
    'ann@example.com'
    """
    head = content.partition(b"\r\n\r\n")[0].decode("utf-8", "replace")
    start = f"{name.lower()}:"
    found = [line for line in _FOLD.sub("", head).split("\r\n") if line.lower().startswith(start)]
    if len(found) != 1:
        raise ValueError(f"a message has not one header {name}")
    text = found[0][len(start) :].strip()
    try:
        return address(text[text.rfind("<") + 1 : -1] if text.endswith(">") else text, international=True)
    except InvalidValue:
        raise ValueError(f"the header {name} of a message is not one mailbox") from None


def sender_of(return_path: str, content: bytes) -> str:
    """Who hears of bounces: the address for them, else that of `From`. Raises ValueError where it is none."""
    try:
        return address(return_path, international=True) if return_path else mailbox(content, "From")
    except InvalidValue:
        raise ValueError("the address for bounces of a message is none") from None


def _packed_keys(path: Path) -> Iterator[str]:
    with tarfile.open(path) as tar:
        for member in tar:
            yield _key(member)


def _packed(path: Path, wanted: Wanted, _: Finish) -> Iterator[Mail]:
    with tarfile.open(path) as tar:
        for member in tar:
            key, zone = _key(member), member.pax_headers.get(TIMEZONE, "")
            if wanted(key, zone):
                file = tar.extractfile(member)
                assert file is not None
                content = file.read()
                sender = sender_of(member.pax_headers.get(RETURN_PATH, ""), content)
                yield Mail(key, sender, mailbox(content, "To"), content, zone)


def _key(member: tarfile.TarInfo) -> str:
    found = _NAMED.fullmatch(member.name)
    if found is None or not member.isfile():
        raise ValueError("a file in it is named after no idempotency key")
    return found[1]


def _cut_keys(path: Path) -> Iterator[str]:
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(columns=["idempotency_key"]):
            yield from batch.column(0).to_pylist()


def _cut(path: Path, wanted: Wanted, finish: Finish) -> Iterator[Mail]:
    for row in expanding.rows(path):
        email = row.email
        key = email.idempotency_key
        if wanted(key, email.timezone):
            yield _made(key, email, finish)


def _made(key: str, email: Email, finish: Finish) -> Mail:
    try:
        content = finish(email).as_bytes()
    except LinkError as error:
        return Mail(key, "", "", b"", email.timezone, unfit=error.code)
    sender = sender_of(email.envelope.return_path, content)
    return Mail(key, sender, mailbox(content, "To"), content, email.timezone)


FORMS: Final[Mapping[str, Form]] = MappingProxyType(
    {
        "eml": Form(FORMATS["eml"].suffix, _packed_keys, _packed),
        "maildir": Form(FORMATS["maildir"].suffix, _packed_keys, _packed),
        "values": Form(FORMATS["values"].suffix, _cut_keys, _cut, "batch"),
    }
)
"""The formats of outputs that can be sent: those that hold whole messages, and what knows them again."""
