"""Addresses of mailboxes: what is accepted is what is written, in one form."""

from __future__ import annotations

import re

from mailweave.values.invalid_value import InvalidValue

LONGEST = 254  # octets of an address: RFC 5321, 4.5.3.1.3, without its angle brackets
LONGEST_LOCAL = 64  # octets of the part before the `@`: RFC 5321, 4.5.3.1.1

_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)*(?!\d+\Z){_LABEL}")
_PLAIN = re.compile(
    r"[A-Za-z0-9_+-]{1,20}(?:\.[A-Za-z0-9_+-]{1,20}){0,2}@(?:[A-Za-z0-9]{1,60}\.){1,3}[A-Za-z]{2,60}"
)
_TEMPLATING = re.compile(r"\{[{%#]|\$\{|\*\||%%")
_ENCODED_WORD = re.compile(r"=\?[^?]*\?[^?]*\?")
_BEYOND = re.compile(r"[^\x00-\x7f]")


def address(text: str, *, international: bool = False) -> str:
    """One address, `local@domain`, as it is written in a message.

    The part before the `@` is a dot-atom of at most 64 octets; letters beyond ASCII in it only where
    `international` (SMTPUTF8, RFC 6531). The domain's names are those of RFC 1035; letters beyond ASCII become
    A-labels, as UTS 46 says. Raises InvalidValue, with a reason that does not quote the address.

    >>> address("Ann.Lee@exämple.com")
    'Ann.Lee@xn--exmple-cua.com'
    """
    if _PLAIN.fullmatch(text):
        return text
    if len(text) > LONGEST:
        raise InvalidValue(f"is an address of more than {LONGEST} octets")
    local, at, domain = text.rpartition("@")
    if not at:
        raise InvalidValue("is not one plain address")
    whole = f"{_local(local, international)}@{host(domain)}"
    if len(whole.encode()) > LONGEST:
        raise InvalidValue(f"is an address of more than {LONGEST} octets")
    return whole


def is_address(text: str) -> bool:
    """Whether `text` is one plain address that can stand in any message.

    >>> is_address("ann@example.com"), is_address("a@b.c, d@e.f"), is_address("ann..b@example.com")
    (True, False, False)
    """
    try:
        return bool(address(text))
    except InvalidValue:
        return False


def is_international(address: str) -> bool:
    """Whether a written address needs SMTPUTF8 all the way to its reader."""
    return not address.isascii()


def _local(text: str, international: bool) -> str:
    if not text.isascii():
        if not international:
            raise InvalidValue(
                "is an address with letters beyond ASCII before its `@`; `smtputf8 = true` in campaign.toml allows them"
            )
        text = _composed(text)
    if not _LOCAL.fullmatch(_BEYOND.sub("a", text)):
        raise InvalidValue("is not one plain address: before its `@` stand letters, digits and single dots")
    if len(text.encode()) > LONGEST_LOCAL:
        raise InvalidValue(f"is an address with more than {LONGEST_LOCAL} octets before its `@`")
    if _TEMPLATING.search(text):
        raise InvalidValue("is an address in which another templating could read a tag")
    if _ENCODED_WORD.search(
        text
    ):  # RFC 2047, 5 (3): never in an address; there are readers that decode it all the same
        raise InvalidValue("is an address in which a reader could find an encoded word")
    return text


def _composed(text: str) -> str:
    """RFC 6532, 3.1: in NFC; nothing that is not seen."""
    from unicodedata import normalize

    text = normalize("NFC", text)
    if not text.isprintable():
        raise InvalidValue("is an address with a character in it that is not seen")
    return text


def host(text: str) -> str:
    """A domain's name as it is written: A-labels for letters beyond ASCII. Raises InvalidValue.

    >>> host("exämple.com")
    'xn--exmple-cua.com'
    """
    if not text.isascii():
        text = _a_labels(text)
    if not _DOMAIN.fullmatch(text) or len(text) > LONGEST:
        raise InvalidValue("is an address whose domain is none")
    return text


def _a_labels(text: str) -> str:
    import idna  # few addresses need it

    try:
        return idna.encode(text, uts46=True, std3_rules=True).decode("ascii")
    except UnicodeError:  # IDNAError is one
        raise InvalidValue("is an address whose domain is none that IDNA knows") from None
