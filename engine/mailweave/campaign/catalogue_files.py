"""Where the catalogues of a campaign lie: in its own folder, and beneath them in those of its libraries."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import PurePosixPath
from typing import Final

from mailweave.campaign.libraries import Library
from mailweave.content.catalogues import Catalogue, read_catalogue
from mailweave.content.files import refusal
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused
from mailweave.source import Source, Span
from mailweave.values.locales import locale_named

LOCALES: Final = "locales"
CATALOGUE: Final = ".po"

Found = tuple[Catalogue | None, tuple[Diagnostic, ...]]


def merged(
    own: Iterable[Catalogue], libraries: Sequence[Library], is_read: Callable[[str], bool]
) -> tuple[dict[str, Catalogue], tuple[Diagnostic, ...]]:
    """The catalogues by locale: the campaign's own, and beneath each those of its libraries in their order, of the
    locales that somebody `is_read` in."""
    made, diagnostics = dict[str, Catalogue](), list[Diagnostic]()
    for one in own:
        first = made.setdefault(one.locale, one)
        if first is not one:
            what = f"{PurePosixPath(first.source.name).name} is of the same locale; join them to one file"
            diagnostics.append(diagnose("MW063", one.source, Span(0, 1), what=what))
    for library in libraries:
        for catalogue, found in _of_library(library, is_read):
            diagnostics += found
            if catalogue is not None:
                above = made.get(catalogue.locale)
                made[catalogue.locale] = catalogue if above is None else above.over(catalogue)
    return made, tuple(diagnostics)


def catalogue_of(source: Source, name: str) -> Found:
    """The catalogue in a file, which is named by its locale."""
    locale = locale_named(name.removesuffix(CATALOGUE))
    if locale is not None:
        return read_catalogue(source, locale)
    return None, (diagnose("MW063", source, Span(0, 1), what="its name is no locale such as de or de_AT"),)


def _of_library(library: Library, is_read: Callable[[str], bool]) -> Iterator[Found]:
    try:
        names = library.root.names(LOCALES) if library.root.is_folder(LOCALES) else ()
    except Refused as refused:
        yield None, (refusal(refused, (library.shown / LOCALES).as_posix(), where="the library"),)
        return
    for name in sorted(names):
        locale = locale_named(name.removesuffix(CATALOGUE))
        if name.endswith(CATALOGUE) and (locale is None or is_read(locale)):
            yield _read(library, name)


def _read(library: Library, name: str) -> Found:
    shown = (library.shown / LOCALES / name).as_posix()
    try:
        source = library.source(f"{LOCALES}/{name}")
    except Refused as refused:
        return None, (refusal(refused, shown, where="the library"),)
    except UnicodeDecodeError:
        return None, (diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"),)
    return (None, ()) if source is None else catalogue_of(source, name)
