"""A plain text with values in it, cut where lines end that are known: what is known is wrapped once, for everybody."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeAlias

from mailweave.liquid.spans import merged
from mailweave.message.navigation import FENCE, is_marked, is_signed, signs_off, split, unmarked
from mailweave.message.wrapping import finished, fitted

Given: TypeAlias = Sequence[str | int]
"""Texts, and the numbers of values that stand between them."""
Line: TypeAlias = list[str | int]
_WORTH = 160  # characters: what is shorter is wrapped with what stands around it


def regions(pieces: Given, marked: Iterable[str]) -> list[str | tuple[str | int, ...]] | None:
    """Known texts as they are sent, and between them what `region` makes ready for each recipient.

    marked: what the values may hold of texts with signs of navigation. None where navigation may begin the text, and
    what does hangs on values: then the whole is `wrap`ped.

    >>> known, region = regions(["Tea\\n\\n\\n" * 60, "Hello ", 0, "!\\nMilk  \\n"], [])
    >>> known.count("\\n"), region
    (117, ('\\n\\nTea\\n\\nHello ', 0, '!\\nMilk  \\n'))
    """
    has_signs = any(map(is_marked, (*marked, *(piece for piece in pieces if isinstance(piece, str)))))
    whole = _content_first(pieces) if has_signs else pieces
    if whole is None:
        return None
    return list(_merged(_cut(_lines(whole))))


def region(text: str) -> str:
    """What stands between known texts, with its values in it, as it is sent."""
    return fitted(unmarked(text).replace(FENCE, ""))


def _content_first(pieces: Given) -> Given | None:
    first, *rest = pieces or ("",)
    made = split(first) if isinstance(first, str) else None
    if made is None:
        return None
    content = (signs_off(piece) if isinstance(piece, str) else piece for piece in (made[0], *rest))
    return (*content, f"{FENCE}{made[1]}") if made[1] else (*content,)


def _lines(pieces: Given) -> list[Line]:
    lines: list[Line] = [[]]
    for piece in pieces:
        if isinstance(piece, int):
            lines[-1].append(piece)
            continue
        first, *more = piece.split("\n")
        lines[-1].append(first)
        lines += [[line] for line in more]
    return lines


def _cut(lines: Sequence[Line]) -> Iterator[list[Line]]:
    """Lines that have to stay together. Nothing that is done to a text reaches from one line that is known and not
    blank into the next such line, over known blank ones; but for rows of a table."""
    start = 0
    for at, line in enumerate(lines[:-1]):
        if _is_firm(line):
            after = at + 1
            while after < len(lines) - 1 and _is_blank(lines[after]):
                after += 1
            rows = after == at + 1 and "\t" in _known(line) and "\t" in _known(lines[after])
            if _is_firm(lines[after]) and not rows:
                yield list(lines[start : at + 1])
                start = at + 1
    yield list(lines[start:])


def _is_firm(line: Line) -> bool:
    text = _known(line)
    return bool(text and text.strip()) and not is_signed(text)


def _is_blank(line: Line) -> bool:
    """Whether it is no line and no row: an empty row has its cells."""
    return _is_known(line) and not _known(line).strip() and "\t" not in _known(line)


def _known(line: Line) -> str:
    """A line's text; empty where it holds a value."""
    return "".join(piece if isinstance(piece, str) else "" for piece in line) if _is_known(line) else ""


def _is_known(line: Line) -> bool:
    return all(isinstance(piece, str) for piece in line)


def _merged(groups: Iterable[list[Line]]) -> Iterator[str | tuple[str | int, ...]]:
    """As few regions as it is worth: a known text that is short goes with the values around it."""
    runs = _runs((all(map(_is_known, group)), group) for group in groups)
    if len(runs) > 1:
        runs = _runs(
            (known and sum(len(_known(line)) for line in lines) >= _WORTH, lines) for known, lines in runs
        )
    for at, (known, lines) in enumerate(runs):
        pieces = [piece for line in lines for piece in ("\n", *line)][1:]
        if known:
            text = region("".join(map(str, pieces)))
            yield "\n" * (at > 0) + text + "\n" * (at < len(runs) - 1)
        else:
            yield tuple(finished(piece) if isinstance(piece, str) else piece for piece in merged(pieces))


def _runs(groups: Iterable[tuple[bool, list[Line]]]) -> list[tuple[bool, list[Line]]]:
    """Known texts, and the others, in turn."""
    made: list[tuple[bool, list[Line]]] = []
    for known, lines in groups:
        if made and made[-1][0] == known:
            made[-1][1].extend(lines)
        else:
            made.append((known, list(lines)))
    return made
