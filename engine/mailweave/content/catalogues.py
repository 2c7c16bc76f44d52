"""Translations beside a campaign: gettext's files, one a locale."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final

from mailweave.content.plural_entries import as_message, categories, is_rule, pair
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Source, Span

BOM: Final = "\ufeff"
"""What some editors put before a file of UTF-8."""

_QUOTED: Final = re.compile(r'^(?:msg(?:ctxt|id|id_plural|str)(?:\[\d+\])?\s*)?"(?:[^"\\]|\\.)*"$')
"""A line that is a text, or begins one: its quotes close at its end."""
_COUNT: Final = re.compile(r'^"Plural-Forms:\s*nplurals\s*=\s*(\d+)', re.MULTILINE | re.IGNORECASE)

_RULE: Final = re.compile(r'^"Plural-Forms:((?:[^"\\\n]|"[ \t\r]*\n[ \t]*")*)', re.MULTILINE | re.IGNORECASE)
"""The value of that line of the header, which may go on in the next texts."""
_PART: Final = re.compile(r'[^"\r\n]+')


@dataclass(frozen=True, slots=True)
class Translation:
    """One translated text, and where its entry begins. why: what is wrong with it by itself."""

    text: str
    source: Source
    at: int
    why: str = ""


@dataclass(frozen=True, slots=True)
class Forms:
    """The plural forms of one entry by CLDR's categories, and the offset in its file where it begins."""

    by_category: Mapping[str, str]
    at: int


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The translations of one locale, by context and text; the context "" is any. `counted`: those with plural forms,
    by context, singular and plural. `beneath`: that of a library, which has what this one has not."""

    locale: str
    source: Source
    texts: Mapping[tuple[str, str], Translation]
    counted: Mapping[tuple[str, tuple[str, str]], Forms] = field(default_factory=dict)
    beneath: Catalogue | None = None

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that it was read from."""
        return (self.source, *(() if self.beneath is None else self.beneath.sources))

    def over(self, other: Catalogue) -> Catalogue:
        """This one, and another beneath all that are beneath it already."""
        return replace(self, beneath=other if self.beneath is None else self.beneath.over(other))

    def find(self, context: str, text: str) -> Translation | None:
        """The translation of a text in its context, else in any, else that of a library."""
        found = self._found(context, text) or self._found("", text)
        return found or (None if self.beneath is None else self.beneath.find(context, text))

    def _found(self, context: str, text: str) -> Translation | None:
        whole = self.texts.get((context, text))
        if whole is not None or not self.counted:
            return whole
        ids = pair(text)
        forms = None if ids is None else self.counted.get((context, ids))
        if forms is None:
            return None
        made, why = as_message(text, forms.by_category)
        return Translation(made, self.source, forms.at, why)


def read_catalogue(source: Source, locale: str) -> tuple[Catalogue | None, tuple[Diagnostic, ...]]:
    """A file of gettext; fuzzy entries are left out."""
    from babel.messages.pofile import PoFileError, read_po  # only where there are translations

    text = source.text.removeprefix(BOM)
    bad_rule = _bad_rule(source)
    if bad_rule is not None:
        return None, (bad_rule,)
    open_ = _open_quote(text)
    if open_ is not None:
        at = _offset(source, open_)
        return None, (
            diagnose("MW063", source, Span(at, at + 1), what="the quotes of this line do not close"),
        )
    try:
        read = read_po(io.StringIO(text), locale=locale, abort_invalid=True)
    except (PoFileError, ValueError) as error:
        line = getattr(error, "lineno", 0) or 0
        at = _offset(source, line)
        if "num_plurals" in str(error):
            return None, (_of_wrong_count(source, locale, line + 1),)
        return None, (diagnose("MW063", source, Span(at, at + 1), what="it is no file of gettext"),)
    texts = {
        (str(one.context or ""), one.id): Translation(one.string, source, _offset(source, one.lineno or 1))
        for one in read
        if isinstance(one.id, str) and one.id and isinstance(one.string, str) and one.string and not one.fuzzy
    }
    counted = [one for one in read if isinstance(one.id, (tuple, list)) and any(one.string) and not one.fuzzy]
    wrong = tuple(_of_wrong_count(source, locale, one.lineno or 1) for one in counted if not all(one.string))
    by_category = categories(locale, read.plural_expr, read.num_plurals) if counted and not wrong else {}
    forms = {
        (str(one.context or ""), (one.id[0], one.id[1])): Forms(
            {category: one.string[number] for category, number in by_category.items()},
            _offset(source, one.lineno or 1),
        )
        for one in (counted if by_category else ())
    }
    return (None if wrong else Catalogue(locale, source, texts, forms)), wrong


def _bad_rule(source: Source) -> Diagnostic | None:
    """That `Plural-Forms` of the header is no rule: editors leave words there to be filled in."""
    found = _RULE.search(source.text)
    given = "" if found is None else "".join(_PART.findall(found[1]))
    if found is None or not given.strip() or is_rule(given):
        return None
    help = "write one such as `nplurals=2; plural=(n != 1);`, or take the line out: then gettext's own rule counts"
    span, what = Span(found.start(), found.start() + 1), "`Plural-Forms` is no rule of gettext"
    return diagnose("MW063", source, span, what=what, help=help)


def _of_wrong_count(source: Source, locale: str, line: int) -> Diagnostic:
    """That an entry has more or fewer plural forms than its language."""
    from babel.messages.catalog import Catalog

    at, count = _offset(source, line), _header_count(source.text) or Catalog(locale=locale).num_plurals
    what = f"this text needs {count} plural forms, msgstr[0] to msgstr[{count - 1}]"
    help = "write a text for each form; `Plural-Forms` in the header says how many, else gettext's own rule"
    return diagnose("MW063", source, Span(at, at + 1), what=what, help=help)


def _header_count(text: str) -> int:
    found = _COUNT.search(text)
    return int(found[1]) if found else 0


def _open_quote(text: str) -> int | None:
    """The first line whose quotes do not close: gettext's own readers refuse it, and Babel takes what there is."""
    for number, line in enumerate(text.split("\n"), 1):
        bare = line.strip()
        if bare[:1] in ('"', "m") and _QUOTED.search(bare) is None:
            return number
    return None


def _offset(source: Source, line: int) -> int:
    lines = source.text.split("\n")[: max(line - 1, 0)]
    return min(sum(map(len, lines)) + len(lines), max(len(source.text) - 1, 0))
