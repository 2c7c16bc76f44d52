"""The server that mails are given to, as its URL names it, and the login that the environment holds."""

from __future__ import annotations

import ipaddress
import os
from dataclasses import dataclass, field
from typing import Final, Literal
from urllib.parse import SplitResult, urlsplit

from mailweave.diagnostics import MailweaveError, diagnose

Tls = Literal["none", "starttls", "tls"]
_SCHEMES: Final[dict[str, tuple[Tls, int]]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
USER, PASSWORD = "MAILWEAVE_SMTP_USER", "MAILWEAVE_SMTP_PASSWORD"
_WRITTEN: Final = "write smtps://HOST, smtp+starttls://HOST:587 or smtp://localhost:25"


@dataclass(frozen=True, slots=True)
class Login:
    """A name and a password; the repr of a login holds neither."""

    user: str = field(repr=False)
    password: str = field(repr=False)


def login() -> Login | None:
    """What MAILWEAVE_SMTP_USER and MAILWEAVE_SMTP_PASSWORD say; None where no user is named."""
    user = os.environ.get(USER)
    return Login(user, os.environ.get(PASSWORD, "")) if user else None


@dataclass(frozen=True, slots=True)
class Server:
    """Where mails go. `tls`: from the first octet, by STARTTLS, or none.

    >>> Server.named("smtp+starttls://mail.example.com")
    Server(host='mail.example.com', port=587, tls='starttls', login=None)
    """

    host: str
    port: int
    tls: Tls
    login: Login | None = None

    @classmethod
    def named(cls, url: str, *, plain: bool = False, login: Login | None = None) -> Server:
        """The server of a URL. plain: whether it may be spoken to without TLS though it is another machine.

        Raises MailweaveError (MW761), which does not quote the URL.
        """
        parts = _split(url)
        tls, usual = _SCHEMES[parts.scheme]
        host = parts.hostname or ""
        if tls == "none" and not is_loopback(host):
            if not plain:
                todo = "use smtps:// or smtp+starttls://; --plain sends without TLS all the same"
                raise _refused("smtp:// is not encrypted, and the host is another machine", todo)
            if login is not None:
                todo = f"use smtps:// or smtp+starttls://, or unset {USER}"
                raise _refused("a password is not sent to another machine without TLS", todo)
        return cls(host, parts.port or usual, tls, login)


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("localhost"), is_loopback("127.0.0.2"), is_loopback("localhost.example.com")
    (True, True, False)
    """
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _refused("it is no URL", _WRITTEN) from None
    if parts.scheme not in _SCHEMES:
        raise _refused("it does not begin with smtp://, smtp+starttls:// or smtps://", _WRITTEN)
    if parts.username is not None or parts.password is not None:
        todo = f"leave them out, and set {USER} and {PASSWORD}"
        raise _refused("names and passwords stand in no command line, where all can read them", todo)
    if not parts.hostname or not parts.hostname.isascii() or port == 0:
        raise _refused("it has no host, or one with letters beyond ASCII, or no such port", _WRITTEN)
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _refused("something stands behind the host and its port", _WRITTEN)
    return parts


def _refused(what: str, todo: str) -> MailweaveError:
    return MailweaveError([diagnose("MW761", place="--smtp", what=what, todo=todo)])
