"""Names of the old data as rules and templates can write them here."""

from __future__ import annotations

import re

from mailweave.liquid.habits import MEMBERS_MEANT
from mailweave.rules.reserved import reserved
from mailweave.schema.names import attribute_name

_CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_ROOTS = frozenset(
    "profile lists scores events arms context campaign mail let now today block forloop tablerowloop offer "
    "blank empty nil null true false and or contains consent".split()
)
"""What templates read already: a name that a template gives itself must be none of these."""


def plain_name(name: str) -> str:
    """A name in small letters of ASCII, digits and `_`, which is no word of the rules.

    >>> plain_name("FNAME"), plain_name("Fav Color"), plain_name("lastOrder"), plain_name("segment")
    ('first_name', 'fav_color', 'last_order', 'segment_')
    """
    word = re.sub(r"[^A-Za-z0-9]+", "_", _CAMEL.sub("_", name)).lower().strip("_") or "value"
    meant = MEMBERS_MEANT.get(word)
    known = meant if meant in ("first_name", "last_name", "email") else word
    return attribute_name(known, (), reserved() | {"consent", "scores", "lists"})


def field_name(name: str) -> str:
    """A field of a record: as it is where rules can write it.

    >>> field_name("price"), field_name("Product Name")
    ('price', 'product_name')
    """
    return name if re.fullmatch(r"[a-z_][A-Za-z0-9_]*", name) and name not in reserved() else plain_name(name)


def local_name(name: str) -> str:
    """A name that a template gives itself, unlike what it reads.

    >>> local_name("item"), local_name("campaign")
    ('item', 'campaign_')
    """
    word = re.sub(r"[^A-Za-z0-9_]", "_", name)
    return f"{word}_" if word in _ROOTS else word
