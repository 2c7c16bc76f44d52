"""The files of one block, read and checked; MJML among them compiled for the slot that the block stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.resources.abc import Traversable
from pathlib import PurePosixPath

from mailweave.content.block import Block, BlockSpec, Variant
from mailweave.content.files import TEXT as LARGEST
from mailweave.content.files import refusal
from mailweave.content.once import Once
from mailweave.content.toml import TomlText, read_toml, validate
from mailweave.diagnostics import Diagnostic, MailweaveError, Severity, diagnose
from mailweave.mjml.compiled import MJML, Frame, block_of
from mailweave.mjml.includes import Read
from mailweave.root import Refused, Root
from mailweave.source import Source

SETTINGS, HTML, TEXT, AMP = "block.toml", "block.html", "block.txt", "block.amp.html"
SOURCE = f"block{MJML}"
_VARIANT = re.compile(r"block\.(?!amp\.)([^.]+)\.(html|mjml|txt|amp\.html)")
_NEARLY = re.compile(r"block[-_ .].*\.(?:html?|mjml)|block[-_ ].*\.txt", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder of block folders; `shown` is how diagnostics name it, `origin` whose blocks they are.

    `path`: a view of the root that the blocks may not lead out of; a folder on the disk becomes its own. `include`: a
    file that a block of MJML includes, by its path from the folder around this one.
    """

    path: Traversable | Root
    shown: str
    origin: str
    include: Read | None = None


class BlockReading:
    """Reads one block, as it stands in a slot."""

    def __init__(self, name: str, folder: Folder, once: Once, frame: Frame, slot: str) -> None:
        self._name, self._folder, self._once = name, folder, once
        self._frame, self._slot = frame, slot
        self._rules: dict[tuple[str, str], None] = {}
        self._found: list[Diagnostic] = []

    def block(self) -> tuple[Block | None, tuple[Diagnostic, ...]]:
        settings, html, text, amp = self._read(SETTINGS), self._page(), self._read(TEXT), self._read(AMP)
        if settings is None or html is None:
            return None, tuple(self._found)
        said, wrong = self._once(("block settings", settings), lambda: _settings(settings))
        variants = tuple(self._variants())
        if said is None or any(one.severity is Severity.ERROR for one in self._found):
            return None, (*self._found, *wrong)
        origin = self._folder.origin
        block = Block(
            self._name, said[1], said[0], html, text, amp, origin, variants, rules=tuple(self._rules)
        )
        sample = self._once(("block sample", self._name, settings), lambda: block.sample()[1])
        return block, (*self._found, *sample, *_misnamed(self._name, self._folder))

    def _page(self) -> Source | None:
        """The HTML: as it was written, or what MJML was made into."""
        files = set(files_of(self._folder, self._name))
        if SOURCE not in files:
            return self._read(HTML)
        if HTML in files:
            self._two(SOURCE, HTML, f"HTML of block `{self._name}`")
            return None
        return self._compiled(SOURCE)

    def _variants(self) -> Iterator[Variant]:
        parts: dict[str, dict[str, Source | None]] = {}
        for file, locale, part in variant_files(files_of(self._folder, self._name)):
            mine = parts.setdefault(locale, {})
            if part != MJML[1:]:
                mine[part] = self._read(file)
            elif "html" in mine:
                self._two(
                    file, f"{file.removesuffix(MJML)}.html", f"HTML of block `{self._name}` in {locale}"
                )
            else:
                mine["html"] = self._compiled(file)
        for locale, read in parts.items():
            yield Variant(locale, read.get("html"), read.get("txt"), read.get("amp.html"))

    def _two(self, file: str, other: str, part: str) -> None:
        shown = f"{self._folder.shown}/{self._name}/{file}"
        self._found.append(diagnose("MW653", place=shown, file=file, other=other, part=part))

    def _read(self, file: str) -> Source | None:
        return _read(self._name, self._folder, file, self._found)

    def _compiled(self, file: str) -> Source | None:
        """MJML as HTML, in the slot that the block stands in."""
        source = self._read(file)
        if source is None:
            return None
        path = f"{PurePosixPath(self._folder.shown).name}/{self._name}/{file}"
        include = self._folder.include or _nothing
        try:
            made, found = block_of(source, path, include, self._frame, self._slot)
        except MailweaveError as error:
            made, found = None, tuple(error.diagnostics)
        self._found += found
        self._rules |= dict.fromkeys(made.rules if made is not None else ())
        return None if made is None else made.html


def _nothing(path: str) -> Source:
    raise Refused("missing", path, "it is missing")


def _misnamed(name: str, folder: Folder) -> Iterator[Diagnostic]:
    """A warning for each file that looks like a part of a block, and is none."""
    for file in sorted(files_of(folder, name)):
        if _NEARLY.fullmatch(file) and file not in (HTML, SOURCE, TEXT, AMP) and not _VARIANT.fullmatch(file):
            shown = f"{folder.shown}/{name}/{file}"
            yield diagnose("MW065", place=shown, file=file, why="no part of a block is called so")


def variant_files(names: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """The files among those of a block that are for one locale: each with its locale, and the part that it is.

    >>> list(variant_files(["block.html", "block.de.html", "block.amp.html", "block.pt_BR.amp.html"]))
    [('block.de.html', 'de', 'html'), ('block.pt_BR.amp.html', 'pt_BR', 'amp.html')]
    """
    for file in sorted(names):
        found = _VARIANT.fullmatch(file)
        if found is not None:
            yield file, found[1], found[2]


def files_of(folder: Folder, name: str) -> Iterable[str]:
    """The names of the files of a block."""
    if isinstance(folder.path, Root):
        try:
            return folder.path.below(name).names()
        except Refused:
            return ()  # who opened the root has said why
    return (entry.name for entry in (folder.path / name).iterdir())


def _settings(source: Source) -> tuple[tuple[TomlText, BlockSpec] | None, tuple[Diagnostic, ...]]:
    text, syntax = read_toml(source)
    if text is None:
        return None, syntax
    spec, wrong = validate(BlockSpec, text)
    return (None if spec is None else (text, spec)), wrong


def _read(name: str, folder: Folder, file: str, found: list[Diagnostic]) -> Source | None:
    shown = f"{folder.shown}/{name}/{file}"
    try:
        text = _text(folder.path, name, file)
    except Refused as refused:
        found.append(refusal(refused, shown))
        return None
    except UnicodeDecodeError:
        found.append(diagnose("MW611", place=shown, file=shown))
        return None
    if text is None and file in (SETTINGS, HTML):
        found.append(diagnose("MW605", place=f"{folder.shown}/{name}", name=name, file=file))
    return None if text is None else Source(shown, text, shared=folder.origin == "library")


def _text(folder: Traversable | Root, name: str, file: str) -> str | None:
    """The text of a file of a block, or None where there is none. Raises `Refused` and UnicodeDecodeError."""
    if not isinstance(folder, Root):
        path = folder / name / file
        return path.read_text(encoding="utf-8") if path.is_file() else None
    try:
        return folder.text(f"{name}/{file}", LARGEST)
    except Refused as refused:
        if refused.kind == "missing":
            return None
        raise
