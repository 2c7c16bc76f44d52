"""Pages made ready for inlining, kept from one inlining to the next: only what was changed is made ready again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import chain

from mailweave.content.composition import Composed
from mailweave.content.contract import contract
from mailweave.content.page import Prepared, prepare
from mailweave.content.page_edits import PageEdits
from mailweave.content.premailer_adapter import Attributes, Style
from mailweave.content.styles import Cases, Placed, placed
from mailweave.content.stylesheets import Library, Resolve, Sheet, rules
from mailweave.diagnostics import Diagnostic
from mailweave.markup.cascade.layers import Layers
from mailweave.markup.implicit_markup import breaks_lines, is_open
from mailweave.markup.shield import Shield
from mailweave.markup.tree import page, refused
from mailweave.source import Source

_LEAST = 16  # pages
_TIMES = 4  # those of HTML and AMP, each before and after a save
_MOST_NAMES = 20_000  # that stand for Liquid, and are never given back
_MOST_CASES = 5_000
_MOST_ACCEPTED = 1_000


@dataclass(slots=True, eq=False)
class KeptPage:
    """A page that is ready, and what was found in it.

    `is_open`: whether it may hold elements that cannot be seen. `linked`: the style sheets that it names, as they were.
    `placed` is its part in the cascade, `edits` what was written last; None as long as nobody asked.
    """

    prepared: Prepared
    found: tuple[Diagnostic, ...]
    is_open: bool
    linked: Mapping[str, str | None]
    placed: tuple[Placed, ...] | None = None
    edits: PageEdits | None = None


@dataclass(slots=True)
class PageStore:
    """Pages under one shield and one library, by their content.

    cases: what they have in common in the cascade. styles: how each style is written. escapes: whether literals in
    them are escaped when they are rendered, as in campaigns.
    """

    cases: Cases = field(default_factory=Cases)
    styles: dict[Style, Attributes] = field(default_factory=dict)
    escapes: bool = False

    _css: Source = field(default_factory=lambda: Source("<css>", ""))
    _library: Library = field(default_factory=lambda: Library(Shield(), _nothing))
    _accepted: set[Source] = field(default_factory=set)  # that can be parsed
    _layers: Layers = field(default_factory=Layers)
    _pages: OrderedDict[Composed, KeptPage] = field(default_factory=OrderedDict)

    @property
    def shield(self) -> Shield:
        """What stands for Liquid in all pages."""
        return self._library.shield

    def refused(self, sources: Sequence[Source]) -> tuple[Diagnostic, ...]:
        """Why some of the texts cannot be parsed, as `tree.refused` says."""
        found: list[Diagnostic] = []
        for source in sources:
            if source not in self._accepted:
                bad = refused(source)
                found += bad
                self._accepted |= set() if bad else {source}
        return tuple(found)

    def ready(self, runs: Sequence[Composed], css: Source, resolve: Resolve) -> list[KeptPage]:
        """The page of each run; a style sheet that it names is read anew, and may have changed."""
        texts = (css.text, *(run.source.text for run in runs))
        shield = self.shield
        if css != self._css or shield.made > _MOST_NAMES or not shield.is_absent_from(texts):
            self._css, self._library = css, Library(Shield(*texts), _nothing, self.escapes)
            self._pages.clear()
            self._unplace()
        once = cache(resolve)
        found = [self._ready(run, once) for run in runs]
        self._forget(len(found))
        for one in chain.from_iterable(map(rules, _sheets(found))):
            one.raised.clear()  # another cascade may ask for less
        return found

    def placed(self, layers: Layers, pages: Sequence[KeptPage]) -> list[tuple[Placed, ...]]:
        """The part of each page in the cascade under these layers. Raises TooMuch."""
        if layers != self._layers or len(self.cases) > _MOST_CASES:
            self._layers = layers
            self._unplace()
        self.cases.matcher.fold = pages[0].prepared.document.fold
        return [self._placed(one) for one in pages]

    def _placed(self, one: KeptPage) -> tuple[Placed, ...]:
        if one.placed is None:
            one.placed = tuple(placed(one.prepared, found, self.cases) for found in one.prepared.sheets)
        return one.placed

    def _unplace(self) -> None:
        self.cases, self.styles = Cases(), {}
        for one in self._pages.values():
            one.placed = one.edits = None

    def _ready(self, run: Composed, resolve: Resolve) -> KeptPage:
        kept = self._pages.get(run)
        if kept is None or any(resolve(href) != text for href, text in kept.linked.items()):
            kept = self._pages[run] = self._made(run, resolve)
        self._pages.move_to_end(run)
        return kept

    def _made(self, run: Composed, resolve: Resolve) -> KeptPage:
        linked: dict[str, str | None] = {}

        def noted(href: str) -> str | None:
            linked[href] = resolve(href)
            return linked[href]

        self._library.resolve = noted
        one = page(run.source, shield=self.shield)
        made = prepare(run, one, self._css, self._library)
        opened = is_open(one, escapes=self.escapes) or any(True for _ in breaks_lines(one))
        return KeptPage(made, (*contract(made), *made.diagnostics), opened, linked)

    def _forget(self, needed: int) -> None:
        while len(self._pages) > max(_LEAST, needed * _TIMES):
            self._pages.popitem(last=False)
        if len(self._accepted) > _MOST_ACCEPTED:
            self._accepted.clear()


def _nothing(_href: str) -> None:
    return None


def _sheets(found: Sequence[KeptPage]) -> Iterator[Sequence[Sheet]]:
    return (sheets for one in found for sheets in one.prepared.sheets)
