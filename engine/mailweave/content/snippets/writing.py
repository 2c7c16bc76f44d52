"""A snippet written out in place of its call: names that it sets become its own, names that it is given become values.

>>> from mailweave.liquid.contexts.source_tree import authored
>>> from mailweave.content.snippets.reading import read
>>> def of(text): return read(Source("a", text), authored(text).nodes)
>>> body = of("{% assign b = x | upcase %}<i>{{ b }}{{ y.z }}</i>")
>>> given = {"x": Value("profile.name", True), "y": Value("cart", True)}
>>> text(Writing(body, given, 1, frozenset()).pieces(lambda call, written: []))
'{% assign mw1_b = profile.name | upcase %}<i>{{ mw1_b }}{{ cart.z }}</i>'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeAlias

from mailweave.content.snippets.reading import Argument, Call, Read, Reading, is_nothing, is_plain
from mailweave.markup.pieces import Piece
from mailweave.source import Source, Span

Pieces: TypeAlias = list[tuple[str, Source]]
"""A text in pieces, each with the source whose place it has."""

_BLANK: Final = " \t\r\n"
_HELPERS: Final = frozenset({"forloop", "tablerowloop"})
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-]+")
_ADDRESS: Final = re.compile(r"https?://[A-Za-z0-9/._~-]+")
_CLASSES: Final = re.compile(r"""\bclass\s*=\s*(?:"[^"<>]*|'[^'<>]*)\Z""")


@dataclass(frozen=True, slots=True)
class Value:
    """What a name stands for, as Liquid. `is_path`: steps may follow it; `is_nothing`: nothing was given."""

    text: str
    is_path: bool = False
    is_nothing: bool = False

    @property
    def literal(self) -> str | None:
        """The characters of a text in quotes, or the digits of a number."""
        if self.text[:1] in ("'", '"'):
            return self.text[1:-1]
        return self.text if self.text[:1].isdigit() else None


NOTHING: Final = Value("nil", is_nothing=True)


@dataclass(frozen=True, slots=True)
class Written:
    """The values of a call's arguments in the scope where the snippet is written."""

    arguments: Mapping[str, Value]
    bound: Value | None


Inner: TypeAlias = Callable[[Call, Written], Pieces]
"""Writes out a call inside a snippet."""


