"""# MW998 gmail-drops-styles

Gmail takes a whole `<style>` element out for one `@` within an `@` (`@media { @font-face { .. } }`), and all that
go beyond 16,384 characters together: with them go dark mode and what is for telephones. What is inlined does not count.
hteumeuleu/email-bugs, 21 and 90; caniemail, 144.

    style.css:12:3: warning MW998: Gmail takes out the whole style sheet: an `@supports` stands in an `@media`

## What helps

One at-rule for each condition, `@media (..) and (..)`; rules that can be inlined in place of those that cannot.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from mailweave.campaign import Campaign
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.lint.rule import CampaignRule
from mailweave.source import Source, Span

MOST = 16_384
_TOKEN = re.compile(
    r"/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|url\([^)\"']*\)|[{}]|@[\w-]+", re.DOTALL
)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style>", re.I | re.DOTALL)


def _check(campaign: Campaign) -> Iterator[Diagnostic]:
    given = campaign.templates()
    for sheet in (
        given.css,
        *_own_sheets(given.layout, *(one for slot in given.slots.values() for one in slot.values())),
    ):
        for span, inner, outer in nested(sheet.text):
            source, at = sheet.origin(span.start)
            if not source.name.startswith("<"):
                what = f"`{inner}` stands in `{outer}`"
                yield diagnose("MW998", source, Span(at, at + len(inner)), what=what)
    kept = campaign.kept_css
    if kept > MOST:
        what = f"{kept:,} characters of CSS cannot be inlined, more than {MOST:,}"
        yield diagnose("MW998", given.layout, Span(0, 1), what=what)


def _own_sheets(*templates: Source) -> Iterator[Source]:
    """The style elements of templates, everything else blanked, so that places stay."""
    for one in templates:
        for found in _STYLE.finditer(one.text):
            text = re.sub(r"[^\n]", " ", one.text[: found.start(1)]) + found[1]
            yield Source(one.name, text, one.parent, one.offset)


def nested(css: str) -> Iterator[tuple[Span, str, str]]:
    """Each at-rule within an at-rule: its place, its name, and that of the one around it.

    >>> [(inner, outer) for _, inner, outer in nested("@media a { @supports (b: c) { p { d: e } } } @media b {}")]
    [('@supports', '@media')]
    """
    open_: list[str] = []
    last = ""
    for token in _TOKEN.finditer(css):
        text = token[0]
        if text == "{":
            open_.append(last)
            last = ""
        elif text == "}" and open_:
            open_.pop()
        elif text[0] == "@":
            around = next((name for name in reversed(open_) if name), "")
            if around:
                yield Span(token.start(), token.end()), text, around
            last = text


RULE = CampaignRule("MW998", "clients", _check)
