"""Whether an element says something to who listens, whoever gets it: in each branch, and where values are blank."""

from __future__ import annotations

import html
from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.lint.blanks import may_be_blank, output_may_be_blank
from mailweave.lint.elements import BLANK, Tag
from mailweave.lint.pages import Reading
from mailweave.markup.pieces import Kind, Piece
from mailweave.markup.stylesheet import parse_declarations
from mailweave.markup.tokens import VOID, EndTag, LiquidToken, StartTag, Text

NAMES = ("aria-label", "title")


def is_silent(reading: Reading, number: int) -> bool:
    """Whether somebody may get an element, by the number of its start tag, without anything that is read out in it."""
    if not _Walk(reading, number).speaks():
        return True
    return any(not _Walk(reading, number, gone).speaks() for gone in _hidden_inside(reading, number))


def surely_named(tag: Tag, paths: frozenset[str], *names: str) -> bool:
    """Whether one of these attributes says something in every way; so it counts where the ways are not known."""
    if tag.ways is None:
        return True
    return all(any(says(way.get(name, ""), paths) for name in names) for way in tag.ways)


def says(value: str, paths: frozenset[str]) -> bool:
    """Whether the value of an attribute holds words for everybody."""
    return bool(BLANK.sub("", html.unescape(value))) and not may_be_blank(value, paths)


def paths_at(reading: Reading, at: int) -> frozenset[str]:
    """The paths that may be blank in the template that stands at an offset of the page."""
    part = reading.run.part(at)
    return reading.blanks.of("" if part is None else part.key)


def is_hidden(tag: Tag) -> bool:
    """Whether a start tag surely takes its element away from who listens."""
    if "true" in {value.strip().lower() for value in tag.plain("aria-hidden")} or tag.writes("hidden"):
        return True
    said = {d.name: d.value.strip().lower() for v in tag.plain("style") for d in parse_declarations(v)}
    return said.get("display") == "none" or said.get("visibility") == "hidden"


def _hidden_inside(reading: Reading, number: int) -> Iterator[frozenset[int]]:
    """The elements that style sheets hide in some view in which the element itself is shown."""
    told: set[frozenset[int]] = set()
    within = {at for at in inside(reading, number) if at in reading.tags}
    for seen in reading.looks if within else ():
        gone = frozenset(e.number for e, look in seen.looks.items() if look.hidden and e.number is not None)
        own = gone & within
        around = reading.tags[number].element
        whole = around is not None and any(e.number in gone for e in (around, *around.ancestors()))
        if own and not whole and own not in told:
            told.add(own)
            yield own


def inside(reading: Reading, number: int) -> Iterator[int]:
    """The tokens of an element between its start tag and its end tag, by their numbers."""
    tokens = reading.prepared.page.tokens
    name, depth = getattr(tokens[number], "name", ""), 0
    for at in range(number + 1, len(tokens)):
        token = tokens[at]
        if isinstance(token, StartTag):
            depth += token.name == name and token.name not in VOID and not token.self_closing
        elif isinstance(token, EndTag) and token.name == name:
            if not depth:
                return
            depth -= 1
        yield at


@dataclass(slots=True)
class _Fork:
    """A condition or a loop: what its branches so far say, and whether there is one for everybody."""

    test: str
    name: str
    said: list[bool] = field(default_factory=list)
    whole: bool = False
    here: bool = False

    def next(self, piece: Piece) -> None:
        self.said.append(self.here)
        self.here, self.test = False, piece.inside
        self.whole |= piece.name == "else"

    def all_say(self) -> bool:
        return self.whole and all((*self.said, self.here)) and self.name != "capture"


@dataclass(slots=True)
class _Walk:
    reading: Reading
    number: int
    gone: frozenset[int] = frozenset()
    said: bool = False
    _forks: list[_Fork] = field(default_factory=list)
    _hidden: list[str] = field(default_factory=list)

    def speaks(self) -> bool:
        tokens = self.reading.prepared.page.tokens
        for at in inside(self.reading, self.number):
            token = tokens[at]
            if isinstance(token, LiquidToken):
                self._liquid(token.piece)
            elif isinstance(token, StartTag):
                self._start(at, token)
            elif isinstance(token, EndTag):
                if self._hidden and self._hidden[-1] == token.name:
                    self._hidden.pop()
            elif isinstance(token, Text) and not self._hidden:
                text = self.reading.prepared.page.text(token.span)
                self._say(bool(BLANK.sub("", html.unescape(text))))
            if self.said:
                return True
        return self.said

    def _say(self, is_said: bool) -> None:
        if is_said and self._forks:
            self._forks[-1].here = True
        elif is_said:
            self.said = True

    def _start(self, at: int, token: StartTag) -> None:
        closes = token.name not in VOID and not token.self_closing
        tag = self.reading.tags.get(at)
        if self._hidden:
            self._hidden += [token.name] if closes and token.name == self._hidden[-1] else []
        elif tag is not None and (is_hidden(tag) or at in self.gone):
            self._hidden += [token.name] if closes else []
        elif tag is not None:
            names = ("alt", *NAMES) if tag.name in ("img", "area") else NAMES[:1]
            self._say(any(tag.writes(n) for n in names) and surely_named(tag, self._paths(at), *names))

    def _paths(self, at: int) -> frozenset[str]:
        return paths_at(self.reading, self.reading.prepared.page.tokens[at].span.start)

    def _liquid(self, piece: Piece) -> None:
        if piece.kind is Kind.OUTPUT:
            paths = paths_at(self.reading, piece.span.start)
            tests = tuple(fork.test for fork in self._forks)
            self._say(
                not self._hidden and not output_may_be_blank(piece.inside, paths, (*tests, *self._around))
            )
        elif piece.kind is Kind.VERBATIM:
            self._say(not self._hidden and piece.name == "raw")
        elif piece.opens:
            self._forks.append(_Fork(piece.inside, piece.name))
        elif piece.continues and self._forks:
            self._forks[-1].next(piece)
        elif piece.closes and self._forks:
            fork = self._forks.pop()
            self._say(fork.all_say())

    @property
    def _around(self) -> tuple[str, ...]:
        """The conditions around the whole element."""
        return self.reading.tests.get(self.number, ())
