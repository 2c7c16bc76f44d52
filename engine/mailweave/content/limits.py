"""What may be inlined at once: counted in the texts, before anything is parsed.

Inlining looks at each element with each selector, and some steps look at all attributes of a tag, or all declarations
of a rule, for each of them. The limits hold what that costs below a few seconds; mails come nowhere near.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.liquid.attribute_limits import ATTRIBUTES, TAG, crowded
from mailweave.source import Source, Span

ELEMENTS: Final = 8_000  # start tags of the layout and all blocks together
SELECTORS: Final = 2_000  # of all style sheets together
DECLARATIONS: Final = 4_000  # of all style sheets together
IN_RULE: Final = 300  # declarations of one rule
MATCHES: Final = 1_000_000  # elements times selectors

_COMMENT = re.compile(r"/\*.*?\*/", re.S)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)(?:</style|\Z)", re.S | re.I)
_BODY = re.compile(r"\{([^{}]*)")


def within_limits(pages: Iterable[Source], css: Iterable[Source]) -> tuple[Diagnostic, ...]:
    """A finding for each limit that a campaign's templates and style sheets pass.

    pages: each text once that is inlined, with the CSS of its `<style>`. css: the sheets around them.

    >>> within_limits([Source("a.html", "<p>" * 9_000)], [])[0].message
    'there are 9000 elements to inline; at most 8000 are'
    """
    listed = list(pages)
    sheets = [*css, *(style for page in listed for style in _styles(page))]
    return tuple(_passed(listed, sheets))


def _passed(pages: list[Source], sheets: list[Source]) -> Iterator[Diagnostic]:
    elements = selectors = declarations = 0
    for page in pages:
        elements += sum(1 for _ in TAG.finditer(page.text))
        tag = crowded(page.text)
        if tag is not None:
            yield _finding("attributes in this tag", tag[1], ATTRIBUTES, page, tag[0].start)
    for sheet in sheets:
        text = _COMMENT.sub(" ", sheet.text)
        selectors += text.count("{") + text.count(",")
        declarations += text.count(";") + text.count("}")
        body = next((body for body in _BODY.finditer(text) if body[1].count(";") > IN_RULE), None)
        if body is not None:
            at = max(sheet.text.find(body[0][:200]), 0)
            yield _finding("declarations in this rule", body[1].count(";"), IN_RULE, sheet, at)
    yield from _totals(elements, selectors, declarations, [*pages, *sheets])


def _totals(elements: int, selectors: int, declarations: int, sources: list[Source]) -> Iterator[Diagnostic]:
    largest = max(sources, key=lambda source: len(source.text), default=None)
    for what, count, most in (
        ("elements", elements, ELEMENTS),
        ("selectors", selectors, SELECTORS),
        ("declarations", declarations, DECLARATIONS),
        ("pairs of an element and a selector", elements * selectors, MATCHES),
    ):
        if count > most and largest is not None:
            yield _finding(what, count, most, largest, 0)
            return


def _finding(what: str, count: int, most: int, source: Source, at: int) -> Diagnostic:
    return diagnose("MW535", source, Span(at, at + 1), what=what, count=count, most=most)


def _styles(page: Source) -> Iterator[Source]:
    for style in _STYLE.finditer(page.text):
        yield page.part(Span(*style.span(1)))
