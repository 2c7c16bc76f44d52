"""Liquid's tags among the marks of a rich text: each block of them is moved to where it holds whole nodes, or refused."""

from __future__ import annotations

from mailweave.content.rich.nodes import LISTS, Node, index, move
from mailweave.markup.pieces import NEXT_BRANCH

BLOCKS = frozenset({"if", "unless", "case", "for"})
_ENDS = frozenset(f"end{name}" for name in BLOCKS)
SINGLE = frozenset({"assign", "increment", "decrement", "break", "continue", "cycle"})
ALLOWED = BLOCKS | _ENDS | NEXT_BRANCH | SINGLE


def placed(root: Node) -> Node | None:
    """Moves the tags of `root` to where their blocks are whole; gives back a tag that has no such place.

    A block of tags (`if` to `endif`) is whole where all of its tags stand in the same node. A tag at the edge of a
    paragraph, an item or a pair of marks may as well stand outside of it: so a paragraph that is all condition is left
    out with its `<p>`, and no guess is made anywhere.
    """
    before = _liquid(root)
    _dissolve(root)
    for group in _groups(root):
        container = _common(group)
        if container is None:
            return group[0]
        for tag in group:
            _hoist(tag, container)
        _into_list(group, container)
    return None if _liquid(root) == before else next(n for n in root.walk() if n.kind == "tag")


def _liquid(root: Node) -> list[int]:
    """The pieces of Liquid in the order in which they stand: no move may change it."""
    return [node.span.start for node in root.walk() if node.span is not None]


def unmatched(root: Node) -> Node | None:
    """The first tag that opens what nothing closes, or closes what nothing opens."""
    tags = [node for node in root.walk() if node.kind == "tag" and node.name not in SINGLE]
    grouped = [tag for group in _groups(root) for tag in group]
    return next((tag for tag in tags if not any(tag is one for one in grouped)), None)


def _groups(root: Node) -> list[list[Node]]:
    """The tags of each block, in the order in which they open."""
    groups: list[list[Node]] = []
    opened: list[list[Node]] = []
    for node in [node for node in root.walk() if node.kind == "tag"]:
        if node.name in BLOCKS:
            opened.append([node])
        elif node.name in NEXT_BRANCH and opened:
            opened[-1].append(node)
        elif node.name in _ENDS and opened and node.name[3:] == opened[-1][0].name:
            groups.append([*opened.pop(), node])
    return sorted(groups, key=lambda group: group[0].span.start if group[0].span else 0)


def _dissolve(root: Node) -> None:
    """Paragraphs of tags alone are no paragraphs: their tags stand where they stood."""
    for node in [node for node in root.walk() if node.kind == "p"]:
        parent, at = node.parent, index(node)
        tags = [child for child in node.children if child.kind == "tag"]
        if parent is not None and all(child.kind == "tag" or child.is_blank() for child in node.children):
            parent.children[at : at + 1] = tags
            for tag in tags:
                tag.parent = parent


def _common(group: list[Node]) -> Node | None:
    """The outermost node in which all tags of a block can stand."""
    chains = [_homes(tag) for tag in group]
    shared = [home for home in chains[0] if all(any(home is one for one in chain) for chain in chains)]
    return shared[-1] if shared else None


def _homes(tag: Node) -> list[Node]:
    """The nodes in which a tag can stand without another meaning."""
    first, last = _chain(tag, 0), _chain(tag, -1)
    return first if len(first) >= len(last) else last


def _chain(tag: Node, side: int) -> list[Node]:
    """The nodes that a tag can stand in, from the inside out, as long as it is the first (0) or last (-1) thing in each."""
    found: list[Node] = []
    node = tag
    while node.parent is not None:
        found.append(node.parent)
        told = [child for child in node.parent.children if not child.is_blank()]
        if told[side] is not node:
            break
        node = node.parent
    return found


def _hoist(tag: Node, container: Node) -> None:
    behind = not any(container is one for one in _chain(tag, 0))
    while tag.parent is not None and tag.parent is not container:
        inner = tag.parent
        assert inner.parent is not None
        move(tag, inner.parent, index(inner) + behind)


def _into_list(group: list[Node], container: Node) -> None:
    """A loop around one list alone goes into it: its turns are items of one list."""
    if group[0].name != "for" or len(group) != 2:
        return
    inside = container.children[index(group[0]) + 1 : index(group[1])]
    told = [node for node in inside if not node.is_blank()]
    if len(told) == 1 and told[0].kind in LISTS:
        move(group[0], told[0], 0)
        move(group[1], told[0], len(told[0].children))
