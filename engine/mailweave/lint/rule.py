"""What a rule is: a code, a family, and a judge of pages or of whole campaigns."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, TypeAlias

from mailweave.campaign import Campaign
from mailweave.content.inliner import at_home
from mailweave.diagnostics import Diagnostic, Fix, diagnose
from mailweave.lint.pages import Pages, Reading
from mailweave.source import Source, Span

Family: TypeAlias = Literal[
    "accessibility",
    "links",
    "images",
    "clients",
    "dark mode",
    "subject",
    "parity",
    "personalisation",
    "behaviour",
    "deliverability",
    "unused",
]

Fixing: TypeAlias = Literal["", "safe", "unsafe"]
"""Whether what a rule finds can be mended by `check --fix`, or only with `--unsafe-fixes`."""


@dataclass(frozen=True, slots=True)
class PageRule:
    """A rule that judges each page by itself, all branches of it at once."""

    code: str
    family: Family
    judge: Callable[[Reading], Iterator[Diagnostic]]
    fix: Fixing = ""

    def check(self, pages: Pages) -> Iterator[Diagnostic]:
        for found in pages.judged(self.code, self.judge):
            yield from found


@dataclass(frozen=True, slots=True)
class PagesRule:
    """A rule that compares pages, or what is said of an element on several of them."""

    code: str
    family: Family
    check: Callable[[Pages], Iterator[Diagnostic]]
    fix: Fixing = ""


@dataclass(frozen=True, slots=True)
class CampaignRule:
    """A rule over what is no page: rules, subjects, settings."""

    code: str
    family: Family
    check: Callable[[Campaign], Iterator[Diagnostic]]
    fix: Fixing = ""


Rule: TypeAlias = PageRule | PagesRule | CampaignRule


def found_at(reading: Reading, span: Span, code: str, *, fix: Fix | None = None, **facts: Any) -> Diagnostic:
    """A finding on a page, in the file that its author wrote. fix: what mends it, in the text of the page."""
    page = reading.prepared.page.source
    found = _at_address(at_home(diagnose(code, page, span, **facts)), page, span, facts.get("address"))
    if fix is None or found.span is None or found.source is None:
        return found
    by = found.span.start - span.start
    around = Span(min(span.start, fix.span.start), max(span.start, fix.span.stop))
    if not _is_as_written(page, around, found.source, around.shifted(by)):
        return found
    return replace(found, fix=Fix(fix.span.shifted(by), fix.text))


def _at_address(found: Diagnostic, page: Source, span: Span, address: Any) -> Diagnostic:
    """The finding at the address that it is about, where its author wrote a rich text and the page has a link of it."""
    home, there = found.source, found.span
    if (
        home is None
        or there is None
        or not isinstance(address, str)
        or _is_as_written(page, span, home, there)
    ):
        return found
    at = home.text.find(address, there.start) if address else -1
    return found if at < 0 else replace(found, span=Span(at, at + len(address)))


def _is_as_written(page: Source, span: Span, home: Source, there: Span) -> bool:
    """Whether the text of a page is its author's own there: not so for marks of a rich text, or what a call gave."""
    return page.text[span.start : span.stop] == home.text[there.start : there.stop]
