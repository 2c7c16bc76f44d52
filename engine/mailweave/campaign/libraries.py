"""Libraries: folders that several campaigns share, found in the order in which campaign.toml names them.

A library holds blocks, snippets, layouts, style sheets, rules to import, `library.toml` with a theme and strings, and
catalogues of its texts.
Each is read through a root that mailweave.toml declares, or through the campaign's own folder.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final, cast

from pydantic import BaseModel, ConfigDict

from mailweave.campaign.project import Project, project_of
from mailweave.content.files import TEXT, refusal
from mailweave.content.theme import Theme
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.diagnostics import Diagnostic, diagnose, did_you_mean
from mailweave.library_paths import PROJECT
from mailweave.root import Refused, Root
from mailweave.source import Source, Span

LIBRARY: Final = "library.toml"
_TEXTS: Final = (".toml", ".html", ".mjml", ".txt", ".css", ".rules", ".liquid", ".po")
_FOLDERS: Final = ("", "blocks", "snippets", "locales")


class LibraryConfig(BaseModel):
    """The settings of a library, which are those of each campaign that does not set them itself."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    theme: Theme = Theme()
    strings: dict[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Library:
    """A library of a campaign. `name`: as campaign.toml has it; `shown`: the folder as findings name it.

    `settings` is None without a library.toml. `read` collects the files that were asked for by name.
    """

    name: str
    root: Root
    shown: Path
    settings: TomlText | None = None
    read: dict[str, None] = field(default_factory=dict, compare=False)

    def source(self, name: str) -> Source | None:
        """A file of the library, or None where there is none. Raises `Refused` and UnicodeDecodeError."""
        try:
            text = self.root.text(name, TEXT)
        except Refused as refused:
            if refused.kind == "missing":
                return None
            raise
        self.read[name] = None
        return Source((self.shown / name).as_posix(), text, shared=True)

    def included(self, name: str) -> Source:
        """A file that MJML of the library includes. Raises `Refused` and UnicodeDecodeError."""
        found = self.source(name)
        if found is None:
            raise Refused("missing", name, "it is missing")
        return found

    def names(self) -> Iterator[str]:
        """The texts of a library, by their paths in it."""
        yield from self.read
        for folder in _FOLDERS:
            for name in _listed(self.root, folder):
                path = f"{folder}/{name}".lstrip("/")
                if name.endswith(_TEXTS):
                    yield path
                elif folder == "blocks":
                    inner = _listed(self.root, path)
                    yield from (f"{path}/{one}" for one in inner if one.endswith(_TEXTS))


@dataclass(frozen=True, slots=True)
class SentLibrary:
    """A library as it came from another process: where its files lie here, and what it was called there."""

    name: str
    folder: Path
    shown: Path


def libraries_of(
    campaign: Root, given: Path, settings: TomlText, sent: Sequence[SentLibrary] | None = None
) -> tuple[tuple[Library, ...], tuple[Diagnostic, ...]]:
    """The libraries that a campaign names, in order, and why others are not read.

    given: the campaign's folder as its author named it. sent: what came with the campaign's texts, which need no
    mailweave.toml.
    """
    named = settings.data.get("libraries", ())
    if not isinstance(named, list) or not named:
        return (), ()
    finder = _Finder(campaign, given, settings, sent)
    found = [finder.find(name, number) for number, name in enumerate(named) if isinstance(name, str)]
    ready = tuple(finder.with_settings(one) for one in found if one is not None)
    return ready, tuple(finder.diagnostics)


def with_libraries(settings: TomlText, libraries: Sequence[Library]) -> TomlText:
    """The settings of a campaign, with theme and strings of its libraries where it has none of its own."""
    data: dict[str, Any] = dict(settings.data)
    for theirs in (one.settings.data for one in libraries if one.settings is not None):
        for key in LibraryConfig.model_fields:
            data[key] = _beneath(data.get(key, {}), theirs.get(key, {}))
    return TomlText(settings.source, data, settings.places) if libraries else settings


def _beneath(own: Any, theirs: Any) -> Any:
    """A table with the keys that it lacks from another, also in the tables below."""
    if not isinstance(own, Mapping) or not isinstance(theirs, Mapping):
        return own
    both = {key: _beneath(own[key], theirs[key]) for key in own.keys() & theirs.keys()}
    return {**theirs, **own, **both}


class _Finder:
    """Finds the folders of libraries; mailweave.toml is read once, and only where one lies outside the campaign."""

    def __init__(
        self, campaign: Root, given: Path, settings: TomlText, sent: Sequence[SentLibrary] | None
    ) -> None:
        self._campaign, self._given, self._settings = campaign, given, settings
        self._sent = None if sent is None else {one.name: one for one in sent}
        self._known: Project | None = None
        self._is_sought = False
        self._seen: dict[Path, str] = {}
        self.diagnostics: list[Diagnostic] = []

    def find(self, name: str, number: int) -> Library | None:
        """The library of this name, or None with the reason among the diagnostics."""
        span = self._settings.value_span(("libraries", number))
        if self._sent is not None:
            one = self._sent.get(name)
            return None if one is None else Library(name, Root(one.folder), one.shown)
        try:
            target = Path(os.path.realpath(self._campaign.path / name))
        except ValueError:  # a NUL in the name
            self._missing(name, span, ())
            return None
        if target == self._campaign.path or target in self._seen:
            other = self._seen.get(target, "the campaign itself")
            self._say("MW073", span, library=name, other=other)
            return None
        self._seen[target] = f"`{name}`"
        root = self._root(target, name, span)
        return None if root is None else self._opened(root, target, name, span)

    def with_settings(self, library: Library) -> Library:
        """The library with what its library.toml says, if it has one that is right."""
        shown = (library.shown / LIBRARY).as_posix()
        try:
            source = library.source(LIBRARY)
        except Refused as refused:
            self.diagnostics.append(refusal(refused, shown, where="the library"))
            return library
        except UnicodeDecodeError:
            self.diagnostics.append(diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"))
            return library
        if source is None:
            return library
        text, found = read_toml(source)
        self.diagnostics += found
        if text is None:
            return library
        config, wrong = validate(LibraryConfig, text)
        self.diagnostics += wrong
        if config is None:
            return library
        return Library(library.name, library.root, library.shown, text, library.read)

    def _root(self, target: Path, name: str, span: Span) -> Path | None:
        """The folder that nothing of this library may lead out of."""
        if target.is_relative_to(self._campaign.path):
            return self._campaign.path
        project = self._project()
        if project is None:
            if not self.diagnostics:
                self._unopened(target, name, span)
            return None
        root = project.root_of(target)
        if root is None:
            self._outside(project, target, name, span)
        return root

    def _project(self) -> Project | None:
        if not self._is_sought:
            self._is_sought = True
            self._known, found = project_of(self._campaign.path, self._given)
            self.diagnostics += found
        return self._known

    def _unopened(self, target: Path, name: str, span: Span) -> None:
        """That no mailweave.toml stands around the campaign, and which one would let the library in."""
        around = Path(os.path.commonpath([self._campaign.path, target]))
        file = _from_here(self._campaign.path, around, self._given) / PROJECT
        root = target.relative_to(around).as_posix()
        self._say("MW071", span, library=name, file=file.as_posix(), root=root)

    def _outside(self, project: Project, target: Path, name: str, span: Span) -> None:
        inside = target.is_relative_to(project.folder)
        root = target.relative_to(project.folder).as_posix() if inside else ""
        help = "" if inside else f"copy it below the folder of {project.shown}, and declare it there"
        self._say("MW070", span, library=name, file=project.shown, root=root, help=help)

    def _opened(self, root: Path, target: Path, name: str, span: Span) -> Library | None:
        inside = target.relative_to(root).as_posix()
        library = Root(root) if inside == "." else Root(root).below(inside)
        try:
            if library.is_folder():
                return Library(name, library, _shown(self._given, name, self._campaign.path, target))
            beside = Root(root).below(Path(inside).parent.as_posix())
            near = [one for one in beside.names() if beside.is_folder(one)] if beside.is_folder() else []
        except Refused as refused:
            found = refusal(refused, name, source=self._settings.source, span=span, where="its root")
            self.diagnostics.append(found)
            return None
        self._missing(name, span, near)
        return None

    def _missing(self, name: str, span: Span, near: Sequence[str]) -> None:
        around, _, last = name.rstrip("/").rpartition("/")
        known = [f"{around}/{one}" if around else one for one in near]
        self._say("MW072", span, library=name, help=did_you_mean(name, known) if last else "")

    def _say(self, code: str, span: Span, **facts: str) -> None:
        self.diagnostics.append(diagnose(code, self._settings.source, span, **cast(Any, facts)))


def _shown(given: Path, name: str, campaign: Path, target: Path) -> Path:
    """The folder of a library as its author would name it from where the campaign was named."""
    plain = Path(os.path.normpath(given / name))
    straight = Path(os.path.normpath(campaign / name))
    return plain if straight == target else given / name


def _from_here(campaign: Path, around: Path, given: Path) -> Path:
    steps = len(campaign.parts) - len(around.parts)
    return Path(os.path.normpath(given.joinpath(*[".."] * steps)))


def _listed(root: Root, folder: str) -> tuple[str, ...]:
    with suppress(Refused):
        return root.names(folder) if root.is_folder(folder) else ()
    return ()
