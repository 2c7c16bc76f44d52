"""# MW987 unused-css

A rule of the campaign's style sheets whose selector matches nothing in any mail: in the layout, in any block that
somebody can be shown, in any branch. Most often a class was renamed in one place only. Rules about what a reader does
(`:hover`), about what mail clients put around a mail, and rules in stock style sheets and those
of libraries are left out. Each rule is a note of its own; what is allowed holds for one rule.

    style.css:7:1: note MW987: nothing in any mail matches `.promo-titel`

## What helps

Give the class to the element that it was meant for, or take the rule out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from mailweave.content.page import Prepared
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.pages import Pages, Reading
from mailweave.lint.rule import PagesRule
from mailweave.markup.cascade.matching import Doubts, Matcher, TooMuch
from mailweave.markup.cascade.selectors import Complex
from mailweave.source import Source, Span

_NAMED = 5  # selectors of a rule that are told by name

_Rule = tuple[str, str, int]
"""A selector, the file that it stands in, and the offset of its line."""


def _check(pages: Pages) -> Iterator[Diagnostic]:
    unused: dict[_Rule, Source] = {}
    used: set[_Rule] = set()
    for judged in pages.judged("MW987", _matched):
        for rule, source, matches in judged:
            unused[rule] = source
            used |= {rule} if matches else set()
    rules: dict[tuple[str, int], list[_Rule]] = {}
    for rule in unused:
        rules.setdefault(rule[1:], []).extend([] if rule in used else [rule])
    for (_, at), left in rules.items():
        if left:
            selectors = _told([name for name, _, _ in left])
            yield diagnose("MW987", unused[left[0]], Span(at, at + 1), selectors=selectors)


def _told(selectors: Sequence[str]) -> str:
    """Selectors by name, as many as a line holds."""
    named = ", ".join(f"`{one}`" for one in selectors[:_NAMED])
    return named if len(selectors) <= _NAMED else f"{named} and {len(selectors) - _NAMED} more"


def _matched(reading: Reading) -> Iterator[tuple[_Rule, Source, bool]]:
    """Each selector of an author's sheet, and whether something on this page may match it."""
    one = reading.prepared
    matcher = Matcher(one.document.fold, Doubts(clients=True))
    for sheet in (sheet for sheets in one.sheets for sheet in sheets):
        for each in sheet.selected:
            source, at = sheet.source.origin(sheet.at(each.rule.line).start)
            if not source.name.startswith("<") and not source.shared and not each.selector.hook:
                yield (each.selector.text, source.name, at), source, _matches(one, matcher, each.selector)


def _matches(one: Prepared, matcher: Matcher, selector: Complex) -> bool:
    try:
        return any(matcher.perhaps(element, selector) for element in one.document.elements)
    except TooMuch:
        return True


RULE = PagesRule("MW987", "unused", _check)
