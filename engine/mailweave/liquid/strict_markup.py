"""Ruby's strict2 mode: a grammar for what stands in outputs and tags, which guesses nothing.

Shopify's release notes: 5.9 brought it as `rigid`, 5.11 called it `strict2`, 5.13 took in `assign`, `capture`,
`increment` and `decrement` and refuses a variable that is named in brackets alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from liquid.token import TOKEN_EXPRESSION, TOKEN_OUTPUT, TOKEN_TAG, Token

from mailweave.liquid.failures import NotStrict

_RULES = re.compile(
    r"(?P<skip>[ \t\r\n\f\v]+)"
    r"|(?P<string>\"[^\"]*\"|'[^']*')"
    r"|(?P<number>-?[0-9]+(?:\.[0-9]+)?)"
    r"|(?P<comparison>==|!=|<>|<=|>=|<|>)"
    r"|(?P<range>\.\.)"
    r"|(?P<sign>[|.:,\[\]()?-])"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_-]*\??)"
)
_LINE = re.compile(r"[ \t]*(#|\w+)[ \t]*(.*?)[ \t\r]*$", re.ASCII)
_ASSIGNMENT = re.compile(r"([A-Za-z0-9_().\[\]-]+)\s*=\s*(.*)\s*", re.DOTALL)
END = "the end"


class _Markup:
    """The words of one output or tag, read from left to right."""

    def __init__(self, text: str, start: int, source: str) -> None:
        self._source, self._end = source, start + len(text)
        self._words = list(self._read(text, start))
        self._at = 0

    def _read(self, text: str, start: int) -> Iterator[tuple[str, str, int]]:
        at, before = 0, ""
        while at < len(text):
            found = _RULES.match(text, at)
            if found is None:
                raise self._error(f"`{text[at]}` means nothing here", text[at], start + at)
            kind, word = str(found.lastgroup), found[0]
            if kind == "name" and word == "contains" and before != ".":
                kind = "comparison"
            if kind != "skip":
                yield (word if kind == "sign" else kind), word, start + at
                before = word
            at = found.end()

    def _error(self, problem: str, word: str, start: int) -> NotStrict:
        return NotStrict(problem, token=Token(TOKEN_EXPRESSION, word or " ", start, self._source))

    def look(self, kind: str, ahead: int = 0) -> bool:
        at = self._at + ahead
        return self._words[at][0] == kind if at < len(self._words) else kind == END

    def take(self, kind: str, word: str = "") -> bool:
        """Go on when a word of this kind stands here."""
        if not self.look(kind) or (word and self._words[self._at][1] != word):
            return False
        self._at += 1
        return True

    def need(self, kind: str, what: str = "") -> None:
        if not self.take(kind):
            raise self.refuse(
                what or (kind if kind == END else f"a {kind}" if kind.isalpha() else f"`{kind}`")
            )

    def refuse(self, wanted: str) -> NotStrict:
        if self._at >= len(self._words):
            return self._error(f"expected {wanted}, found {END}", "", max(self._end - 1, 0))
        _, word, start = self._words[self._at]
        return self._error(f"expected {wanted}, found `{word}`", word, start)

    def expression(self) -> None:
        """A value: a path, a text, a number or a range."""
        if self.take("name"):
            self._steps()
        elif self.look("["):
            raise self.refuse("a name: `self['...']` reads a variable by a computed name")
        elif self.take("("):
            self.expression()
            self.need("range", "`..`")
            self.expression()
            self.need(")")
        elif not (self.take("string") or self.take("number")):
            raise self.refuse("a value")

    def _steps(self) -> None:
        while True:
            if self.take("["):
                self.expression()
                self.need("]")
            elif self.take("."):
                self.need("name")
            else:
                return

    def given(self) -> None:
        """`name: value` pairs, commas between them or not, to the end."""
        self.take(",")
        while self.take("name"):
            self.need(":")
            self.expression()
            self.take(",")
        self.need(END)


def _output(markup: _Markup) -> None:
    if markup.look(END):
        return
    markup.expression()
    while markup.take("|"):
        markup.need("name", "the name of a filter")
        if markup.take(":"):
            _arguments(markup)
    markup.need(END)


def _arguments(markup: _Markup) -> None:
    more = True
    while more and not (markup.look("|") or markup.look(END)):
        if markup.look("name") and markup.look(":", 1):
            markup.need("name")
            markup.need(":")
        markup.expression()
        more = markup.take(",")


def _condition(markup: _Markup) -> None:
    while True:
        markup.expression()
        if markup.take("comparison"):
            markup.expression()
        if not (markup.take("name", "and") or markup.take("name", "or")):
            break
    markup.need(END)


def _loop(markup: _Markup) -> None:
    _each(markup)
    markup.take("name", "reversed")
    while markup.look(",") or markup.look("name"):
        markup.take(",")
        if not (markup.take("name", "limit") or markup.take("name", "offset")):
            raise markup.refuse("`limit` or `offset`")
        markup.need(":")
        markup.expression()
    markup.need(END)


def _each(markup: _Markup) -> None:
    markup.need("name")
    if not markup.take("name", "in"):
        raise markup.refuse("`in`")
    markup.expression()


def _table(markup: _Markup) -> None:
    _each(markup)
    markup.take(",")
    while markup.look("name"):
        if not any(markup.take("name", word) for word in ("cols", "limit", "offset", "range")):
            raise markup.refuse("`cols`, `limit` or `offset`")
        markup.need(":")
        markup.expression()
        markup.take(",")
    markup.need(END)


def _cycle(markup: _Markup) -> None:
    markup.expression()
    if markup.take(":"):
        markup.expression()
    while markup.take(",") and not markup.look(END):
        markup.expression()
    markup.need(END)


def _case(markup: _Markup) -> None:
    markup.expression()
    markup.need(END)


def _when(markup: _Markup) -> None:
    markup.expression()
    while markup.take("name", "or") or markup.take(","):
        markup.expression()
    markup.need(END)


def _name(markup: _Markup) -> None:
    markup.need("name")
    markup.need(END)


def _render(markup: _Markup) -> None:
    markup.need("string", "the name of a partial in quotes")
    _bound(markup)


def _include(markup: _Markup) -> None:
    markup.expression()
    _bound(markup)


def _bound(markup: _Markup) -> None:
    if markup.take("name", "for") or markup.take("name", "with"):
        markup.expression()
    if markup.take("name", "as"):
        markup.need("name")
    markup.given()


_TAGS: dict[str, Callable[[_Markup], None]] = {
    "if": _condition,
    "elsif": _condition,
    "unless": _condition,
    "for": _loop,
    "tablerow": _table,
    "cycle": _cycle,
    "case": _case,
    "when": _when,
    "capture": _name,
    "increment": _name,
    "decrement": _name,
    "render": _render,
    "include": _include,
    "echo": _output,
}


def check(tokens: Iterator[Token]) -> Iterator[NotStrict]:
    """What strict2 refuses in a template, each with its place."""
    tag = ""
    for token in tokens:
        if token.kind in (TOKEN_TAG, TOKEN_OUTPUT):
            tag = "echo" if token.kind == TOKEN_OUTPUT else token.value
            continue
        if token.kind == TOKEN_EXPRESSION:
            yield from _checked(tag, token.value, token.start_index, token.source)


def _checked(tag: str, text: str, start: int, source: str) -> Iterator[NotStrict]:
    try:
        if tag == "liquid":
            yield from _lines(text, start, source)
        elif tag == "assign":
            _assigned(text, start, source)
        elif tag in _TAGS:
            _TAGS[tag](_Markup(text, start, source))
    except NotStrict as problem:
        yield problem


def _lines(text: str, start: int, source: str) -> Iterator[NotStrict]:
    for line in text.splitlines(keepends=True):
        found = _LINE.match(line.rstrip("\n"))
        if found:
            yield from _checked(found[1], found[2], start + found.start(2), source)
        start += len(line)


def _assigned(text: str, start: int, source: str) -> None:
    found = _ASSIGNMENT.search(text)
    if found is None:
        _name(_Markup(text, start, source))
        raise _Markup(text, start, source).refuse("a name, `=` and a value")
    _name(_Markup(found[1], start + found.start(1), source))
    _output(_Markup(found[2], start + found.start(2), source))
