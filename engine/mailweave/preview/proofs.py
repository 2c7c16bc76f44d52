"""Proofs: mails of the desk, sent to an address of the author's own through a server that the author named."""

from __future__ import annotations

import smtplib
import socket
import ssl
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from secrets import token_hex
from threading import Timer

from mailweave.batch.seed_copies import proof_of
from mailweave.delivery.sending.servers import login
from mailweave.diagnostics import MailweaveError, diagnose
from mailweave.message import Email
from mailweave.message.addresses import address
from mailweave.values.invalid_value import InvalidValue

_PATIENCE = 20  # seconds for each step of the server
_GOODBYE = 2  # seconds for its last word
_REFUSALS = (smtplib.SMTPRecipientsRefused, smtplib.SMTPSenderRefused, smtplib.SMTPDataError)


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
        host.encode("idna")  # a name that no system looks up
        return made

    def send(self, emails: Iterable[Email], to: str) -> int:
        """Sends each of these as a proof to one address, and says how many. Raises MailweaveError.

        TLS is used where the server offers it, and demanded where a password is sent. What the server refuses of one mail
        keeps no other back.
        """
        try:
            reader = address(to)
        except InvalidValue:
            raise _cannot("the address of a proof is no plain address") from None
        proofs = [_once(proof_of(email, reader)) for email in emails]
        sent, refused = 0, ""
        try:
            with self._connected(len(proofs)) as server:
                for proof in proofs:
                    try:
                        _hand_over(server, proof, reader)
                        sent += 1
                    except _REFUSALS as refusal:
                        refused = refused or _words(refusal)
        except (OSError, smtplib.SMTPException, UnicodeError) as error:
            refused = refused or _words(error)
        if refused:
            raise _cannot(f"{self.host}:{self.port} took {sent} of {len(proofs)} proofs: {refused}")
        return sent

    @contextmanager
    def _connected(self, count: int) -> Iterator[smtplib.SMTP]:
        """A server that waits for mail. What it says to QUIT is of no weight: it has the mails."""
        server = _Connection(self.host, self.port, _PATIENCE * (2 + count))
        try:
            self._greet(server)
            yield server
        finally:
            with suppress(OSError, smtplib.SMTPException):
                if server.sock is not None:
                    server.sock.settimeout(_GOODBYE)
                    server.quit()
            server.close()

    def _greet(self, server: smtplib.SMTP) -> None:
        held = login()
        server.ehlo()
        if server.has_extn("starttls"):
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        elif held is not None:
            raise _cannot(f"{self.host} offers no TLS, so no password is sent to it")
        if held is not None:
            server.login(held.user, held.password)


class _Connection(smtplib.SMTP):
    """Hangs up after `most` seconds: a server can speak often enough, and never end."""

    def __init__(self, host: str, port: int, most: float) -> None:
        self._end = Timer(most, self._hang_up)
        self._end.daemon = True
        self._end.start()
        super().__init__(host, port, timeout=_PATIENCE)

    def _hang_up(self) -> None:
        with suppress(OSError):
            if self.sock is not None:
                self.sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._end.cancel()
        super().close()


def _hand_over(server: smtplib.SMTP, proof: Email, reader: str) -> None:
    sender = proof.envelope.sender
    server.sendmail(sender, [reader], proof.as_bytes(), () if sender.isascii() else ("SMTPUTF8",))


def _once(proof: Email) -> Email:
    """A proof with a Message-ID of its own: mail clients hide a second mail with one that they have seen."""
    return replace(proof, key=f"{proof.key} {token_hex(8)}")


def _words(error: OSError | smtplib.SMTPException | UnicodeError) -> str:
    """What a server said, or the system."""
    if isinstance(error, UnicodeError):
        return "a name or a password has letters that it does not take"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return _reply(*next(iter(error.recipients.values())))
    if isinstance(error, smtplib.SMTPResponseException):
        return _reply(error.smtp_code, error.smtp_error)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "it hung up, or said nothing more"
    return getattr(error, "strerror", None) or type(error).__name__


def _reply(code: int, words: bytes | str) -> str:
    if code < 0:
        return "it speaks no SMTP"
    return f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"


def _cannot(what: str) -> MailweaveError:
    return MailweaveError([diagnose("MW024", place="proof", what=what)])
