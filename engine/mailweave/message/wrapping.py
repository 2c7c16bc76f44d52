"""Lines of plain text, at most 78 characters long."""

from __future__ import annotations

import re
from unicodedata import category, east_asian_width

from mailweave.message.navigation import content_first, is_marked, is_signed, settled
from mailweave.values.bounded_cache import Memo

WIDTH = 78
AS_IS = "\u2060"
"""Stands at the start of a line that is not to be wrapped, until it is sent: a word joiner, which has no width."""

_ROWS = re.compile(r"(?:[^\n\t]*\t[^\n]*(?:\n|\Z))+")
_UNFIT = re.compile(rf"\n(?:\s+(?=\n)|.{{{WIDTH + 1},}})")
"""A line end, with the blank lines behind it but for the last one's own end, or with the line behind it if that is too
long. Nothing begins at a letter, so that a text is looked through once."""
_GAPS = re.compile(r"(?<=\S)\n[^\S\t]+(?=\n[^\S\n]*\S)")
"""A gap of more than one blank line between words that are known."""
_GAP = 2
_HANGING = re.compile(r" *(?:[-*] |[0-9]+\. |> )?")
_HANGS = frozenset(" -*>0123456789")


def wrap(text: str) -> str:
    """A rendered text as it is sent: paragraphs that grew past 78 characters wrapped, gaps of more than one
    blank line closed, rows of tables (their cells end with tabs) aligned, a line end at its end. Navigation that it
    begins with stands last.

    Static paragraphs were wrapped when the template was compiled; a word longer than a line (a link) stays
    whole. A line of blanks is blank; a line that begins with `AS_IS` stays whole, without it.

    >>> wrap("\\n\\n\\nHello\\n\\n\\n\\nthere\\n\\n")
    'Hello\\n\\nthere\\n'
    """
    return ended(fitted(content_first(text) if is_marked(text) else text))


def fitted(text: str) -> str:
    """Lines of a text, wrapped, with their gaps closed and their rows aligned."""
    if "\t" in text:
        text = _ROWS.sub(_aligned, text)
    return _UNFIT.sub(lambda line: _MENDED[line[0]], "\n" + text)[1:]


def ended(text: str) -> str:
    """A text of fitted lines as it is sent: it begins with one that is not blank, and ends with one line end."""
    stripped = text.strip("\n").rstrip()
    if AS_IS in stripped:
        stripped = stripped.replace(AS_IS, "")
    return stripped + "\n" if stripped else ""


def _mended(line: str) -> str:
    return "\n" if line.isspace() else "\n" + wrapped(line[1:])


_MENDED = Memo(_mended)  # lines with links recur


def finished(piece: str) -> str:
    """A piece of a text with what `wrap` would do to it in any text, as far as it is known: its lines wrapped that are
    whole, its gaps closed, the signs of navigation taken out behind its own content.

    >>> finished("begun\\n" + "word " * 16 + "\\nto go on").count("\\n")
    3
    """
    piece = settled(piece)
    if is_signed(piece):  # what a line begins with is still to be found
        return piece
    piece = _GAPS.sub("\n", piece)
    if len(piece) <= WIDTH or piece.strip().count("\n") < 1:
        return piece
    words = piece.lstrip()  # what the first line begins with is not known
    first, *lines, last = words.split("\n")
    whole = [wrapped(line) if len(line) > WIDTH and _is_sure(line) else line for line in lines]
    return piece[: len(piece) - len(words)] + "\n".join([first, *whole, last])


def _is_sure(line: str) -> bool:
    """Whether wrapping a line twice is wrapping it once: rows are aligned before, and blanks at its ends go."""
    return line.isprintable() and not line[0].isspace()


def wrapped(line: str) -> str:
    """One paragraph, wrapped; the lines of a list item hang under its first. One with `AS_IS` stays as it is.

    >>> print(wrapped("- " + "word " * 20))  # doctest: +NORMALIZE_WHITESPACE
    - word word word word word word word word word word word word word word word
      word word word word word
    """
    if len(line) <= WIDTH:
        return line.rstrip()
    if AS_IS in line:
        return line
    if line[0] not in _HANGS and "  " not in line and line.isprintable():  # as nearly all are
        return _plainly(line.rstrip())
    lead = _HANGING.match(line) if line[:1] in _HANGS else None
    indent = " " * len(lead[0]) if lead else ""
    lines: list[str] = []
    rest = line.rstrip()
    while len(rest) > WIDTH:
        at = rest.rfind(" ", len(indent) + 1, WIDTH + 1)
        if at < 0:
            at = rest.find(" ", max(WIDTH, len(indent) + 1))
        if at < 0:
            break
        lines.append(rest[:at].rstrip())
        rest = indent + rest[at + 1 :].lstrip()
    return "\n".join([*lines, rest])


def _plainly(rest: str) -> str:
    """The same for words with one blank between them."""
    done = ""
    while len(rest) > WIDTH:
        at = rest.rfind(" ", 1, WIDTH + 1)
        if at < 0 and (at := rest.find(" ", WIDTH)) < 0:
            break
        done += rest[:at] + "\n"
        rest = rest[at + 1 :]
    return done + rest


def _aligned(match: re.Match[str]) -> str:
    """Rows that stand together, each column as wide as its widest cell."""
    rows = [[cell.strip() for cell in line.split("\t")] for line in match.group().rstrip("\n").split("\n")]
    columns = max(map(len, rows))
    widths = [max(_columns(row[at]) for row in rows if at < len(row)) + _GAP for at in range(columns)]
    lines = ("".join(map(_padded, row, widths)) for row in rows)
    return "\n".join(line.rstrip() for line in lines) + "\n" * match.group().endswith("\n")


def _padded(cell: str, width: int) -> str:
    return cell + " " * (width - _columns(cell))


def _columns(text: str) -> int:
    """How many columns a text takes: signs of East Asia two each, marks and what nobody sees none.

    >>> _columns("tea"), _columns("煎茶"), _columns("\u2068x\u2069")
    (3, 4, 1)
    """
    if text.isascii():
        return len(text)
    return sum(
        2 if east_asian_width(sign) in "WF" else category(sign) not in ("Mn", "Me", "Cf") for sign in text
    )
