"""Buckets: a number in [0, 1) for a person and a salt, by the hash that GrowthBook publishes.

The same everywhere: no machine, process or library version can change it, so an experiment begun
elsewhere with GrowthBook's hash version 2 keeps its assignments.
"""

from __future__ import annotations

import sys

_OFFSET = 0x811C9DC5
_NATIVE_UTF16 = "utf-16-le" if sys.byteorder == "little" else "utf-16-be"


def fnv1a32(text: str, state: int = _OFFSET) -> int:
    """FNV-1a of 32 bits over the UTF-16 code units of `text`, as the JavaScript original counts them.

    `state` is the hash of what stands before `text`: a salt is hashed once, not for each recipient.

    >>> fnv1a32("b", fnv1a32("a")) == fnv1a32("ab")
    True
    """
    for unit in text.encode("ascii") if text.isascii() else _code_units(text):
        state = ((state ^ unit) * 0x01000193) & 0xFFFFFFFF  # literals: a name would cost a look-up a unit
    return state


def bucket_after(seed_state: int, value: str) -> float:
    """The place of `value` in [0, 1), in steps of 0.0001: hash version 2, for a seed that is hashed already.

    >>> bucket_after(fnv1a32("seed"), "a")
    0.0505
    """
    return fnv1a32(str(fnv1a32(value, seed_state))) % 10_000 / 10_000


def place_after(seed_state: int, value: str) -> float:
    """The same hash in its 2**32 steps: fine enough for shares of any size.

    >>> round(place_after(fnv1a32("seed"), "a"), 4)
    0.5829
    """
    return fnv1a32(str(fnv1a32(value, seed_state))) / 2**32


def has_unit(unit: object) -> bool:
    """Whether there is something to hash: a missing or empty attribute puts somebody outside of experiments."""
    return unit is not None and unit != "" and unit == unit


def _code_units(text: str) -> memoryview:
    return memoryview(text.encode(_NATIVE_UTF16, "surrogatepass")).cast("H")
