"""From lines of cells to text: columns, comments, blank lines, long lines broken."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from mailweave.rules.formatter.lines import Cell, Line
from mailweave.rules.nodes import Comment

WIDTH = 110
_COMMENT_GAP = 2


@dataclass(slots=True)
class Placed:
    """A line with the comments in front of it and behind it."""

    line: Line
    before: list[Comment] = field(default_factory=list)
    behind: Comment | None = None
    text: str = ""


def laid_out(lines: Sequence[Line], comments: Sequence[Comment], code: str) -> str:
    """The text of lines and comments, ending with a line end unless it is empty."""
    placed, rest = _with_comments(lines, comments, code)
    for run in _runs(placed, code):
        _align(run, code)
    for run in _comment_runs(placed, code):
        _align_comments(run, code)
    written = list(_written(placed, rest, code))
    return "\n".join(written) + "\n" if written else ""


# ---- comments


def _with_comments(
    lines: Sequence[Line], comments: Sequence[Comment], code: str
) -> tuple[list[Placed], list[Comment]]:
    placed = [Placed(line) for line in lines]
    starts, stops = [line.start for line in lines], [line.stop for line in lines]
    rest: list[Comment] = []
    for comment in comments:
        at = comment.span.start
        previous = bisect_right(stops, at) - 1
        if previous >= 0 and "\n" not in code[stops[previous] : at] and placed[previous].behind is None:
            placed[previous].behind = comment
            continue
        inside = bisect_left(starts, at) - 1
        if inside >= 0 and at < stops[inside]:
            placed[inside].before.append(comment)
        elif inside + 1 < len(placed):
            placed[inside + 1].before.append(comment)
        else:
            rest.append(comment)
    return placed, rest


def _parted(one: Placed, other: Placed, code: str) -> bool:
    """Whether the author left a blank line between two lines."""
    return _blank(code, one.line.stop, other.line.start)


def _blank(code: str, start: int, stop: int) -> bool:
    return re.search(r"\n[ \t\r]*\n", code[start:stop]) is not None


# ---- columns


def _runs(placed: Sequence[Placed], code: str) -> Iterator[list[Placed]]:
    """Lines of one shape that follow each other."""
    run: list[Placed] = []
    for each in placed:
        if run and (
            each.line.shape != run[0].line.shape or not each.line.shape or _parted(run[-1], each, code)
        ):
            yield run
            run = []
        run.append(each)
    if run:
        yield run


def _align(run: list[Placed], code: str) -> None:
    for each in run:
        each.text = each.line.cells[0].text
    for number in range(1, 1 + max(max(_columns(each.line)) for each in run)):
        having = [(each, cell) for each in run if (cell := _columns(each.line).get(number)) is not None]
        if not having:
            continue
        gap = min(_gap(cell, code) for _, cell in having)
        column = max(len(each.text) for each, _ in having) + gap
        for each, cell in having:
            each.text = each.text.ljust(column) + cell.text
    for each in run:
        _break(each)


def _columns(line: Line) -> dict[int, Cell]:
    """The cells of a line by column; an event without fields leaves its second column out."""
    if line.shape == "event" and len(line.cells) == 2:
        return {0: line.cells[0], 2: line.cells[1]}
    return dict(enumerate(line.cells))


def _gap(cell: Cell, code: str) -> int:
    """The spaces that the author left in front of a cell; one, where it starts a line."""
    if cell.at <= 0:
        return 1
    before = code[max(0, cell.at - WIDTH) : cell.at]
    spaces = len(before) - len(before.rstrip(" "))
    return spaces if spaces and not before.rstrip(" ").endswith("\n") else 1


def _break(each: Placed) -> None:
    if not each.line.fixed:
        single = " ".join(cell.text for cell in each.line.cells)
        if len(each.text) + 2 * each.line.indent > WIDTH:
            each.text = broken(single, WIDTH - 2 * each.line.indent)


# ---- long lines

_BREAK = re.compile(
    r'"(?:\\.|[^"\\])*"|(?P<open>[({])|(?P<close>[)}])|(?P<after>, )|(?P<before> (?=(?:and|or) ))'
)


def broken(text: str, width: int) -> str:
    """A long line, broken behind commas or in front of `and` and `or`, outside brackets if it can be."""
    lines: list[str] = []
    while len(text) > width:
        places = [(depth, at) for depth, at in _places(text) if 8 < at <= width]
        if not places:
            break
        shallow = min(depth for depth, _ in places)
        at = max(at for depth, at in places if depth == shallow)
        lines.append(text[:at].rstrip())
        text = "    " + text[at:].lstrip()
    return "\n".join([*lines, text])


def _places(text: str) -> Iterator[tuple[int, int]]:
    depth = 0
    for match in _BREAK.finditer(text):
        kind = match.lastgroup
        if kind == "open":
            depth += 1
        elif kind == "close":
            depth -= 1
        elif kind is not None:
            yield depth, match.end() if kind == "after" else match.start()


# ---- comments behind lines


def _comment_runs(placed: Sequence[Placed], code: str) -> Iterator[list[Placed]]:
    """Lines that follow each other at one depth, those with a comment behind them."""
    run: list[Placed] = []
    previous: Placed | None = None
    for each in placed:
        cut = previous is not None and (
            each.line.indent != previous.line.indent or previous.line.opens or _parted(previous, each, code)
        )
        if cut and run:
            yield run
            run = []
        run += [each] if each.behind is not None else []
        previous = each
    if run:
        yield run


def _align_comments(run: list[Placed], code: str) -> None:
    gaps = [_comment_gap(each, code) for each in run]
    column = max(len(each.text.rpartition("\n")[2]) for each in run) + max(_COMMENT_GAP, min(gaps))
    for each in run:
        assert each.behind is not None
        above, newline, last = each.text.rpartition("\n")
        each.text = above + newline + last.ljust(column) + each.behind.text


def _comment_gap(each: Placed, code: str) -> int:
    assert each.behind is not None
    before = code[each.line.stop : each.behind.span.start]
    return len(before) - len(before.rstrip(" \t"))


# ---- everything together


def _written(placed: Sequence[Placed], rest: Sequence[Comment], code: str) -> Iterator[str]:
    end, fresh = 0, True
    for each in placed:
        margin = "  " * (each.line.indent + each.line.closes)
        for comment in each.before:
            if not fresh and _blank(code, end, comment.span.start):
                yield ""
            yield margin + comment.text
            end, fresh = comment.span.stop, False
        if not fresh and not each.line.closes and _blank(code, end, each.line.start):
            yield ""
        inner = "  " * each.line.indent
        yield from (inner + line for line in each.text.split("\n"))
        end = each.behind.span.stop if each.behind else each.line.stop
        fresh = each.line.opens
    for comment in rest:
        if not fresh and _blank(code, end, comment.span.start):
            yield ""
        yield comment.text
        end, fresh = comment.span.stop, False
