"""How the words of a page look: their colour, the ground below them, their size, in one view.

What cannot be known (a picture, a value that Liquid writes, a blend of colours) is said to be unknown, with
everything that inherits it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from mailweave.lint.colors import Paint, Special, Translucent, attribute_color, background, color
from mailweave.lint.conditions import View
from mailweave.lint.said import Said, winner
from mailweave.markup.cascade.document import Element
from mailweave.values.contrast import Color

_BLACK, _WHITE, _DARK_GROUND = (0, 0, 0), (255, 255, 255), (18, 18, 18)
_MARKED = (255, 255, 0)
_LINK, _DARK_LINK = (0, 0, 238), (158, 158, 255)
_SIZES = {
    "h1": 2.0,
    "h2": 1.5,
    "h3": 1.17,
    "h5": 0.83,
    "h6": 0.67,
    "small": 0.83,
    "big": 1.2,
    "sub": 0.83,
    "sup": 0.83,
}
_BOLD = frozenset({"h1", "h2", "h3", "h4", "h5", "h6", "b", "strong", "th"})
_OF_THEIR_OWN = frozenset("button input select textarea svg math object video audio".split())
_GROUNDS = frozenset("body table thead tbody tfoot tr td th".split())
_COLORS = re.compile(r"(?:rgba?|hsla?|hwb|lab|lch|oklab|oklch|color)\([^()]*\)")
_SIZE = re.compile(r"(?:^|\s)(\d*\.?\d+)(px|pt|em|%)(?=$|[\s/])")


@dataclass(frozen=True, slots=True)
class Look:
    """How an element looks. `color_by` and `ground_by` say who says so; `seen` whether it is shown for certain, `hidden`
    whether it is hidden for certain;
    `size` is in pixels; None where it is not known. `since` holds the elements that color and ground come from;
    `veil` how opaque it is, with all around it, over the ground `below`."""

    color: Paint
    ground: Paint
    color_by: str = "the browser"
    ground_by: str = "the browser"
    seen: bool = True
    hidden: bool = False
    size: float | None = 16
    bold: bool | None = False
    since: tuple[Element | None, Element | None] = (None, None)
    veil: float = 1
    below: Paint = Special.UNKNOWN

    @property
    def shown_colors(self) -> tuple[Color, Color] | None:
        """The colours of words and ground as they are seen; None where one is not known."""
        if isinstance(self.ground, Special | Translucent) or isinstance(self.color, Special):
            return None
        front = self.color.over(self.ground) if isinstance(self.color, Translucent) else self.color
        if self.veil == 1:
            return front, self.ground
        if isinstance(self.below, Special | Translucent):
            return None
        return Translucent(front, self.veil).over(self.below), Translucent(self.ground, self.veil).over(
            self.below
        )

    @property
    def large(self) -> bool:
        """Whether the words may count as large: from 24 px, or 18.66 px and bold; what is not known may."""
        if self.size is None:
            return True
        return self.size >= 24 or (self.bold is not False and self.size >= 18.66)


def canvas(view: View, dark: bool) -> Look:
    """What stands behind everything: a browser's own colours, in the scheme that the mail declares."""
    return Look(_WHITE, _DARK_GROUND) if view.dark and dark else Look(_BLACK, _WHITE)


def look(element: Element, said: Sequence[Said], above: Look, view: View, dark: bool, quirks: bool) -> Look:
    """How an element looks, from what is said of it and how its parent looks."""
    own = _with_color(element, said, above, view, dark)
    if quirks and element.tag == "table":
        own = replace(own, size=None, color=own.color if own.since[0] is element else Special.UNKNOWN)
    own = _with_ground(element, said, own, view)
    own = _with_size(element, said, own, view)
    own = _with_veil(element, said, own, above, view)
    hides = [_hides(said, view, name) for name in _HIDING]
    seen, hidden = above.seen and not any(one is not False for one in hides), above.hidden or True in hides
    return own if (seen, hidden) == (own.seen, own.hidden) else replace(own, seen=seen, hidden=hidden)


def _with_veil(element: Element, said: Sequence[Said], own: Look, above: Look, view: View) -> Look:
    found, known = winner(said, view, "opacity")
    if found is None and known:
        return own
    opacity = _share(found.declared.declaration.value) if found is not None and known else None
    if opacity is None:
        return replace(own, color=Special.UNKNOWN, since=(element, own.since[1]))
    if opacity >= 1:
        return own
    below = above.below if own.veil < 1 else above.ground
    return replace(own, veil=own.veil * opacity, below=below, since=(element, own.since[1]))


def _share(value: str) -> float | None:
    found = re.fullmatch(r"\s*(\d*\.?\d+)(%?)\s*", value)
    return None if found is None else float(found[1]) / (100 if found[2] else 1)


