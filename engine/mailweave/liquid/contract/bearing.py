"""Whether a declared type bears what a template does with it."""

from __future__ import annotations

from mailweave.liquid.contract.model import Occurrence
from mailweave.liquid.contract.shapes import Shape
from mailweave.liquid.filters.signature import Use
from mailweave.schema.types import (
    Bool,
    Date,
    Duration,
    Enum,
    Instant,
    Int,
    Key,
    Money,
    Number,
    Ratio,
    Text,
    Zone,
)

_NUMBERS = (Int, Number, Ratio)
_TEXTS = (Text, Key, Enum, Zone)

_BEARS: dict[Use, tuple[type, ...]] = {
    Use.LIST: (),
    Use.SIZE: _TEXTS,
    Use.SEARCHED: _TEXTS,
    Use.MONEY: (*_NUMBERS, Money),
    Use.NUMBER: (*_NUMBERS, Money, Duration),
    Use.DATE: (Date, Instant, Text, Int),
    Use.COMPARED_NUMBER: (*_NUMBERS, Money, Duration),
    Use.COMPARED_TEXT: (*_TEXTS, Date, Instant),
}
_OF_LISTS = (Use.LIST, Use.SIZE, Use.SEARCHED, Use.TEST, Use.NAMED, Use.WHOLE, Use.COMPARED)
_OF_RECORDS = (Use.TEST, Use.NAMED, Use.WHOLE)


def misuse(shape: Shape, occurrence: Occurrence) -> bool:
    """Whether this can never work: money of a text, a loop over a number."""
    use = occurrence.use
    if shape.fields is not None:
        return use not in _OF_RECORDS
    if shape.item is not None:
        return use not in _OF_LISTS and not odd_list(shape, occurrence) and occurrence.literal != ""
    if shape.type is None or use not in _BEARS or occurrence.literal == "":
        return False
    if use is Use.COMPARED_TEXT and isinstance(shape.type, Bool):
        return True
    return not isinstance(shape.type, _BEARS[use])


def odd_list(shape: Shape, occurrence: Occurrence) -> bool:
    """Whether a list of plain values is written as one text, its members glued together."""
    is_plain = shape.item is not None and shape.item.type is not None
    return is_plain and occurrence.use in (Use.OUTPUT, Use.TEXT)


def wrong_member(shape: Shape, occurrence: Occurrence) -> tuple[str, ...] | None:
    """The members of an enum, where it is compared with a text that is none of them."""
    literal = occurrence.literal
    if not literal or not isinstance(shape.type, Enum) or literal in shape.type.members:
        return None
    return shape.type.members
