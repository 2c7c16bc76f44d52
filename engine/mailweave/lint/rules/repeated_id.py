"""# MW947 repeated-id

An `id` names one element of a mail. Where two have it, links to `#name` and `aria-labelledby` find the first only. Looked
at are elements of one page that somebody can get together: not those in two branches of one condition, and those of
two blocks as well; an `id` in a loop is repeated by it. HTML, 3.2.6; WCAG 2.2, 1.3.1 and 4.1.2.

    blocks/news/block.html:7:1: warning MW947: `id="news"` stands on more than one element

## What helps

Another name for each, or a class where it is only for styles.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from mailweave.diagnostics import Diagnostic
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.markup.tokens import LiquidToken, StartTag

Path = tuple[tuple[int, int], ...]
_LOOPS = frozenset({"for", "tablerow"})


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    seen: dict[str, list[Path]] = {}
    paths, looped = _paths(reading)
    for number, tag in reading.tags.items():
        for name in dict.fromkeys(tag.plain("id")):
            own = paths.get(number, ())
            together = any(_may_meet(own, other) for other in seen.get(name, ()))
            if name and (together or number in looped):
                yield found_at(reading, tag.span, "MW947", name=name)
            seen.setdefault(name, []).append(own)


def _may_meet(one: Path, other: Path) -> bool:
    """Whether two places are not in two branches of the same condition."""
    branches: Mapping[int, int] = dict(one)
    return all(branches.get(at, branch) == branch for at, branch in other)


def _paths(reading: Reading) -> tuple[dict[int, Path], set[int]]:
    """The branches around each start tag, and those that stand in a loop."""
    open_: list[tuple[str, int, int]] = []
    paths, looped = {}, set()
    for number, token in enumerate(reading.prepared.page.tokens):
        if isinstance(token, StartTag):
            paths[number] = tuple((at, branch) for _, at, branch in open_)
            looped |= {number} if any(name in _LOOPS and not branch for name, _, branch in open_) else set()
        elif isinstance(token, LiquidToken):
            piece = token.piece
            if piece.opens:
                open_.append((piece.name, piece.span.start, 0))
            elif open_ and piece.continues:
                name, at, branch = open_[-1]
                open_[-1] = (name, at, branch + 1)
            elif open_ and piece.closes:
                open_.pop()
    return paths, looped


RULE = PageRule("MW947", "accessibility", _judge)
