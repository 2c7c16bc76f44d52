"""Conditions inside a text, taken apart into what is written in each branch.

class="card{% if vip %} gold{% endif %}"   ->   vip: class="card gold"   else: class="card"
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from mailweave.markup.pieces import Kind, Piece

_FORKING = frozenset({"if", "unless", "case"})
MOST_LEAVES = 16
ELSE = "{% else %}"
_MOST_FORKS = 64  # taken apart; more could never come to so few leaves


@dataclass(frozen=True, slots=True)
class Fork:
    """A condition: its tags, from the opening to the closing one, and what stands between them."""

    tags: tuple[str, ...]  # n branches have n + 1 tags
    branches: tuple[tuple[Item, ...], ...]


Item = str | Fork


@dataclass(frozen=True, slots=True)
class Leaf:
    """What is written when all conditions on the way are met; `index` counts leaves from 0."""

    text: str
    index: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A condition over texts: one subtree per branch."""

    tags: tuple[str, ...]
    branches: tuple[Decision, ...]


Decision = Leaf | Choice


class Unresolvable(Exception):
    """The text holds a loop, an assignment or too many conditions; `piece` is to blame, where one is."""

    def __init__(self, piece: Piece | None = None) -> None:
        super().__init__()
        self.piece = piece


def items(parts: Iterable[str | Piece]) -> tuple[Item, ...]:
    """Texts and tags as a tree of forks; outputs are text. Raises Unresolvable."""
    listed = _trimmed(parts)
    opening = [part for part in listed if isinstance(part, Piece) and part.name in _FORKING]
    if len(opening) > _MOST_FORKS:
        raise Unresolvable(opening[_MOST_FORKS])
    found, last = _sequence(iter(listed))
    if last is not None:
        raise Unresolvable(last)
    return found


def _trimmed(parts: Iterable[str | Piece]) -> list[str | Piece]:
    """White space control carried out and taken away: a tag may be written elsewhere, where it would trim other text."""
    out: list[str | Piece] = []
    trims = False
    for part in parts:
        if isinstance(part, str):
            out.append(part.lstrip() if trims else part)
            trims = trims and not part.strip()
            continue
        if part.kind is Kind.VERBATIM:
            out.append(part)
            trims = False
            continue
        before, trims = part.trims
        if before and out and isinstance(out[-1], str):
            out[-1] = out[-1].rstrip()
        out.append(replace(part, text=part.untrimmed))
    return out


def _sequence(stream: Iterator[str | Piece]) -> tuple[tuple[Item, ...], Piece | None]:
    """Items up to the next tag that ends a branch, and that tag."""
    found: list[Item] = []
    for part in stream:
        if isinstance(part, str):
            found.append(part)
        elif part.kind is Kind.OUTPUT:
            found.append(part.text)
        elif part.name in _FORKING:
            found.append(_fork(part, stream))
        elif part.continues or part.closes:
            return tuple(found), part
        elif part.name not in ("comment", "doc", "#"):
            raise Unresolvable(part)
    return tuple(found), None


def _fork(opening: Piece, stream: Iterator[str | Piece]) -> Fork:
    tags, branches = [opening.text], []
    last: Piece | None = opening
    otherwise = False
    while True:
        branch, last = _sequence(stream)
        if last is None:
            raise Unresolvable(opening)
        if opening.name == "case" and len(tags) == 1 and last.continues:
            tags[0] += last.text  # nothing is written between `case` and its first `when`
            otherwise = last.name == "else"
            opening = Piece(opening.kind, "when", opening.text, opening.span)
            continue
        branches.append(branch)
        if last.closes:
            break
        otherwise = otherwise or last.name == "else"
        tags.append(last.text)
    if not otherwise:
        tags.append(ELSE)
        branches.append(())
    return Fork((*tags, last.text), tuple(branches))


def pruned(found: Sequence[Item], matters: Callable[[str], bool]) -> tuple[Item, ...]:
    """The items without forks in which nothing matters."""
    kept: list[Item] = []
    for item in found:
        if isinstance(item, str):
            kept.append(item)
            continue
        fork = Fork(item.tags, tuple(pruned(branch, matters) for branch in item.branches))
        if any(not isinstance(part, str) or matters(part) for branch in fork.branches for part in branch):
            kept.append(fork)
    return tuple(kept)


def decide(found: Sequence[Item]) -> Decision:
    """One text per way through the conditions. Raises Unresolvable when there are too many ways."""
    counter = iter(range(MOST_LEAVES))

    def walk(rest: Sequence[Item], written: str) -> Decision:
        for at, item in enumerate(rest):
            if isinstance(item, Fork):
                after = rest[at + 1 :]
                return Choice(item.tags, tuple(walk((*branch, *after), written) for branch in item.branches))
            written += item
        index = next(counter, None)
        if index is None:
            raise Unresolvable
        return Leaf(written, index)

    return walk(found, "")


def leaves(decision: Decision) -> Iterator[Leaf]:
    """The leaves, by index."""
    if isinstance(decision, Leaf):
        yield decision
    else:
        for branch in decision.branches:
            yield from leaves(branch)


def written(decision: Decision, text: Callable[[Leaf], str]) -> str:
    """The decision as Liquid again, with another text for each leaf; equal branches are written once."""
    if isinstance(decision, Leaf):
        return text(decision)
    texts = [written(branch, text) for branch in decision.branches]
    if all(one == texts[0] for one in texts):
        return texts[0]
    parts = [part for pair in zip(decision.tags, texts, strict=False) for part in pair]
    if parts[-2:] == [ELSE, ""]:
        parts = parts[:-2]
    return "".join(parts) + decision.tags[-1]
