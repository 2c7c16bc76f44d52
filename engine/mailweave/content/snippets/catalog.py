"""Where snippets are found: in `snippets` of a campaign first, then in those of its libraries."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from mailweave.content.files import TEXT as LARGEST
from mailweave.content.files import refusal
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.root import Refused, Root
from mailweave.source import Source

HTML, TEXT, PLAIN = ".html", ".txt", ".liquid"
FORMS: Final = (HTML, TEXT, PLAIN)


@dataclass(frozen=True, slots=True)
class SnippetFolder:
    """A folder of snippets. `shown`: how findings name it; `shared`: it is a library's."""

    root: Root
    shown: str
    shared: bool


@dataclass(frozen=True, slots=True)
class Snippet:
    """A snippet by its name, with the text of each form that it has."""

    name: str
    forms: Mapping[str, Source]
    shared: bool


class Snippets:
    """The snippets that a campaign may use, read when they are asked for; `diagnostics` says which cannot be read."""

    def __init__(self, folders: Sequence[SnippetFolder]) -> None:
        self._folders = folders
        self._read: dict[str, Snippet | None] = {}
        self.diagnostics: list[Diagnostic] = []

    @cached_property
    def _files(self) -> tuple[tuple[SnippetFolder, frozenset[str]], ...]:
        return tuple((one, self._listed(one)) for one in self._folders)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of all, sorted."""
        return tuple(sorted({_stem(file) for _, files in self._files for file in files}))

    @property
    def own(self) -> tuple[str, ...]:
        """The names of those that are the campaign's own."""
        return tuple(sorted({_stem(file) for one, files in self._files if not one.shared for file in files}))

    def snippet(self, name: str) -> Snippet | None:
        """The snippet of a name, in the first folder that has it in any form; or None."""
        if name not in self._read:
            self._read[name] = self._find(name)
        return self._read[name]

    def _find(self, name: str) -> Snippet | None:
        for folder, files in self._files:
            forms = [form for form in FORMS if f"{name}{form}" in files]
            if forms:
                texts = {form: self._text(folder, f"{name}{form}") for form in forms}
                return Snippet(
                    name, {form: text for form, text in texts.items() if text is not None}, folder.shared
                )
        return None

    def _text(self, folder: SnippetFolder, file: str) -> Source | None:
        shown = f"{folder.shown}/{file}"
        try:
            text = folder.root.text(file, LARGEST)
        except Refused as refused:
            self.diagnostics.append(refusal(refused, shown))
            return None
        except UnicodeDecodeError:
            self.diagnostics.append(diagnose("MW006", place=shown, what=shown, why_not="not UTF-8"))
            return None
        return Source(shown, text, shared=folder.shared)

    def _listed(self, folder: SnippetFolder) -> frozenset[str]:
        try:
            files = folder.root.names() if folder.root.is_folder() else ()
        except Refused as refused:
            self.diagnostics.append(refusal(refused, folder.shown))
            return frozenset()
        return frozenset(file for file in files if file.endswith(FORMS) and file[0] not in "._")


def _stem(file: str) -> str:
    return file.rpartition(".")[0]