def _with_color(element: Element, said: Sequence[Said], above: Look, view: View, dark: bool) -> Look:
    found, by, known = _paint(said, view, "color")
    filled = winner(said, view, "-webkit-text-fill-color") != (None, True)
    if (
        not known
        or filled
        or (element.tag in _OF_THEIR_OWN and found is None and "color" not in element.attributes)
    ):
        return replace(above, color=Special.UNKNOWN, since=(element, above.since[1]))
    if found is None and element.tag == "a" and "href" in element.attributes:
        found, by = (_DARK_LINK if view.dark and dark else _LINK), "the browser"
    if found is None and element.tag == "font" and "color" in element.attributes:
        found, by = attribute_color(element.attributes["color"]), "`color`"
    if found is None and element.tag == "mark":
        found, by = _BLACK, "the browser"
    if found is None and element.tag == "body" and "text" in element.attributes:
        found, by = attribute_color(element.attributes["text"]), "`text`"
    if found is None or found is Special.INHERITED:
        return above
    return replace(above, color=found, color_by=by, since=(element, above.since[1]))


def _with_ground(element: Element, said: Sequence[Said], own: Look, view: View) -> Look:
    found, by, known = _paint(said, view, "background-color")
    if found is None and element.tag in _GROUNDS and "bgcolor" in element.attributes:
        found, by = attribute_color(element.attributes["bgcolor"]), "`bgcolor`"
    if found is None and element.tag == "mark":
        found, by = _MARKED, "the browser"
    pictured = _has_picture(element, said, view)
    if not known or pictured is None or (pictured and not isinstance(found, tuple)):
        return replace(own, ground=Special.UNKNOWN, since=(own.since[0], element))
    if found is None or found is Special.NONE:
        return own
    if found is Special.INHERITED:
        found = Special.UNKNOWN
    if isinstance(found, Translucent):
        found = found.over(own.ground) if isinstance(own.ground, tuple) else Special.UNKNOWN
    by = f"{by} with pictures off" if pictured else by
    return replace(own, ground=found, ground_by=by, since=(own.since[0], element))


def _has_picture(element: Element, said: Sequence[Said], view: View) -> bool | None:
    """Whether a picture or a gradient may lie on the colour of the ground; None where that is not known."""
    image, known = winner(said, view, "background-image")
    if not known:
        return None
    if image is None:
        return "background" in element.attributes
    value = image.declared.declaration.value.lower()
    return "(" in _COLORS.sub("", value) if image.declared.name == "background" else value != "none"


def _paint(said: Sequence[Said], view: View, name: str) -> tuple[Paint | None, str, bool]:
    """The paint that wins, who says so, and whether that is known; values that no browser takes are left out."""
    left = list(said)
    while True:
        found, known = winner(left, view, name)
        if found is None or not known:
            return None, "", known
        read = background if found.declared.name == "background" else color
        made = read(found.declared.declaration.value)
        if made is not Special.INVALID:
            return made, found.by, True
        left.remove(found)


def _with_size(element: Element, said: Sequence[Said], own: Look, view: View) -> Look:
    size = own.size if own.size is None else own.size * _SIZES.get(element.tag, 1)
    found, known = winner(said, view, "font-size")
    if not known or element.tag == "font":
        size = None
    elif found is not None:
        size = _pixels(found.declared.declaration.value, own.size)
    bold = _bold(element, said, own, view)
    return own if (size, bold) == (own.size, own.bold) else replace(own, size=size, bold=bold)


def _pixels(value: str, parent: float | None) -> float | None:
    found = _SIZE.search(value.lower())
    if found is None:
        return 0 if value.strip() == "0" else None
    number, unit = float(found[1]), found[2]
    if unit in ("px", "pt"):
        return number if unit == "px" else number * 4 / 3
    return None if parent is None else parent * (number if unit == "em" else number / 100)


def _bold(element: Element, said: Sequence[Said], own: Look, view: View) -> bool | None:
    found, known = winner(said, view, "font-weight")
    if not known:
        return None
    if found is None:
        return True if element.tag in _BOLD else own.bold
    value = found.declared.declaration.value.lower()
    if found.declared.name == "font":
        return re.search(r"\b(bold|[7-9]00)\b", value) is not None or None
    return (
        value in ("bold", "700", "800", "900") if value[:1] in "bn123456789" and value != "bolder" else None
    )


_HIDING = ("display", "visibility", "opacity")


def _hides(said: Sequence[Said], view: View, name: str) -> bool | None:
    """Whether an element is hidden by a property; None where that is not known."""
    found, known = winner(said, view, name)
    if not known:
        return None
    value = found.declared.declaration.value.strip().lower() if found else ""
    if name == "display":
        return value == "none"
    return value in ("hidden", "collapse") if name == "visibility" else bool(value) and _share(value) == 0
