"""The campaign folder: the unit an author works in. Files are read here, and nowhere below or later."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mailweave.campaign.config import CampaignConfig
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Source, Span

SETTINGS = "campaign.toml"


@dataclass(frozen=True, slots=True)
class CampaignFolder:
    """The texts of a campaign, as read from disk. `path` is absolute, `given` as the caller named it."""

    path: Path
    given: Path
    settings: TomlText
    config: CampaignConfig
    rules: tuple[Source, ...]
    layout: Source | None
    css: str
    context: dict[str, Any]

    def stylesheet(self, href: str) -> str | None:
        """The local stylesheet that a `<link>` or an `@import` names, or None; nothing outside is read."""
        file = (self.path / href).resolve()
        if file.suffix != ".css" or not file.is_relative_to(self.path) or not file.is_file():
            return None
        try:
            return file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError):
            return None


class FolderReader:
    """Reads one folder and collects what is wrong with its files."""

    def __init__(self, path: Path) -> None:
        self.given = path  # findings name files as the author named the folder
        self.path = path.resolve()
        self.diagnostics: list[Diagnostic] = []

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
            self.path,
            self.given,
            settings,
            config,
            tuple(self._rules()),
            self._layout(config, settings),
            "\n".join(self._css(config, settings)),
            self._context(config, settings),
        )

    def _settings(self) -> TomlText | None:
        if not self.path.is_dir():
            todo = "name the folder that holds campaign.toml"
            self.diagnostics.append(
                diagnose("MW001", place=str(self.given), what="the campaign folder", todo=todo)
            )
            return None
        if not (self.path / SETTINGS).is_file():
            todo = f"a campaign folder has a file {SETTINGS}"
            self.diagnostics.append(
                diagnose("MW001", place=str(self.given / SETTINGS), what=SETTINGS, todo=todo)
            )
            return None
        source = self.text(self.path / SETTINGS)
        if source is None:
            return None
        text, found = read_toml(source)
        self.diagnostics += found
        return text

    def _rules(self) -> Iterator[Source]:
        files = sorted(self.path.glob("*.rules"))
        if not files:
            self.diagnostics.append(diagnose("MW014", place=str(self.given)))
        for file in files:
            source = self.text(file)
            if source is not None:
                yield source

    def _layout(self, config: CampaignConfig, settings: TomlText) -> Source | None:
        if "/" not in config.layout and not config.layout.endswith(".html"):
            return None  # the name of a stock layout: the catalogue has it
        return self._named(config.layout, "layout", settings)

    def _css(self, config: CampaignConfig, settings: TomlText) -> Iterator[str]:
        for name in config.css:
            source = self._named(name, "css", settings)
            if source is not None:
                yield source.text

    def _context(self, config: CampaignConfig, settings: TomlText) -> dict[str, Any]:
        if config.context is None:
            return {}
        source = self._named(config.context, "context", settings)
        if source is None:
            return {}
        try:
            value = json.loads(source.text)
        except (ValueError, RecursionError) as error:
            at, what = getattr(error, "pos", 0), getattr(error, "msg", "too deeply nested")
            self.diagnostics.append(diagnose("MW002", source, Span(at, at + 1), what=what))
            return {}
        if isinstance(value, dict):
            return value
        self.diagnostics.append(diagnose("MW002", source, Span(0, 1), what="an object is expected"))
        return {}

    def _named(self, name: str, key: str, settings: TomlText) -> Source | None:
        """A file that campaign.toml names; it must lie in the folder."""
        file, span = (self.path / name).resolve(), settings.value_span((key,))
        if not file.is_relative_to(self.path):
            self.diagnostics.append(diagnose("MW008", settings.source, span, path=name))
            return None
        if not file.is_file():
            todo = f"`{key}` in {SETTINGS} names it"
            self.diagnostics.append(
                diagnose("MW001", settings.source, span, what=f"the file {name}", todo=todo)
            )
            return None
        return self.text(file)

    def text(self, file: Path) -> Source | None:
        """A file of the folder as a source."""
        name = (self.given / file.relative_to(self.path)).as_posix()
        try:
            text = file.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = "not UTF-8" if isinstance(error, UnicodeDecodeError) else (error.strerror or "unreadable")
            self.diagnostics.append(diagnose("MW006", place=name, what=name, why_not=why))
            return None
        source = Source(name, text)
        at = text.find("\0")
        if at >= 0:
            self.diagnostics.append(diagnose("MW007", source, Span(at, at + 1), what=name, which="NUL"))
            return None
        return source
