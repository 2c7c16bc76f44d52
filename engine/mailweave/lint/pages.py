"""The pages that a campaign's mails are made of: the layout with one candidate in each slot, every block in one of them.

A rule judges each page by itself. What it says of a page is kept by whoever compiles again and again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TypeVar

from mailweave.campaign.stages import Templates
from mailweave.content.composition import Composed, ranks
from mailweave.content.once import Once, each_time
from mailweave.content.page import Prepared, prepare
from mailweave.content.stylesheets import Library
from mailweave.lint.blanks import Blanks
from mailweave.lint.elements import Tag, tags
from mailweave.lint.looks import Looks, looks_of
from mailweave.markup.shield import Shield
from mailweave.markup.tokens import LiquidToken, StartTag
from mailweave.markup.tree import Page, page
from mailweave.source import Source

_Said = TypeVar("_Said")


@dataclass
class Reading:
    """One page, made ready when a rule first looks at it."""

    run: Composed
    css: Source
    library: Library
    blanks: Blanks = field(default_factory=Blanks)

    @cached_property
    def prepared(self) -> Prepared:
        made = page(self.run.source, shield=self.library.shield)
        return prepare(self.run, made, self.css, self.library)

    @cached_property
    def tags(self) -> Mapping[int, Tag]:
        """Its elements by the numbers of their start tags, in the order of the text."""
        one = self.prepared
        return dict(tags(one.page, one.document.numbered))

    @cached_property
    def tests(self) -> Mapping[int, tuple[str, ...]]:
        """The conditions around each start tag, as written; `else` for one that says what does not hold."""
        return dict(_tests(self.prepared.page))

    @cached_property
    def looks(self) -> tuple[Looks, ...]:
        """How its elements look, in every view on every way through its conditions."""
        return looks_of(self.prepared, self.library.shield.nonce)


@dataclass
class Pages:
    """All pages of a campaign. `once` keeps what is said of a page for as long as nothing in it changes.
    `blanks`: which values may be blank. `clients`: the families of mail clients that it is written for; none where all are.
    """

    given: Templates
    once: Once = each_time
    clients: tuple[str, ...] = ()
    blanks: Blanks = field(default_factory=Blanks)
    _linked: dict[str, str | None] = field(default_factory=dict)

    def judged(self, rule: str, judge: Callable[[Reading], Iterator[_Said]]) -> Iterator[tuple[_Said, ...]]:
        """What a rule says of each page; of one that is kept, as long as the style sheets that were read then stay."""

        def anew(reading: Reading) -> tuple[tuple[_Said, ...], dict[str, str | None]]:
            return tuple(judge(reading)), dict(self._linked)

        for reading in self._readings:
            found, read = self.once(
                (rule, reading.run, self.given.css, self.blanks.key), partial(anew, reading)
            )
            changed = any(self.given.resolve(href) != text for href, text in read.items())
            yield anew(reading)[0] if changed else found

    @cached_property
    def _readings(self) -> tuple[Reading, ...]:
        runs = list(ranks(self.given.layout, self.given.slots))
        shield = Shield(*(run.source.text for run in runs), self.given.css.text)
        library = Library(shield, self._resolved)
        return tuple(Reading(run, self.given.css, library, self.blanks) for run in runs)

    def _resolved(self, href: str) -> str | None:
        self._linked[href] = self.given.resolve(href)
        return self._linked[href]


def _tests(page: Page) -> Iterator[tuple[int, tuple[str, ...]]]:
    open_: list[str] = []
    for number, token in enumerate(page.tokens):
        if isinstance(token, StartTag):
            yield number, tuple(open_)
        elif isinstance(token, LiquidToken):
            if token.piece.opens:
                open_.append(token.piece.inside)
            elif open_ and token.piece.continues:
                open_[-1] = token.piece.inside
            elif open_ and token.piece.closes:
                open_.pop()
