"""What of an output's head is another now than when the output was begun, in the words of the command line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

_WORDS: Final = {
    "format": "the format of the output",
    "version": "the version of mailweave",
    "campaign": "the campaign",
    "options": "the options",
    "input": "the input",  # behind the options: what they choose of a list is in its digest
    "shards": "the number of shards",
}
_NO_OPTION: Final = {"zones": "the time zone data", "context": "`context`", "address": "the address in `to`"}
_NO_VALUE: Final = frozenset(
    {"context", "suppress", "seeds"}
)  # kept as a digest: who is in them is nobody's business
_NONE: Final = "none"


def changed(then: Mapping[str, Any], now: Mapping[str, Any]) -> str | None:
    """The first thing in a head that is another now, with every option that is; None where all is as it was.

    >>> changed({"options": {"limit": 5, "now": "x"}}, {"options": {"limit": None, "now": "x"}})
    '`--limit` (5 then, none now)'
    """
    for key, words in _WORDS.items():
        before, after = then.get(key), now.get(key)
        if before != after:
            if isinstance(before, Mapping) and isinstance(after, Mapping):
                return " and ".join(_options(before, after))
            return words
    return None


def _options(then: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    for name in dict.fromkeys([*now, *then]):
        before, after = then.get(name), now.get(name)
        if before != after:
            yield f"{_NO_OPTION.get(name) or _option(name)} ({_said(name, before)} then, {_said(name, after, before)} now)"


def _option(name: str) -> str:
    return f"`--{name.replace('_', '-')}`"


def _said(name: str, value: object, other: object = None) -> str:
    if value is None or value is False or value == "":
        return _NONE
    if name in _NO_VALUE:
        return "another one" if other else "one"
    return "given" if value is True else str(value)
