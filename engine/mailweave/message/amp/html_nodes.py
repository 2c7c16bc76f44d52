"""The nodes of a parsed document, and the kinds of elements that HTML5 tells apart."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from mailweave.message.amp.html_tokens import Attribute


def names(text: str) -> frozenset[str]:
    """A set of names, written as one text."""
    return frozenset(text.split())


VOID = names("area base br col embed hr img input keygen link meta param source track wbr")
FORMATTING = names("a b big code em font i nobr s small strike strong tt u")
HEADINGS = frozenset({"h1", "h2", "h3", "h4", "h5", "h6"})
IMPLIED_ENDS = names("dd dt li optgroup option p rb rp rt rtc")
SCOPE_STOPS = names("applet caption html table td th marquee object template")
FOREIGN_SCOPE_STOPS = {
    "math": names("annotation-xml mi mn mo ms mtext"),
    "svg": frozenset(["desc", "foreignObject", "title"]),
}
SPECIAL = names(
    "address applet area article aside base basefont bgsound blockquote body br button caption center "
    "col colgroup dd details dir div dl dt embed fieldset figcaption figure footer form frame frameset "
    "h1 h2 h3 h4 h5 h6 head header hgroup hr html iframe img input keygen li link listing main marquee "
    "menu meta nav noembed noframes noscript object ol p param plaintext pre script section select "
    "source style summary table tbody td template textarea tfoot th thead title tr track ul wbr xmp"
)
BREAKOUT = names(
    "b big blockquote body br center code dd div dl dt em embed h1 h2 h3 h4 h5 h6 head hr i img li "
    "listing menu meta nobr ol p pre ruby s small span strong strike sub sup table tt u ul var"
)
TABLE_PARTS = frozenset({"table", "tbody", "tfoot", "thead", "tr"})


@dataclass(slots=True, eq=False)
class Node:
    """An element, text (`tag` is "#text"), comment, doctype, or the document itself.

    `start` is the offset of the node's first character, -1 of a copy that the parser made; `made_up`
    is true of an element that the parser had to add, and of a comment that began with `<?`.
    """

    tag: str
    start: int
    attributes: list[Attribute] = field(default_factory=list)
    text: str = ""
    namespace: str = ""
    made_up: bool = False
    parent: Node | None = field(default=None, repr=False)
    children: list[Node] = field(default_factory=list, repr=False)

    @property
    def is_element(self) -> bool:
        return self.tag[0] not in "#!"

    @property
    def is_special(self) -> bool:
        if self.namespace:
            return self.tag in FOREIGN_SCOPE_STOPS[self.namespace]
        return self.tag in SPECIAL

    def append(self, child: Node) -> None:
        child.parent = self
        self.children.append(child)

    def insert_before(self, child: Node, sibling: Node | None) -> None:
        child.parent = self
        if sibling is None:
            self.children.append(child)
        else:
            self.children.insert(self.index(sibling), child)

    def index(self, child: Node) -> int:
        return next(at for at, node in enumerate(self.children) if node is child)

    def detach(self) -> None:
        if self.parent is not None:
            del self.parent.children[self.parent.index(self)]
            self.parent = None

    def shallow_copy(self) -> Node:
        return Node(self.tag, -1, list(self.attributes), namespace=self.namespace)

    def walk(self) -> Iterator[Node]:
        """This node and all below it, in document order."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            stack.extend(reversed(node.children))
