"""Colours as style sheets and old attributes write them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

import tinycss2
from tinycss2.color3 import RGBA, parse_color
from tinycss2.color4 import parse_color as parse_modern_color

from mailweave.values.contrast import Color


class Special(Enum):
    """What is no opaque colour."""

    NONE = "none"  # transparent: what lies below shows
    INHERITED = "inherited"
    UNKNOWN = "unknown"  # an image, a value of Liquid, a blend: nothing is said of it
    INVALID = "invalid"  # no browser takes it


@dataclass(frozen=True, slots=True)
class Translucent:
    """A colour through which what lies below is seen; alpha: from 0 to 1."""

    color: Color
    alpha: float

    def over(self, ground: Color) -> Color:
        """What is seen of it on a ground.

        >>> Translucent((0, 0, 0), 0.5).over((255, 255, 255))
        (128, 128, 128)
        """
        red, green, blue = (
            int(own * self.alpha + below * (1 - self.alpha) + 0.5)
            for own, below in zip(self.color, ground, strict=True)
        )
        return (red, green, blue)


Paint = Color | Translucent | Special

_WORDS = {
    "transparent": Special.NONE,
    "none": Special.NONE,
    "initial": Special.UNKNOWN,
    "inherit": Special.INHERITED,
    "unset": Special.UNKNOWN,
    "revert": Special.UNKNOWN,
    "revert-layer": Special.UNKNOWN,
    "currentcolor": Special.UNKNOWN,
}
_BESIDE = frozenset(
    "repeat repeat-x repeat-y no-repeat scroll fixed local center top bottom left right cover contain auto border-box"
    " padding-box content-box round space".split()
)


@lru_cache(maxsize=4096)
def color(value: str) -> Paint:
    """What a value of `color` or `background-color` is.

    >>> color("#fff"), color("tomato"), color("rgba(0,0,0,.5)"), color("notacolour")
    ((255, 255, 255), (255, 99, 71), Translucent(color=(0, 0, 0), alpha=0.5), <Special.INVALID: 'invalid'>)
    """
    nodes = [
        n for n in tinycss2.parse_component_value_list(value, skip_comments=True) if n.type != "whitespace"
    ]
    return _paint(nodes[0]) if len(nodes) == 1 else Special.INVALID if nodes else Special.UNKNOWN


@lru_cache(maxsize=4096)
def background(value: str) -> Paint:
    """The colour of a value of `background`: what is seen with pictures off; unknown where it has an image alone.

    >>> background("#eee no-repeat"), background("url(a.png) #eee"), background("none")
    ((238, 238, 238), (238, 238, 238), <Special.NONE: 'none'>)
    """
    found: list[Paint] = []
    for node in tinycss2.parse_component_value_list(value, skip_comments=True):
        if node.type in ("whitespace", "literal", "dimension", "percentage", "number"):
            continue
        if node.type == "ident" and node.lower_value in _BESIDE:
            continue
        found.append(_paint(node))
    colors = [one for one in found if not isinstance(one, Special)]
    if len(colors) == 1 and len(found) == 2 and found.count(Special.UNKNOWN) == 1:
        return colors[0]  # a picture over a colour
    strange = [one for one in found if isinstance(one, Special) and one is not Special.NONE]
    if strange:
        return strange[0] if len(found) == 1 else Special.UNKNOWN
    return colors[0] if len(colors) == 1 else Special.UNKNOWN if colors else Special.NONE


def _paint(node: Any) -> Paint:
    if node.type == "ident" and node.lower_value in _WORDS:
        return _WORDS[node.lower_value]
    made = parse_color(node)
    if isinstance(made, RGBA):
        return _opaque(made)
    modern = parse_modern_color(node) if node.type == "function" else None
    if modern is not None and not isinstance(modern, str) and modern.space == "srgb":
        return _opaque([*modern.coordinates, modern.alpha])
    if node.type == "hash":
        return _with_alpha(node.value)
    return (
        Special.INVALID if node.type == "ident" and not node.lower_value.startswith("-") else Special.UNKNOWN
    )


def _with_alpha(digits: str) -> Paint:
    """A colour of four or eight digits, the last of which say how opaque it is."""
    whole = "".join(digit * 2 for digit in digits) if len(digits) == 4 else digits
    if re.fullmatch(r"[\da-fA-F]{8}", whole) is None:
        return Special.INVALID
    return _opaque([int(whole[at : at + 2], 16) / 255 for at in (0, 2, 4, 6)])


def _opaque(made: Sequence[float]) -> Paint:
    red, green, blue, alpha = made
    solid = (round(red * 255), round(green * 255), round(blue * 255))
    if alpha == 0:
        return Special.NONE
    return solid if alpha >= 1 else Translucent(solid, round(alpha, 4))


def attribute_color(value: str) -> Paint:
    """The colour of an attribute such as `bgcolor`: `#rrggbb` or a name; others are read by rules of their own."""
    plain = value.strip()
    if re.fullmatch(r"#(?:[0-9a-fA-F]{3}|[0-9a-fA-F]{6})|[a-zA-Z]+", plain) is None:
        return Special.UNKNOWN
    made = color(plain)
    return Special.UNKNOWN if isinstance(made, Special | Translucent) else made


def written(one: Color) -> str:
    """A colour as `#rrggbb`.

    >>> written((255, 99, 71))
    '#ff6347'
    """
    return "#" + "".join(f"{part:02x}" for part in one)
