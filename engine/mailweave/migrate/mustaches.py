"""The pieces of a Mustache or Handlebars template: texts, and tags with their sign."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from mailweave.migrate.bench import Bench
from mailweave.source import rows

_SIGNS = "#^/>!&="


@dataclass(frozen=True, slots=True)
class Stache:
    """A text (`sign` is empty and `is_text`), or a tag with its sign and what stands in it.

    sign: `#`, `^`, `/`, `>`, `!`, `=`; `&` for what is not escaped; empty for an escaped value.
    """

    text: str
    at: int
    stop: int
    sign: str = ""
    is_text: bool = False
    trims: tuple[bool, bool] = (False, False)


def of_mustache(bench: Bench) -> list[Stache]:
    """The pieces of a Mustache template, blanks of lines that hold nothing but tags taken away."""
    return _without_tag_lines(list(_mustache(bench)))


def _mustache(bench: Bench) -> Iterator[Stache]:
    text, at, left, right = bench.source.text, 0, "{{", "}}"
    while (start := text.find(left, at)) >= 0:
        yield Stache(text[at:start], at, start, is_text=True)
        within = start + len(left)
        sign = text[within : within + 1]
        is_triple = sign == "{"
        close = ("}" if is_triple else "=" if sign == "=" else "") + right
        stop = text.find(close, within)
        if stop < 0:
            raise bench.refusal(start, "a tag is never closed")
        inner = text[within + (sign in _SIGNS or is_triple) : stop]
        at = stop + len(close)
        if sign == "=":
            marks = inner.split()
            if len(marks) != 2:
                raise bench.refusal(start, "two marks are set by {{=<% %>=}}")
            left, right = marks
        yield Stache(inner.strip(), start, at, "&" if is_triple else sign if sign in _SIGNS else "")
    yield Stache(text[at:], at, len(text), is_text=True)


def _without_tag_lines(pieces: Sequence[Stache]) -> list[Stache]:
    """A line of blanks and tags that show nothing themselves leaves nothing behind."""
    made: list[Stache] = []
    line: list[Stache] = []
    for piece in _by_lines(pieces):
        line.append(piece)
        if piece.is_text and piece.text.endswith("\n"):
            made += _line(line)
            line = []
    return [*made, *_line(line)]


def _by_lines(pieces: Sequence[Stache]) -> Iterator[Stache]:
    for piece in pieces:
        if not piece.is_text:
            yield piece
            continue
        at = piece.at
        for row in rows(piece.text):
            yield Stache(row, at, at + len(row), is_text=True)
            at += len(row)


def _line(line: list[Stache]) -> list[Stache]:
    has_tag = any(not piece.is_text for piece in line)
    shows = any(piece.text.strip() if piece.is_text else piece.sign in ("", "&") for piece in line)
    return [piece for piece in line if not piece.is_text] if has_tag and not shows else line


# ---- Handlebars

_TAG = re.compile(
    r"(?P<slashes>\\*)(?:(?P<raw>\{\{\{\{)\s*(?P<name>[\w-]+)\s*\}\}\}\}"
    r"|(?P<long>\{\{~?!--)(?P<note>.*?)--(?P<end>~?)\}\}"
    r"|(?P<open>\{\{)(?P<before>~?)(?P<sign>\{|[#^/>!&*]?>?\*?))",
    re.DOTALL,
)
_NEXT = re.compile(r"\\*\{\{")  # where an escaped tag ends: before the next, and the slashes in front of that
_ALONE = frozenset("#^/>!")


def of_handlebars(bench: Bench) -> list[Stache]:
    """The pieces of a Handlebars template, blanks taken away by `~` and where a tag stands alone on its line."""
    pieces = _joined(_handlebars(bench))
    return [piece for piece in _trimmed(pieces) if not piece.is_text or piece.text]


def _joined(pieces: Iterator[Stache]) -> list[Stache]:
    """The pieces, texts that follow each other as one."""
    made: list[Stache] = []
    for piece in pieces:
        if piece.is_text and made and made[-1].is_text:
            made[-1] = replace(made[-1], text=made[-1].text + piece.text, stop=piece.stop)
        else:
            made.append(piece)
    return made


def _handlebars(bench: Bench) -> Iterator[Stache]:
    text, at = bench.source.text, 0
    while found := _TAG.search(text, at):
        slashes, start = len(found["slashes"]), found.end("slashes")
        if slashes == 1:
            following = _NEXT.search(text, start + 2)
            stop = following.start() if following else len(text)
            yield Stache(text[at : start - 1] + text[start:stop], at, start, is_text=True)
            at = stop
            continue
        yield Stache(text[at : start - (1 if slashes else 0)], at, start, is_text=True)
        piece = _handlebars_tag(bench, text, found, start)
        at = piece.stop
        yield piece
    yield Stache(text[at:], at, len(text), is_text=True)


def _handlebars_tag(bench: Bench, text: str, found: re.Match[str], start: int) -> Stache:
    if found["raw"]:
        close = "{{{{/" + found["name"] + "}}}}"
        stop = text.find(close, found.end())
        if stop < 0:
            raise bench.refusal(start, f"`{found['name']}` is never closed")
        return Stache(text[found.end() : stop], start, stop + len(close), "raw")
    if found["long"]:
        return Stache("", start, found.end(), "!", trims=("~" in found["long"], bool(found["end"])))
    close = "}}}" if found["sign"] == "{" else "}}"
    stop = _closed(text, found.end(), close)
    if stop < 0:
        raise bench.refusal(start, "a tag is never closed")
    inner = text[found.end() : stop]
    after = inner.endswith("~")
    if found["sign"] == "{" and text[stop : stop + 4] == "}~}}":
        after = True
    end = stop + len(close) + (1 if text[stop : stop + 4] == "}~}}" else 0)
    sign = "&" if found["sign"] in ("{", "&") else found["sign"]
    return Stache(inner.removesuffix("~").strip(), start, end, sign, trims=(bool(found["before"]), after))


def _closed(text: str, at: int, close: str) -> int:
    """Where a tag ends; a text in quotes, or a name in brackets, may hold the sign."""
    pattern = (
        r"\"[^\"]*\"|'[^']*'|\[[^\]]*\]|(?P<end>" + (r"\}\}\}|\}~\}\}" if close == "}}}" else r"\}\}") + ")"
    )
    for found in re.compile(pattern).finditer(text, at):
        if found["end"]:
            return found.start()
    return -1


def _trimmed(pieces: list[Stache]) -> list[Stache]:
    made = list(pieces)
    for n, piece in enumerate(pieces):
        if piece.is_text:
            continue
        alone = _stands_alone(pieces, n)
        before, after = piece.trims
        if n and made[n - 1].is_text and (before or alone):
            shown = made[n - 1].text
            made[n - 1] = replace(made[n - 1], text=shown.rstrip() if before else shown.rstrip(" \t"))
        if n + 1 < len(made) and made[n + 1].is_text and (after or alone):
            shown = made[n + 1].text
            cut = shown.lstrip() if after else re.sub(r"\A[ \t]*\r?\n?", "", shown)
            made[n + 1] = replace(made[n + 1], text=cut)
    return made


def _stands_alone(pieces: list[Stache], n: int) -> bool:
    piece = pieces[n]
    is_else = piece.sign in ("", "^") and (piece.text.split() or ["^"])[0] in ("else", "^")
    if not is_else and (piece.sign == "" or piece.sign[0] not in _ALONE):
        return False
    before = pieces[n - 1].text if n else ""
    after = pieces[n + 1].text if n + 1 < len(pieces) else ""
    starts = re.search(r"\n[ \t]*\Z" if n > 1 else r"(\A|\n)[ \t]*\Z", before)
    ends = re.match(r"[ \t]*\r?\n" if n + 2 < len(pieces) else r"[ \t]*(\r?\n|\Z)", after)
    return starts is not None and ends is not None
