"""The texts of a campaign as gettext's catalogues, written so that the same campaign gives the same bytes."""

from __future__ import annotations

import io
import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeAlias

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from mailweave.campaign.compiler import MessagesAsked, messages_asked
from mailweave.content.catalogues import Catalogue
from mailweave.content.plural_entries import pair

Texts: TypeAlias = tuple[tuple[str, str], ...]
"""Contexts and texts, in their order."""

_WIDTH = 100
_HEADER = re.compile(r'(?:#[^\n]*\n|\s*\n)*msgid\s+""\s*\nmsgstr\s+""\s*\n(?:"[^\n]*"[ \t]*\n)+')
_PREVIOUS = re.compile(r"^# \|(?= (?:msg|\"))", re.MULTILINE)
"""The text that a fuzzy entry had before, which Babel reads as a comment."""
_CHARSET = re.compile(r"charset=[\w-]+", re.I)
_HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n'


@dataclass(frozen=True, slots=True)
class Share:
    """How many of a campaign's texts a catalogue has; `missing` are those it has not."""

    locale: str
    all: int
    missing: Texts

    @property
    def translated(self) -> int:
        """How many it has."""
        return self.all - len(self.missing)


def asked(folder: Path) -> MessagesAsked:
    """What there is to translate in the campaign in a folder."""
    return messages_asked(folder)


def extracted(texts: Texts) -> str:
    """A template for translators.

    >>> print(extracted((("layout", "Bye"),)).splitlines()[-3:])
    ['msgctxt "layout"', 'msgid "Bye"', 'msgstr ""']
    """
    return _written(_catalog(texts), _HEAD)


def updated(catalogue: str, texts: Texts, locale: str) -> str:
    """A catalogue with new texts added, changed ones marked fuzzy, and those that are gone kept as comments.

    Translations without a context, which hold for any, stay as they are; so does the header, with who translated.
    """
    read = read_po(io.StringIO(catalogue), locale=locale)
    read.charset = "utf-8"  # whatever its header says: that is how it was read
    free = {one.id: one for one in read if not isinstance(one.id, list) and one.id and not one.context}
    kept = [(context, text) for context, text in texts if text not in free and pair(text) not in free]
    whole = {(str(one.context or ""), one.id) for one in read if isinstance(one.id, str) and one.string}
    read.update(_catalog(kept, whole, free))
    return _written(read, _header(catalogue) or _begun(locale))


def _begun(locale: str) -> str:
    """The header of a new catalogue."""
    forms = Catalog(locale=locale).plural_forms
    return f'{_HEAD}"Language: {locale}\\n"\n"Plural-Forms: {forms}\\n"\n'


def _header(catalogue: str) -> str:
    """The header of a catalogue as it stands, with the comments above it; its charset is that in which it is written."""
    found = _HEADER.match(catalogue)
    return "" if found is None else _CHARSET.sub("charset=UTF-8", found[0])


def lacking(texts: Texts, catalogue: Catalogue | None) -> Texts:
    """The texts that the campaign's own catalogue must have, as no library has them, or does have."""
    if catalogue is None:
        return texts
    if catalogue.source.shared:
        return tuple(one for one in texts if catalogue.find(*one) is None)
    own, shared = replace(catalogue, beneath=None), catalogue.beneath
    return tuple(one for one in texts if shared is None or shared.find(*one) is None or own.find(*one))


def of_libraries(texts: Texts, catalogues: Iterable[Catalogue]) -> Texts:
    """The texts that the campaign's libraries have a translation of, into whatever language."""
    shared = [one if one.source.shared else one.beneath for one in catalogues]
    return tuple(one for one in texts if any(each is not None and each.find(*one) for each in shared))


def share(catalogue: Catalogue, texts: Texts) -> Share:
    """What a catalogue has of the texts."""
    missing = tuple(one for one in texts if catalogue.find(*one) is None)
    return Share(catalogue.locale, len(texts), missing)


def _catalog(
    texts: Iterable[tuple[str, str]],
    whole: Collection[tuple[str, object]] = (),
    free: Iterable[str | tuple[str, ...]] = (),
) -> Catalog:
    """A text with one count becomes an entry with plural forms, unless it is among those that are translated as a
    `whole`. free: entries without a context, as they stand."""
    made = Catalog()
    for context, text in texts:
        ids = None if (context, text) in whole else pair(text)
        made.add(text if ids is None else ids, context=context or None)
    for each in free:
        made.add(each)
    return made


def _written(catalog: Catalog, head: str) -> str:
    out = io.BytesIO()
    write_po(out, catalog, width=_WIDTH, omit_header=True)
    return head + "\n" + _PREVIOUS.sub("#|", out.getvalue().decode().strip("\n")) + "\n"
