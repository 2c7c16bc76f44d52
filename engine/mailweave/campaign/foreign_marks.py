"""Merge tags of other products in a campaign's texts: they are no Liquid, so they would be sent as they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

from mailweave.diagnostics import Diagnostic, closest, diagnose
from mailweave.liquid.habits import MEMBERS_MEANT
from mailweave.source import Source, Span

_LIQUID = re.compile(
    r"\{\{.*?\}\}|\{%-?\s*(?:raw|comment|doc)\b.*?\{%-?\s*end\w+\s*-?%\}|\{%.*?%\}", re.DOTALL
)
_UNSEEN = re.compile(r"<!--|<(style|script)\b", re.IGNORECASE)
_MOST = 20  # of one kind in one text: whoever has moved a mail mends them all at once
_USUAL = r"(?:first|last|full|given)[_ ]?names?|fname|lname|name|e-?mail|city|company|unsubscribe(?:_url)?"

_STEERS = re.compile(
    r"(?:if|else|elseif|end|endif|end_?if|for|foreach|next|set|var|ifnot)(?![a-z])", re.IGNORECASE
)

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Mailchimp", re.compile(r"\*\|(?P<name>[A-Z][\w:.]{0,60})[^|*\n]{0,200}\|\*", re.IGNORECASE)),
    ("Salesforce", re.compile(r"%%=?\[?\s*(?:v\(@)?(?P<name>[A-Za-z_][\w ]{0,60})[^%\n]{0,200}%%")),
    ("Salesforce", re.compile(r"\{!\s*(?:\w{1,40}\.)?(?P<name>\w{1,60})[^}\n]{0,200}\}")),
    ("Mailgun", re.compile(r"%recipient\.(?P<name>\w{1,60})%")),
    (
        "another product",
        re.compile(r"(?<![\w%&=/])%(?P<name>[A-Z][A-Z_]{2,60}|[a-z]{1,30}_[a-z_]{1,30})%(?!\w)"),
    ),
    ("another product", re.compile(r"\[%\s*(?:\w{1,40}[.:])?(?P<name>\w{1,60})[^\]\n]{0,200}%\]")),
    ("another product", re.compile(r"\[\[\s*(?:\w{1,40}[.:])?(?P<name>[A-Za-z_]\w{0,60})[^\]\n]{0,200}\]\]")),
    ("another product", re.compile(rf"(?<!\[)\[(?P<name>{_USUAL})\](?!\()", re.IGNORECASE)),
    ("ERB or EJS", re.compile(r"<%[=-]?\s*(?:\w{1,40}\.){0,4}(?P<name>\w{1,60})[^%]{0,200}%>")),
    ("Adobe", re.compile(r"@\{\s*(?:\w{1,40}\.){0,4}(?P<name>\w{1,60})[^}\n]{0,200}\}")),
    ("Braze", re.compile(r"(?<!\{)\$\{\s*(?:\w{1,40}\.){0,4}(?P<name>\w{1,60})[^}\n]{0,200}\}")),
    ("SendGrid", re.compile(rf"(?<![\w-])-(?P<name>{_USUAL})-(?![\w-])", re.IGNORECASE)),
    ("another product", re.compile(r"##\s*(?P<name>[A-Za-z_][\w ]{0,60}?)\s*##")),
    ("another product", re.compile(rf"(?<![{{$@!]){{(?P<name>{_USUAL})}}(?!}})", re.IGNORECASE)),
)


def foreign_marks(source: Source, attributes: Collection[str], *, html: bool) -> Iterator[Diagnostic]:
    """A warning for each merge tag of another product in a text, with what to write for it.

    attributes: those that the profile declares.
    """
    text = _blanked(_LIQUID, source.text)
    text = _shown(text) if html else text
    taken: set[int] = set()
    for system, mark in _MARKS:
        for found in islice(mark.finditer(text), _MOST):
            if taken.isdisjoint(range(*found.span())):
                taken.update(range(*found.span()))
                instead = _ours(found["name"], attributes)
                yield diagnose(
                    "MW424", source, Span(*found.span()), found=found[0], system=system, instead=instead
                )


def _shown(page: str) -> str:
    """A page, its comments, styles and scripts made blank."""
    pieces, at = list[str](), 0
    for opened in _UNSEEN.finditer(page):
        end = f"</{opened[1]}" if opened[1] else "-->"
        stop = page.find(end, opened.end())
        if stop < 0:
            break
        if opened.start() >= at:
            pieces += (page[at : opened.start()], re.sub(r"[^\n]", " ", page[opened.start() : stop]))
            at = stop
    return "".join((*pieces, page[at:]))


def _blanked(pattern: re.Pattern[str], text: str) -> str:
    """The text with what matches made blank, so that all else keeps its place."""
    return pattern.sub(lambda found: re.sub(r"[^\n]", " ", found[0]), text)


def _ours(name: str, attributes: Collection[str]) -> str:
    if _STEERS.match(name):
        return "{% if .. %}"
    word = re.sub(r"\W+", "_", re.sub(r"(?<=[a-z])(?=[A-Z])", "_", name.strip())).lower().strip("_")
    if word.startswith("unsub"):
        return "{{ campaign.unsubscribe_url }}"
    meant = MEMBERS_MEANT.get(word, MEMBERS_MEANT.get(name.lower(), word))
    return f"{{{{ profile.{closest(meant, attributes) or meant} }}}}"
