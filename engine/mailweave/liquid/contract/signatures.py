"""What filters take and give, as far as the data behind it matters."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from mailweave.liquid.contract.model import Use


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


_NUMBERS = [
    "abs",
    "ceil",
    "floor",
    "round",
    "plus",
    "minus",
    "times",
    "divided_by",
    "modulo",
    "at_least",
    "at_most",
    "percent",
    "number",
]
_TEXTS = [
    "append",
    "prepend",
    "capitalize",
    "downcase",
    "upcase",
    "escape",
    "escape_once",
    "h",
    "lstrip",
    "rstrip",
    "strip",
    "newline_to_br",
    "remove",
    "remove_first",
    "remove_last",
    "replace",
    "replace_first",
    "replace_last",
    "strip_html",
    "strip_newlines",
    "truncate",
    "truncatewords",
    "url_encode",
    "url_decode",
    "base64_encode",
    "base64_decode",
    "base64_url_safe_encode",
    "base64_url_safe_decode",
    "squish",
    "md5",
    "sha1",
    "sha256",
    "hmac_sha1",
    "hmac_sha256",
    "safe",
    "titlecase",
    "slugify",
    "pluralize",
    "t",
]
_SAME = ["sort", "sort_natural", "reverse", "uniq", "compact"]

SIGNATURES: dict[str, Signature] = {
    **dict.fromkeys(_NUMBERS, Signature(Use.NUMBER, with_=Use.NUMBER)),
    **dict.fromkeys(_TEXTS, Signature(Use.TEXT)),
    **dict.fromkeys(_SAME, Signature(Use.LIST, Gives.SAME, by=True)),
    **dict.fromkeys(("where", "reject"), Signature(Use.LIST, Gives.SAME, by=True, with_=Use.COMPARED)),
    "find": Signature(Use.LIST, Gives.ITEM, by=True, with_=Use.COMPARED),
    "find_index": Signature(Use.LIST, by=True, with_=Use.COMPARED),
    "has": Signature(Use.LIST, by=True, with_=Use.COMPARED),
    "sum": Signature(Use.LIST, by=True),
    "map": Signature(Use.LIST, Gives.MEMBERS, by=True),
    "join": Signature(Use.LIST),
    "first": Signature(Use.LIST, Gives.ITEM),
    "last": Signature(Use.LIST, Gives.ITEM),
    "concat": Signature(Use.LIST, Gives.BOTH, with_=Use.LIST),
    "default": Signature(Use.TEST, Gives.EITHER),
    "size": Signature(Use.SIZE),
    "slice": Signature(Use.SEARCHED, Gives.SAME, with_=Use.NUMBER),
    "split": Signature(Use.TEXT, Gives.LIST),
    "date": Signature(Use.DATE),
    "time_ago": Signature(Use.DATE),
    "money": Signature(Use.MONEY),
    "money_with_currency": Signature(Use.MONEY),
    "money_without_currency": Signature(Use.MONEY),
}

UNKNOWN = Signature(Use.WHOLE, with_=Use.WHOLE)
"""A filter of the caller's own may read all that its input holds."""
