"""An author's text read as a rich text: its tree, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from mailweave.content.rich import conditions
from mailweave.content.rich.cover import Covered, Held, cover
from mailweave.content.rich.nodes import LISTS, Node
from mailweave.content.rich.targets import wrong_target
from mailweave.diagnostics import Diagnostic, diagnose
from mailweave.source import Source, Span

if TYPE_CHECKING:
    from markdown_it.token import Token

DEEPEST = 3  # lists within lists
_SIGNS = re.compile(r"[*_\[\\<`#>|&]|~~|^[ \t]*(?:[-+](?:\s|$)|\d+[.)](?:\s|$)|-{3}|={3})", re.MULTILINE)
_ESCAPED = re.compile(r"\\(?:[\\*_\[\]<>#+.()!-]|$)", re.MULTILINE)
_SAFE = re.compile(r"\|\s*safe\b")
_KINDS = {
    "paragraph": "p",
    "bullet_list": "ul",
    "ordered_list": "ol",
    "list_item": "li",
    "strong": "strong",
    "em": "em",
    "link": "a",
}


@dataclass(frozen=True, slots=True)
class RichText:
    """A text with marks: its tree, which nothing changes any more, and the text that its author wrote."""

    source: Source
    covered: Covered
    root: Node

    @property
    def has_links(self) -> bool:
        return any(node.kind == "a" for node in self.root.walk())

    @property
    def paragraph(self) -> Node | None:
        """The only paragraph, where the text is no more than one."""
        blocks = [node for node in self.root.children if node.kind != "tag"]
        return blocks[0] if len(blocks) == 1 and blocks[0].kind == "p" else None


def read_rich(source: Source) -> tuple[RichText | None, tuple[Diagnostic, ...]]:
    """The rich text in `source`, None where it holds no marks or is refused, and what is to be said about it.

    A text without marks is a text like any other, and shown as one.

    >>> read_rich(Source("a", "5 * 3, and 2 * 4"))
    (None, ())
    >>> [node.kind for node in read_rich(Source("a", "**Hi**, {{ name }}"))[0].root.walk()]
    ['root', 'p', 'strong', 'words', 'words', 'output']
    """
    if not _SIGNS.search(source.text):
        return None, ()
    from mailweave.content.rich.beyond import beyond  # a parser that few campaigns need
    from mailweave.content.rich.parser import tokens

    covered = cover(source)
    found = tuple(beyond(covered))
    root = _tree(tokens(covered.text), covered)
    if not (_ESCAPED.search(covered.text) or any(_is_mark(node) for node in root.walk())):
        return None, found
    wrong = (*_wrong_tags(root, source), *_wrong_nodes(root, covered))
    if not wrong:
        stuck = conditions.unmatched(root) or conditions.placed(root)
        wrong = () if stuck is None else (diagnose("MW622", source, stuck.span, tag=stuck.text),)
    if wrong:
        return None, (*found, *wrong)
    _prune(root)
    return RichText(source, covered, root), found


def _is_mark(node: Node) -> bool:
    if node.kind in LISTS:
        return any(inner.kind not in ("ul", "ol", "li", "p") for inner in node.walk())
    return node.kind in ("strong", "em", "a", "br")


def _tree(found: Iterable[Token], covered: Covered) -> Node:
    here = root = Node("root")
    for token in found:
        name, _, side = token.type.rpartition("_")
        if token.type == "inline":
            _inline(here, token.children or (), covered)
        elif side == "open":
            first = int(token.attrs.get("start", 1))
            here = here.add(Node(_KINDS[name], start=first, line=token.map[0] if token.map else 0))
        else:
            assert here.parent is not None
            here = here.parent
    return root


def _inline(here: Node, found: Iterable[Token], covered: Covered) -> None:
    for token in found:
        name, _, side = token.type.rpartition("_")
        if token.type == "hardbreak":
            here.add(Node("br"))
        elif token.type == "softbreak":
            here.add(Node("words", "\n"))
        elif side == "open":
            here = here.add(
                Node(_KINDS[name], str(token.attrs.get("href", "")), str(token.attrs.get("title", "")))
            )
        elif side == "close":
            assert here.parent is not None
            here = here.parent
        else:
            for part in covered.split(_verbatim(token)):
                _leaf(here, part)


def _verbatim(token: Token) -> str:
    """The words of a token; of what is no part of a rich text, as it was written."""
    if token.type == "code_inline":
        return f"{token.markup}{token.content}{token.markup}"
    return f"![{token.content}]({token.attrs['src']})" if token.type == "image" else token.content


def _leaf(here: Node, part: str | Held) -> None:
    if isinstance(part, str):
        here.add(Node("words", part))
    elif part.kind == "words":
        here.add(Node("words", part.text))
    elif part.kind != "nothing":
        here.add(Node(part.kind, part.text, part.name, part.span))


def _wrong_tags(root: Node, source: Source) -> Iterator[Diagnostic]:
    for node in root.walk():
        if node.kind == "tag" and node.name not in conditions.ALLOWED:
            yield diagnose("MW624", source, node.span, what=f"{{% {node.name} %}}")
        elif node.kind in ("output", "tag") and _SAFE.search(node.text):
            yield diagnose("MW624", source, node.span, what="the filter `safe`")


def _wrong_nodes(root: Node, covered: Covered) -> Iterator[Diagnostic]:
    for node in root.walk():
        if node.kind in LISTS and _depth(node) == DEEPEST + 1:  # those within it are told with it
            span = covered.span(node.line, node.line + 1)
            yield diagnose("MW627", covered.source, span, most=DEEPEST)
        if node.kind == "a":
            yield from _wrong_link(node, covered)


def _wrong_link(node: Node, covered: Covered) -> Iterator[Diagnostic]:
    target = covered.shown(node.text)
    at = covered.source.text.find(target) if target else -1
    span = Span(at, at + len(target)) if at >= 0 else _place(node)
    problem = wrong_target(node.text, covered)
    if problem is None and not any(n.kind in ("words", "output") and not n.is_blank() for n in node.walk()):
        problem = "has no words to click on"
    if problem is None and node.name:
        problem = "has a title in quotes, which mails do not show"
    if problem is not None:
        yield diagnose("MW623", covered.source, span, target=target, problem=problem)


def _depth(node: Node) -> int:
    depth, above = 1, node.parent
    while above is not None:
        depth += above.kind in LISTS
        above = above.parent
    return depth


def _place(node: Node) -> Span:
    """Where a node is, by the first piece of Liquid in it; else the beginning of the text."""
    return next((inner.span for inner in node.walk() if inner.span is not None), Span(0, 1))


def _prune(node: Node) -> None:
    """Takes away what has lost all that it held to the moves of tags, and blanks at the edges of paragraphs."""
    for child in list(node.children):
        _prune(child)
    while node.kind == "p" and node.children and node.children[-1].is_blank():
        node.children.pop()
    while node.kind == "p" and node.children and node.children[0].is_blank():
        node.children.pop(0)
    node.children = [
        child for child in node.children if child.children or child.kind in ("words", "output", "tag", "br")
    ]
