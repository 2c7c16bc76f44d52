""" "Did you mean": the known name that an unknown one most likely stands for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_LONGEST = 80  # a longer word is no slip of the finger, and comparing it would cost


def closest(word: str, known: Iterable[str]) -> str | None:
    """The known name nearest to `word`, or None when none is near.

    >>> closest("contry", ["country", "plan"])
    'country'
    >>> closest("Plan", ["country", "plan"])
    'plan'
    """
    names = sorted(set(known))
    if not word or len(word) > _LONGEST:
        return None
    folded = {name.casefold(): name for name in names}
    same = folded.get(word.casefold())
    if same is not None:
        return same
    found = difflib.get_close_matches(word.casefold(), list(folded), 1, 0.6)
    return folded[found[0]] if found else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help sentence, or an empty string."""
    name = closest(word, known)
    return f"did you mean `{name}`?" if name else ""
