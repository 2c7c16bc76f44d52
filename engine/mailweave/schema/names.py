"""Names of attributes for names in data: what a rule text can write."""

from __future__ import annotations

import re
from collections.abc import Collection


class SchemaError(ValueError):
    """A foreign schema says what a profile cannot; names the place."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(f"{place}: {reason}")
        self.place = place
        self.reason = reason


def attribute_name(column: str, taken: Collection[str], reserved: Collection[str]) -> str:
    """A name that rules can write for a name in data, unlike those taken, whatever their case.

    >>> attribute_name("first-name", (), ()), attribute_name("order", (), ("order",)), attribute_name("2nd", (), ())
    ('first_name', 'order_', '_2nd')
    """
    name = re.sub(r"[^A-Za-z0-9_]", "_", column) or "_"
    name = f"_{name}" if name[0].isdigit() else name
    folded = {each.casefold() for each in taken}
    while name in reserved or name.casefold() in folded:
        name += "_"
    return name
