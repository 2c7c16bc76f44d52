"""URLs of attributes and style sheets: well formed, of an allowed protocol, absolute where they must be."""

from __future__ import annotations

import re
from ipaddress import AddressValueError, IPv6Address
from urllib.parse import unquote_to_bytes

from mailweave.message.amp.specs import UrlSpec

_BLANK = re.compile(r"[\s ]*")
_LOOSE_PROTOCOL = re.compile(r"([^:/?#.]+):.*")
_STRICT_PROTOCOL = re.compile(r"[A-Za-z][A-Za-z0-9+\-.]*(?=:)")
_PROTOCOL_CHARACTERS = re.compile(r"[A-Za-z0-9+\-]*")
_AUTHORITY_END = re.compile(r"[#/?\\]")
_BROKEN_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")
_REFUSED_IN_HOST = frozenset(" !\"#$%&'()*+,/:;<=>?@[\\]^`{|}")
_WITH_AUTHORITY = frozenset({"http", "https", "ftp", "sftp"})
_HIGHEST_PORT = 65535


def check_url(url: str, spec: UrlSpec) -> tuple[str, str] | None:
    """The kind of fault and what it names, or None.

    The kinds: MISSING_URL, INVALID_URL, INVALID_URL_PROTOCOL, DISALLOWED_RELATIVE_URL; a style sheet
    reports each of them as CSS_SYNTAX_ and the same.
    """
    if _BLANK.fullmatch(url) and not spec.empty:
        return "MISSING_URL", ""
    named, valid = _parsed(url)
    if not valid:
        return "INVALID_URL", url
    loose = _LOOSE_PROTOCOL.fullmatch(url)
    protocol = loose.group(1).lower().lstrip() if loose else named
    if protocol and protocol not in spec.protocols:
        return "INVALID_URL_PROTOCOL", protocol
    if not spec.relative and not _STRICT_PROTOCOL.match(url):
        return "DISALLOWED_RELATIVE_URL", url
    return None


def _parsed(url: str) -> tuple[str, bool]:
    """The protocol (https for a relative URL) and whether host and port are well formed."""
    rest, protocol = url.strip(" \t\n\r\f\v"), "https"
    colon = rest.find(":")
    if colon >= 0 and _PROTOCOL_CHARACTERS.fullmatch(rest, 0, colon):
        protocol, rest = rest[:colon].lower(), rest[colon + 1 :]
        if protocol not in _WITH_AUTHORITY:
            return protocol, True
    if not rest.startswith("//"):
        return protocol, True
    return protocol, _authority_is_valid(_AUTHORITY_END.split(rest[2:], maxsplit=1)[0])


def _authority_is_valid(authority: str) -> bool:
    host = authority.rpartition("@")[2]
    if host.startswith("["):
        address, bracket, port = host[1:].partition("]")
        if not bracket or (port and not port.startswith(":")):
            return False
        return _is_ipv6(address) and _port_is_valid(port[1:])
    host, _, port = host.partition(":")
    return _host_is_valid(host) and _port_is_valid(port)


def _is_ipv6(address: str) -> bool:
    try:
        IPv6Address(address)
    except AddressValueError:
        return False
    return True


def _host_is_valid(host: str) -> bool:
    if _BROKEN_ESCAPE.search(host):
        return False
    plain = unquote_to_bytes(host).decode("utf-8", "replace")
    if not plain or plain == "." or plain.startswith(".") or ".." in plain:
        return False
    return not any(c in _REFUSED_IN_HOST or c <= " " or c == "\x7f" for c in plain)


def _port_is_valid(port: str) -> bool:
    digits = port.lstrip("0")
    return not digits or (
        digits.isascii() and digits.isdecimal() and len(digits) < 6 and int(digits) <= _HIGHEST_PORT
    )
