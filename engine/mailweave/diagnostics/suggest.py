""" "Did you mean": the known name that an unknown one most likely stands for."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping

_LONGEST = 80  # a longer word is no slip of the finger, and comparing it would cost

_NEAR = 0.72  # below it stand words that share letters and mean something else: `today` and `birthday`


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
    found = difflib.get_close_matches(word.casefold(), list(folded), 1, _NEAR)
    return folded[found[0]] if found else _shuffled(word.casefold(), folded)


def _shuffled(word: str, folded: Mapping[str, str]) -> str | None:
    """The name of the same letters in another order: short ones are not near by any other measure."""
    letters = sorted(word)
    return next((name for each, name in folded.items() if sorted(each) == letters), None)


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A help sentence, or an empty string."""
    name = closest(word, known)
    return f"did you mean `{name}`?" if name else ""
