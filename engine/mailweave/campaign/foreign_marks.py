"""Merge tags of other products in a campaign's texts: they are no Liquid, so they would be sent as they stand."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from mailweave.diagnostics import Diagnostic, closest, diagnose
from mailweave.liquid.habits import MEMBERS_MEANT
from mailweave.source import Source, Span

_LIQUID = re.compile(
    r"\{\{.*?\}\}|\{%-?\s*(?:raw|comment|doc)\b.*?\{%-?\s*end\w+\s*-?%\}|\{%.*?%\}", re.DOTALL
)
_UNSEEN = re.compile(r"<!--.*?-->|<(style|script)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE)
_USUAL = r"(?:first|last|full|given)[_ ]?names?|fname|lname|name|e-?mail|city|company|unsubscribe(?:_url)?"

_STEERS = re.compile(
    r"(?:if|else|elseif|end|endif|end_?if|for|foreach|next|set|var|ifnot)(?![a-z])", re.IGNORECASE
)

_MARKS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("Mailchimp", re.compile(r"\*\|(?P<name>[A-Z][\w:.]*)[^|*\n]*\|\*", re.IGNORECASE)),
    ("Salesforce", re.compile(r"%%=?\[?\s*(?:v\(@)?(?P<name>[A-Za-z_][\w ]*)[^%\n]{0,200}%%")),
    ("Salesforce", re.compile(r"\{!\s*(?:\w+\.)?(?P<name>\w+)[^}\n]*\}")),
    ("Mailgun", re.compile(r"%recipient\.(?P<name>\w+)%")),
    ("another product", re.compile(r"(?<![\w%&=/])%(?P<name>[A-Z][A-Z_]{2,}|[a-z]+_[a-z_]+)%(?!\w)")),
    ("another product", re.compile(r"\[%\s*(?:\w+[.:])?(?P<name>\w+)[^\]\n]*%\]")),
    ("another product", re.compile(r"\[\[\s*(?:\w+[.:])?(?P<name>[A-Za-z_]\w*)[^\]\n]*\]\]")),
    ("another product", re.compile(rf"(?<!\[)\[(?P<name>{_USUAL})\](?!\()", re.IGNORECASE)),
    ("ERB or EJS", re.compile(r"<%[=-]?\s*(?:\w+\.)*(?P<name>\w+)[^%]*%>")),
    ("Adobe", re.compile(r"@\{\s*(?:\w+\.)*(?P<name>\w+)[^}\n]*\}")),
    ("Braze", re.compile(r"(?<!\{)\$\{\s*(?:\w+\.)*(?P<name>\w+)[^}\n]*\}")),
    ("SendGrid", re.compile(rf"(?<![\w-])-(?P<name>{_USUAL})-(?![\w-])", re.IGNORECASE)),
    ("another product", re.compile(r"##\s*(?P<name>[A-Za-z_][\w ]*?)\s*##")),
    ("another product", re.compile(rf"(?<![{{$@!]){{(?P<name>{_USUAL})}}(?!}})", re.IGNORECASE)),
)


def foreign_marks(source: Source, attributes: Collection[str], *, html: bool) -> Iterator[Diagnostic]:
    """A warning for each merge tag of another product in a text, with what to write for it.

    attributes: those that the profile declares.
    """
    text = _blanked(_LIQUID, source.text)
    text = _blanked(_UNSEEN, text) if html else text
    taken: set[int] = set()
    for system, mark in _MARKS:
        for found in mark.finditer(text):
            if taken.isdisjoint(range(*found.span())):
                taken.update(range(*found.span()))
                instead = _ours(found["name"], attributes)
                yield diagnose(
                    "MW424", source, Span(*found.span()), found=found[0], system=system, instead=instead
                )


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
