"""A list of e-mails as as few requests as a provider takes them in, each e-mail accounted for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

from mailweave.delivery.emails import check_email
from mailweave.delivery.payloads import resend
from mailweave.delivery.payloads.form import Json, Payload
from mailweave.delivery.payloads.limits import Batch
from mailweave.delivery.payloads.payload import payload
from mailweave.delivery.payloads.senders import FACTS, writer_of
from mailweave.delivery.payloads.unsupported import droppable
from mailweave.diagnostics import ArgumentError, MailweaveError
from mailweave.message import Email


@dataclass(frozen=True, slots=True)
class Refused:
    """What is in no payload: its place in the list, from 0, its idempotency key, and why not. The skips and failures of
    `render_many` are no e-mails, and have no key."""

    index: int
    key: str
    error: MailweaveError


def batches(
    emails: Iterable[Email],
    provider: str,
    *,
    drop: Collection[str] = (),
    extra: Mapping[str, Any] = MappingProxyType({}),
) -> Iterator[Payload | Refused]:
    """All e-mails as requests: several in one where the provider has an endpoint that takes whole ones, which are
    Postmark (500 e-mails, 50 MB) and Resend (100 e-mails; one with files goes alone). Elsewhere one each.

    E-mails stay in order over all payloads, and `Payload.keys` tells which are in one. One that cannot be said is given
    as Refused when it is met; nothing is dropped. E-mails are read as they are needed. `drop` and `extra` are those of
    `payload`. Raises ArgumentError at the call (MW755, MW756), and for `extra` with the first e-mail (MW757).
    """
    writer_of(provider)
    droppable(drop)
    batch = FACTS[provider].batch if provider in FACTS else None
    made = _each(emails, provider, drop, extra)
    return made if batch is None else _joined(made, batch)


def _each(
    emails: Iterable[Email], provider: str, drop: Collection[str], extra: Mapping[str, Any]
) -> Iterator[Payload | Refused]:
    for index, email in enumerate(emails):
        try:
            check_email(email)
        except ArgumentError as error:
            yield Refused(index, "", error)
            continue
        try:
            yield payload(email, provider, drop=drop, extra=extra)
        except ArgumentError:  # the caller's mistake, not the e-mail's
            raise
        except MailweaveError as error:
            yield Refused(index, email.idempotency_key, error)


@dataclass(slots=True)
class _Pending:
    """E-mails that wait for company, and their bytes as members of a list."""

    batch: Batch
    waiting: list[Payload] = field(default_factory=list)
    size: int = 2

    def fits(self, more: int) -> bool:
        most = self.batch.most_bytes
        return len(self.waiting) < self.batch.most and (most is None or self.size + more <= most)

    def add(self, one: Payload, more: int) -> None:
        self.waiting.append(one)
        self.size += more

    def flush(self) -> Iterator[Payload]:
        if self.waiting:
            yield _together(self.waiting, self.batch.path)
        self.waiting, self.size = [], 2


def _joined(made: Iterator[Payload | Refused], batch: Batch) -> Iterator[Payload | Refused]:
    pending = _Pending(batch)
    for one in made:
        if isinstance(one, Refused):
            yield one
        elif not batch.files and _has_files(one):
            yield from pending.flush()
            yield one
        else:
            more = len(one.content) + 1
            if not pending.fits(more):
                yield from pending.flush()
            pending.add(one, more)
    yield from pending.flush()


def _has_files(one: Payload) -> bool:
    return isinstance(one.body, dict) and "attachments" in one.body


def _together(several: list[Payload], path: str) -> Payload:
    """One request, whose body is the list of their bodies."""
    first = several[0]
    bodies: list[Json] = [one.body for one in several if isinstance(one.body, dict)]
    keys = tuple(key for one in several for key in one.keys)
    headers = resend.keyed(resend.batch_key(keys)) if "Idempotency-Key" in first.headers else first.headers
    return replace(first, path=path, headers=headers, body=bodies, keys=keys)
