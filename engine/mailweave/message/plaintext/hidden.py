"""What a reader does not see: hidden parts, preheaders, tracking pixels; always, or under conditions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from mailweave.markup.branches import Decision
from mailweave.markup.pieces import Piece
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import parse_declarations
from mailweave.message.plaintext import sight
from mailweave.message.plaintext.liquid import piece_of, shown, writes

SILENT = frozenset(
    {"head", "style", "script", "title", "noscript", "template", "svg", "object", "select", "textarea"}
)
_SPACES = re.compile(r"\s+")
_ZERO = re.compile(r"0(px|em|rem|pt|%)?")
_PREHEADER = re.compile(r"pre-?header|preview-?text", re.I)


class Hidden:
    """The hidden parts of one page, and what of them a text still needs. Liquid is hidden in it by `shield`.

    `decisions`: what the conditions in a start tag decide, by the value of the attribute `mark` of its element.
    """

    def __init__(
        self, soup: BeautifulSoup, shield: Shield, mark: str, decisions: Mapping[str, Decision]
    ) -> None:
        self._shield = shield
        self._roots: dict[int, sight.Hidden] = {}
        for element in soup.find_all(True):
            decision = decisions.get(str(element.get(mark)))
            found = self._under(decision, element) if decision else _hides(element, element.attrs)
            if found:
                self._roots[id(element)] = found
        links = soup.find_all("a", href=True)
        self._visible = {str(link["href"]) for link in links if not self._inside(link)}

    def hidden(self, element: Tag) -> sight.Hidden:
        """Whether an element, and with it all that is in it, is hidden; or the conditions under which it is."""
        return self._roots.get(id(element), False)

    def _under(self, decision: Decision, element: Tag) -> sight.Hidden:
        """Conditions can only stand around what has its own Liquid whole; anything else is shown."""
        found = sight.hidden(decision, lambda attributes: _hides(element, attributes))
        return found if isinstance(found, bool) or self._is_whole(element) else False

    def _is_whole(self, element: Tag) -> bool:
        """Whether each Liquid block in an element begins and ends in it."""
        depth = 0
        for node in element.descendants:
            piece = piece_of(self._shield, node) if isinstance(node, Comment) else None
            if piece is not None:
                if depth - (piece.closes or piece.continues) < 0:
                    return False
                depth += piece.opens - piece.closes
        return depth == 0

    def _inside(self, element: Tag) -> bool:
        return any(self.hidden(one) is not False for one in (element, *element.parents))

    def remains(self, element: Tag) -> Iterator[tuple[str, bool]]:
        """What must be written of a hidden element, its Liquid still hidden: links that stand nowhere else (text, True),
        and the tags around them; the tags alone where one of them assigns, or ends elsewhere. What is captured is shown
        elsewhere."""
        found: list[tuple[str, bool, Piece | None]] = []
        capturing = 0
        for node in (element, *element.descendants):
            part = self._part(node)
            piece = part[2] if part else None
            if piece is not None and piece.name in ("capture", "endcapture"):
                capturing += piece.opens - piece.closes
            if part is not None and (piece is not None or not capturing):
                found.append(part)
            elif capturing and isinstance(node, NavigableString):
                found.append((self._captured(node), False, None))
        balance = sum(piece.opens - piece.closes for _, _, piece in found if piece)
        in_turns = any(piece and piece.name in ("for", "tablerow") for _, _, piece in found)
        if balance or any(link or (piece and not _branching(piece)) for _, link, piece in found):
            for text, link, _ in found:
                yield text, link
                if link and in_turns:
                    yield "\n", False

    def _captured(self, node: NavigableString) -> str:
        """Text or an output within a `capture`."""
        if isinstance(node, Comment):
            piece = piece_of(self._shield, node)
            return self._shield.hide(shown(piece)) if piece is not None and writes(piece) else ""
        return "" if isinstance(node, PreformattedString) else _SPACES.sub(" ", str(node))

    def _part(self, node: PageElement) -> tuple[str, bool, Piece | None] | None:
        if isinstance(node, Comment):
            piece = piece_of(self._shield, node)
            silent = piece is None or writes(piece) or piece.name == "comment"
            return None if silent or piece is None else (self._shield.hide(shown(piece)), False, piece)
        url = str(node.get("href") or "") if isinstance(node, Tag) and node.name == "a" else ""
        if (
            not isinstance(node, Tag)
            or not url
            or url in self._visible
            or url.startswith(("#", "javascript:"))
        ):
            return None
        self._visible.add(url)
        return f"{self._words(node)} <{url}>".strip(), True, None

    def _words(self, link: Tag) -> str:
        """The words of a link, its outputs among them."""
        texts = []
        for node in link.descendants:
            piece = piece_of(self._shield, node) if isinstance(node, Comment) else None
            if piece is not None and writes(piece):
                texts.append(str(node).strip())
            elif isinstance(node, NavigableString) and not isinstance(node, PreformattedString):
                texts.append(str(node))
        return " ".join("".join(texts).split())


def _branching(piece: Piece) -> bool:
    return (piece.opens or piece.closes or piece.continues) and piece.name != "capture"


def _hides(element: Tag, attributes: Mapping[str, object]) -> bool:
    """Whether an element with such attributes is not shown: by attribute, by style, or as a preheader without links."""
    if "hidden" in attributes or _hidden_by(str(attributes.get("style") or "")):
        return True
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return _PREHEADER.search(named) is not None and element.name != "body" and element.find("a") is None


def _hidden_by(style: str) -> bool:
    if ":" not in style:
        return False
    values = {p.name: p.value.lower() for p in parse_declarations(style)}
    if values.get("display") == "none" or values.get("visibility") == "hidden":
        return True  # `mso-hide` is not among them: it hides from Outlook alone
    flat = any(
        _ZERO.fullmatch(values.get(name, "")) for name in ("max-height", "height", "max-width", "width")
    )
    return (flat and values.get("overflow") == "hidden") or _ZERO.fullmatch(
        values.get("opacity", "")
    ) is not None
