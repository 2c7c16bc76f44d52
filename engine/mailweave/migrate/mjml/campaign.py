"""An e-mail in MJML as a campaign that looks the same: its sections are blocks, its words inputs, and all stays MJML."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from html import unescape
from typing import Final

from mailweave.diagnostics import Diagnostic, ordered
from mailweave.markup.tokens import StartTag, tokenize
from mailweave.migrate.bench import Bench
from mailweave.migrate.campaign_files import subject_of
from mailweave.migrate.convert import Campaign, not_said
from mailweave.migrate.html.elements import Element, Page, page_of
from mailweave.migrate.html.inputs import block_of
from mailweave.migrate.html.section_files import section_files, tell_person
from mailweave.migrate.html.sections import named
from mailweave.migrate.literal import literal
from mailweave.migrate.mjml.cleaned import Cleaning
from mailweave.mjml import MJML
from mailweave.mjml import tree as components
from mailweave.mjml.includes import MOST, Read
from mailweave.root import Refused
from mailweave.source import Source

_SECTIONS: Final = frozenset(["mj-hero", "mj-section", "mj-wrapper"])
_PICTURES: Final = ("src", "background-url", "icon-wrapped-url", "icon-unwrapped-url")


def convert_mjml(source: Source, path: str, name: str, read: Read) -> Campaign:
    """A mail as a campaign of that name. path: where it lies in its folder; read: other files there, which it includes."""
    clean = Cleaning(source).run()
    page = page_of(clean.source.text)
    bench = Bench(clean.source, "MJML")
    found = [(section, block_of(page, section.element)) for section in named(page, list(_parts(page)))]
    for _, block in found:
        block.html = _two_folders_up(block.html)
    title = next((each for each in page.all(page.root) if each.name == "mj-title"), None)
    words = "" if title is None else unescape(page.words(title))
    subject = subject_of(name, f"<title>{words}</title>" if words else "")
    files = dict(section_files(name, page, found, subject=subject, ending=MJML))
    included, told = _included(clean.source, path, read)
    files |= {each: text.encode() for each, text in included.items()}
    tell_person(bench, page, found, _pictures(page))
    said = not_said(f"<title>{words}</title>" if words else "")
    return Campaign(files, ordered([*clean.told, *told, *bench.told, *said]))


def _parts(page: Page) -> Iterator[Element]:
    """The sections of a page: those of its body, or of the one wrapper that holds all."""
    around = next((each for each in page.all(page.root) if each.name == "mj-body"), None)
    while around is not None:
        inside = [each for each in around.children if each.name in _SECTIONS and each.is_whole]
        only = inside[0] if len(inside) == 1 and inside[0].name == "mj-wrapper" else None
        if only is None:
            yield from inside
        around = only


def _two_folders_up(block: str) -> str:
    """A block with what it includes named from its own folder."""
    made, at = [], 0
    for token in tokenize(block):
        if isinstance(token, StartTag) and token.name == "mj-include":
            for span in (each.value_span for each in token.attributes if each.name == "path"):
                made.append(f"{block[at : span.start]}../../")
                at = span.start
    return "".join([*made, block[at:]])


def _pictures(page: Page) -> Iterator[str | None]:
    """The addresses of the pictures of a page."""
    for token in page.tokens:
        if isinstance(token, StartTag):
            yield from (token.get(name) for name in _PICTURES if name in {a.name for a in token.attributes})


def _included(source: Source, path: str, read: Read) -> tuple[dict[str, str], list[Diagnostic]]:
    """The files that a page includes, by their paths beside it; one that cannot be read is told when all is compiled."""
    files: dict[str, str] = {}
    told: list[Diagnostic] = []
    left = [(path, source)]
    while left and len(files) < MOST:
        at, text = left.pop()
        for named_path, kind in _includes(text):
            inner = posixpath.normpath(posixpath.join(posixpath.dirname(at), named_path))
            if inner in files or inner.startswith("../"):
                continue
            try:
                found = read(inner)
            except (Refused, UnicodeDecodeError):
                continue
            if kind == "mjml":
                clean = Cleaning(found).run()
                told += clean.told
                found = clean.source
                left.append((inner, found))
            files[inner] = literal(found.text)
    return files, told


def _includes(source: Source) -> Iterator[tuple[str, str]]:
    for node in components.Parser(source).nodes():
        if isinstance(node, components.Element):
            for each in node.all():
                if each.name == "mj-include" and each.get("path"):
                    yield each.get("path") or "", each.get("type") or "mjml"
