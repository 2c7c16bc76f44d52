"""What filters take and give, as far as the data behind it matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum


class Use(Enum):
    """What a template does with a value."""

    OUTPUT = "written"
    TEXT = "used as text"
    NUMBER = "used as a number"
    MONEY = "used as money"
    DATE = "used as a date"
    LIST = "used as a list"
    SIZE = "measured"
    TEST = "tested"
    COMPARED = "compared"
    COMPARED_TEXT = "compared with text"
    COMPARED_NUMBER = "compared with a number"
    SEARCHED = "searched"
    KEY = "used as a key"
    WHOLE = "read with all it holds"
    NAMED = "given a name"


class Gives(Enum):
    """What a filter makes of its input."""

    MADE = "a value of its own"
    SAME = "the same items"
    ITEM = "one of the items"
    MEMBERS = "a member of each item"
    EITHER = "its input or its argument"
    BOTH = "the items of its input and of its argument"
    LIST = "a list of values of its own"


@dataclass(frozen=True, slots=True)
class Signature:
    """`takes`: what the input is used as; `by`: the first argument names a member of each item;
    `with_`: what the other arguments are used as."""

    takes: Use
    gives: Gives = Gives.MADE
    by: bool = False
    with_: Use = Use.TEXT


NUMBER = Signature(Use.NUMBER, with_=Use.NUMBER)
TEXT = Signature(Use.TEXT)
SAME_ITEMS = Signature(Use.LIST, Gives.SAME, by=True)
CHOSEN_ITEMS = Signature(Use.LIST, Gives.SAME, by=True, with_=Use.COMPARED)
CHOSEN_ITEM = Signature(Use.LIST, Gives.ITEM, by=True, with_=Use.COMPARED)
SEARCHED_ITEMS = Signature(Use.LIST, by=True, with_=Use.COMPARED)
SUMMED_ITEMS = Signature(Use.LIST, by=True)
MEMBERS = Signature(Use.LIST, Gives.MEMBERS, by=True)
LIST = Signature(Use.LIST)
ONE_ITEM = Signature(Use.LIST, Gives.ITEM)
BOTH_LISTS = Signature(Use.LIST, Gives.BOTH, with_=Use.LIST)
TESTED = Signature(Use.TEST, Gives.EITHER)
MEASURED = Signature(Use.SIZE)
SLICED = Signature(Use.SEARCHED, Gives.SAME, with_=Use.NUMBER)
SPLIT = Signature(Use.TEXT, Gives.LIST)
DATE = Signature(Use.DATE)
MONEY = Signature(Use.MONEY)
UNKNOWN = Signature(Use.WHOLE, with_=Use.WHOLE)
"""A filter of the caller's own may read all that its input holds."""
