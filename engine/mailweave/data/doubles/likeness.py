"""How like two people are by name and address, from 0 to 1.

Names: Jaro and Winkler's similarity (Winkler 1990) of each part; the least alike part counts. Addresses: the share of
letters that two lists of sorted words have in common (rapidfuzz's token_sort_ratio).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import permutations
from typing import Final, NamedTuple
from unicodedata import combining, normalize

from rapidfuzz.distance import JaroWinkler
from rapidfuzz.fuzz import token_sort_ratio

_WORD: Final = re.compile(r"[^\W_]+")
_FIGURES: Final = re.compile(r"[0-9]+")
_INITIAL: Final = 0.85
"""Of a letter beside a name that begins with it, and the most for names that begin with different letters."""
_OTHER_NUMBER: Final = 0.8
"""The most for addresses whose numbers differ."""
_OF_NAMES: Final = 0.6
_PARTS: Final = 3
"""So many parts of a name may have changed places."""


class Person(NamedTuple):
    """What two rows are compared by: parts of the name, the address, values of which people have one (a birthday)."""

    names: tuple[str, ...]
    address: str
    differ: tuple[str | None, ...]


@lru_cache(maxsize=200_000)
def folded(text: str) -> str:
    """The words of a text in small letters without accents.

    >>> folded("  Müller-Lüdenscheidt, ZOË ")
    'muller ludenscheidt zoe'
    """
    plain = "".join(letter for letter in normalize("NFKD", text) if not combining(letter))
    return " ".join(_WORD.findall(plain.casefold()))


def contradict(one: Person, other: Person) -> bool:
    """Whether a value of which people have one differs, both known."""
    return any(
        a is not None and b is not None and a != b for a, b in zip(one.differ, other.differ, strict=True)
    )


def alike(one: Person, other: Person) -> float:
    """How like two people are; 0 where nothing but a name could say so.

    >>> ann = Person(("ann", "miller"), "12 high street oldtown", ("1990-05-17",))
    >>> alike(ann, ann), alike(ann, ann._replace(address="", differ=(None,)))
    (1.0, 0.0)
    """
    around = _around(one, other)
    return _OF_NAMES * names_alike(one, other) + (1 - _OF_NAMES) * around if around else 0.0


def _around(one: Person, other: Person) -> float:
    """What else than a name they share: an address, or a value of which people have one."""
    if any(a is not None and a == b for a, b in zip(one.differ, other.differ, strict=True)):
        return 1.0
    if not one.address or not other.address:
        return 0.0
    share = token_sort_ratio(one.address, other.address) / 100
    mine, theirs = set(_FIGURES.findall(one.address)), set(_FIGURES.findall(other.address))
    return share if mine <= theirs or theirs <= mine else min(share, _OTHER_NUMBER)


def names_alike(one: Person, other: Person) -> float:
    """How like their names are; parts that only one has are left out, and no part in common is nothing.

    Parts may have changed places.

    >>> john, jon = (Person((first, "miller"), "", ()) for first in ("john", "jon"))
    >>> round(names_alike(john, jon), 3), names_alike(john, Person(("miller", "john"), "", ()))
    (0.933, 1.0)
    """
    return max(_in_order(one.names, names) for names in _orders(other.names))


def _orders(names: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    return permutations(names) if len(names) <= _PARTS else (names,)


def _in_order(mine: tuple[str, ...], theirs: tuple[str, ...]) -> float:
    return min((_part(a, b) for a, b in zip(mine, theirs, strict=True) if a and b), default=0.0)


def _part(one: str, other: str) -> float:
    if one[0] != other[0]:
        return min(JaroWinkler.similarity(one, other), _INITIAL)
    if 1 in (len(one), len(other)):
        return 1.0 if one == other else _INITIAL
    return float(JaroWinkler.similarity(one, other))
