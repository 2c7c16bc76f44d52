"""A server of SMTP (RFC 5321): connections, and one mail handed over on one of them."""

from __future__ import annotations

import asyncio
import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from mailweave.delivery.sending.answers import (
    Answer,
    Begin,
    Lost,
    Turned,
    Verdict,
    answer_of,
    enhanced,
    of_this_mail,
    reply,
)
from mailweave.delivery.sending.mails import Mail
from mailweave.delivery.sending.servers import PASSWORD, USER, Server, is_loopback

if TYPE_CHECKING:
    from aiosmtplib import SMTP

_CLOSING: Final = 421  # the server ends the connection, whatever it was asked
_STORAGE: Final = 552  # too large: said of a mail, though in answer to the sender's name
_OF_SESSION: Final = frozenset(
    {500, 502, 503, 504, 530, 534, 535, 538, 555}
)  # of order, login, TLS: of no recipient
_GOODBYE: Final = 5.0  # seconds for the last word of a server


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a server may take: to be there, for each command, and for a mail (RFC 5321, 4.5.3.2)."""

    connect: float = 30.0
    command: float = 300.0
    mail: float = 600.0


@dataclass(slots=True)
class SmtpRoute:
    """A server by SMTP. tls: certificates that are trusted; those of the system unless given."""

    server: Server
    patience: Patience = field(default_factory=Patience)
    tls: ssl.SSLContext | None = None
    _name: str = ""

    async def open(self) -> SmtpSession:
        """A connection that has greeted, is encrypted where that is asked, and logged in. Raises Lost and Turned."""
        from aiosmtplib import SMTP

        self._name = self._name or await asyncio.to_thread(_own_name)
        self.tls = self.tls or await asyncio.to_thread(ssl.create_default_context)
        mode, server = self.server.tls, self.server
        client = SMTP(
            hostname=server.host,
            port=server.port,
            local_hostname=self._name,
            timeout=self.patience.connect,
            use_tls=mode == "tls",
            start_tls=mode == "starttls",
            tls_context=None if mode == "none" else self.tls,
        )
        try:
            await self._greet(client)
        except BaseException:
            client.close()
            raise
        return SmtpSession(client, self.patience)

    async def _greet(self, client: SMTP) -> None:
        from aiosmtplib import SMTPException, SMTPNotSupported, SMTPResponseException

        try:
            await client.connect()
            await _introduce(client)
            await self._log_in(client)
        except SMTPResponseException as refusal:
            kind = Turned if refusal.code // 100 == 5 else Lost
            raise kind(f"it said {reply(refusal.code, refusal.message)} before any mail") from None
        except (ssl.SSLError, SMTPNotSupported) as error:
            raise Turned(_tls_trouble(error)) from None
        except (OSError, SMTPException) as error:
            if isinstance(error.__cause__, ssl.SSLCertVerificationError):
                raise Turned(_tls_trouble(error.__cause__)) from None
            if type(error) is SMTPException:  # what the library has no class for: no STARTTLS
                raise Turned("it offers no STARTTLS") from None
            raise Lost(_trouble(error)) from None

    async def _log_in(self, client: SMTP) -> None:
        login, server = self.server.login, self.server
        if login is None:
            return
        if server.tls == "none" and not is_loopback(
            server.host
        ):  # whoever made this server, not `Server.named`
            raise Turned("no password is sent without TLS")
        if not client.supports_extension("auth"):
            raise Turned(f"it offers no login, though {USER} is set")
        from aiosmtplib import SMTPAuthenticationError, SMTPException

        try:
            await client.login(login.user, login.password)
        except SMTPAuthenticationError as refusal:
            kind = Turned if refusal.code // 100 == 5 else Lost
            what = f"it refused {USER} and {PASSWORD}: {reply(refusal.code, refusal.message)}"
            raise kind(what) from None
        except SMTPException as error:
            if type(error) is not SMTPException:  # what the library has a class for is told by who calls this
                raise
            raise Turned("it offers no way to log in that is known here") from None


async def _introduce(client: SMTP) -> None:
    """EHLO, or HELO to a server that knows no extensions."""
    from aiosmtplib import SMTPHeloError

    if client.last_ehlo_response is None:
        try:
            await client.ehlo()
        except SMTPHeloError:
            await client.helo()


class SmtpSession:
    """One connection. Not shared: it carries one mail at a time."""

    def __init__(self, client: SMTP, patience: Patience) -> None:
        self._client, self._patience = client, patience

    async def hand_over(self, mail: Mail, begin: Begin) -> Answer:
        """Gives one mail to the server; `begin` is awaited before DATA. Raises Lost and Turned."""
        lacks = self._lacks(mail)
        if lacks:
            return Answer(Verdict.UNFIT, 0, lacks)
        refused = await self._addressed(mail)
        if refused is not None:
            return refused
        await begin()
        return await self._given(mail)

    async def close(self) -> None:
        """QUIT, for as long as good manners ask."""
        from aiosmtplib import SMTPException

        with suppress(OSError, SMTPException):
            await self._client.quit(timeout=_GOODBYE)
        self._client.close()

    def _lacks(self, mail: Mail) -> str:
        """What the server does not offer and the mail needs."""
        client = self._client
        if _is_international(mail) and not client.supports_extension("smtputf8"):
            return "SMTPUTF8"
        if not mail.content.isascii() and not client.supports_extension("8bitmime"):
            return "8BITMIME"
        size = client.esmtp_extensions.get("size", "")
        if size.isdecimal() and 0 < int(size) < len(mail.content):
            return f"SIZE {len(mail.content)}"
        return ""

    async def _addressed(self, mail: Mail) -> Answer | None:
        """Names sender and recipient; gives the answer where one of them is refused."""
        from aiosmtplib import SMTPException, SMTPRecipientRefused, SMTPResponseException

        client, wait = self._client, self._patience.command
        try:
            options = list(self._options(mail))
            await client.mail(mail.sender, options=options, encoding="utf-8", timeout=wait)
            await client.rcpt(mail.to, encoding="utf-8", timeout=wait)
        except SMTPResponseException as refusal:
            said = reply(refusal.code, refusal.message)
            answer = answer_of(refusal.code, refusal.message)
            if refusal.code == _CLOSING or answer.verdict is Verdict.DOUBT:
                self._client.close()
                raise Lost(f"it said {said}") from None
            of_recipient = isinstance(refusal, SMTPRecipientRefused) and refusal.code not in _OF_SESSION
            if answer.verdict is Verdict.REFUSED and not (of_recipient or refusal.code == _STORAGE):
                raise Turned(f"it said {said} to what every mail begins with") from None
            await self._reset()
            return of_this_mail(answer)
        except (OSError, SMTPException) as error:
            raise Lost(_trouble(error)) from None
        return None

    def _options(self, mail: Mail) -> list[str]:
        """Parameters of MAIL FROM."""
        client = self._client
        told = [f"SIZE={len(mail.content)}"] if client.supports_extension("size") else []
        if not mail.content.isascii():
            told.append("BODY=8BITMIME")
        return [*told, "SMTPUTF8"] if _is_international(mail) else told

    async def _reset(self) -> None:
        """So that the next mail begins anew; a connection that cannot do that is of no use."""
        from aiosmtplib import SMTPException

        try:
            await self._client.rset(timeout=self._patience.command)
        except (OSError, SMTPException):
            self._client.close()

    async def _given(self, mail: Mail) -> Answer:
        """The mail itself. What ends without a reply to it is in doubt: the server may have taken it."""
        from aiosmtplib import SMTPDataError, SMTPException

        try:
            response = await self._client.data(mail.content, timeout=self._patience.mail)
        except SMTPDataError as refusal:
            answer = answer_of(refusal.code, refusal.message)
            if refusal.code == _CLOSING or answer.verdict is Verdict.DOUBT:
                self._client.close()
            if refusal.code in _OF_SESSION:
                return answer._replace(verdict=Verdict.DEFERRED)
            return of_this_mail(answer)
        except (OSError, SMTPException):
            self._client.close()
            return Answer(Verdict.DOUBT)
        return Answer(Verdict.SENT, response.code, enhanced(response.message))

    @property
    def is_open(self) -> bool:
        """Whether it can take another mail."""
        return self._client.is_connected


def _is_international(mail: Mail) -> bool:
    """Whether SMTPUTF8 is needed (RFC 6531): letters beyond ASCII in an address or a header."""
    head = mail.content.partition(b"\r\n\r\n")[0]
    return not (mail.sender.isascii() and mail.to.isascii() and head.isascii())


def _own_name() -> str:
    """What is said in EHLO: this machine's full name, where it is one."""
    name = socket.getfqdn()
    return name if name.isascii() and "." in name and name.isprintable() else "[127.0.0.1]"


def _tls_trouble(error: Exception) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is not trusted: {error.verify_message}"
    return "TLS with it fails"


def _trouble(error: Exception) -> str:
    """What the system says, or that nobody is there; never words of the server."""
    if isinstance(error, TimeoutError):
        return "it says nothing"
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return getattr(cause, "strerror", None) or "it hung up"
