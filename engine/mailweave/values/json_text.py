"""JSON that means one thing to every reader, and what is wrong with a text that should be it."""

from __future__ import annotations

import json
from typing import Any, NoReturn


class Ambiguous(ValueError):
    """What readers of JSON understand differently, or not at all. Its text does not quote them."""


def read_json(text: str) -> Any:
    """The value of a JSON text.

    One reader takes the first of two members of one name, another the last, and RFC 8259 knows no NaN: neither is
    read. Raises ValueError and RecursionError, of which `problem_of` says what was wrong.

    >>> read_json('{"id": "1", "id": "2"}')
    Traceback (most recent call last):
    mailweave.values.json_text.Ambiguous: a member stands in it twice
    """
    return _STRICT.decode(text)


def problem_of(error: ValueError | RecursionError) -> str:
    """What `read_json` stumbled over, in words; never the text itself.

    >>> try:
    ...     read_json("[1,")
    ... except ValueError as error:
    ...     problem_of(error)
    'Expecting value'
    """
    if isinstance(error, json.JSONDecodeError):
        return error.msg
    if isinstance(error, RecursionError):
        return "it is nested too deeply"
    if isinstance(error, Ambiguous):
        return str(error)
    return "a number in it has too many digits"  # the one thing besides that Python refuses to read


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise Ambiguous("a member stands in it twice")
    return found


def _no_number(_: str) -> NoReturn:
    raise Ambiguous("NaN and Infinity are no numbers of JSON")


_STRICT = json.JSONDecoder(object_pairs_hook=_members, parse_constant=_no_number)
