"""From tokens to a tree, by the tree construction rules of HTML5: the builder and its tools.

What happens in which part of a document stands in the modules of modes: `html_head`, `html_body`,
`html_tables`, `html_foreign`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from mailweave.message.amp.html_nodes import (
    FOREIGN_SCOPE_STOPS,
    IMPLIED_ENDS,
    SCOPE_STOPS,
    TABLE_PARTS,
    Node,
)
from mailweave.message.amp.html_tokens import Attribute, Kind, Token, Tokenizer

Mode = Callable[["Builder", Token], bool]
MARKER = Node("#marker", 0)
MAX_DEPTH = 245


class TooComplex(Exception):
    """The document nests deeper than readers parse."""


@dataclass(slots=True)
class Builder:
    """The state of tree construction. A mode returns False when the token is to be seen once more."""

    tokenizer: Tokenizer
    modes: Mapping[str, Mode]
    mode: str = "initial"
    document: Node = field(default_factory=lambda: Node("#document", 0))
    open: list[Node] = field(default_factory=list)
    formatting: list[Node] = field(default_factory=list)
    templates: list[str] = field(default_factory=list)
    original: str = ""
    head: Node | None = None
    form: Node | None = None
    foster: bool = False
    quirks: bool = False
    frameset_ok: bool = True
    fragment: bool = False

    @property
    def top(self) -> Node:
        return self.open[-1] if self.open else self.document

    # ---- adding

    def add(self, node: Node) -> None:
        if self.foster and self.top.tag in TABLE_PARTS:
            self.foster_parent(node)
        else:
            self.top.append(node)
        if node.is_element:
            self.open.append(node)

    def add_element(self, token: Token, *, made_up: bool = False) -> Node:
        node = Node(token.data, token.start, list(token.attributes), made_up=made_up)
        self.add(node)
        return node

    def add_void(self, token: Token) -> None:
        self.add_element(token)
        self.open.pop()

    def add_comment(self, token: Token, parent: Node | None = None) -> None:
        node = Node("#comment", token.start, text=token.data, made_up=token.question)
        if parent is None:
            self.add(node)
        else:
            parent.append(node)

    def add_text(self, text: str, start: int) -> None:
        if not text:
            return
        if self.foster and self.top.tag in TABLE_PARTS:
            self.foster_parent(Node("#text", start, text=text))
        elif self.top.children and self.top.children[-1].tag == "#text":
            self.top.children[-1].text += text
        else:
            self.top.append(Node("#text", start, text=text))

    def foster_parent(self, node: Node) -> None:
        """What may not stand in a table goes in front of it."""
        table = self.last_open("table")
        template = self.last_open("template")
        if template is not None and (table is None or self.depth(template) > self.depth(table)):
            template.append(node)
            return
        if table is None:
            self.open[0].append(node)
            return
        parent = table.parent or self.open[self.depth(table) - 1]
        before = table if table.parent is parent else None
        at = parent.index(table) if before is not None else len(parent.children)
        previous = parent.children[at - 1] if at else None
        if node.tag == "#text" and previous is not None and previous.tag == "#text":
            previous.text += node.text
        else:
            parent.insert_before(node, before)

    def imply(self, kind: Kind, tag: str, token: Token) -> None:
        """Handles a tag that the author left out, at the place of `token`."""
        made_up = Token(kind, tag, token.start, token.start)
        if kind is Kind.START and tag in ("html", "head", "body"):
            node = self.add_element(made_up, made_up=True)
            self.head = node if tag == "head" else self.head
            return
        while not self.handle(self.mode, made_up):
            pass

    def handle(self, mode: str, token: Token) -> bool:
        """Handles a token by the rules of `mode`; False when it is to be seen once more."""
        return self.modes[mode](self, token)

    # ---- the stack of open elements

    def depth(self, node: Node) -> int:
        return next(at for at, other in enumerate(self.open) if other is node)

    def is_open(self, node: Node) -> bool:
        return any(other is node for other in self.open)

    def last_open(self, tag: str) -> Node | None:
        return next((node for node in reversed(self.open) if node.tag == tag and not node.namespace), None)

    def remove_open(self, node: Node) -> None:
        self.open = [other for other in self.open if other is not node]

    def in_scope(self, tags: Iterable[str], stops: frozenset[str] = SCOPE_STOPS) -> int:
        """The depth of the innermost of `tags` that no stop hides; -1 when there is none."""
        wanted = frozenset(tags)
        foreign = stops >= SCOPE_STOPS
        for at in range(len(self.open) - 1, -1, -1):
            node = self.open[at]
            if not node.namespace:
                if node.tag in wanted:
                    return at
                if node.tag in stops:
                    return -1
            elif foreign and node.tag in FOREIGN_SCOPE_STOPS[node.namespace]:
                return -1
        return -1

    def pop_until(self, tags: Iterable[str], stops: frozenset[str] = SCOPE_STOPS) -> bool:
        at = self.in_scope(tags, stops)
        if at >= 0:
            del self.open[at:]
        return at >= 0

    def close_paragraph(self) -> None:
        self.pop_until(("p",), BUTTON_SCOPE)

    def clear_to(self, tags: frozenset[str]) -> None:
        while self.open and self.open[-1].tag not in tags:
            self.open.pop()

    def imply_ends(self, *but: str) -> None:
        while self.open and self.open[-1].tag in IMPLIED_ENDS and self.open[-1].tag not in but:
            self.open.pop()

    # ---- active formatting elements

    def mark(self) -> None:
        self.formatting.append(MARKER)

    def clear_formatting(self) -> None:
        while self.formatting and self.formatting.pop() is not MARKER:
            pass

    def reconstruct(self) -> None:
        """Opens again what formatting a block had closed."""
        at = len(self.formatting)
        while at and self.formatting[at - 1] is not MARKER and not self.is_open(self.formatting[at - 1]):
            at -= 1
        for index in range(at, len(self.formatting)):
            clone = self.formatting[index].shallow_copy()
            self.add(clone)
            self.formatting[index] = clone

    def add_formatting(self, token: Token) -> None:
        node = self.add_element(token)
        alike = [other for other in self._since_marker() if _alike(other, node)]
        if len(alike) >= 3:
            self.remove_formatting(alike[0])
        self.formatting.append(node)

    def _since_marker(self) -> list[Node]:
        found: list[Node] = []
        for node in reversed(self.formatting):
            if node is MARKER:
                break
            found.insert(0, node)
        return found

    def active(self, tag: str) -> Node | None:
        return next((node for node in reversed(self._since_marker()) if node.tag == tag), None)

    def formatting_index(self, node: Node) -> int:
        return next((at for at, other in enumerate(self.formatting) if other is node), -1)

    def remove_formatting(self, node: Node) -> None:
        self.formatting = [other for other in self.formatting if other is not node]


BUTTON_SCOPE = SCOPE_STOPS | {"button"}
LIST_SCOPE = SCOPE_STOPS | {"ol", "ul"}
TABLE_SCOPE = frozenset({"html", "table", "template"})


def _alike(one: Node, other: Node) -> bool:
    def key(attribute: Attribute) -> tuple[str, str]:
        return attribute.name, attribute.value

    return one.tag == other.tag and sorted(map(key, one.attributes)) == sorted(map(key, other.attributes))
