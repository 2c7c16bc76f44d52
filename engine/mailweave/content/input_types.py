"""The kinds of values that an input may have: what each accepts, and how it is kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from types import MappingProxyType
from typing import Any, Final, Literal

Kind = Literal[
    "text", "rich", "int", "number", "money", "date", "bool", "url", "color", "image", "enum", "name"
]
KindOrList = Literal[
    "text", "rich", "int", "number", "money", "date", "bool", "url", "color", "image", "enum", "name", "list"
]
LONGEST_RICH: Final = 8_000  # characters: some texts take the square of their length to read
MOST_BRACKETS: Final = 500  # above all those of links that are never closed

_COLOR = re.compile(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_MONEY = re.compile(r"-?[0-9]{1,14}(?:\.[0-9]{1,4})?")
_NAME = re.compile(r"[a-z_][a-z0-9_]*")
_URL = re.compile(r"(?:https?://|mailto:|tel:|#)[^\s].*", re.I | re.S)


@dataclass(frozen=True, slots=True)
class Rules:
    """What is known about one kind.

    `wrong` says what is wrong with a fixed value, or nothing; `kept` gives the plain JSON form of a
    right one; `blank` is the value of an input that nobody gives.
    """

    blank: Any
    wrong: Callable[[Any], str | None]
    kept: Callable[[Any], Any]
    liquid: bool = False


def holds_liquid(value: object) -> bool:
    """Whether a value is a text with Liquid in it.

    >>> holds_liquid("Hi {{ name }}"), holds_liquid(3)
    (True, False)
    """
    return isinstance(value, str) and ("{{" in value or "{%" in value)


def _same(value: Any) -> Any:
    return value


def _needs(words: str, fits: Callable[[Any], bool]) -> Callable[[Any], str | None]:
    return lambda value: None if fits(value) else f"should be {words}"


def _text(value: Any) -> bool:
    return isinstance(value, str) and "\0" not in value


def _rich(value: Any) -> str | None:
    if not _text(value):
        return "should be a text in quotes"
    if value.count("[") > MOST_BRACKETS:
        return f"holds {value.count('[')} signs `[`, more than {MOST_BRACKETS}"
    return f"should be at most {LONGEST_RICH} characters" if len(value) > LONGEST_RICH else None


def _int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**53


def _number(value: Any) -> bool:
    return _int(value) or (isinstance(value, float) and abs(value) < 1e15)


def _money(value: Any) -> bool:
    if isinstance(value, str):
        return value == "" or _MONEY.fullmatch(value) is not None
    return _number(value) and Decimal(str(value)).as_tuple().exponent >= -4  # type: ignore[operator]


def _date(value: Any) -> bool:
    if isinstance(value, date) or value == "":
        return True
    try:
        return isinstance(value, str) and date.fromisoformat(value[:10]).isoformat() == value[:10]
    except ValueError:
        return False


def _address(pattern: re.Pattern[str]) -> Callable[[Any], bool]:
    return lambda value: isinstance(value, str) and (value == "" or pattern.fullmatch(value) is not None)


_IMAGE = re.compile(r"(?:https?://|cid:)\S+", re.I)

KINDS: Mapping[str, Rules] = MappingProxyType(
    {
        "text": Rules("", _needs("a text in quotes", _text), _same, liquid=True),
        "rich": Rules("", _rich, _same, liquid=True),
        "int": Rules(0, _needs("a whole number", _int), _same),
        "number": Rules(0, _needs("a number", _number), _same),
        "money": Rules(
            "", _needs('an amount such as "14.90", without its currency', _money), str, liquid=True
        ),
        "date": Rules("", _needs('a day such as "2026-12-24"', _date), str, liquid=True),
        "bool": Rules(False, _needs("true or false", lambda value: isinstance(value, bool)), _same),
        "url": Rules(
            "", _needs("an absolute address: https://, mailto: or tel:", _address(_URL)), _same, liquid=True
        ),
        "image": Rules(
            "",
            _needs(
                "the address of a picture: https://..., or cid:NAME of one that goes with the mail",
                _address(_IMAGE),
            ),
            _same,
            liquid=True,
        ),
        "color": Rules("", _needs('a colour such as "#1a2b3c"', _address(_COLOR)), _same),
        "enum": Rules("", _needs("a text in quotes", _text), _same),
        "name": Rules(
            "", _needs('a name such as "for_you": small letters, digits, underscores', _address(_NAME)), _same
        ),
    }
)
