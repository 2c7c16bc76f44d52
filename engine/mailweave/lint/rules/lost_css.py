"""# MW994 css-lost-by-clients

CSS that mail clients take out, or do not know: what it does must not be needed. Told is, one note a style sheet, each
property that at least two of Apple Mail, Gmail, Outlook, Samsung and Yahoo lose on all their platforms; with `clients` in
campaign.toml each that one of these families loses. The facts are
caniemail.com's; a property that is kept in part counts as kept.

    style.css:9:3: note MW994: mail clients lose `animation` (gmail, outlook, yahoo)

## What helps

See that the mail is whole without it: `mailweave preview` shows it. Where the loss is meant, allow it at the place.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.client_support import SUPPORT
from mailweave.lint.pages import Pages, Reading
from mailweave.lint.rule import PagesRule
from mailweave.markup.stylesheet import Property
from mailweave.source import Source, Span

MAIN: Final = ("apple-mail", "gmail", "outlook", "samsung-email", "yahoo")
_FEW = 2  # of the main families
_NAMED = 6  # properties of a sheet that are told by name

_Use = tuple[str, Source, int]
"""A feature, the file that it stands in, and the offset of its line."""


def _check(pages: Pages) -> Iterator[Diagnostic]:
    sheets: dict[str, dict[str, _Use]] = {}
    for judged in pages.judged("MW994", _used):
        for use in judged:
            if lost_by(use[0], pages.clients):
                sheets.setdefault(use[1].name, {}).setdefault(use[0], use)
    for uses in sheets.values():
        _, source, at = min(uses.values(), key=lambda use: use[2])
        yield diagnose("MW994", source, Span(at, at + 1), features=_told(list(uses), pages.clients))


def lost_by(feature: str, clients: Collection[str] = ()) -> tuple[str, ...]:
    """The families that lose a feature: of those that a campaign is written for, or of the main ones.

    >>> lost_by("animation"), lost_by("color"), lost_by("border-radius", ["orange"])
    (('gmail', 'outlook', 'yahoo'), (), ('orange',))
    """
    lost = SUPPORT.get(feature, ("", ""))[0].split()
    found = tuple(family for family in lost if family in (clients or MAIN))
    return found if clients or len(found) >= _FEW else ()


def _told(features: Sequence[str], clients: Collection[str]) -> str:
    named = ", ".join(f"`{one}` ({', '.join(lost_by(one, clients))})" for one in features[:_NAMED])
    return named if len(features) <= _NAMED else f"{named} and {len(features) - _NAMED} more"


def _used(reading: Reading) -> Iterator[_Use]:
    """Each feature that an author's style sheet uses, once for each rule."""
    for sheet in (sheet for sheets in reading.prepared.sheets for sheet in sheets):
        for one in {each.rule.line: each.rule for each in sheet.selected}.values():
            source, at = sheet.source.origin(sheet.at(one.line).start)
            if not source.name.startswith("<"):
                yield from ((_feature(each), source, at) for each in one.properties)


def _feature(one: Property) -> str:
    """A declaration as caniemail calls it."""
    value = one.value.strip().lower().removeprefix("inline-")
    if one.name == "display" and value in ("flex", "grid", "none"):
        return f"display-{value}"
    return one.name


RULE = PagesRule("MW994", "clients", _check)
