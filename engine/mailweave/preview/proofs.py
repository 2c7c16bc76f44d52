"""Proofs: mails of the desk, sent to an address of the author's own through a server that the author named."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterable
from dataclasses import dataclass, replace
from secrets import token_hex

from mailweave.batch.seed_copies import proof_of
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Email
from mailweave.message.addresses import is_address

_PATIENCE = 20  # seconds for each step of the server


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where proofs go. Name and password are those of MAILWEAVE_SMTP_USER and MAILWEAVE_SMTP_PASSWORD, if set.

    >>> MailServer.named("localhost:1025")
    MailServer(host='localhost', port=1025)
    """

    host: str
    port: int = 25

    @classmethod
    def named(cls, text: str) -> MailServer:
        """From `HOST` or `HOST:PORT`. Raises ValueError."""
        host, colon, port = text.partition(":")
        made = cls(host, int(port)) if colon else cls(host)
        if not host or not 0 < made.port < 65_536:
            raise ValueError(text)
        return made

    def send(self, emails: Iterable[Email], to: str) -> int:
        """Sends each of these as a proof to one address, and says how many. Raises MailweaveError.

        TLS is used where the server offers it, and demanded where a password is sent.
        """
        if not is_address(to):
            raise _cannot("the address of a proof is no plain address")
        sent = 0
        try:
            with smtplib.SMTP(self.host, self.port, timeout=_PATIENCE) as server:
                self._greet(server)
                for email in emails:
                    server.sendmail(email.envelope.sender, [to], _once(proof_of(email, to)).as_bytes())
                    sent += 1
        except (OSError, smtplib.SMTPException) as error:
            raise _cannot(f"{self.host}:{self.port} took {sent} proofs, then: {_words(error)}") from None
        return sent

    def _greet(self, server: smtplib.SMTP) -> None:
        user, password = os.environ.get("MAILWEAVE_SMTP_USER"), os.environ.get("MAILWEAVE_SMTP_PASSWORD")
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif user:
            raise _cannot(f"{self.host} offers no TLS, so no password is sent to it")
        if user:
            server.login(user, password or "")


def _once(proof: Email) -> Email:
    """A proof with a Message-ID of its own: mail clients hide a second mail with one that they have seen."""
    return replace(proof, key=f"{proof.key} {token_hex(8)}")


def _words(error: OSError | smtplib.SMTPException) -> str:
    """What a server said, or the system."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _reply(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    return getattr(error, "strerror", None) or type(error).__name__


def _reply(code: int, words: bytes | str) -> str:
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"


def _cannot(what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW024", place="proof", what=what)])
