"""What a declared type takes, in words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from mailweave.schema import types as t

_WORDS: Final[Mapping[type, str]] = {
    t.Text: "a text",
    t.Key: "a text",
    t.Bool: "true or false",
    t.Int: "a whole number",
    t.Number: "a number",
    t.Ratio: "a number between 0 and 1",
    t.Money: "a decimal text, an int or a Decimal",
    t.Date: "a date",
    t.Instant: "a datetime with a zone",
    t.Duration: "a duration",
    t.Zone: "the name of a time zone",
    t.Enum: "a member of its enum",
    t.SetOf: "a list",
    t.ListOf: "a list of records",
}


def expected(type: t.Type) -> str:
    """What a value of a type is.

    >>> expected(t.Int())
    'a whole number'
    """
    return _WORDS[type.__class__]
