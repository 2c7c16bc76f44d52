"""The attribute that holds a recipient's address, and when two addresses are the same."""

from __future__ import annotations

import re
from unicodedata import normalize

from mailweave.campaign import Campaign
from mailweave.message.addresses import host
from mailweave.schema.types import Field
from mailweave.values.invalid_value import InvalidValue

_ONE = re.compile(r"\s*\{\{-?\s*profile\.(\w+)\s*(?:\|[^{}]*)?-?\}\}\s*")


def address_attribute(campaign: Campaign) -> str | None:
    """The one attribute that `to` in campaign.toml writes, filtered or not; None where it is made of several.

    >>> from mailweave import Environment
    >>> address_attribute(Environment().compile("fixtures/campaigns/smallest"))
    'email'
    """
    found = _ONE.fullmatch(campaign.config.to)
    return found[1] if found and found[1] in campaign.decisions.program.schema.profile else None


def address_field(campaign: Campaign) -> Field | None:
    """The declaration of that attribute."""
    name = address_attribute(campaign)
    return None if name is None else campaign.decisions.program.schema.profile[name]


def same_address(text: str | None) -> str | None:
    """What two ways of writing one address have in common: neither blanks around it nor case nor the script of its
    domain make another one.

    >>> same_address(" Ann@Example.COM "), same_address("ann@EXÄMPLE.com")
    ('ann@example.com', 'ann@xn--exmple-cua.com')
    """
    if text is None:
        return None
    plain = normalize("NFC", text).strip().lower()
    local, at, domain = plain.rpartition("@")
    if domain.isascii():
        return plain
    try:
        return f"{local}{at}{host(domain)}"
    except InvalidValue:
        return plain
