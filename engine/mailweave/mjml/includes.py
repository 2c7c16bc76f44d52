"""`mj-include`: the text of another file of the folder in its place. https://documentation.mjml.io/#mj-include"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.markup.pieces import holds_liquid
from mailweave.mjml.tree import Element, Node, Parser
from mailweave.root import Refused
from mailweave.source import Source, Span

MOST: Final = 100
"""How many files one page may include, each time that it does counted."""

Read: TypeAlias = Callable[[str], Source]
"""A file by its path in the folder. Raises Refused, and UnicodeDecodeError."""


class Includes:
    """Reads a page with what it includes. head: what included pages have in their heads; files: what was read."""

    def __init__(self, read: Read) -> None:
        self._read, self._left = read, MOST
        self.head: list[Node] = []
        self.files: list[Source] = []
        self.diagnostics: list[Diagnostic] = []

    def page(self, source: Source, path: str) -> tuple[Node, ...]:
        """The nodes of a text with all that it includes. path: where it lies in the folder."""
        return self._parsed(source, (path,))

    def _parsed(self, source: Source, paths: tuple[str, ...]) -> tuple[Node, ...]:
        parser = Parser(source)
        nodes = parser.nodes()
        self.diagnostics += parser.diagnostics
        return self._expanded(nodes, paths)

    def _expanded(self, nodes: Sequence[Node], paths: tuple[str, ...]) -> tuple[Node, ...]:
        made: list[Node] = []
        for node in nodes:
            if not isinstance(node, Element):
                made.append(node)
            elif node.name == "mj-include":
                made += self._included(node, paths)
            else:
                made.append(replace(node, children=self._expanded(node.children, paths)))
        return tuple(made)

    def _included(self, node: Element, paths: tuple[str, ...]) -> tuple[Node, ...]:
        """What stands in the place of an include."""
        named, kind = node.get("path") or "", node.get("type") or "mjml"
        path = posixpath.normpath(posixpath.join(posixpath.dirname(paths[-1]), named))
        source, why = self._file(named, kind, path, paths)
        if source is None:
            self.diagnostics.append(diagnose("MW649", node.source, node.span, path=named, why=why))
            return ()
        self.files.append(source)
        whole = Span(0, len(source.text))
        if kind == "css":
            self.head.append(Element("mj-style", source, whole, content=whole))
            return ()
        if kind == "html":
            return (Element("mj-raw", source, whole, content=whole),)
        return self._unwrapped(self._parsed(source, (*paths, path)))

    def _unwrapped(self, nodes: tuple[Node, ...]) -> tuple[Node, ...]:
        """The components of a file: of a whole page, what stands in its body."""
        page = next((one for one in nodes if isinstance(one, Element) and one.name == "mjml"), None)
        if page is None:
            return nodes
        inside: tuple[Node, ...] = ()
        for part in page.elements():
            if part.name == "mj-head":
                self.head += part.children
            elif part.name == "mj-body":
                inside += part.children
        return inside

    def _why_not(self, named: str, kind: str, path: str, paths: tuple[str, ...]) -> str:
        self._left -= 1
        if not named or holds_liquid(named):
            return "`path` names a file, known when the campaign is compiled"
        if kind not in ("css", "html", "mjml"):
            return f"`{kind}` is no type of a file: css, html or mjml"
        if path in paths:
            return f"it includes itself: {' > '.join((*paths[paths.index(path) :], path))}"
        return f"more than {MOST} files are included" if self._left < 0 else ""

    def _file(self, named: str, kind: str, path: str, paths: tuple[str, ...]) -> tuple[Source | None, str]:
        """The file that is included, or why it is not."""
        why = self._why_not(named, kind, path, paths)
        if why:
            return None, why
        try:
            return self._read(path), ""
        except Refused as refused:
            return None, refused.what
        except UnicodeDecodeError:
            return None, "it is not UTF-8 text"
