"""What stands before the first words of each turn of a loop: it may be another distance than between two turns."""

from __future__ import annotations

from mailweave.message.plaintext.states import Entry, Loop, State, distance

SEEN = "{{ '' }}"
"""Writes nothing, but counts: a branch that holds nothing but white space would write nothing at all."""


def distances(loop: Loop, entry: Entry, end: State, *, begins: bool) -> tuple[str, str]:
    """What stands at a place of a loop in its first turn, and in later ones; `end`: how a turn leaves the text; `begins`:
    whether the loop stands where a line begins.

    >>> loop = Loop(0, State(0, False, True), begins=True)
    >>> distances(loop, Entry(1, 1, False, ""), State(1, False, False), begins=True)
    ('\\n', '\\n')
    """
    due = loop.due
    later = distance(max(end.breaks, entry.breaks), end.space or entry.space, entry.indent)
    if begins:
        first = later if later[:1] == "\n" else "" if loop.begins else entry.indent
    else:
        first = distance(max(due.breaks, entry.breaks), due.space or entry.space, entry.indent)
    if loop.skips and not (begins and entry is loop.entries[0]):  # any turn may be the first to write
        first = later = max(first, later, key=lambda text: (text.count("\n"), len(text)))
    return first, later


def by_turn(first: str, later: str) -> str:
    """Liquid that writes the one in the first turn of a loop, and the other in later ones.

    >>> by_turn("", " ")
    "{% unless forloop.first %} {{ '' }}{% endunless %}"
    """
    if first == later:
        return first
    if not first:
        return f"{{% unless forloop.first %}}{later}{SEEN}{{% endunless %}}"
    otherwise = f"{{% else %}}{later}{SEEN}" if later else ""
    return f"{{% if forloop.first %}}{first}{SEEN}{otherwise}{{% endif %}}"
