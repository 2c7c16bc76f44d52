"""# MW955 no-such-language

The value of `lang` is a language tag of BCP 47: `en`, `de-AT`, `zh-Hant`. Names of languages, codes of
none and forms with an underscore are ignored by a reader's program; so is what a text of a profile happens to hold. WCAG
2.2, 3.1.1 and 3.1.2.

    layout.html:2:1: warning MW955: `en_US` is no language tag

## What helps

Write a hyphen: `en-US`. The locale of the campaign is written with `{{ campaign.locale | replace: '_', '-' }}`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

from mailweave.diagnostics import Diagnostic, Fix
from mailweave.lint.elements import Tag, holds_liquid
from mailweave.lint.pages import Reading
from mailweave.lint.rule import PageRule, found_at
from mailweave.lint.speech import paths_at
from mailweave.markup.pieces import pieces

# RFC 5646, well-formed tags: language, script, region, variants, extensions, private use
_TAG = re.compile(
    r"(?:[a-z]{2,3}(?:-[a-z]{3}){0,3}|[a-z]{4})(?:-[a-z]{4})?(?:-(?:[a-z]{2}|\d{3}))?(?:-(?:[a-z\d]{5,8}|\d[a-z\d]{3}))*"
    r"(?:-[a-wyz\d](?:-[a-z\d]{2,8})+)*(?:-x(?:-[a-z\d]{1,8})+)?|x(?:-[a-z\d]{1,8})+",
    re.I,
)


_ATTRIBUTES = ("lang", "xml:lang")


def _judge(reading: Reading) -> Iterator[Diagnostic]:
    for tag in reading.tags.values():
        for name in _ATTRIBUTES:
            for language in tag.values(name):
                if holds_liquid(language):
                    if _is_open(language, reading, tag):
                        yield found_at(reading, tag.span, "MW955", language=language)
                elif not is_language(language.strip()):
                    fix = _hyphens(tag, language) if name == "lang" else None
                    yield found_at(reading, tag.span, "MW955", fix=fix, language=language)


def _is_open(written: str, reading: Reading, tag: Tag) -> bool:
    """Whether data decides over a language that the rules do not know: a text, which may be anything."""
    inside = [piece.inside for piece in pieces(written)]
    paths = paths_at(reading, tag.span.start)
    return any(part.partition("|")[0].strip() in paths for part in inside)


def is_language(text: str) -> bool:
    """Whether a text is a language tag, of a language that there is.

    >>> is_language("de-AT"), is_language("en_US"), is_language("xx")
    (True, False, False)
    """
    return _TAG.fullmatch(text) is not None and (text[:2].lower() in ("x-", "i-") or _is_known(text))


def _is_known(text: str) -> bool:
    return re.split("[-_]", text.lower())[0] in _languages()


@cache
def _languages() -> frozenset[str]:
    """The languages that CLDR knows, by their codes."""
    from babel.localedata import load

    return frozenset(code.partition("_")[0] for code in load("en")["languages"]) | {
        "tl",
        "iw",
        "in",
        "ji",
        "sh",
    }


def _hyphens(tag: Tag, language: str) -> Fix | None:
    """The same with hyphens, where that is a tag and stands in one attribute."""
    spans, wanted = list(tag.spans("lang")), language.replace("_", "-")
    return Fix(spans[0][1], wanted) if len(spans) == 1 and _TAG.fullmatch(wanted) else None


RULE = PageRule("MW955", "accessibility", _judge, "safe")
