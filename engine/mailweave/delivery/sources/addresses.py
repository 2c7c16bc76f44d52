"""Where a host may lead: to public addresses alone, unless its author wrote the name of this machine."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

from mailweave.campaign.source_settings import LOOPBACK
from mailweave.delivery.sources.failures import NotHad

Resolve: TypeAlias = Callable[[str, int], Awaitable[Sequence[str]]]
"""The addresses of a host, as text. Raises OSError."""

_NAT64: Final = IPv6Network("64:ff9b::/96")


async def resolved(host: str, port: int) -> tuple[str, ...]:
    """The addresses of a host, by the machine's own resolver. Raises OSError."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return tuple(dict.fromkeys(str(one[4][0]) for one in found))


async def allowed(host: str, port: int, resolve: Resolve) -> tuple[str, ...]:
    """The addresses to connect to: those of the host as it resolves now. Raises NotHad.

    All must be allowed, not only one: a name that also leads inside is not trusted with the rest.
    """
    try:
        found = await resolve(host.strip("[]"), port)
    except (OSError, UnicodeError):
        raise NotHad("address", is_passing=True) from None
    may = is_loopback if LOOPBACK.fullmatch(host) else is_public
    if not found or not all(map(may, found)):
        raise NotHad("address")
    return tuple(found)


def is_loopback(address: str) -> bool:
    """Whether an address is that of this machine."""
    found = _address(address)
    return found is not None and found.is_loopback


def is_public(address: str) -> bool:
    """Whether an address, and what is wrapped in it, belongs to the public network.

    >>> is_public("8.8.8.8"), is_public("10.0.0.1"), is_public("::ffff:127.0.0.1"), is_public("64:ff9b::a00:1")
    (True, False, False, False)
    """
    found = _address(address)
    wrapped = _wrapped(found) if isinstance(found, IPv6Address) else None
    return found is not None and _is_global(wrapped or found)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_global(address: IPv4Address | IPv6Address) -> bool:
    return address.is_global and not address.is_multicast and not address.is_reserved


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address stands for."""
    if address in _NAT64:
        return IPv4Address(int(address) & 0xFFFFFFFF)
    return address.ipv4_mapped or address.sixtofour or (address.teredo or (None, None))[1]
