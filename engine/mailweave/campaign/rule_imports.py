"""`import "brand.rules"`: the rule files of libraries that a campaign's own files name, and those that these name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any, Final, Protocol, cast

from mailweave.content.files import TEXT, refusal
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.root import Refused, Root
from mailweave.source import Source, Span

_IMPORT: Final = re.compile(r'^[ \t]*import[ \t]+"([^"\n]*)"', re.M)
_RULES: Final = ".rules"
_MOST: Final = 100  # files that one campaign imports


class Holder(Protocol):
    """A folder whose rule files may be imported."""

    @property
    def root(self) -> Root: ...

    def source(self, name: str) -> Source | None:
        """A file of the folder, or None where there is none. Raises `Refused` and UnicodeDecodeError."""


def imported(
    own: Sequence[Source], libraries: Sequence[Holder]
) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """The files that rule files import, each once, and what is wrong with their imports."""
    reading = _Imports(libraries, {PurePosixPath(one.name).name for one in own})
    for source in own:
        reading.follow(source, ())
    return tuple(reading.found.values()), tuple(reading.diagnostics)


def imported_beside(file: Path, source: Source) -> tuple[tuple[Source, ...], tuple[Diagnostic, ...]]:
    """What a rule file that belongs to no campaign imports: it finds the files beside it, as those of a library."""
    return imported((source,), (_Beside(Root(file.parent), Path(source.name).parent),))


class _Beside:
    """The folder of a rule file, as if it were a library."""

    def __init__(self, root: Root, shown: Path) -> None:
        self.root, self._shown = root, shown

    def source(self, name: str) -> Source | None:
        try:
            return Source((self._shown / name).as_posix(), self.root.text(name, TEXT), shared=True)
        except Refused as refused:
            if refused.kind == "missing":
                return None
            raise


class _Imports:
    """Follows imports into libraries. `found` has the files by name, in the order in which they are met."""

    def __init__(self, libraries: Sequence[Holder], own: Iterable[str]) -> None:
        self._libraries, self._own = libraries, frozenset(own)
        self.found: dict[str, Source] = {}
        self.diagnostics: list[Diagnostic] = []

    def follow(self, source: Source, way: tuple[str, ...]) -> None:
        """Reads what a file imports. `way`: the imports that led to it."""
        for name, span in _imports(source):
            if name in way:
                self._say("MW281", source, span, way=" -> ".join((*way[way.index(name) :], name)))
            elif name not in self.found:
                self._read(name, source, span, way)

    def _read(self, name: str, source: Source, span: Span, way: tuple[str, ...]) -> None:
        if len(self.found) >= _MOST:
            self._say("MW052", source, span, path=f"import of {name}", most=_MOST)
            return
        found = self._file(name, source, span)
        if found is not None:
            self.found[name] = found
            self.follow(found, (*way, name))

    def _file(self, name: str, source: Source, span: Span) -> Source | None:
        try:
            files = (one.source(name) for one in self._libraries if name.endswith(_RULES))
            found = next((file for file in files if file is not None), None)
        except Refused as refused:
            self.diagnostics.append(refusal(refused, name, source=source, span=span, where="its library"))
            return None
        except UnicodeDecodeError:
            self._say("MW006", source, span, what=f"`{name}`", why_not="not UTF-8")
            return None
        if found is None:
            self._say("MW280", source, span, help=self._help(name), name=name)
        elif "\0" in found.text:
            at = found.text.index("\0")
            self._say("MW007", found, Span(at, at + 1), what=found.name, which="NUL")
            return None
        return found

    def _help(self, name: str) -> str:
        if name in self._own:
            return "every rule file of the campaign's own folder is read anyhow: take the import out"
        if not self._libraries:
            return 'name a folder that has it in campaign.toml: libraries = ["../brand"]'
        return did_you_mean(name, sorted(_names(self._libraries)))

    def _say(self, code: str, source: Source, span: Span, *, help: str = "", **facts: str | int) -> None:
        self.diagnostics.append(diagnose(code, source, span, help=help, **cast(Any, facts)))


def _imports(source: Source) -> Iterator[tuple[str, Span]]:
    if "import" in source.text:
        for one in _IMPORT.finditer(source.text):
            yield normpath(one[1]) if one[1] else "", Span(one.start(1) - 1, one.end(1) + 1)


def _names(libraries: Sequence[Holder]) -> Iterator[str]:
    for one in libraries:
        with suppress(Refused):
            yield from (name for name in one.root.names() if name.endswith(_RULES))
