"""How the text of an element looks, as far as elements inherit it: its white space, and whether it can be seen.

>>> from bs4 import BeautifulSoup
>>> page = BeautifulSoup('<p style="font-size:0; white-space:pre-line">x</p>', "html.parser")
>>> InheritedStyle().inside(page.p, Shield())
InheritedStyle(spaces='pre-line', flat=True, invisible=False)
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from bs4 import Tag

from mailweave.markup.shield import Shield
from mailweave.markup.stylesheet import parse_declarations

_KEEPING = frozenset({"pre", "listing", "xmp", "plaintext"})
_SPACES = {
    **dict.fromkeys(("pre", "pre-wrap", "break-spaces", "preserve", "preserve-spaces"), "pre"),
    **dict.fromkeys(("pre-line", "preserve-breaks"), "pre-line"),
    **dict.fromkeys(("normal", "nowrap", "collapse", "initial"), ""),
}
_ZERO = re.compile(r"0+(?:\.0*)?(?:px|pt|em|rem|ex|ch|vw|vh|%)?")
_RELATIVE = re.compile(r"[\d.]+(?:em|ex|ch|%)|smaller|larger|inherit|unset|revert")
_FONT_OF_NOTHING = re.compile(r"(?:^|\s)0(?:px|pt|em|rem|%)?(?:\s|/)")


@dataclass(frozen=True, slots=True)
class InheritedStyle:
    """`spaces`: "pre" keeps blanks and line ends, "pre-line" line ends alone. Text of no size is unseen, as all is
    that is not visible."""

    spaces: str = ""
    flat: bool = False
    invisible: bool = False

    @property
    def unseen(self) -> bool:
        return self.flat or self.invisible

    def inside(self, element: Tag, shield: Shield) -> InheritedStyle:
        """The look of what stands in an element. A style that holds Liquid hides nothing."""
        look = replace(self, spaces="pre") if element.name in _KEEPING else self
        style = str(element.get("style") or "")
        if ":" not in style:
            return look
        styled = look._styled({one.name: one.value.lower() for one in parse_declarations(style)})
        if shield.hides(style):
            return replace(
                styled, flat=look.flat and styled.flat, invisible=look.invisible and styled.invisible
            )
        return styled

    def _styled(self, style: Mapping[str, str]) -> InheritedStyle:
        look, size = self, style.get("font-size", "")
        for name in ("white-space", "white-space-collapse"):
            for word in style.get(name, "").split():
                look = replace(look, spaces=_SPACES.get(word, look.spaces))
        if _FONT_OF_NOTHING.search(style.get("font", "")) or _ZERO.fullmatch(size):
            look = replace(look, flat=True)
        elif size and not _RELATIVE.fullmatch(size):
            look = replace(look, flat=False)
        visible = style.get("visibility", "")
        if visible in ("hidden", "collapse", "visible", "initial"):
            look = replace(look, invisible=visible in ("hidden", "collapse"))
        return look
