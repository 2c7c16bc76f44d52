"""The campaign folder: the unit an author works in. Files are read here and in the catalogue, through one root."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any, Final

from mailweave.campaign.config import CampaignConfig
from mailweave.content import css_mistakes
from mailweave.content.files import SNAPSHOT, TEXT, refusal
from mailweave.content.limits import within_limits
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused, Root
from mailweave.source import Source, Span
from mailweave.values.json_text import problem_of, read_json

SETTINGS = "campaign.toml"
RULES = ".rules"
BLOCKS = "blocks"
_OWN_LAYOUT: Final = "layout.html"
_MOST_RULES: Final = 100  # rule files of one campaign


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """The texts of a campaign, as read from disk. `given` is the folder as the caller named it.

    `linked` takes in the style sheets that templates name, `refused` why one was not read.
    """

    root: Root
    given: Path
    settings: TomlText
    config: CampaignConfig
    rules: tuple[Source, ...]
    layout: Source | None
    css: str
    context: dict[str, Any]
    refused: list[Diagnostic] = field(default_factory=list, compare=False)
    linked: dict[str, Source] = field(default_factory=dict, compare=False)

    def stylesheet(self, href: str) -> str | None:
        """The local style sheet that a `<link>` or an `@import` names, or None; nothing outside is read."""
        if not href.endswith(".css"):
            return None
        try:
            self.linked[href] = Source((self.given / href).as_posix(), self.root.text(href, TEXT))
            found = within_limits([], self.linked.values())
            for finding in found:
                self._tell(finding)
            return None if found else self.linked[href].text
        except Refused as refused:
            if refused.kind != "missing":
                self._tell(refusal(refused, (self.given / href).as_posix()))
        except UnicodeDecodeError:
            shown = (self.given / href).as_posix()
            self._tell(diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"))
        return None

    def _tell(self, finding: Diagnostic) -> None:
        if finding not in self.refused:  # each part that is inlined asks anew
            self.refused.append(finding)


class FolderReader:
    """Reads one folder and collects what is wrong with its files."""

    def __init__(self, path: Path, given: Path | None = None) -> None:
        self.given = given or path  # findings name files as the author named the folder
        self.root = Root(path)
        self.diagnostics: list[Diagnostic] = []
        self.is_begun = (
            False  # whether there is a campaign.toml, so that the folder is meant to be a campaign
        )
        self._named_layout = _OWN_LAYOUT

    def read(self) -> CampaignFolder | None:
        """The folder, or None when it cannot even be begun; see `diagnostics`."""
        settings = self._settings()
        if settings is None:
            return None
        config, found = validate(CampaignConfig, settings)
        self.diagnostics += found
        if config is None:
            return None
        return CampaignFolder(
            self.root,
            self.given,
            settings,
            config,
            self.rules,
            self._layout(config, settings),
            "\n".join(self._css(config, settings)),
            self._context(config, settings),
        )

    def _settings(self) -> TomlText | None:
        if not self.root.path.is_dir():
            todo = "name the folder that holds campaign.toml"
            self.diagnostics.append(
                diagnose("MW001", place=str(self.given), what="the campaign folder", todo=todo)
            )
            return None
        source = self._read(SETTINGS, f"a campaign folder has a file {SETTINGS}")
        if source is None:
            return None
        self.is_begun = True
        text, found = read_toml(source)
        self.diagnostics += found
        if text is not None:
            self._named_layout = str(text.data.get("layout", ""))
        return text

    @cached_property
    def rules(self) -> tuple[Source, ...]:
        """The rule files, as far as they can be read, whatever is wrong with the settings."""
        return tuple(self._rules())

    def own_layout(self) -> Source | None:
        """The layout that the settings name, or `layout.html` where they cannot be read; None for a stock one."""
        return self.readable(self._named_layout)

    def readable(self, name: str) -> Source | None:
        """A file of the folder, or None where it cannot be read; whoever needs it says why."""
        try:
            text = self.root.text(name, TEXT)
        except (Refused, UnicodeDecodeError):
            return None
        return None if "\0" in text else Source((self.given / name).as_posix(), text)

    def _rules(self) -> Iterator[Source]:
        for file in self._rule_files():
            source = self._read(file, "")
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
        if "/" not in config.layout and not config.layout.endswith(".html"):
            return None  # the name of a stock layout: the catalogue has it
        layout = self._named(config.layout, "layout", settings)
        if layout is not None:
            self.diagnostics += css_mistakes.of_page(layout)
        return layout

    def _css(self, config: CampaignConfig, settings: TomlText) -> Iterator[str]:
        for name in config.css:
            source = self._named(name, "css", settings)
            if source is not None:
                self.diagnostics += css_mistakes.of_stylesheet(source)
                yield source.text

    def _context(self, config: CampaignConfig, settings: TomlText) -> dict[str, Any]:
        if config.context is None:
            return {}
        source = self._named(config.context, "context", settings, most=SNAPSHOT)
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

    def _named(self, name: str, key: str, settings: TomlText, *, most: int = TEXT) -> Source | None:
        """A file that campaign.toml names; it must lie in the folder."""
        span = settings.value_span((key,))
        todo = f"`{key}` in {SETTINGS} names it"
        return self._read(name, todo, what=f"the file {name}", at=(settings.source, span), most=most)

    def _read(
        self,
        name: str,
        todo: str,
        *,
        what: str = "",
        at: tuple[Source, Span] | None = None,
        most: int = TEXT,
    ) -> Source | None:
        """A file of the folder as a source; `at` is where it is named, if anywhere."""
        shown = (self.given / name).as_posix()
        try:
            text = self.root.text(name, most)
        except Refused as refused:
            source, span = at or (None, None)
            place = "" if at else shown
            if refused.kind == "missing":
                found = diagnose("MW001", source, span, place=place, what=what or name, todo=todo)
            else:
                found = refusal(refused, name if at else shown, most=most, source=source, span=span)
            self.diagnostics.append(found)
            return None
        except UnicodeDecodeError:
            self.diagnostics.append(diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"))
            return None
        return self._clean(Source(shown, text))

    def _clean(self, source: Source) -> Source | None:
        at = source.text.find("\0")
        if at < 0:
            return source
        span = Span(at, at + 1)
        self.diagnostics.append(diagnose("MW007", source, span, what=source.name, which="NUL"))
        return None
