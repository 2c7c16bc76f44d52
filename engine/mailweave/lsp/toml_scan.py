"""TOML as it stands while it is written: keys and values with their places, whatever is broken between them.

A whole text is read by `mailweave.content.toml`; this reads what that refuses. A line that begins a table or a key at
the margin begins anew, whatever was left open above it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from mailweave.source import Span

_TOKEN = re.compile(
    r'(?P<text>"""(?:\\.|[^\\])*?(?:"{3,5}|\Z)|\'\'\'.*?(?:\'{3,5}|\Z)|"(?:\\.|[^"\\\n])*"?|\'[^\'\n]*\'?)'
    r"|(?P<comment>\#[^\n]*)|(?P<line>\n)|(?P<mark>[\[\]{}=,.])|(?P<word>[^\s\[\]{}=,.#\"']+)",
    re.S,
)
_ANEW = re.compile(r"\[[\w.\"' \[\]-]*\]|[\w.-]+[ \t]*=")


@dataclass(frozen=True, slots=True)
class Entry:
    """A key with its value: `path` leads to it from the top; `key` is its last name's place.

    `value`: the text as it is written, quotes included. A table has the value of its header alone.
    """

    path: tuple[str, ...]
    key: Span
    value: Span
    is_table: bool = False


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    span: Span


@lru_cache(maxsize=64)
def entries(text: str) -> tuple[Entry, ...]:
    """The tables and keys of a text, in order; a place in a list counts by no name.

    >>> [(".".join(one.path), text[one.value.start:one.value.stop]) for text in ['[a]\\nb = {c = "d", e = ']
    ...  for one in entries(text)]
    [('a', '[a]'), ('a.b.c', '"d"'), ('a.b.e', ''), ('a.b', '{c = "d", e =')]
    """
    return tuple(_Scan(text).entries())


def texts(text: str, value: Span) -> Iterator[Span]:
    """The places of the texts in quotes in a value, without their quotes."""
    for found in _TOKEN.finditer(text, value.start, value.stop):
        if found.lastgroup == "text":
            quotes = 3 if found[0][:3] in ('"""', "'''") else 1
            closed = len(found[0]) >= 2 * quotes and found[0].endswith(found[0][:quotes])
            yield Span(found.start() + quotes, found.end() - (quotes if closed else 0))


class _Scan:
    def __init__(self, text: str) -> None:
        self._text = text
        self._tokens = [
            _Token(str(m.lastgroup), m[0], Span(*m.span()))
            for m in _TOKEN.finditer(text)
            if m.lastgroup != "comment"
        ]
        self._at = 0

    def entries(self) -> Iterator[Entry]:
        table: tuple[str, ...] = ()
        while self._at < len(self._tokens):
            if self._kind() == "line":
                self._at += 1
            elif self._peek() == "[":
                header = self._header()
                table = header.path
                yield header
            else:
                yield from self._pair(table)
                self._to_line_end()

    def _header(self) -> Entry:
        start = self._tokens[self._at].span
        while self._peek() == "[":
            self._at += 1
        names, key = self._key("]")
        while self._peek() == "]":
            self._at += 1
        end = self._tokens[self._at - 1].span
        return Entry(names, key, start.to(end), True)

    def _key(self, end: str) -> tuple[tuple[str, ...], Span]:
        names, last = [], Span(*[self._tokens[min(self._at, len(self._tokens) - 1)].span.start] * 2)
        while self._peek() not in (end, "", "\n", ",", "}"):
            token = self._tokens[self._at]
            if token.kind in ("word", "text"):
                quoted = token.kind == "text"
                names.append(token.text.strip("\"'") if quoted else token.text)
                last = Span(token.span.start + quoted, token.span.stop - quoted) if quoted else token.span
            self._at += 1
        return tuple(names), last

    def _pair(self, table: tuple[str, ...]) -> Iterator[Entry]:
        begin = self._at
        names, key = self._key("=")
        if self._peek() == "=":
            behind = self._tokens[self._at].span.stop
            self._at += 1
            start = self._at
            yield from self._value((*table, *names))
            value = Span(behind, behind)
            if self._at > start:
                value = self._tokens[start].span.to(self._tokens[self._at - 1].span)
            yield Entry((*table, *names), key, value)
        elif names:
            yield Entry((*table, *names), key, Span(key.stop, key.stop))
        if self._at == begin:
            self._at += 1

    def _value(self, path: tuple[str, ...]) -> Iterator[Entry]:
        opening = self._peek()
        if opening not in ("[", "{"):
            while self._peek() not in ("", "\n", ",", "]", "}"):
                self._at += 1
            return
        self._at += 1
        while self._peek() not in ("", "]", "}") and not self._begins_anew():
            if self._peek() in (",", "\n"):
                self._at += 1
            elif opening == "{":
                yield from self._pair(path)
            else:
                before = self._at
                yield from self._value(path)
                self._at += self._at == before
        if self._peek() in ("]", "}"):
            self._at += 1

    def _begins_anew(self) -> bool:
        """Whether a line begins here that what is open cannot go on with."""
        token = self._tokens[self._at]
        at_margin = token.span.start == 0 or self._text[token.span.start - 1] == "\n"
        return at_margin and _ANEW.match(self._text, token.span.start) is not None

    def _to_line_end(self) -> None:
        while self._at < len(self._tokens) and self._kind() != "line" and not self._begins_anew():
            self._at += 1

    def _kind(self) -> str:
        return self._tokens[self._at].kind

    def _peek(self) -> str:
        """The next token; a text in quotes counts as no sign."""
        if self._at >= len(self._tokens):
            return ""
        token = self._tokens[self._at]
        return "text" if token.kind == "text" else token.text
