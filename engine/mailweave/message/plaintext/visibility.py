"""What a reader does not see: hidden parts, preheaders, tracking pixels; always, or under conditions.

>>> page = BeautifulSoup('<p style="display:none">Sh</p><p>Hi</p>', "html.parser")
>>> found = Hidden(page, Shield(), "mark", {})
>>> [found.hidden(one) for one in page.find_all("p")]
[True, False]
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bs4 import BeautifulSoup, Comment, Tag
from bs4.element import NavigableString, PageElement, PreformattedString

from mailweave.markup.branches import Decision
from mailweave.markup.pieces import Piece
from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import parse_declarations
from mailweave.message.plaintext import visibility_conditions
from mailweave.message.plaintext.addresses import address
from mailweave.message.plaintext.liquid import piece_of, shown, writes

SILENT = frozenset(
    {
        "head",
        "style",
        "script",
        "title",
        "noscript",
        "template",
        "svg",
        "iframe",
        "select",
        "textarea",
        "datalist",
    }
)
_SPACES = re.compile(r"\s+")
_ZERO = re.compile(r"0+(?:\.0*)?(?:px|em|rem|pt|vh|vw|%)?|\.0+(?:px|em|rem|pt|%)?")
_VISIBLE = re.compile(r"visibility\s*:\s*visible", re.I)
_NOTHING = re.compile(r"opacity\(\s*0*\.?0*%?\s*\)|scale[xy]?\(\s*0*\.?0*\s*(?:,|\))")
_CLIP = re.compile(r"rect\(\s*(?:[01](?:px)?[\s,]*){4}\)")
_CLIP_PATH = re.compile(r"inset\(\s*(?:[5-9]\d|100)%\s*\)|circle\(\s*0(?:px|%)?\s*\)|polygon\([0\s,px%]+\)")
_FAR = re.compile(r"-\d{3,}(?:\.\d+)?(?:px|em|rem|pt|%|vw|vh)")
_CUTS = re.compile(r"hidden|clip")
_OVERFLOW = ("overflow", "overflow-x", "overflow-y")
_SIZES = ("max-height", "height", "max-width", "width")
_INLINE = frozenset(
    {"a", "abbr", "b", "big", "cite", "code", "em", "font", "i", "label", "s", "small", "span"}
) | {"strong", "sub", "sup", "u", "del", "ins", "mark"}
_PREHEADER = re.compile(r"pre-?header|preview-?text", re.I)


class Hidden:
    """The hidden parts of one page, and what of them a text still needs. Liquid is hidden in it by `shield`.

    `decisions`: what the conditions in a start tag decide, by the value of the attribute `mark` of its element.
    """

    def __init__(
        self, soup: BeautifulSoup, shield: Shield, mark: str, decisions: Mapping[str, Decision]
    ) -> None:
        self._shield = shield
        self._roots: dict[int, visibility_conditions.Hidden] = {}
        for element in soup.find_all(True):
            decision = decisions.get(str(element.get(mark)))
            found = self._under(decision, element) if decision else _hides(element, element.attrs)
            if found:
                self._roots[id(element)] = found
        links = soup.find_all("a", href=True)
        self._visible = {address_of(link, shield) for link in links if not self.inside(link)}

    def hidden(self, element: Tag) -> visibility_conditions.Hidden:
        """Whether an element, and with it all that is in it, is hidden; or the conditions under which it is."""
        return self._roots.get(id(element), False)

    def _under(self, decision: Decision, element: Tag) -> visibility_conditions.Hidden:
        """Conditions can only stand around what has its own Liquid whole; anything else is shown."""
        found = visibility_conditions.hidden(decision, lambda attributes: _hides(element, attributes))
        return found if isinstance(found, bool) or self.is_whole(element) else False

    def is_whole(self, element: Tag) -> bool:
        """Whether each Liquid block in an element begins and ends in it."""
        depth = 0
        for node in element.descendants:
            piece = piece_of(self._shield, node) if isinstance(node, Comment) else None
            if piece is not None:
                if depth - (piece.closes or piece.continues) < 0:
                    return False
                depth += piece.opens - piece.closes
        return depth == 0

    def inside(self, element: Tag) -> bool:
        """Whether an element is or stands in one that is hidden, always or under conditions."""
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
        url = address_of(node, self._shield) if isinstance(node, Tag) and node.name == "a" else ""
        if not isinstance(node, Tag) or not url or url in self._visible:
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


def address_of(link: Tag, shield: Shield) -> str:
    """Where a link leads; empty when it leads nowhere."""
    return address(str(link.get("href") or ""), shield)


def _branching(piece: Piece) -> bool:
    return (piece.opens or piece.closes or piece.continues) and piece.name != "capture"


def _hides(element: Tag, attributes: Mapping[str, object]) -> bool:
    """Whether an element with such attributes is not shown: by attribute, by style, or as a preheader without links."""
    if element.name == "dialog" and "open" not in attributes:
        return True
    if (
        "hidden" in attributes
        or "popover" in attributes
        or _hidden_by(str(attributes.get("style") or ""), element)
    ):
        return True
    named = f"{attributes.get('class', '')} {attributes.get('id', '')}"
    return _PREHEADER.search(named) is not None and element.name != "body" and element.find("a") is None


def _hidden_by(style: str, element: Tag) -> bool:
    """Whether a style hides an element with all that is in it; see `Look` for what only text inherits."""
    if ":" not in style:
        return False
    values = {p.name: p.value.lower().strip() for p in parse_declarations(style)}
    if values.get("display") == "none" or values.get("content-visibility") == "hidden":
        return True  # `mso-hide` is not among them: it hides from Outlook alone
    if values.get("visibility") in ("hidden", "collapse"):
        return element.find(style=_VISIBLE) is None
    return (
        _ZERO.fullmatch(values.get("opacity", "")) is not None
        or _NOTHING.search(f"{values.get('filter', '')} {values.get('transform', '')}") is not None
        or _is_clipped(values, element)
        or _is_outside(values)
    )


def _is_clipped(values: Mapping[str, str], element: Tag) -> bool:
    """Whether an element has no room for what is in it, and cuts it off."""
    placed = values.get("position") in ("absolute", "fixed")
    if placed and _CLIP.fullmatch(values.get("clip", "")):
        return True
    if _CLIP_PATH.fullmatch(values.get("clip-path", "")):
        return True
    cuts = bool(_CUTS.search(" ".join(values.get(name, "") for name in _OVERFLOW)))
    is_box = (
        element.name not in _INLINE
        or placed
        or "float" in values
        or values.get("display", "inline") != "inline"
    )
    return cuts and is_box and any(_ZERO.fullmatch(values.get(name, "")) for name in _SIZES)


def _is_outside(values: Mapping[str, str]) -> bool:
    """Whether an element is put where nobody looks, or its text is."""
    if values.get("position") in ("absolute", "fixed"):
        return any(_FAR.fullmatch(values.get(name, "")) for name in ("left", "top", "right", "bottom"))
    return _FAR.fullmatch(values.get("text-indent", "")) is not None
