"""Which conditions in its start tag hide an element from a reader."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from mailweave.markup.branches import Decision, Leaf, Unresolvable, decide, items, pruned
from mailweave.markup.tagbranches import conditional_parts, leaf_attributes
from mailweave.markup.tokens import StartTag

HIDING = frozenset({"class", "hidden", "id", "style"})
"""The attributes that can hide an element."""

Hides: TypeAlias = Callable[[Mapping[str, str]], bool]


@dataclass(frozen=True, slots=True)
class Conditional:
    """Liquid tags, from the opening to the closing one, and whether the element is hidden in each of their branches."""

    tags: tuple[str, ...]
    branches: tuple[Hidden, ...]

    @property
    def only_shown(self) -> int | None:
        """The one branch in which the element is shown, when the others are simply hidden."""
        shown = [at for at, branch in enumerate(self.branches) if branch is not True]
        return shown[0] if len(shown) == 1 and self.branches[shown[0]] is False else None

    def written(self, word: str) -> str:
        """The conditions as Liquid again, which writes `word` where the element is hidden."""
        texts = [_written(branch, word) for branch in self.branches]
        return "".join(part for pair in zip(self.tags, texts, strict=False) for part in pair) + self.tags[-1]


Hidden: TypeAlias = bool | Conditional
"""Always, never, or under conditions."""


def _written(hidden: Hidden, word: str) -> str:
    if isinstance(hidden, Conditional):
        return hidden.written(word)
    return word if hidden else ""


def decision_of(tag: StartTag) -> Decision | None:
    """What the conditions in a start tag make of the attributes that can hide it; None without any, or where a loop
    or an assignment is among them."""
    try:
        decision = decide(pruned(items(conditional_parts(tag, HIDING)), lambda text: bool(text.strip())))
    except Unresolvable:
        return None
    return None if isinstance(decision, Leaf) else decision


def hidden(decision: Decision, hides: Hides) -> Hidden:
    """When an element is hidden, by a test of the attributes that each branch gives it.

    >>> from mailweave.markup.tokens import tokenize
    >>> tag = tokenize('<p style="{% if x %}display:none{% endif %}">')[0]
    >>> hidden(decision_of(tag), lambda attributes: "none" in attributes["style"]).branches
    (True, False)
    """
    return _hidden(decision, hides, {})


def _hidden(decision: Decision, hides: Hides, taken: Mapping[tuple[str, ...], int]) -> Hidden:
    if isinstance(decision, Leaf):
        return hides(leaf_attributes(decision))
    if decision.tags in taken:  # the same condition once more: its answer is known here
        return _hidden(decision.branches[taken[decision.tags]], hides, taken)
    branches = tuple(
        _hidden(branch, hides, {**taken, decision.tags: at}) for at, branch in enumerate(decision.branches)
    )
    return (
        branches[0]
        if all(branch == branches[0] for branch in branches)
        else Conditional(decision.tags, branches)
    )
