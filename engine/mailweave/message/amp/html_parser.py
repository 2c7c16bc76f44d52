"""HTML as a mail reader's parser sees it, with the place and the attributes of every tag as they were written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from justhtml import JustHTML

from mailweave.message.amp.html_nodes import Node
from mailweave.message.amp.html_tokens import Attribute, start_tag

MAX_DEPTH = 245
_RAW = frozenset({"script", "style", "noscript", "textarea", "title", "iframe", "xmp", "noembed", "noframes"})
_STRAY = re.compile(r"(?:[^<]|<(?![A-Za-z/!?]))*+(<[!?](?!--)[^>]*>?)")
_IN_SELECT = frozenset({"#text", "#comment", "hr", "optgroup", "option", "script", "template"})
_BODY = re.compile(r"<body(?=[\s/>])", re.I)
_DOCTYPE = re.compile(r"<!doctype\s*([^>]*)>?", re.I)


class TooComplex(Exception):
    """The document nests deeper than readers parse."""


def parse(text: str) -> tuple[Node, bool]:
    """The tree of a document whose lines end in `\n`, and whether its doctype asks for quirks. Raises TooComplex.

    AMP knows one good doctype: `<!doctype html>`.
    """
    document = _tree(text)
    doctypes = [node for node in document.children if node.tag == "!doctype"]
    found = _DOCTYPE.search(text) if doctypes else None
    if found is None:
        return document, True
    words = found[1].rstrip("/").split(maxsplit=1)
    doctypes[0].start, doctypes[0].text = found.start(), words[0].lower() if words else ""
    return document, doctypes[0].text != "html" or len(words) > 1


def parse_fragment(text: str, offset: int) -> list[Node]:
    """The nodes of what stands inside an element of the body, its text starting at `offset`. Raises TooComplex."""
    root = _tree(text, fragment=True)
    for node in root.walk():
        node.start += offset if node.start >= 0 else 0
    return root.children


def _tree(text: str, *, fragment: bool = False) -> Node:
    """Ours. A parser of mail readers passes over `<?x ?>` and `<!x>`; this one, where it says where things stand,
    gives them as text. So what it gave as text is blanked, and the rest is read once more."""
    document = _converted(_parsed(text, fragment), text)
    strays = [span for node in document.walk() if node.tag == "#text" for span in _strays(node, text)]
    if not strays:
        return document
    blanked = text
    for start, stop in strays:
        blanked = f"{blanked[:start]}{' ' * (stop - start)}{blanked[stop:]}"
    document = _converted(_parsed(blanked, fragment), text)
    for start, _ in strays:
        if text.startswith("<?", start):
            _insert(Node("#comment", start, made_up=True), document)
    return document


def _parsed(text: str, fragment: bool) -> Any:
    return JustHTML(text, sanitize=False, track_node_locations=True, fragment=fragment).root


def _strays(node: Node, text: str) -> Iterator[tuple[int, int]]:
    """Where `<?`, `<!` and doctypes stand in the source of a text that is read as markup."""
    if node.start < 0 or (node.parent is not None and node.parent.tag in _RAW):
        return
    at = node.start
    while found := _STRAY.match(text, at):
        yield found.start(1), found.end()
        at = found.end()


def _insert(node: Node, document: Node) -> None:
    """Puts it before the first node that stands behind it."""
    for other in document.walk():
        if other.start > node.start and other.parent is not None:
            above = other.parent
            node.parent = above
            above.children.insert(above.index(other), node)
            return
    document.append(node)


def _converted(root: Any, text: str) -> Node:
    """The library's tree as ours, without recursion."""
    document = Node("#document", 0)
    waiting = [(child, document, 1, False) for child in reversed(root.children or ())]
    while waiting:
        theirs, parent, depth, choosing = waiting.pop()
        if depth > MAX_DEPTH:
            raise TooComplex
        if choosing and theirs.name not in _IN_SELECT:
            node = parent  # readers still pass over tags in a select, as HTML did until 2025
        else:
            node = _node(theirs, text)
            parent.append(node)
        inside = getattr(theirs, "template_content", None) or theirs
        choosing = choosing or node.tag == "select"
        waiting += [(child, node, depth + 1, choosing) for child in reversed(inside.children or ())]
    for node in document.walk():
        if node.tag == "body":
            _place_body(node, text)
    return document


def _place_body(body: Node, text: str) -> None:
    """The parser says where the last `<body>` stands. When something inside stands before it, an earlier one counts, or
    the parser made it up."""
    first = min((node.start for node in body.walk() if node.start >= 0), default=-1)
    if first == body.start:
        return
    earlier = _BODY.search(text, 0, first) if body.start >= 0 else None
    body.start, body.made_up = (earlier.start(), False) if earlier else (-1, True)


def _node(theirs: Any, text: str) -> Node:
    start = -1 if theirs.origin_offset is None else theirs.origin_offset
    if theirs.name == "#text":
        return Node("#text", start, text=theirs.data or "")
    if theirs.name.startswith(("#", "!")):
        return Node(theirs.name, start)
    written = start_tag(text, start) if start >= 0 else ()
    known = {attribute.name for attribute in written}
    more = [Attribute(name, value or "") for name, value in theirs.attrs.items() if name.lower() not in known]
    namespace = "" if theirs.namespace in (None, "html") else theirs.namespace
    return Node(theirs.name, start, [*written, *more], namespace=namespace, made_up=start < 0)
