"""One cell of a list that holds texts, read by the type that the rules declare.

What does not read as its type stays the text that it is, for whoever asked to refuse it by name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final, TypeAlias

from mailweave.schema.types import Bool, Int, ListOf, Number, Ratio, SetOf, Type
from mailweave.values.json_text import read_json

Cell: TypeAlias = Callable[[str], Any]

TRUTHS: Final[Mapping[str, bool]] = {
    "true": True,
    "t": True,
    "1": True,
    "false": False,
    "f": False,
    "0": False,
}
WHOLE: Final = re.compile(r"-?[0-9]{1,19}", re.ASCII)
DECIMAL: Final = re.compile(r"-?[0-9]{1,20}(\.[0-9]{1,20})?([eE][+-]?[0-9]{1,3})?", re.ASCII)


def cell(type: Type) -> Cell:
    """The function that reads texts of a type. Sets, lists and records are JSON.

    >>> cell(Int())("3"), cell(Bool())("True"), cell(Int())("three")
    (3, True, 'three')
    """
    match type:
        case Bool():
            return truth
        case Int():
            return lambda text: int(text) if WHOLE.fullmatch(text) else text
        case Number() | Ratio():
            return lambda text: float(text) if DECIMAL.fullmatch(text) else text
        case SetOf() | ListOf():
            return json_value
        case _:  # every other type is written as its text
            return _text


def _text(text: str) -> str:
    return text


def truth(text: str) -> bool | str:
    """True or false, where a text says so."""
    return TRUTHS.get(text.lower(), text)


def json_value(text: str) -> Any:
    """What a text says in JSON."""
    try:
        return read_json(text)
    except (ValueError, RecursionError):
        return text