class Writing:
    """One text with its names changed.

    given: what it is handed. number: tells the names of this writing from all others; 0 for a text that keeps its own.
    known: the names of data, which mean the same everywhere.
    """

    def __init__(
        self, reading: Reading, given: Mapping[str, Value], number: int, known: Collection[str]
    ) -> None:
        self.reading, self.number, self.known = reading, number, known
        self._sets = {name for name, _ in reading.sets} if number else set()
        given = {**self._unpassed(), **given} if number else given
        self._bound = {span.start: name for name, span in reading.binds}
        self._aliases = {
            name: value for name, value in given.items() if number and self._needs_alias(name, value)
        }
        self.given = {**given, **{name: Value(self._own(name), True) for name in self._aliases}}

    def pieces(self, inner: Inner, *, resets: bool = False) -> Pieces:
        """The text. resets: it stands in a loop, so that what it sets must begin anew."""
        source, edits = self.reading.source, self._edits()
        text, made, at = source.text, self._begin(resets=resets), 0
        for call in self.reading.calls:
            if call.piece is not None:
                edits = [one for one in edits if not _within(one[0], call.piece.span)]
        calls: list[tuple[Span, Pieces]] = []
        for call in self.reading.calls:
            written = self._call(call, inner)  # also of one in a `liquid` tag, which is told
            calls += [] if call.piece is None else [(_around(text, call.piece), written)]
        changes: list[tuple[Span, Pieces]] = [
            *((span, [(new, source.part(span))]) for span, new in edits),
            *calls,
        ]
        for span, new in sorted(changes, key=lambda each: each[0].start):
            made.append((text[at : max(at, span.start)], source.part(Span(at, max(at, span.start)))))
            made += new
            at = max(at, span.stop)
        made.append((text[at:], source.part(Span(at, len(text)))))
        return [one for one in made if one[0]]

    def _call(self, call: Call, inner: Inner) -> Pieces:
        written = Written(
            {one.name: self._value(one) for one in call.arguments},
            None if call.bound is None else self._value(call.bound),
        )
        return inner(call, written)

    def _value(self, one: Argument) -> Value:
        text = self.reading.source.text
        for span, new in reversed(self._edits()):
            if _within(span, one.span):
                text = text[: span.start] + new + text[span.stop :]
        grown = len(text) - len(self.reading.source.text)
        value = text[one.span.start : one.span.stop + grown]
        if is_nothing(one.value) or value == "nil":
            return NOTHING
        return Value(value, is_plain(one.value) and value[:1] not in "'\"(" and not value[:1].isdigit())

    def _begin(self, *, resets: bool) -> Pieces:
        """What must stand before the text: values under names of their own."""
        sets = [f"{{% assign {self._own(name)} = {value.text} %}}" for name, value in self._aliases.items()]
        if resets:
            sets += [f"{{% assign {self._own(name)} = nil %}}" for name in self._sets - self._aliases.keys()]
        begin = self.reading.source.part(Span(0, 0))
        return [(one, begin) for one in sorted(sets)]

    def _own(self, name: str) -> str:
        return f"mw{self.number}_{name}"

    def _unpassed(self) -> dict[str, Value]:
        """The names that nobody has passed, each as nothing."""
        read = {one.name for one, loop in self.reading.reads if loop is None}
        return dict.fromkeys(sorted(read - self._sets - set(self.known)), NOTHING)

    def _needs_alias(self, name: str, value: Value) -> bool:
        """Whether what is given must be put under a name, as it cannot stand wherever the name stands."""
        if name in self._sets:
            return True
        reads = [one for one, loop in self.reading.reads if one.name == name and loop is None]
        if value.is_path:
            return value.text.partition(".")[0] in _HELPERS and bool(reads) and bool(self.reading.binds)
        if value.is_nothing:
            return any(one.listed or one.inner for one in reads)
        return any(
            one.has_steps
            or (one.listed and value.literal is not None)
            or (one.inner and value.literal is None)
            for one in reads
        )

    def _edits(self) -> list[tuple[Span, str]]:
        """The changed words of the text, in order and apart from each other."""
        if not self.number:
            return []
        found = [(span, self._own(name)) for name, span in (*self.reading.sets, *self.reading.binds)]
        for one, loop in self.reading.reads:
            change = self._changed(one, loop)
            if change is not None:
                found.append(change)
        made: list[tuple[Span, str]] = []
        for span, new in sorted(found, key=lambda each: (each[0].start, -each[0].stop)):
            if not made or span.start >= made[-1][0].stop:
                made.append((span, new))
        return made

    def _changed(self, one: Read, loop: int | None) -> tuple[Span, str] | None:
        if loop is not None:
            return None if loop < 0 else (one.word, self._own(self._bound[loop]))
        value = self.given.get(one.name)
        if value is None and one.name in self._sets:
            return one.word, self._own(one.name)
        if value is None:
            return None  # a name of data
        fallback = Value(one.default) if one.default and (value.is_nothing or value.literal == "") else value
        plain = self._plain(one.written, fallback)
        if value.is_nothing and plain is None:
            return one.path, NOTHING.text
        return (one.word, value.text) if plain is None or one.written is None else (one.written.span, plain)

    def _plain(self, piece: Piece | None, value: Value) -> str | None:
        """A literal that is written as it is: so that the class that it names is one of the markup's own."""
        literal = value.literal
        if piece is None or literal is None or any(piece.trims):
            return None
        before, after = (
            self.reading.source.text[: piece.span.start],
            self.reading.source.text[piece.span.stop :],
        )
        if _PLAIN.fullmatch(literal):
            return literal
        if _ADDRESS.fullmatch(literal) and before[-1:] == after[:1] and before[-1:] in ("'", '"'):
            return literal
        is_class = _CLASSES.search(before[-300:]) is not None
        return literal if is_class and all(map(_PLAIN.fullmatch, literal.split())) else None


def text(made: Pieces) -> str:
    """The text of pieces."""
    return "".join(one for one, _ in made)


def _around(text: str, piece: Piece) -> Span:
    """A tag with the white space that it takes away."""
    left, right = piece.trims
    start, stop = piece.span.start, piece.span.stop
    if left:
        start = len(text[:start].rstrip(_BLANK))
    if right:
        stop += len(text[stop:]) - len(text[stop:].lstrip(_BLANK))
    return Span(start, stop)


def _within(span: Span, around: Span) -> bool:
    return around.start <= span.start and span.stop <= around.stop


def of_caller(written: Written, number: int) -> tuple[dict[str, Value], list[str]]:
    """The arguments of a call that goes over a list, and what must stand before its loop: there, `forloop` is still
    that of the caller."""
    given, before = dict(written.arguments), []
    for name, value in given.items():
        if value.is_path and value.text.partition(".")[0] in _HELPERS:
            before.append(f"{{% assign mw{number}_of_{name} = {value.text} %}}")
            given[name] = Value(f"mw{number}_of_{name}", True)
    return given, before


def looped(written: Written, number: int, body: Pieces, before: list[str], place: Source) -> Pieces:
    """The text of a snippet for each item of what its call goes over."""
    if written.bound is None:
        return body
    item = f"mw{number}_each"
    return [
        *((one, place) for one in before),
        (f"{{% for {item} in {written.bound.text} %}}", place),
        *body,
        ("{% endfor %}", place),
    ]


def item_of(number: int) -> Value:
    """What an item is called inside `looped`."""
    return Value(f"mw{number}_each", True)


def trimmed(source: Source) -> Source:
    """A snippet's text without the line end of its file, and without what white space control takes at its ends."""
    stop = len(source.text) - source.text.endswith("\n")
    return source.part(Span(0, stop))
