"""The campaign folder: the unit an author works in. Files are read here and in the catalogue, through one root."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from mailweave.campaign.attached_files import attached_files
from mailweave.campaign.catalogue_files import CATALOGUE, LOCALES, catalogue_of, merged
from mailweave.campaign.config import CampaignConfig
from mailweave.campaign.folder_files import SETTINGS, FolderFiles
from mailweave.campaign.included import Included
from mailweave.campaign.learned_file import LEARNED
from mailweave.campaign.libraries import Library, SentLibrary, libraries_of, with_libraries
from mailweave.campaign.rule_imports import imported
from mailweave.content import css_mistakes
from mailweave.content.catalogues import Catalogue
from mailweave.content.files import SNAPSHOT, TEXT, refusal
from mailweave.content.limits import within_limits
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.diagnostics import Diagnostic, MailweaveError, Severity, diagnose, ordered
from mailweave.message.attachment import Attachment
from mailweave.mjml.compiled import MJML, Frame, layout_of
from mailweave.root import Refused, Root
from mailweave.source import Source, Span
from mailweave.values.json_text import problem_of, read_json

RULES = ".rules"
BLOCKS = "blocks"
_OWN_LAYOUT: Final = "layout.html"
_OWN_MJML: Final = f"layout{MJML}"
PAGES: Final = (".html", MJML)
"""How the names of layouts end that are files."""
_MOST_RULES: Final = 100  # rule files of one campaign


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """The texts of a campaign, as read from disk. `given` is the folder as the caller named it.

    `config`: the settings, with those of the libraries beneath; `settings`: the text of its own alone. `linked` takes in
    the style sheets that templates name, `refused` why one was not read. `frame`: what a layout of MJML says of blocks;
    `included`: the files that MJML includes.
    """

    root: Root
    given: Path
    settings: TomlText
    config: CampaignConfig
    rules: tuple[Source, ...]
    layout: Source | None
    css: tuple[Source, ...]
    context: dict[str, Any]
    catalogues: Mapping[str, Catalogue] = field(default_factory=dict)
    libraries: tuple[Library, ...] = ()
    files: tuple[Attachment, ...] = ()
    learned: Source | None = None
    refused: list[Diagnostic] = field(default_factory=list, compare=False)
    linked: dict[str, Source] = field(default_factory=dict, compare=False)
    frame: Frame = field(default_factory=Frame)
    included: Included | None = None

    def stylesheet(self, href: str) -> str | None:
        """The local style sheet that a `<link>` or an `@import` names, or None; nothing outside is read.

        It is looked for in the campaign's folder, then in its libraries.
        """
        if not href.endswith(".css"):
            return None
        try:
            sheet = self._sheet(href)
        except Refused as refused:
            self._tell(refusal(refused, (self.given / href).as_posix()))
            return None
        except UnicodeDecodeError:
            shown = (self.given / href).as_posix()
            self._tell(diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"))
            return None
        if sheet is None:
            return None
        self.linked[href] = sheet
        found = within_limits([], self.linked.values())
        for finding in found:
            self._tell(finding)
        return None if found else sheet.text

    def _sheet(self, href: str) -> Source | None:
        try:
            return Source((self.given / href).as_posix(), self.root.text(href, TEXT))
        except Refused as refused:
            if refused.kind != "missing":
                raise
        return next((found for one in self.libraries if (found := one.source(href)) is not None), None)

    def _tell(self, finding: Diagnostic) -> None:
        if finding not in self.refused:  # each part that is inlined asks anew
            self.refused.append(finding)


def libraries_around(path: Path) -> tuple[Library, ...]:
    """The libraries of the campaign in a folder, as far as they can be read."""
    reader = FolderReader(path)
    reader.find_libraries()
    return reader.libraries


_OF_LIBRARIES: Final = frozenset({"MW001", "MW013", "MW056", "MW280", "MW430", "MW604"})
_REFUSED: Final = frozenset({"MW006", "MW008", "MW050", "MW051", "MW052"})


class FolderReader:
    """Reads one folder and collects what is wrong with its files. `sent`: libraries that came with its texts."""

    def __init__(
        self, path: Path, given: Path | None = None, sent: Sequence[SentLibrary] | None = None
    ) -> None:
        self._sent = sent
        self.given = given or path  # findings name files as the author named the folder
        self.root = Root(path)
        self.files = FolderFiles(self.root, self.given)
        self.diagnostics = self.files.diagnostics
        self.is_begun = (
            False  # whether there is a campaign.toml, so that the folder is meant to be a campaign
        )
        self._named_layout = _OWN_LAYOUT
        self._frame, self.included = Frame(), Included(self.root, self.given)
        self._lacks_library = False

    def read(self) -> CampaignFolder | None:
        """The folder, or None when it cannot even be begun; see `diagnostics`."""
        settings = self._settings()
        if settings is None:
            return None
        config, found = validate(CampaignConfig, with_libraries(settings, self.libraries))
        self.diagnostics += found
        if config is None:
            return None
        config = self._with_layout(config, settings)
        return CampaignFolder(
            self.root,
            self.given,
            settings,
            config,
            self.rules,
            self._layout(config, settings),
            tuple(self._css(config, settings)),
            self._context(config, settings),
            self._catalogues(config),
            self.libraries,
            self._attached(config, settings),
            self._learned(),
            frame=self._frame,
            included=self.included,
        )

    def _learned(self) -> Source | None:
        """What was learned for columns that draw, if there is such a file."""
        try:
            is_there = LEARNED in self.root.names()
        except Refused:
            return None  # said of the rules
        return self.files.read(LEARNED, "") if is_there else None

    def _attached(self, config: CampaignConfig, settings: TomlText) -> tuple[Attachment, ...]:
        """The files that go with every mail."""
        files, found = attached_files(self.root, config.attachments, settings)
        self.diagnostics += found
        return files

    def _settings(self) -> TomlText | None:
        if not self.root.path.is_dir():
            todo = "name the folder that holds campaign.toml"
            self.diagnostics.append(
                diagnose("MW001", place=str(self.given), what="the campaign folder", todo=todo)
            )
            return None
        source = self.files.read(SETTINGS, f"a campaign folder has a file {SETTINGS}")
        if source is None:
            return None
        self.is_begun = True
        text, found = read_toml(source)
        self.diagnostics += found
        if text is not None:
            self._named_layout = str(text.data.get("layout", ""))
            self._find(text)
        return text

    @cached_property
    def rules(self) -> tuple[Source, ...]:
        """The rule files, as far as they can be read, whatever is wrong with the settings; then those they import."""
        if not self.is_begun:
            self.find_libraries()
        own = tuple(self._rules())
        theirs, found = imported(own, self.libraries)
        self.diagnostics += found
        return (*own, *theirs)

    def of_what_is_there(self, found: Iterable[Diagnostic]) -> tuple[Diagnostic, ...]:
        """Findings, sorted, without those that say that something is missing which a library that cannot be read may
        have, or a file that cannot be imported."""
        listed = tuple(found)
        refused = {one.location for one in listed if one.code in _REFUSED}
        return ordered(
            one
            for one in listed
            if not (self._lacks_library and one.code in _OF_LIBRARIES)
            and not (one.code == "MW280" and one.location in refused)
        )

    def find_libraries(self) -> None:
        """Finds the libraries for somebody who asks for the rules or the blocks alone."""
        source = self.files.readable(SETTINGS)
        text = None if source is None else read_toml(source)[0]
        if text is not None:
            self._find(text)

    @property
    def libraries(self) -> tuple[Library, ...]:
        """Those that were found, in the order in which files are looked for."""
        return self.files.libraries

    def _find(self, settings: TomlText) -> None:
        self.files.libraries, found = libraries_of(self.root, self.given, settings, self._sent)
        self._lacks_library = any(one.severity is Severity.ERROR for one in found)
        self.diagnostics += found

    def own_layout(self) -> Source | None:
        """The layout that the settings name, or `layout.html` where they cannot be read; None for a stock one, and for
        MJML, which is no template before it is compiled."""
        name = self._named_layout
        return self.files.readable(name) if name and not name.endswith(MJML) else None

    def _with_layout(self, config: CampaignConfig, settings: TomlText) -> CampaignConfig:
        """The settings with the layout that lies there, where they name none."""
        if "layout" in settings.data or not self.files.has(_OWN_MJML):
            return config
        if self.files.has(_OWN_LAYOUT):
            shown = (self.given / _OWN_MJML).as_posix()
            found = diagnose("MW653", place=shown, file=_OWN_MJML, other=_OWN_LAYOUT, part="layout")
            self.diagnostics.append(found)
        return config.model_copy(update={"layout": _OWN_MJML})

    def _rules(self) -> Iterator[Source]:
        for file in self._rule_files():
            source = self.files.read(file, "")
            if source is not None:
                yield source

    def _rule_files(self) -> list[str]:
        try:
            files = [name for name in self.root.names() if name.endswith(RULES)]
        except Refused as refused:
            self.diagnostics.append(refusal(refused, str(self.given)))
            return []
        if not files:
            self.diagnostics.append(diagnose("MW014", place=str(self.given)))
        if len(files) > _MOST_RULES:
            shown = f"{self.given}/*{RULES}"
            self.diagnostics.append(diagnose("MW052", place=shown, path=shown, most=_MOST_RULES))
            return []
        return files

    def _layout(self, config: CampaignConfig, settings: TomlText) -> Source | None:
        if "/" not in config.layout and not config.layout.endswith(PAGES):
            return None  # the name of a stock layout: the catalogue has it
        layout = self.files.named(config.layout, "layout", settings)
        if layout is not None and config.layout.endswith(MJML):
            layout = self._compiled(layout, config.layout)
        if layout is not None:
            self.diagnostics += css_mistakes.of_page(layout)
        return layout

    def _compiled(self, layout: Source, path: str) -> Source | None:
        """A layout of MJML as HTML."""
        read = self._shared if layout.shared else self.included.source
        try:
            made, self._frame, found = layout_of(layout, path, read)
        except MailweaveError as error:
            self.diagnostics += error.diagnostics
            return None
        self.diagnostics += found
        return None if made is None else made.html

    def _shared(self, name: str) -> Source:
        """A file that a library's layout includes: that of the first library that has it."""
        for library in self.libraries:
            found = library.source(name)
            if found is not None:
                return found
        raise Refused("missing", name, "it is missing")

    def _css(self, config: CampaignConfig, settings: TomlText) -> Iterator[Source]:
        for name in config.css:
            source = self.files.named(name, "css", settings)
            if source is not None:
                self.diagnostics += css_mistakes.of_stylesheet(source)
                yield source

    def _context(self, config: CampaignConfig, settings: TomlText) -> dict[str, Any]:
        if config.context is None:
            return {}
        source = self.files.named(config.context, "context", settings, most=SNAPSHOT)
        if source is None:
            return {}
        try:
            value = read_json(source.text)
        except (ValueError, RecursionError) as error:
            at, what = getattr(error, "pos", 0), problem_of(error)
            self.diagnostics.append(diagnose("MW002", source, Span(at, at + 1), what=what))
            return {}
        if isinstance(value, dict):
            return value
        self.diagnostics.append(diagnose("MW002", source, Span(0, 1), what="an object is expected"))
        return {}

    def _catalogues(self, config: CampaignConfig) -> Mapping[str, Catalogue]:
        """The translations, by their locales."""
        made, found = merged(self._own_catalogues(), self.libraries, config.is_read)
        self.diagnostics += found
        return made

    def _own_catalogues(self) -> Iterator[Catalogue]:
        try:
            names = self.root.names(LOCALES) if self.root.is_folder(LOCALES) else ()
        except Refused as refused:
            self.diagnostics.append(refusal(refused, (self.given / LOCALES).as_posix()))
            return
        for name in sorted(names):
            source = self.files.read(f"{LOCALES}/{name}", "") if name.endswith(CATALOGUE) else None
            if source is not None:
                catalogue, found = catalogue_of(source, name)
                self.diagnostics += found
                if catalogue is not None:
                    yield catalogue
