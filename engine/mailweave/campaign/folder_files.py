"""Files of a campaign's folder and of its libraries as sources; what is wrong with them is collected."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from mailweave.campaign.libraries import Library
from mailweave.content.files import TEXT, refusal
from mailweave.content.toml import TomlText
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused, Root
from mailweave.source import Source, Span

SETTINGS: Final = "campaign.toml"


class FolderFiles:
    """Reads files by name. `given`: how findings name the folder. `libraries`: where files are looked for that
    campaign.toml names and the folder has not."""

    def __init__(self, root: Root, given: Path) -> None:
        self.root, self.given = root, given
        self.libraries: tuple[Library, ...] = ()
        self.diagnostics: list[Diagnostic] = []

    def has(self, name: str) -> bool:
        """Whether a file lies in the folder itself."""
        try:
            return name in self.root.names()
        except Refused:
            return False  # whoever reads the rules says why

    def readable(self, name: str) -> Source | None:
        """A file of the folder, or None where it cannot be read; whoever needs it says why."""
        try:
            text = self.root.text(name, TEXT)
        except (Refused, UnicodeDecodeError):
            return None
        return None if "\0" in text else Source((self.given / name).as_posix(), text)

    def named(self, name: str, key: str, settings: TomlText, *, most: int = TEXT) -> Source | None:
        """A file that campaign.toml names; it must lie in the folder."""
        span = settings.value_span((key,))
        todo = f"`{key}` in {SETTINGS} names it"
        return self.read(name, todo, what=f"the file {name}", at=(settings.source, span), most=most)

    def read(
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
            if at is not None and refused.kind == "missing":
                theirs, wrong = self._of_libraries(name)
                self.diagnostics += wrong
                if theirs is not None or wrong:
                    return None if theirs is None else self._clean(theirs)
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

    def _of_libraries(self, name: str) -> tuple[Source | None, tuple[Diagnostic, ...]]:
        """A file that campaign.toml names and the campaign has not: that of the first library that has it."""
        for library in self.libraries:
            shown = (library.shown / name).as_posix()
            try:
                found = library.source(name)
            except Refused as refused:
                return None, (refusal(refused, shown, where="the library"),)
            except UnicodeDecodeError:
                return None, (diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"),)
            if found is not None:
                return found, ()
        return None, ()

    def _clean(self, source: Source) -> Source | None:
        at = source.text.find("\0")
        if at < 0:
            return source
        span = Span(at, at + 1)
        self.diagnostics.append(diagnose("MW007", source, span, what=source.name, which="NUL"))
        return None
