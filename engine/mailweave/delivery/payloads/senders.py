"""Who writes a provider's form: those that mailweave knows, and those that a caller adds."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Protocol

from mailweave.delivery.payloads import mailgun, postmark, resend, sendgrid, ses, smtp
from mailweave.delivery.payloads.form import Payload
from mailweave.delivery.payloads.limits import Facts
from mailweave.delivery.payloads.unsupported import Refusals
from mailweave.diagnostics import ArgumentError
from mailweave.diagnostics.suggest import did_you_mean
from mailweave.message import Email


class Writer(Protocol):
    """Writes one e-mail in a provider's form; what it has no place for goes to `refusals`, by name."""

    def __call__(self, email: Email, refusals: Refusals, /) -> Payload: ...


FACTS: Final[Mapping[str, Facts]] = MappingProxyType(
    {facts.name: facts for facts in (ses.FACTS, sendgrid.FACTS, mailgun.FACTS, postmark.FACTS, resend.FACTS)}
)
_writers: Final[dict[str, Writer]] = {
    ses.FACTS.name: ses.write,
    sendgrid.FACTS.name: sendgrid.write,
    mailgun.FACTS.name: mailgun.write,
    postmark.FACTS.name: postmark.write,
    resend.FACTS.name: resend.write,
    smtp.NAME: smtp.write,
}


def register(name: str, writer: Writer) -> None:
    """Adds a provider: `payload(email, name)` and `batches(emails, name)` ask `writer` then.

    `writer` gets an e-mail and its Refusals, and gives a Payload. For what the provider cannot say it calls
    `refusals.add("amp", "MW750", what="an AMP part")`: the feature by its name for `drop`, a code, and the code's
    facts; Unsupported is raised when it has returned. Raises ArgumentError (MW757) for a name that is taken.
    """
    if name in _writers:
        raise ArgumentError("MW757", "name", "a name that is free", "the name of a provider")
    _writers[name] = writer


def writer_of(provider: str) -> Writer:
    """Raises ArgumentError (MW755) for a provider that nobody knows."""
    found = _writers.get(provider)
    if found is None:
        names = sorted(_writers)
        raise ArgumentError(
            "MW755", "provider", f"one of {', '.join(names)}", "another name", did_you_mean(provider, names)
        )
    return found
