"""What is written into one page: edits of the files that it is composed of, made again only where its styles changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from mailweave.content.composition import Composed
from mailweave.content.edits import Edit
from mailweave.content.premailer_adapter import Style
from mailweave.content.scope import reassigned
from mailweave.content.tagedits import TagEdits
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Span

_Styles = tuple[tuple[Style | None, ...], frozenset[str]]


@dataclass(frozen=True, slots=True)
class PageEdits:
    """The edits of a page by file and place, and what was found while they were made.

    `of` are the styles that they write, and the attributes that kept selectors ask about: equal ones give equal edits.
    """

    of: _Styles
    by_file: Mapping[str, Mapping[Span, Edit]]
    found: tuple[Diagnostic, ...]


def page_edits(tags: TagEdits, last: PageEdits | None) -> PageEdits:
    """The edits of a page, those made last where the same is to be written."""
    of = _styles(tags)
    if last is not None and last.of == of:
        return last
    made: dict[str, dict[Span, Edit]] = {}
    collect(made, tags.page.run, list(tags.all()))
    return PageEdits(of, made, tuple(_scoped(tags)))


def _styles(tags: TagEdits) -> _Styles:
    styles = tags.final.styles
    return tuple(styles.get(case) for one in tags.placed for case in one.examples), tags.final.asked


def collect(edits: dict[str, dict[Span, Edit]], run: Composed, made: Sequence[Edit]) -> None:
    """Adds edits of a composed text to those of its files."""
    for edit in made:
        home = run.home(edit)
        if home:
            edits.setdefault(home[0], {}).setdefault(home[1].span, home[1])


def _scoped(tags: TagEdits) -> Iterator[Diagnostic]:
    """Conditions that would be asked again further in, where a name in them has another value."""
    one = tags.page.page
    for above, number in tags.influences():
        start, stop = one.tokens[above].span, one.tokens[number].span
        piece = reassigned(one, one.text(start), start.stop, stop.start)
        if piece:
            yield diagnose("MW525", one.source, start, name=piece.text)
            return
