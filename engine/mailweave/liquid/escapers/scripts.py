"""Escaping for JavaScript and JSON: a value arrives as the value it is, and as nothing else."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import date
from decimal import Decimal

from mailweave.liquid.writing import LONGEST_NUMBER

_DEEPEST = 100
_QUOTED = re.compile(r'\\(["\\])')
_MARKUP = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'+=`{}%|*[#$"}


def script_value(value: object, to_text: Callable[[object], str]) -> str:
    """A value as JSON, which JavaScript reads alike."""
    try:
        written = json.dumps(_plain(value, to_text, 0), ensure_ascii=True, allow_nan=False)
    except ValueError:
        written = "null"
    if written.startswith('"'):
        return _neutral(written)
    if written.startswith(("[", "{")):
        return " " + _neutral(written)
    return f" {written} "  # `return{{ x }}` must not become one word


def _plain(value: object, to_text: Callable[[object], str], depth: int) -> object:
    if depth > _DEEPEST:
        raise ValueError("too deep")
    if isinstance(value, str):
        return str.__str__(value)
    if value is None or isinstance(value, (bool, int, float)):
        return value
    if isinstance(value, Decimal) and value.is_finite():
        is_whole = value.adjusted() <= LONGEST_NUMBER and value == value.to_integral_value()
        return int(value) if is_whole else float(value)
    if isinstance(value, dict):
        return {to_text(key): _plain(one, to_text, depth + 1) for key, one in value.items()}
    if isinstance(value, (list, tuple, range)):
        return [_plain(one, to_text, depth + 1) for one in value]
    return value.isoformat() if isinstance(value, date) else to_text(value) or None


def _neutral(written: str) -> str:
    """Markup and braces of a second templating pass as escapes, inside strings; the braces of JSON
    itself are kept apart."""
    out, is_string = [], False
    for piece in _QUOTED.sub(_unquote, written).split('"'):
        out.append(
            _in_string(piece) if is_string else piece.replace("{", "{ ").replace("}", " }").replace("[", "[ ")
        )
        is_string = not is_string
    return '"'.join(out)


def _unquote(found: re.Match[str]) -> str:
    return f"\\u{ord(found[1]):04x}"


def _in_string(written: str) -> str:
    return written.translate(_MARKUP)


def script_string(text: str) -> str:
    """Text inside the quotes of a JavaScript or JSON string."""
    written = json.dumps(text, ensure_ascii=True)[1:-1]
    return _in_string(_QUOTED.sub(_unquote, written)).replace("/", "\\/")
