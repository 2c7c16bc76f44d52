"""A mail in the light or the dark scheme, whatever the scheme of the browser that shows it."""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

Scheme: TypeAlias = Literal["light", "dark"]

_MARKUP = re.compile(
    r"<style\b[^<]*(?:<(?!/style)[^<]*)*|<[a-z][^>]*", re.I
)  # each runs to the end where none closes it
_ASKED = re.compile(r"\(\s*prefers-color-scheme\s*:\s*(light|dark)\s*\)", re.I)
_DECLARED = re.compile(r"(color-scheme\s*:\s*)(?:light\s+dark|dark\s+light)\b", re.I)
_META = re.compile(r"(<meta\b[^>]*\bcontent\s*=\s*[\"']?)(?:light\s+dark|dark\s+light)\b", re.I)


def in_scheme(html: str, scheme: Scheme) -> str:
    """The mail with what it asks of the scheme answered: as a browser of that scheme would show it.

    >>> in_scheme("<style>@media (prefers-color-scheme: dark){p{color:#fff}}</style><p>", "dark")
    '<style>@media (min-width:0){p{color:#fff}}</style><p>'
    """

    def answered(found: re.Match[str]) -> str:
        return "(min-width:0)" if found[1].lower() == scheme else "(max-width:0)"

    def markup(found: re.Match[str]) -> str:
        settled = _DECLARED.sub(rf"\g<1>{scheme}", _ASKED.sub(answered, found[0]))
        return _META.sub(rf"\g<1>{scheme}", settled) if "color-scheme" in settled else settled

    return _MARKUP.sub(markup, html)
